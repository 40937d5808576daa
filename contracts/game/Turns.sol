// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Position, Side } from "../interfaces/IGames.sol";

/// @notice The packed words of a turn, drawn in IGames, and the commitment to a game. Twin: protocol/turns.ts.
library Turns {
    uint256 private constant LEFT = uint256(type(uint64).max) << 160;

    function side(address player, uint64 left, uint256 seat) internal pure returns (Side) {
        return Side.wrap((seat << 224) | (uint256(left) << 160) | uint160(player));
    }

    function playerOf(Side s) internal pure returns (address) {
        return address(uint160(Side.unwrap(s)));
    }

    function leftOf(Side s) internal pure returns (uint64) {
        return uint64(Side.unwrap(s) >> 160);
    }

    function seatOf(Side s) internal pure returns (uint256) {
        return Side.unwrap(s) >> 224;
    }

    /// @dev The same player in the same seat with another time left.
    function withLeft(Side s, uint64 left) internal pure returns (Side) {
        return Side.wrap((Side.unwrap(s) & ~LEFT) | (uint256(left) << 160));
    }

    function position(uint64 lo, uint64 len, uint40 moved, uint40 least, uint48 ply) internal pure returns (Position) {
        uint256 times = (uint256(least) << 168) | (uint256(moved) << 128);
        return Position.wrap((uint256(ply) << 208) | times | (uint256(len) << 64) | lo);
    }

    function loOf(Position p) internal pure returns (uint64) {
        return uint64(Position.unwrap(p));
    }

    function lenOf(Position p) internal pure returns (uint64) {
        return uint64(Position.unwrap(p) >> 64);
    }

    function movedOf(Position p) internal pure returns (uint40) {
        return uint40(Position.unwrap(p) >> 128);
    }

    function leastOf(Position p) internal pure returns (uint40) {
        return uint40(Position.unwrap(p) >> 168);
    }

    function plyOf(Position p) internal pure returns (uint48) {
        return uint48(Position.unwrap(p) >> 208);
    }

    /// @dev keccak256(turn, root), of which a running game's slot holds the first 208 bits.
    function commitment(Side mover, Side waiter, Position p, bytes32 root) internal pure returns (bytes32) {
        return keccak256(abi.encode(mover, waiter, p, root));
    }
}
