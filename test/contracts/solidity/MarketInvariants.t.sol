// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IArena } from "../../../contracts/interfaces/IArena.sol";
import { IGames } from "../../../contracts/interfaces/IGames.sol";
import { ITaskMarket } from "../../../contracts/interfaces/ITaskMarket.sol";
import { Account, Unbonding } from "../../../contracts/interfaces/IStakeVault.sol";
import {
    Entry,
    EntryStatus,
    Phases,
    Task,
    TaskFlags,
    TaskStatus,
    Verdict
} from "../../../contracts/interfaces/Task.sol";
import { MarketHandler } from "./MarketHandler.sol";
import { VM } from "./Vm.sol";

/// @notice What holds after any sequence of calls, by anybody and at any time.
contract MarketInvariantsTest {
    uint256 private constant TURNS = 2400;
    uint256 private constant TURNS_OF_A_MARKET = 300;

    MarketHandler private handler;

    /// The event of this number in _events.
    error NeverCame(uint256 number);

    function setUp() public {
        handler = new MarketHandler();
    }

    /// @notice The runner calls the handler only.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Random calls come to everything that can happen, so that the invariants are about something.
    function test_randomCallsComeToEverything() public {
        uint256[] memory counts = new uint256[](_events().length);
        for (uint256 turn = 0; turn < TURNS; ++turn) {
            if (turn % TURNS_OF_A_MARKET == 0) setUp();
            _act(uint256(keccak256(abi.encode(turn))));
            if ((turn + 1) % TURNS_OF_A_MARKET != 0) continue;
            for (uint256 i = 0; i < counts.length; ++i) counts[i] += handler.emitted(_events()[i]);
        }
        for (uint256 i = 0; i < counts.length; ++i) if (counts[i] == 0) revert NeverCame(i);
    }

    function invariant_theMarketHolds() public {
        _tokensAreSomewhere();
        _etherIsSomewhere();
        _theTruthSettles();
        _noHonestEntryDies();
        _countersCountWhatIsThere();
        _noCallPanics();
    }

    /// @notice Nothing is stuck: from any state on, time alone and calls of anybody pay everything out.
    function invariant_everythingCanBePaidOut() public {
        handler.finishAll();
        (, uint256 locked) = _tokens();
        require(locked == 0, "stakes are stuck");
        for (uint256 i = 0; i < handler.countTasks(); ++i) require(_escrowOf(i) == 0, "a price is stuck");
        for (uint256 i = 0; i < handler.countEntries(); ++i) require(_depositOf(i) == 0, "a deposit is stuck");
        _tokensAreSomewhere();
        _etherIsSomewhere();
        _theTruthSettles();
        _noHonestEntryDies();
    }

    function _tokensAreSomewhere() private view {
        (uint256 inAccounts, uint256 locked) = _tokens();
        uint256 held = handler.token().balanceOf(address(handler.vault()));
        require(held == inAccounts + handler.vault().toBurn(), "tokens of the vault");
        uint256 due = 0;
        for (uint256 i = 0; i < handler.countTasks(); ++i) {
            if (handler.taskAt(i).status == TaskStatus.TAKEN) due += handler.BOND();
        }
        for (uint256 i = 0; i < handler.countEntries(); ++i) {
            EntryStatus status = handler.entryAt(i).status;
            bool isSlashed = handler.market().payoutOf(handler.madeAt(i).id).rewarded;
            if (status == EntryStatus.ALIVE || (status == EntryStatus.DEAD && !isSlashed)) due += handler.BOND();
        }
        require(locked == due, "tokens behind entries");
    }

    function _etherIsSomewhere() private view {
        uint256 due = 0;
        for (uint256 i = 0; i < handler.PLAYERS(); ++i) {
            due += uint256(handler.vault().accountOf(handler.players(i)).gweiFree) * 1 gwei;
        }
        for (uint256 i = 0; i < handler.countTasks(); ++i) due += _escrowOf(i);
        for (uint256 i = 0; i < handler.countEntries(); ++i) due += _depositOf(i);
        require(address(handler.vault()).balance == due, "ether of the vault");
    }

    function _theTruthSettles() private {
        VM.warp(handler.time());
        for (uint256 task = 0; task < handler.countTasks(); ++task) {
            Task memory t = handler.taskAt(task);
            if (t.postedAt == 0) continue;
            Verdict verdict = handler.market().verdictOf(handler.originAt(task));
            Phases memory phases = handler.market().phasesOf(handler.originAt(task));
            require(verdict != Verdict.VOID, "void although the truth was defended");
            require(verdict == Verdict.SETTLED || handler.time() < phases.end, "no verdict at the end");
            if (verdict == Verdict.SETTLED) _requireOneValue(task);
        }
    }

    function _noHonestEntryDies() private view {
        for (uint256 task = 0; task < handler.countTasks(); ++task) {
            (bool exists, uint256 entry) = handler.honestEntry(task);
            if (!exists) continue;
            EntryStatus status = handler.entryAt(entry).status;
            require(status == EntryStatus.ALIVE || status == EntryStatus.RELEASED, "an honest entry died");
        }
    }

    function _countersCountWhatIsThere() private view {
        for (uint256 task = 0; task < handler.countTasks(); ++task) {
            Task memory t = handler.taskAt(task);
            (uint256 seen, uint256 alive) = _countValues(task);
            require(t.valuesSeen == seen && t.valuesAlive == alive, "values");
        }
    }

    function _noCallPanics() private view {
        require(!handler.hasPanicked(), "a call panicked");
    }

    function _act(uint256 dice) private {
        function(uint256) external[13] memory calls = [
            handler.request,
            handler.take,
            handler.post,
            handler.enter,
            handler.open,
            handler.move,
            handler.timeout,
            handler.bury,
            handler.wait,
            handler.close,
            handler.finalise,
            handler.settle,
            handler.moneyMoves
        ];
        calls[dice % calls.length](dice >> 128);
    }

    function _events() private pure returns (bytes32[14] memory) {
        return
            [
                ITaskMarket.TaskRequested.selector,
                ITaskMarket.Taken.selector,
                ITaskMarket.NoShow.selector,
                ITaskMarket.TaskClosed.selector,
                ITaskMarket.Finalised.selector,
                ITaskMarket.PricePaid.selector,
                ITaskMarket.EntryReleased.selector,
                ITaskMarket.EntryDivided.selector,
                IArena.Entered.selector,
                IArena.Opened.selector,
                IArena.Buried.selector,
                IGames.Moved.selector,
                IGames.Proved.selector,
                IGames.TimedOut.selector
            ];
    }

    function _tokens() private view returns (uint256 all, uint256 locked) {
        for (uint256 i = 0; i < handler.PLAYERS(); ++i) {
            Account memory account = handler.vault().accountOf(handler.players(i));
            Unbonding memory unbonding = handler.vault().unbondingOf(handler.players(i));
            all += uint256(account.free) + account.locked + unbonding.amount;
            locked += account.locked;
        }
    }

    /// @dev What the market holds for a task: the price until it is paid, the deposit of a solver that has not posted.
    function _escrowOf(uint256 task) private view returns (uint256) {
        Task memory t = handler.taskAt(task);
        uint256 price = handler.requestAt(task).order.maxPrice;
        if (t.status == TaskStatus.TAKEN) return price + handler.market().depositOf(handler.originAt(task));
        if (t.status == TaskStatus.OPEN || t.status == TaskStatus.POSTED) return price;
        if (t.flags & TaskFlags.PRICE_DUE == 0) return 0;
        return handler.market().priceAt(handler.requestAt(task), t.takenAt);
    }

    function _depositOf(uint256 i) private view returns (uint256) {
        Entry memory entry = handler.entryAt(i);
        uint256 deposit = handler.market().depositOf(handler.originAt(handler.madeAt(i).task));
        if (entry.status == EntryStatus.ALIVE) return deposit;
        if (entry.status != EntryStatus.DEAD) return 0;
        return deposit - (deposit / 4) * handler.market().payoutOf(handler.madeAt(i).id).refunds;
    }

    function _countValues(uint256 task) private view returns (uint256 seen, uint256 alive) {
        bool[8] memory isSeen;
        bool[8] memory isAlive;
        for (uint256 i = 0; i < handler.countEntries(); ++i) {
            MarketHandler.Made memory made = handler.madeAt(i);
            if (made.task != task) continue;
            EntryStatus status = handler.entryAt(i).status;
            isSeen[made.kind] = true;
            if (status == EntryStatus.ALIVE || status == EntryStatus.RELEASED) isAlive[made.kind] = true;
        }
        for (uint256 kind = 0; kind < isSeen.length; ++kind) {
            if (isSeen[kind]) ++seen;
            if (isAlive[kind]) ++alive;
        }
    }

    /// @dev All that live hold the truth.
    function _requireOneValue(uint256 task) private view {
        for (uint256 i = 0; i < handler.countEntries(); ++i) {
            MarketHandler.Made memory made = handler.madeAt(i);
            EntryStatus status = handler.entryAt(i).status;
            bool lived = status == EntryStatus.ALIVE || status == EntryStatus.RELEASED;
            require(made.task != task || !lived || made.kind == 0, "a lie settled");
        }
    }
}
