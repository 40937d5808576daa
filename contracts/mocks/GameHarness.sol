// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bisection } from "../game/Bisection.sol";
import { Clock } from "../game/Clock.sol";
import { GameIds } from "../game/GameIds.sol";
import { Slots } from "../game/Slots.sol";
import { Turns } from "../game/Turns.sol";
import { Position, Side, Turn } from "../interfaces/IGames.sol";
import { StateHash } from "../interfaces/IStepper.sol";
import { Origin } from "../interfaces/Task.sol";

/* solhint-disable use-natspec */

/// @title The internal libraries of the game, for comparison with their twins
contract GameHarness {
    function gap(uint256 len, uint256 arity) external pure returns (uint256) {
        return Bisection.gap(len, arity);
    }

    function segments(uint256 len, uint256 arity) external pure returns (uint256) {
        return Bisection.segments(len, arity);
    }

    function cut(uint256 len, uint256 arity, uint256 segment) external pure returns (uint256 from, uint256 steps) {
        return Bisection.cut(len, arity, segment);
    }

    function pathLength(uint256 n) external pure returns (uint256) {
        return Bisection.pathLength(n);
    }

    function rootOf(StateHash[] calldata sequence) external pure returns (bytes32) {
        return Bisection.rootOf(sequence);
    }

    function rootFrom(bytes32 leaf, uint256 index, bytes32[] calldata path) external pure returns (bytes32) {
        return Bisection.rootFrom(leaf, index, path);
    }

    function maxMoves(uint256 steps, uint256 arity) external pure returns (uint256) {
        return Bisection.maxMoves(steps, arity);
    }

    function deadline(uint256 moved, uint256 left) external pure returns (uint256) {
        return Clock.deadline(moved, left);
    }

    function spend(uint256 moved, uint256 left, uint256 time) external pure returns (uint256) {
        return Clock.spend(moved, left, time);
    }

    function handOver(uint256 left, uint256 minimum) external pure returns (uint256) {
        return Clock.handOver(left, minimum);
    }

    function side(address player, uint64 left, uint256 seat) external pure returns (Side) {
        return Turns.side(player, left, seat);
    }

    function position(uint64 lo, uint64 len, uint40 moved, uint40 least, uint48 ply) external pure returns (Position) {
        return Turns.position(lo, len, moved, least, ply);
    }

    function commitment(Turn calldata turn, bytes32 root) external pure returns (bytes32) {
        return Turns.commitment(turn.mover, turn.waiter, turn.position, root);
    }

    function taskId(Origin calldata origin) external view returns (bytes32) {
        return GameIds.taskId(origin);
    }

    function withOrdinals(uint24 ordinal0, uint24 ordinal1) external pure returns (bytes32) {
        return Slots.withOrdinals(ordinal0, ordinal1);
    }

    function standing(bytes32 slot, bytes32 root) external pure returns (bytes32) {
        return Slots.standing(slot, root);
    }

    function won(bytes32 slot, uint256 seat) external pure returns (bytes32) {
        return Slots.won(slot, seat);
    }

    function isWonBy(bytes32 slot, uint256 seat) external pure returns (bool) {
        return Slots.isWonBy(slot, seat);
    }

    function ordinalOf(bytes32 slot, uint256 seat) external pure returns (uint256) {
        return Slots.ordinalOf(slot, seat);
    }

    function entryId(bytes32 task, address owner, StateHash value) external view returns (bytes32) {
        return GameIds.entryId(task, owner, value);
    }

    function gameId(bytes32 entryA, bytes32 entryB) external pure returns (bytes32) {
        return GameIds.gameId(entryA, entryB);
    }
}
