// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Commitment to a whole machine state: keccak256(root, regs, scratchHash).
type StateHash is bytes32;

/// @title The judge of one substep
/// @notice Pure: no storage, no owner; anyone may ask it by `eth_call`. Games know the machine only
/// through this interface.
interface IStepper {
    /// @notice The witness has `words` words where the state it describes needs `expected`.
    error WitnessLength(uint256 words, uint256 expected);

    /// @notice The sibling bitmap has a bit at or above `depth`, where the path ends.
    error BitmapBeyondDepth(uint256 bitmap, uint256 depth);

    /// @notice The register word has a bit above the highest register.
    error RegistersTooWide(uint256 regs);

    /// @notice Executes one substep of the state that the witness describes.
    /// @dev Never reverts for another reason than the three errors above.
    /// @param witness 32-byte words: regs, misc, then word, a<<128|b, c<<128|r if misc is not 0, then
    /// leaf, bitmap, and one sibling for each set bit, lowest bit first. The root is computed, never sent.
    /// @return pre hash of the state that the witness describes; the caller compares it
    /// @return post hash of the state one substep later
    function step(bytes32[] calldata witness) external pure returns (StateHash pre, StateHash post);
}
