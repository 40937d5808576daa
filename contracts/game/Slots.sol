// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

/// @notice The one storage slot of a game, drawn in IGame. Twin: protocol/slots.ts.
/// @dev 208 bits of a hash are enough: a second preimage takes 2^208 tries, and a collision, which somebody who plays
/// both sides could look for, 2^104.
library Slots {
    uint256 private constant ORDINAL_BITS = 24;
    uint256 private constant BODY_BITS = 256 - 2 * ORDINAL_BITS;
    uint256 private constant BODY = (1 << BODY_BITS) - 1;
    uint256 private constant ORDINAL = (1 << ORDINAL_BITS) - 1;

    /// @dev A slot without a body: the game is the `ordinal0`-th of the entry at seat 0, the `ordinal1`-th of the
    /// other.
    function withOrdinals(uint24 ordinal0, uint24 ordinal1) internal pure returns (bytes32) {
        uint256 ordinals = (uint256(ordinal0) << ORDINAL_BITS) | ordinal1;
        return bytes32(ordinals << BODY_BITS);
    }

    /// @dev The slot once `commitment` stands.
    function standing(bytes32 slot, bytes32 commitment) internal pure returns (bytes32) {
        return bytes32((uint256(slot) & ~BODY) | (uint256(commitment) >> (256 - BODY_BITS)));
    }

    /// @dev The slot once the player at `seat` has won.
    function won(bytes32 slot, uint256 seat) internal pure returns (bytes32) {
        return bytes32((uint256(slot) & ~BODY) | (seat + 1));
    }

    /// @dev Whether the player at `seat` has won.
    function isWonBy(bytes32 slot, uint256 seat) internal pure returns (bool) {
        return uint256(slot) & BODY == seat + 1;
    }

    /// @dev Ordinal of the game among those of the entry at `seat`.
    function ordinalOf(bytes32 slot, uint256 seat) internal pure returns (uint256) {
        return (uint256(slot) >> (BODY_BITS + (1 - seat) * ORDINAL_BITS)) & ORDINAL;
    }
}
