// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { ByteTree } from "../commit/ByteTree.sol";
import { StateHashes } from "../commit/StateHash.sol";
import { Spec } from "../generated/Spec.sol";
import { Claim, Entry, EntryStatus, IArena, Phases, Task, TaskStatus } from "../interfaces/IArena.sol";
import { IStepper, StateHash } from "../interfaces/IStepper.sol";
import { Bisection } from "./Bisection.sol";
import { Bonds } from "./Bonds.sol";
import { Game } from "./Game.sol";
import { GameIds } from "./GameIds.sol";
import { Turns } from "./Turns.sol";

/// @notice Entries, phases and settlement; whoever keeps the bonds is mixed in.
abstract contract Arena is IArena, Game, Bonds {
    /// @dev One slot.
    struct Value {
        uint64 alive; // bits 0-63, living entries
        bool seen; // bits 64-71
    }

    /// Words of the arguments before the array.
    uint256 private constant OPEN_HEAD = 5;
    uint256 private constant ENTER_AND_OPEN_HEAD = 6;

    uint256 private immutable CHALLENGE;
    uint256 private immutable SUPPORT;
    uint256 private immutable OPENING;

    mapping(bytes32 task => Task) private _tasks;
    mapping(bytes32 entry => Entry) private _entries;
    mapping(bytes32 task => mapping(StateHash value => Value)) private _values;

    constructor(uint64 challenge, uint64 support, uint64 opening) {
        if (challenge == 0 || support == 0 || opening == 0) revert EmptyPhase();
        CHALLENGE = challenge;
        SUPPORT = support;
        OPENING = opening;
    }

    /// @inheritdoc IArena
    function createTask(
        bytes32[8] calldata regionRoots,
        uint256 regs,
        bytes calldata input,
        uint64 maxSteps,
        bytes32 salt
    ) external returns (bytes32 task) {
        if (maxSteps == 0) revert NoSteps();
        bytes32[8] memory roots = regionRoots;
        StateHashes.requireProgram(roots, regs);
        bytes32 program = StateHashes.programIdOf(roots, regs);
        bytes32 inputRoot = ByteTree.byteTreeRoot(input);
        task = GameIds.taskId(msg.sender, program, inputRoot, maxSteps, salt);
        Task storage t = _tasks[task];
        if (t.status != TaskStatus.NONE) revert TaskExists(task);
        roots[Spec.REGION_INPUT] = inputRoot;
        StateHash initial = StateHashes.stateHash(StateHashes.rootOf(roots), regs, 0);
        (t.initial, t.maxSteps, t.status) = (initial, maxSteps, TaskStatus.LIVE);
        emit TaskCreated(task, program, msg.sender, salt, maxSteps, initial, regionRoots, regs, input);
    }

    /// @inheritdoc IArena
    function enter(bytes32 task, bytes32 root, uint256 regs) external returns (bytes32 entry) {
        (entry, ) = _enter(task, root, regs);
        _lockBond(entry, msg.sender);
    }

    /// @inheritdoc IArena
    function open(
        bytes32 task,
        StateHash value,
        Claim calldata target,
        StateHash[] calldata inner
    ) external returns (bytes32) {
        _requireExact(OPEN_HEAD, inner.length);
        return _open(task, value, target, inner);
    }

    /// @inheritdoc IArena
    function enterAndOpen(
        bytes32 task,
        bytes32 root,
        uint256 regs,
        Claim calldata target,
        StateHash[] calldata inner
    ) external returns (bytes32 entry, bytes32 game) {
        _requireExact(ENTER_AND_OPEN_HEAD, inner.length);
        StateHash value;
        (entry, value) = _enter(task, root, regs);
        if (!_isDead(entryId(task, target.owner, target.value))) game = _open(task, value, target, inner);
        _lockBond(entry, msg.sender);
    }

    /// @inheritdoc IArena
    function bury(bytes32 task, Claim calldata winner, Claim calldata loser) external {
        uint256 end = phasesOf(task).end;
        if (block.timestamp >= end) revert BuryingClosed(end);
        bytes32 winnerId = entryId(task, winner.owner, winner.value);
        bytes32 loserId = entryId(task, loser.owner, loser.value);
        _requireAlive(winnerId);
        _requireAlive(loserId);
        bytes32 game = GameIds.gameId(winnerId, loserId);
        uint256 seat = GameIds.seatOf(winnerId, loserId);
        if (standing(game) != bytes32(seat + 1)) revert NotWonBySeat(game, seat);
        Entry storage dead = _entries[loserId];
        (dead.status, dead.buriedBy) = (EntryStatus.DEAD, winnerId);
        if (--_values[task][loser.value].alive == 0) --_tasks[task].valuesAlive;
        emit Buried(task, winnerId, loserId);
    }

    /// @inheritdoc IArena
    function settle(bytes32 task, Claim calldata claim) external {
        Task storage t = _liveTask(task);
        Phases memory phases = phasesOf(task);
        uint256 from = t.valuesSeen == 1 ? phases.challenge : phases.opening;
        if (block.timestamp < from) revert TooEarlyToSettle(from);
        if (t.valuesAlive != 1) revert NotUnanimous(t.valuesAlive);
        _requireAlive(entryId(task, claim.owner, claim.value));
        t.status = TaskStatus.SETTLED;
        emit Settled(task, claim.value);
    }

    /// @inheritdoc IArena
    function voidTask(bytes32 task) external {
        Task storage t = _liveTask(task);
        uint256 end = phasesOf(task).end;
        if (block.timestamp < end) revert TooEarlyToVoid(end);
        if (t.valuesAlive == 1) revert Unanimous();
        t.status = TaskStatus.VOID;
        emit Voided(task);
    }

    /// @inheritdoc IArena
    function withdraw(bytes32 task, Claim calldata claim) external {
        _requireOver(task);
        bytes32 entry = entryId(task, claim.owner, claim.value);
        _requireAlive(entry);
        _entries[entry].status = EntryStatus.WITHDRAWN;
        _payBond(entry, claim.owner);
    }

    /// @inheritdoc IArena
    function divide(bytes32 task, Claim calldata dead, Claim calldata winner) external {
        TaskStatus status = _requireOver(task);
        bytes32 entry = entryId(task, dead.owner, dead.value);
        bytes32 winnerId = entryId(task, winner.owner, winner.value);
        Entry storage e = _entries[entry];
        if (e.status != EntryStatus.DEAD) revert NotDead(entry);
        if (e.buriedBy != winnerId) revert NotBuriedBy(entry, e.buriedBy);
        e.status = EntryStatus.DIVIDED;
        bool rewarded = status == TaskStatus.SETTLED && !_isDead(winnerId);
        _slashBond(entry, rewarded ? winner.owner : address(0));
    }

    /// @inheritdoc IArena
    function taskOf(bytes32 task) external view returns (Task memory) {
        return _tasks[task];
    }

    /// @inheritdoc IArena
    function entryOf(bytes32 entry) external view returns (Entry memory) {
        return _entries[entry];
    }

    /// @inheritdoc IArena
    function valueOf(bytes32 task, StateHash value) external view returns (uint256 alive, bool seen) {
        Value storage v = _values[task][value];
        return (v.alive, v.seen);
    }

    /// @inheritdoc IArena
    function phaseLengths() external view returns (uint256 challenge, uint256 support, uint256 opening) {
        return (CHALLENGE, SUPPORT, OPENING);
    }

    /// @inheritdoc IArena
    function gameId(bytes32 entryA, bytes32 entryB) external pure returns (bytes32) {
        return GameIds.gameId(entryA, entryB);
    }

    /// @inheritdoc IArena
    function phasesOf(bytes32 task) public view returns (Phases memory phases) {
        Task storage t = _tasks[task];
        if (t.posted == 0) revert NoEntries(task);
        phases.challenge = _challengeEnd(t);
        phases.support = _supportEnd(t);
        phases.opening = _openingEnd(t);
        phases.end = phases.opening + 2 * uint256(BUDGET) + maxMoves(t.maxSteps) * MINIMUM;
    }

    /// @inheritdoc IArena
    function maxMoves(uint64 steps) public view returns (uint256) {
        return Bisection.maxMoves(steps, ARITY);
    }

    /// @inheritdoc IArena
    function entryId(bytes32 task, address owner, StateHash value) public view returns (bytes32) {
        return GameIds.entryId(task, owner, value);
    }

    /// @dev Enters without the bond, which the caller locks last.
    function _enter(bytes32 task, bytes32 root, uint256 regs) private returns (bytes32 entry, StateHash value) {
        Task storage t = _liveTask(task);
        uint64 steps = _requireFinal(regs, t.maxSteps);
        value = StateHashes.stateHash(root, regs, 0);
        Value storage v = _values[task][value];
        _requireEntering(t, v.seen, value);
        entry = entryId(task, msg.sender, value);
        Entry storage e = _entries[entry];
        if (e.status != EntryStatus.NONE) revert EntryExists(entry);
        (e.steps, e.status) = (steps, EntryStatus.ALIVE);
        if (t.posted == 0) t.posted = uint64(block.timestamp);
        if (!v.seen) ++t.valuesSeen;
        if (v.alive == 0) ++t.valuesAlive;
        (v.alive, v.seen) = (v.alive + 1, true);
        emit Entered(task, entry, msg.sender, value, root, regs);
    }

    /// @dev Reverts unless `value` may be entered now.
    function _requireEntering(Task storage t, bool seen, StateHash value) private view {
        if (t.posted == 0 || block.timestamp < _challengeEnd(t)) return;
        uint256 end = _supportEnd(t);
        if (block.timestamp >= end) revert EnteringClosed(end);
        if (t.valuesSeen < 2) revert NothingToSupport();
        if (!seen) revert ValueNotSeen(value);
    }

    /// @dev Reverts unless `regs` can be the end of a run of at most `maxSteps` steps.
    function _requireFinal(uint256 regs, uint64 maxSteps) private pure returns (uint64 steps) {
        if (regs >> Spec.REGS_BITS != 0) revert IStepper.RegistersTooWide(regs);
        steps = uint64(Bits.field(regs, Spec.REGS_STEPS));
        uint256 status = Bits.field(regs, Spec.REGS_STATUS);
        if (steps == 0 || steps > maxSteps) revert StepsOutOfRange(steps, maxSteps);
        bool stopped = status == Spec.STATUS_HALTED || status == Spec.STATUS_TRAPPED;
        bool outOfSteps = status == Spec.STATUS_RUNNING && steps == maxSteps;
        if (!stopped && !outOfSteps) revert NotFinal(status, steps, maxSteps);
    }

    /// @dev Opens a game of the caller's entry for `value` against `target`.
    function _open(
        bytes32 task,
        StateHash value,
        Claim calldata target,
        StateHash[] calldata inner
    ) private returns (bytes32 game) {
        bytes32 entry = entryId(task, msg.sender, value);
        bytes32 rival = entryId(task, target.owner, target.value);
        _requireAlive(entry);
        _requireAlive(rival);
        Task storage t = _tasks[task];
        uint256 end = _openingEnd(t);
        if (block.timestamp >= end) revert OpeningClosed(end);
        if (StateHash.unwrap(value) == StateHash.unwrap(target.value)) revert SameValue(value);
        game = GameIds.gameId(entry, rival);
        uint64 len = _larger(_entries[entry].steps, _entries[rival].steps);
        emit Opened(task, entry, rival, game);
        _openGame(
            game,
            Turns.side(target.owner, BUDGET, GameIds.seatOf(rival, entry)),
            Turns.side(msg.sender, BUDGET, GameIds.seatOf(entry, rival)),
            len,
            t.initial,
            inner,
            value
        );
    }

    function _challengeEnd(Task storage t) private view returns (uint256) {
        return t.posted + CHALLENGE;
    }

    function _supportEnd(Task storage t) private view returns (uint256) {
        return _challengeEnd(t) + SUPPORT;
    }

    function _openingEnd(Task storage t) private view returns (uint256) {
        return _supportEnd(t) + OPENING;
    }

    function _larger(uint64 a, uint64 b) private pure returns (uint64) {
        return a > b ? a : b;
    }

    function _liveTask(bytes32 task) private view returns (Task storage t) {
        t = _tasks[task];
        if (t.status == TaskStatus.NONE) revert UnknownTask(task);
        if (t.status != TaskStatus.LIVE) revert TaskOver(task);
    }

    function _requireOver(bytes32 task) private view returns (TaskStatus status) {
        status = _tasks[task].status;
        if (status == TaskStatus.NONE) revert UnknownTask(task);
        if (status == TaskStatus.LIVE) revert TaskStillLive(task);
    }

    function _requireAlive(bytes32 entry) private view {
        if (_entries[entry].status != EntryStatus.ALIVE) revert NotAlive(entry);
    }

    function _isDead(bytes32 entry) private view returns (bool) {
        EntryStatus status = _entries[entry].status;
        return status == EntryStatus.DEAD || status == EntryStatus.DIVIDED;
    }
}
