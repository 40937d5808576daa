// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Spec } from "../generated/Spec.sol";
import { IStepper } from "../interfaces/IStepper.sol";
import { Bits } from "./Bits.sol";
import { Core } from "./Core.sol";

/// @notice Reads the words of a witness: `regs, misc, [word, a<<128|b, c<<128|r if misc != 0], leaf, bitmap, siblings`.
/// Twin: interpreter/commit/witness.ts.
library Witness {
    uint256 private constant WORDS_AT_BOUNDARY = 2;
    uint256 private constant WORDS_IN_FLIGHT = 5;
    uint256 private constant WORDS_BEFORE_SIBLINGS = 2; // leaf and bitmap

    /// @dev The state outside the tree. `head` counts the words that it takes.
    /// - Assembly: core.regs = witness[0], core.misc = witness[1], core.word = witness[2] and so on, for `head` words.
    function decodeCore(bytes32[] calldata witness) internal pure returns (Core memory core, uint256 head) {
        if (witness.length < WORDS_AT_BOUNDARY) _refuse(witness, WORDS_AT_BOUNDARY + WORDS_BEFORE_SIBLINGS);
        uint256 regs = _word(witness, 0);
        if (regs >> Spec.REGS_BITS != 0) revert IStepper.RegistersTooWide(regs);
        head = _word(witness, 1) == 0 ? WORDS_AT_BOUNDARY : WORDS_IN_FLIGHT;
        unchecked {
            uint256 least = head + WORDS_BEFORE_SIBLINGS; // at most 7
            if (witness.length < least) _refuse(witness, least);
        }
        assembly ("memory-safe") {
            calldatacopy(core, witness.offset, mul(head, 0x20))
        }
    }

    /// @dev The leaf, and the siblings of a path of `depth` levels, after `head` words. `sent` is the position in
    /// calldata of the first sibling sent.
    /// - Assumes that decodeCore gave `head`. Unchecked: counts words of calldata.
    function decodePath(
        bytes32[] calldata witness,
        uint256 head,
        uint256 depth
    ) internal pure returns (bytes32 leaf, uint256 bitmap, uint256 sent) {
        unchecked {
            leaf = bytes32(_word(witness, head));
            bitmap = _word(witness, head + 1);
            if (bitmap >> depth != 0) revert IStepper.BitmapBeyondDepth(bitmap, depth);
            uint256 first = head + WORDS_BEFORE_SIBLINGS;
            uint256 expected = first + Bits.popcount(bitmap);
            if (witness.length != expected) _refuse(witness, expected);
            assembly ("memory-safe") {
                sent := add(witness.offset, mul(first, 0x20))
            }
        }
    }

    /// @dev witness[i] without its check.
    function _word(bytes32[] calldata witness, uint256 i) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(witness.offset, mul(i, 0x20)))
        }
    }

    function _refuse(bytes32[] calldata witness, uint256 expected) private pure {
        revert IStepper.WitnessLength(witness.length, expected);
    }
}
