// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Turns } from "../../../contracts/game/Turns.sol";
import { StateHash } from "../../../contracts/interfaces/IStepper.sol";
import { Claim, EntryStatus, Order, Phases, Request, TaskStatus } from "../../../contracts/interfaces/Task.sol";
import { HonestPlayer } from "./HonestPlayer.sol";
import { ToyRuns } from "./ToyRuns.sol";
import { VM } from "./Vm.sol";

/// @notice Whatever the runner calls, in any order and with any number, becomes some call of the market by somebody,
/// that may succeed or not; then the honest player does what is to be done.
contract MarketHandler is HonestPlayer {
    using Turns for *;

    uint256 private constant MAX_ENTRIES = 12;
    /// A game that was opened by the end of the support phase is over this long before the end.
    uint256 private constant LONGEST_WAIT = 30;
    uint256 private constant USUAL_WAIT = 4;
    uint96 private constant PRICE = 5 gwei;

    /// What the runner's number comes to; different each time, as the runner likes some numbers more than others.
    uint256 private dice;
    uint256 private turns;

    modifier play(uint256 seed) {
        dice = uint256(keccak256(abi.encode(seed, ++turns)));
        time += dice % (USUAL_WAIT + 1);
        VM.warp(time);
        _;
        _doDuties();
    }

    function request(uint256 seed) external play(seed) {
        if (requests.length == MAX_TASKS) return;
        bytes memory input = abi.encodePacked(dice);
        Order memory order = Order({
            program: programs[requests.length],
            maxSteps: ToyRuns.MAX_STEPS,
            minPrice: PRICE / 5,
            maxPrice: PRICE,
            ramp: uint32((dice >> 8) % 40),
            expires: uint40(time + ((dice >> 32) % 400)),
            tip: 0,
            callbackGas: 0,
            salt: bytes32(dice)
        });
        _send(_player(), abi.encodeCall(market.request, (order, input)));
    }

    function take(uint256 seed) external play(seed) {
        if (requests.length == 0) return;
        address solver = _player();
        _send(solver, abi.encodeCall(market.take, (requests[_task()], solver)));
    }

    function post(uint256 seed) external play(seed) {
        if (requests.length == 0) return;
        uint256 task = _task();
        address solver = address(uint160(uint256(taskAt(task).subject)));
        uint256 kind = _kind();
        bytes32 root = bytes32(ToyRuns.finalRoot(rootAt(task), kind));
        _enter(_claimed(task, kind, solver), abi.encodeCall(market.post, (originAt(task), root, ToyRuns.haltRegs())));
    }

    function enter(uint256 seed) external play(seed) {
        if (requests.length == 0 || entries.length >= MAX_ENTRIES) return;
        (uint256 task, address owner) = (_task(), _player());
        if (owner == players[0]) owner = players[1];
        uint256 kind = _kind();
        _enter(_claimed(task, kind, owner), abi.encodeCall(market.enter, (originAt(task), owner, _final(task, kind))));
    }

    function open(uint256 seed) external play(seed) {
        if (entries.length < 2) return;
        (uint256 mine, uint256 rival) = (dice % entries.length, (dice >> 32) % entries.length);
        if (entries[mine].task == entries[rival].task) _openAgainst(mine, rival);
    }

    /// @notice A move of whoever is on move, as its own run has it, or one with any hashes.
    function move(uint256 seed) external play(seed) {
        if (played.length == 0) return;
        uint256 game = dice % played.length;
        (uint256 opener, uint256 target) = (played[game].opener, played[game].target);
        address mover = played[game].turn.mover.playerOf();
        uint256 onMove = entries[target].owner == mover ? target : opener;
        if (dice % 3 != 0) return _follow(game, entries[onMove].task, entries[onMove].kind);
        uint256 segment = (dice >> 48) % (played[game].sequence.length - 1);
        StateHash[] memory answer = new StateHash[](ToyRuns.ARITY);
        for (uint256 i = 0; i < answer.length; ++i) answer[i] = StateHash.wrap(keccak256(abi.encode(dice, i)));
        if (played[game].turn.position.lenOf() > 1) _bisect(game, segment, answer, mover);
    }

    function timeout(uint256 seed) external play(seed) {
        if (played.length > 0) _endByTime(dice % played.length);
    }

    function bury(uint256 seed) external play(seed) {
        if (played.length == 0) return;
        (uint256 winner, uint256 loser) = (played[dice % played.length].opener, played[dice % played.length].target);
        if (dice % 2 == 1) (winner, loser) = (loser, winner);
        uint256 task = entries[winner].task;
        _send(_player(), abi.encodeCall(market.bury, (originAt(task), claimAt(winner), claimAt(loser))));
    }

    function wait(uint256 seed) external play(seed) {
        time += 1 + ((dice >> 8) % (LONGEST_WAIT - USUAL_WAIT));
        VM.warp(time);
    }

    function close(uint256 seed) external play(seed) {
        if (requests.length == 0) return;
        Request memory r = requests[_task()];
        bytes[5] memory calls = [
            abi.encodeCall(market.cancel, (r)),
            abi.encodeCall(market.noShow, (r)),
            abi.encodeCall(market.expire, (r)),
            abi.encodeCall(market.voidTask, (r)),
            abi.encodeCall(market.abandon, (r))
        ];
        // Rarely by the requester, so that not every task is cancelled.
        _send(dice % 7 == 0 ? r.requester : address(this), calls[(dice / 3) % calls.length]);
    }

    function finalise(uint256 seed) external play(seed) {
        if (requests.length > 0) _finalise(_task());
    }

    function settle(uint256 seed) external play(seed) {
        if (entries.length > 0) _settle(dice % entries.length, (dice >> 32) % 5);
    }

    function moneyMoves(uint256 seed) external play(seed) {
        address owner = _player();
        uint256 tokens = (dice >> 32) % 1000;
        bytes[6] memory calls = [
            abi.encodeCall(vault.unbond, (tokens)),
            abi.encodeCall(vault.rebond, ()),
            abi.encodeCall(vault.withdraw, (owner)),
            abi.encodeCall(vault.withdrawEther, (owner, tokens * 1 gwei)),
            abi.encodeCall(vault.burn, ()),
            abi.encodeCall(vault.setOperator, (players[1], tokens))
        ];
        _send(owner, address(vault), calls[(dice / 5) % calls.length], 0);
    }

    /// @notice Lets all time pass, and everything be paid: whatever the state was.
    function finishAll() external {
        VM.warp(time);
        _doDuties();
        while (!_isQuiet()) {
            time += LONGEST_WAIT - 1;
            VM.warp(time);
            _doDuties();
        }
        for (uint256 task = 0; task < requests.length; ++task) _finish(task);
        for (uint256 i = 0; i < entries.length; ++i) _settle(i, type(uint256).max);
        _send(address(this), address(vault), abi.encodeCall(vault.burn, ()), 0);
    }

    /// @dev Whether no arena runs any more.
    function _isQuiet() private view returns (bool) {
        for (uint256 task = 0; task < requests.length; ++task) {
            if (taskAt(task).status != TaskStatus.POSTED) continue;
            Phases memory phases = market.phasesOf(originAt(task));
            if (time < phases.end) return false;
        }
        return true;
    }

    function _finish(uint256 task) private {
        Request memory r = requests[task];
        _finalise(task);
        _send(address(this), abi.encodeCall(market.voidTask, (r)));
        _send(r.requester, abi.encodeCall(market.cancel, (r)));
        if (taskAt(task).status != TaskStatus.TAKEN) return;
        time = market.postingEnd(originAt(task)) + 1 > time ? market.postingEnd(originAt(task)) + 1 : time;
        VM.warp(time);
        _send(address(this), abi.encodeCall(market.noShow, (r)));
        _send(r.requester, abi.encodeCall(market.cancel, (r)));
    }

    /// @dev Opens the truth, and pays the price if the first of its entries died.
    function _finalise(uint256 task) private {
        Request memory r = requests[task];
        bytes32[3] memory path = ToyRuns.outputPath(1 + task, r.inputRoot);
        _send(address(this), abi.encodeCall(market.finalise, (r, ToyRuns.haltRegs(), path, "")));
        address[] memory owners = new address[](entries.length);
        uint256 count = 0;
        bool isFirst = true;
        for (uint256 i = 0; i < entries.length; ++i) {
            if (entries[i].task != task || entries[i].kind != TRUTH) continue;
            if (isFirst) isFirst = false;
            else owners[count++] = entries[i].owner;
        }
        assembly ("memory-safe") {
            mstore(owners, count)
        }
        StateHash value = _claimed(task, TRUTH, address(0)).value;
        _send(address(this), abi.encodeCall(market.payPrice, (r, value, owners)));
    }

    /// @dev Gives a stake back or shares it out, by at most `length` opponents from where the last call ended.
    function _settle(uint256 entry, uint256 length) private {
        uint256 task = entries[entry].task;
        if (entryAt(entry).status == EntryStatus.ALIVE) {
            _send(address(this), abi.encodeCall(market.release, (originAt(task), claimAt(entry))));
            return;
        }
        Claim[] memory all = opponentsOf(entry);
        uint256 from = market.payoutOf(entries[entry].id).cursor;
        uint256 count = all.length - from;
        if (length < count) count = length % (count + 1);
        Claim[] memory some = new Claim[](count);
        for (uint256 i = 0; i < count; ++i) some[i] = all[from + i];
        _send(address(this), abi.encodeCall(market.payDead, (requests[task], claimAt(entry), some)));
    }

    function _player() private view returns (address) {
        return players[(dice >> 16) % PLAYERS];
    }

    function _task() private view returns (uint256) {
        return (dice >> 24) % requests.length;
    }

    function _kind() private view returns (uint256) {
        return (dice >> 40) % ToyRuns.KINDS;
    }
}
