// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { GameIds } from "../game/GameIds.sol";
import { Slots } from "../game/Slots.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { StateHash } from "../interfaces/IStepper.sol";
import {
    Claim,
    Entry,
    EntryStatus,
    Origin,
    Payout,
    Request,
    Task,
    TaskFlags,
    TaskStatus,
    Verdict
} from "../interfaces/Task.sol";
import { Results } from "./Results.sol";

/// @notice What happens to stakes after the verdict. Lists are walked in pieces that the caller chooses, and nothing
/// but the payment itself waits for that.
abstract contract Payouts is Results {
    using Slots for bytes32;

    mapping(bytes32 entry => Payout) private _payouts;
    /// Ordinal of the last entry of the final value that payPrice looked at.
    mapping(bytes32 task => uint256 ordinal) private _priceCursors;

    /// @inheritdoc ITaskMarket
    function release(Origin calldata origin, Claim calldata claim) external {
        bytes32 task = GameIds.taskId(origin);
        Task storage t = _posted(task);
        if (_verdict(t, origin.maxSteps) == Verdict.PENDING) revert WrongVerdict(Verdict.PENDING);
        _requireAlive(task, claim);
        _setStatus(task, claim, EntryStatus.RELEASED);
        bytes32 entry = GameIds.entryId(task, claim.owner, claim.value);
        emit EntryReleased(task, entry);
        VAULT.release(entry, claim.owner, BOND, _deposit(t, origin.maxSteps));
    }

    /// @inheritdoc ITaskMarket
    function payDead(Request calldata r, Claim calldata dead, Claim[] calldata opponents) external {
        bytes32 task = _idOf(r);
        Task storage t = _posted(task);
        Verdict verdict = _verdict(t, r.order.maxSteps);
        if (verdict == Verdict.PENDING) revert WrongVerdict(verdict);
        Entry memory e = _entry(task, dead);
        bytes32 entry = GameIds.entryId(task, dead.owner, dead.value);
        if (e.status != EntryStatus.DEAD) revert NotDead(entry);
        uint256 refund = _refund(t, r.order.maxSteps);
        Payout memory p = _payouts[entry];
        address rewarded;
        if (verdict == Verdict.SETTLED) rewarded = _walk(task, entry, dead.owner, p, opponents, refund);
        bool divided = verdict == Verdict.VOID || p.cursor == e.games || p.refunds == REFUNDS;
        emit EntryDivided(task, entry, rewarded, p.cursor, p.refunds, divided);
        if (!divided) {
            _payouts[entry] = p;
            return;
        }
        _setStatus(task, dead, EntryStatus.DIVIDED);
        if (!p.rewarded) VAULT.slash(entry, dead.owner, BOND, address(0), 0);
        if (p.refunds < REFUNDS) VAULT.credit(entry, r.requester, (REFUNDS - p.refunds) * refund);
    }

    /// @inheritdoc ITaskMarket
    function payPrice(Request calldata r, StateHash value, address[] calldata owners) external {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.FINAL);
        if (!_has(t, TaskFlags.PRICE_DUE)) revert NoPriceDue(task);
        if (_values[task][value].alive == 0) revert NotTheFinalValue(value);
        uint256 cursor = _priceCursors[task];
        for (uint256 i = 0; i < owners.length; ++i) {
            bytes32 entry = GameIds.entryId(task, owners[i], value);
            Entry storage e = _entries[entry];
            if (e.ordinal != ++cursor) revert WrongEntry(entry, e.ordinal, cursor);
            if (_lived(e.status)) return _payPrice(task, t, r, owners[i]);
        }
        _priceCursors[task] = cursor;
    }

    /// @inheritdoc ITaskMarket
    function voidTask(Request calldata r) external {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.POSTED);
        _requireVerdict(t, r.order.maxSteps, Verdict.VOID);
        _close(task, t, r, TaskStatus.VOID);
    }

    /// @inheritdoc ITaskMarket
    function payoutOf(bytes32 entry) external view returns (Payout memory) {
        return _payouts[entry];
    }

    function _payPrice(bytes32 task, Task storage t, Request calldata r, address solver) private {
        t.flags &= ~TaskFlags.PRICE_DUE;
        uint256 price = _price(r, t.requestedAt, t.takenAt);
        emit PricePaid(task, solver, price);
        VAULT.credit(task, solver, price);
    }

    /// @dev Rewards and repays the opponents that lived, from the cursor on: whoever lived to a settled verdict holds
    /// the final value.
    function _walk(
        bytes32 task,
        bytes32 entry,
        address owner,
        Payout memory p,
        Claim[] calldata opponents,
        uint256 refund
    ) private returns (address rewarded) {
        for (uint256 i = 0; i < opponents.length && p.refunds < REFUNDS; ++i) {
            Claim calldata opponent = opponents[i];
            _requireOrdinal(task, entry, opponent, ++p.cursor);
            if (!_lived(_entry(task, opponent).status)) continue;
            if (!p.rewarded) {
                (p.rewarded, rewarded) = (true, opponent.owner);
                VAULT.slash(entry, owner, BOND, rewarded, BOND / 2);
            }
            ++p.refunds;
            VAULT.credit(entry, opponent.owner, refund);
        }
    }

    /// @dev Reverts unless the game against `opponent` is the `expected`-th of `entry`.
    function _requireOrdinal(bytes32 task, bytes32 entry, Claim calldata opponent, uint256 expected) private view {
        bytes32 rival = GameIds.entryId(task, opponent.owner, opponent.value);
        bytes32 game = GameIds.gameId(entry, rival);
        uint256 ordinal = GAMES.standing(game).ordinalOf(GameIds.seatOf(entry, rival));
        if (ordinal != expected) revert WrongOpponent(game, ordinal, expected);
    }
}
