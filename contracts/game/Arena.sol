// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { StateHashes } from "../commit/StateHash.sol";
import { Spec } from "../generated/Spec.sol";
import { IArena } from "../interfaces/IArena.sol";
import { IGames, Turn } from "../interfaces/IGames.sol";
import { IStepper, StateHash } from "../interfaces/IStepper.sol";
import { Claim, EntryStatus, Final, Origin, Task, Value } from "../interfaces/Task.sol";
import { Entries } from "./Entries.sol";
import { Exact } from "./Exact.sol";
import { GameIds } from "./GameIds.sol";
import { Slots } from "./Slots.sol";
import { Turns } from "./Turns.sol";
import { Phased } from "./Phased.sol";

/// @notice Entering, opening and burying; whoever keeps the stakes is mixed in.
abstract contract Arena is IArena, Entries, Phased {
    using Slots for bytes32;

    /// Words of the arguments before the array.
    uint256 private constant OPEN_HEAD = 10;

    /// @inheritdoc IArena
    function enter(Origin calldata origin, address owner, Final calldata mine) external returns (bytes32 entry) {
        bytes32 task = taskId(origin);
        (entry, ) = _enter(task, origin, owner, mine);
    }

    /// @inheritdoc IArena
    function open(
        Origin calldata origin,
        address owner,
        Final calldata mine,
        address rival,
        Final calldata theirs,
        StateHash[] calldata inner
    ) external returns (bytes32) {
        Exact.requireExact(OPEN_HEAD, inner.length);
        if (!_mayAct(owner, msg.sender)) revert NotAuthorised(msg.sender, owner);
        bytes32 task = taskId(origin);
        (Claim memory us, Claim memory them) = (_claim(owner, mine), _claim(rival, theirs));
        _requireAlive(task, them);
        uint256 end = _openingEnd(_posted(task), origin.maxSteps);
        if (block.timestamp >= end) revert OpeningClosed(end);
        _requireAlive(task, us);
        return _open(task, origin, us, them, _longer(mine, theirs), inner);
    }

    /// @inheritdoc IArena
    function enterAndOpen(
        Origin calldata origin,
        address owner,
        Final calldata mine,
        address rival,
        Final calldata theirs,
        StateHash[] calldata inner
    ) external returns (bytes32 entry, bytes32 game) {
        Exact.requireExact(OPEN_HEAD, inner.length);
        bytes32 task = taskId(origin);
        Claim memory us;
        (entry, us) = _enter(task, origin, owner, mine);
        Claim memory them = _claim(rival, theirs);
        EntryStatus status = _entry(task, them).status;
        if (_isDead(status)) return (entry, 0);
        if (status != EntryStatus.ALIVE) revert NotAlive(GameIds.entryId(task, them.owner, them.value));
        game = _open(task, origin, us, them, _longer(mine, theirs), inner);
    }

    /// @inheritdoc IArena
    function bury(Origin calldata origin, Claim calldata winner, Claim calldata loser) external {
        bytes32 task = taskId(origin);
        Task storage t = _posted(task);
        _requireBurying(t, origin.maxSteps);
        _requireAlive(task, winner);
        _requireAlive(task, loser);
        bytes32 winnerId = GameIds.entryId(task, winner.owner, winner.value);
        bytes32 loserId = GameIds.entryId(task, loser.owner, loser.value);
        bytes32 game = GameIds.gameId(winnerId, loserId);
        uint256 seat = GameIds.seatOf(winnerId, loserId);
        if (!_board().standing(game).isWonBy(seat)) revert NotWonBySeat(game, seat);
        _setStatus(task, loser, EntryStatus.DEAD);
        if (--_values[task][loser.value].alive == 0) --t.valuesAlive;
        emit Buried(task, winnerId, loserId);
    }

    /// @inheritdoc IArena
    function gameId(bytes32 entryA, bytes32 entryB) external pure returns (bytes32) {
        return GameIds.gameId(entryA, entryB);
    }

    /// @inheritdoc IArena
    function games() external view returns (IGames) {
        return _board();
    }

    /// @inheritdoc IArena
    function maxMoves(uint64 steps) external view returns (uint256) {
        return _maxMoves(steps);
    }

    /// @dev Where games are played.
    function _board() internal view virtual returns (IGames);

    /// @dev Whether `sender` may act for `owner`.
    function _mayAct(address owner, address sender) internal view virtual returns (bool);

    /// @dev Locks the stake of `owner` on `entry`, or reverts.
    function _lock(bytes32 entry, address owner, Task storage t, uint64 maxSteps) internal virtual;

    /// @dev Makes an entry, without a stake and whatever the phase. Reverts unless `regs` can be the end of a run of at
    /// most `maxSteps` steps.
    function _record(
        bytes32 task,
        uint64 maxSteps,
        address owner,
        bytes32 root,
        uint256 regs
    ) internal returns (bytes32 entry, StateHash value) {
        _requireFinal(regs, maxSteps);
        value = StateHashes.stateHash(root, regs, 0);
        entry = _add(task, owner, value);
        emit Entered(task, entry, owner, value, root, regs);
    }

    function _enter(
        bytes32 task,
        Origin calldata origin,
        address owner,
        Final calldata mine
    ) private returns (bytes32 entry, Claim memory us) {
        Task storage t = _posted(task);
        (entry, us.value) = _record(task, origin.maxSteps, owner, mine.root, mine.regs);
        us.owner = owner;
        _requireEntering(t, origin.maxSteps, _values[task][us.value], us.value);
        _lock(entry, owner, t, origin.maxSteps);
    }

    /// @dev Reverts unless the value that was just recorded may be entered now.
    function _requireEntering(Task storage t, uint64 maxSteps, Value storage v, StateHash value) private view {
        if (block.timestamp < _challengeEnd(t, maxSteps)) return;
        uint256 end = _supportEnd(t, maxSteps);
        if (block.timestamp >= end) revert EnteringClosed(end);
        bool seen = v.count > 1;
        if (t.valuesSeen - (seen ? 0 : 1) < 2) revert NothingToSupport();
        if (!seen) revert ValueNotSeen(value);
    }

    /// @dev Reverts from the end on, which is not computed where it is far.
    function _requireBurying(Task storage t, uint64 maxSteps) private view {
        if (block.timestamp < _openingEnd(t, maxSteps)) return;
        uint256 end = _end(t, maxSteps);
        if (block.timestamp >= end) revert BuryingClosed(end);
    }

    /// @dev Opens a game between two living entries while games may be opened.
    function _open(
        bytes32 task,
        Origin calldata origin,
        Claim memory us,
        Claim memory them,
        uint64 len,
        StateHash[] calldata inner
    ) private returns (bytes32 game) {
        (uint64 budget, uint40 least) = _clocks(origin.maxSteps);
        if (StateHash.unwrap(us.value) == StateHash.unwrap(them.value)) revert SameValue(us.value);
        bytes32 entry = GameIds.entryId(task, us.owner, us.value);
        bytes32 rival = GameIds.entryId(task, them.owner, them.value);
        game = GameIds.gameId(entry, rival);
        uint256 seat = GameIds.seatOf(entry, rival);
        (uint24 ours, uint24 theirs) = (_countGame(task, us, entry), _countGame(task, them, rival));
        if (seat == 1) (ours, theirs) = (theirs, ours);
        Turn memory turn = Turn(
            Turns.side(them.owner, budget, 1 - seat),
            Turns.side(us.owner, budget, seat),
            Turns.position(0, len, uint40(block.timestamp), least, 0)
        );
        emit Opened(task, entry, rival, game);
        _board().open(game, ours, theirs, turn, origin.initial, inner, us.value);
    }

    /// @dev Reverts unless `regs` can be the end of a run of at most `maxSteps` steps.
    function _requireFinal(uint256 regs, uint64 maxSteps) private pure {
        if (regs >> Spec.REGS_BITS != 0) revert IStepper.RegistersTooWide(regs);
        uint256 steps = Bits.field(regs, Spec.REGS_STEPS);
        uint256 status = Bits.field(regs, Spec.REGS_STATUS);
        if (steps == 0 || steps > maxSteps) revert StepsOutOfRange(steps, maxSteps);
        bool stopped = status == Spec.STATUS_HALTED || status == Spec.STATUS_TRAPPED;
        bool outOfSteps = status == Spec.STATUS_RUNNING && steps == maxSteps;
        if (!stopped && !outOfSteps) revert NotFinal(status, steps, maxSteps);
    }

    function _claim(address owner, Final calldata f) private pure returns (Claim memory) {
        return Claim(owner, StateHashes.stateHash(f.root, f.regs, 0));
    }

    /// @dev The larger of both step counts.
    function _longer(Final calldata a, Final calldata b) private pure returns (uint64) {
        uint256 ours = Bits.field(a.regs, Spec.REGS_STEPS);
        uint256 theirs = Bits.field(b.regs, Spec.REGS_STEPS);
        return uint64(ours > theirs ? ours : theirs);
    }
}
