// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IArena } from "../interfaces/IArena.sol";
import { Origin, Phases, Task, Verdict } from "../interfaces/Task.sol";
import { Entries } from "./Entries.sol";

/// @notice Floors of all lengths of an arena, in seconds, and how fast its slowest player runs a task.
struct Timing {
    uint64 challenge;
    uint64 support;
    uint64 opening;
    uint64 budget;
    uint64 minimum;
    uint64 speed; // steps per second
}

/// @notice The phases of a task and its verdict: functions of time and counters.
/// @dev A task of n steps adds t = ceil(n / speed) to support and opening, and 2t to challenge, budget and minimum.
/// Twin: protocol/rules.ts.
abstract contract Phased is IArena, Entries {
    uint256 private immutable CHALLENGE;
    uint256 private immutable SUPPORT;
    uint256 private immutable OPENING;
    uint64 private immutable BUDGET;
    uint64 private immutable MINIMUM;
    uint64 private immutable SPEED;

    constructor(Timing memory timing) {
        if (timing.challenge == 0 || timing.support == 0 || timing.opening == 0) revert EmptyPhase();
        if (timing.speed == 0) revert EmptyPhase();
        if (timing.minimum == 0 || timing.budget < timing.minimum) {
            revert ClockTooShort(timing.budget, timing.minimum);
        }
        CHALLENGE = timing.challenge;
        SUPPORT = timing.support;
        OPENING = timing.opening;
        BUDGET = timing.budget;
        MINIMUM = timing.minimum;
        SPEED = timing.speed;
    }

    /// @inheritdoc IArena
    function verdictOf(Origin calldata origin) external view returns (Verdict) {
        return _verdict(_posted(taskId(origin)), origin.maxSteps);
    }

    /// @inheritdoc IArena
    function phasesOf(Origin calldata origin) external view returns (Phases memory phases) {
        Task storage t = _posted(taskId(origin));
        phases.challenge = _challengeEnd(t, origin.maxSteps);
        phases.support = _supportEnd(t, origin.maxSteps);
        phases.opening = _openingEnd(t, origin.maxSteps);
        phases.end = _end(t, origin.maxSteps);
    }

    /// @inheritdoc IArena
    function timingOf(
        uint64 maxSteps
    ) external view returns (uint256 challenge, uint256 support, uint256 opening, uint256 budget, uint256 minimum) {
        uint256 run = _runTime(maxSteps);
        (budget, minimum) = _clocks(maxSteps);
        return (CHALLENGE + 2 * run, SUPPORT + run, OPENING + run, budget, minimum);
    }

    function _maxMoves(uint64 steps) internal view virtual returns (uint256);

    /// @dev The floors, in the order of Timing.
    function _timing() internal view returns (uint64, uint64, uint64, uint64, uint64, uint64) {
        return (uint64(CHALLENGE), uint64(SUPPORT), uint64(OPENING), BUDGET, MINIMUM, SPEED);
    }

    /// @dev Settled from e1 on with one value seen, or from e3 on with one value alive; nobody can enter or open then,
    /// and burying takes two living values, so that never changes. Void from E on, when nobody can bury any more.
    function _verdict(Task storage t, uint64 maxSteps) internal view returns (Verdict) {
        if (t.valuesAlive == 1) {
            uint256 from = t.valuesSeen == 1 ? _challengeEnd(t, maxSteps) : _openingEnd(t, maxSteps);
            return block.timestamp < from ? Verdict.PENDING : Verdict.SETTLED;
        }
        return block.timestamp < _end(t, maxSteps) ? Verdict.PENDING : Verdict.VOID;
    }

    function _requireVerdict(Task storage t, uint64 maxSteps, Verdict wanted) internal view {
        Verdict verdict = _verdict(t, maxSteps);
        if (verdict != wanted) revert WrongVerdict(verdict);
    }

    /// @dev Seconds in which the slowest player runs the task once.
    function _runTime(uint64 maxSteps) internal view returns (uint256) {
        unchecked {
            return (uint256(maxSteps) + SPEED - 1) / SPEED;
        }
    }

    function _clocks(uint64 maxSteps) internal view returns (uint64 budget, uint40 least) {
        uint256 runs = 2 * _runTime(maxSteps);
        return (uint64(BUDGET + runs), uint40(MINIMUM + runs));
    }

    function _challengeEnd(Task storage t, uint64 maxSteps) internal view returns (uint256) {
        return _after(t, CHALLENGE, 2, maxSteps);
    }

    function _supportEnd(Task storage t, uint64 maxSteps) internal view returns (uint256) {
        return _after(t, CHALLENGE + SUPPORT, 3, maxSteps);
    }

    function _openingEnd(Task storage t, uint64 maxSteps) internal view returns (uint256) {
        return _after(t, CHALLENGE + SUPPORT + OPENING, 4, maxSteps);
    }

    function _end(Task storage t, uint64 maxSteps) internal view returns (uint256) {
        (uint64 budget, uint40 least) = _clocks(maxSteps);
        return _openingEnd(t, maxSteps) + 2 * uint256(budget) + _maxMoves(maxSteps) * least;
    }

    /// @dev So long after the post, and the time of so many runs.
    /// - Unchecked: no length reaches 2^32 seconds, however long the task, or the market could not be deployed.
    function _after(Task storage t, uint256 length, uint256 runs, uint64 maxSteps) private view returns (uint256) {
        unchecked {
            return t.postedAt + length + runs * _runTime(maxSteps);
        }
    }
}
