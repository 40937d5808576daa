// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Merkle } from "../commit/Merkle.sol";
import { StateHash } from "../interfaces/IStepper.sol";
import { Origin } from "../interfaces/Task.sol";

/// @notice Ids bind chain and market, so nothing can be replayed elsewhere. Twin: protocol/game-ids.ts.
library GameIds {
    function taskId(Origin memory origin) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), origin));
    }

    function entryId(bytes32 task, address owner, StateHash value) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), task, owner, value));
    }

    /// @dev The same in either order.
    function gameId(bytes32 entryA, bytes32 entryB) internal pure returns (bytes32) {
        return entryA < entryB ? Merkle.hashPair(entryA, entryB) : Merkle.hashPair(entryB, entryA);
    }

    /// @dev Seat of `entry` in its game against `rival`.
    function seatOf(bytes32 entry, bytes32 rival) internal pure returns (uint256) {
        return entry < rival ? 0 : 1;
    }
}
