// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bisection } from "../../../contracts/game/Bisection.sol";
import { Merkle } from "../../../contracts/commit/Merkle.sol";
import { Slots } from "../../../contracts/game/Slots.sol";
import { Turns } from "../../../contracts/game/Turns.sol";
import { Turn } from "../../../contracts/interfaces/IGames.sol";
import { StateHash } from "../../../contracts/interfaces/IStepper.sol";
import { EntryStatus, Phases, TaskStatus } from "../../../contracts/interfaces/Task.sol";
import { ToyRuns } from "./ToyRuns.sol";
import { MarketWorld } from "./MarketWorld.sol";

/// @notice Player 0: whatever happened, it enters the truth of every task that was posted, opens against every living
/// rival, answers every move, and buries whom it beat.
abstract contract HonestPlayer is MarketWorld {
    using Slots for bytes32;
    using Turns for *;

    uint256 internal constant TRUTH = 0;

    /// @notice Whether the honest player has an entry of the task, and its index.
    function honestEntry(uint256 task) public view returns (bool exists, uint256 index) {
        for (uint256 i = 0; i < entries.length; ++i) {
            if (entries[i].task == task && entries[i].owner == players[0] && entries[i].kind == TRUTH) return (true, i);
        }
    }

    function _doDuties() internal {
        for (uint256 task = 0; task < requests.length; ++task) {
            if (taskAt(task).status == TaskStatus.POSTED) _doDuties(task);
        }
    }

    function _doDuties(uint256 task) private {
        Phases memory phases = market.phasesOf(originAt(task));
        if (time >= phases.end) return;
        (bool exists, uint256 mine) = honestEntry(task);
        if (!exists) {
            if (time >= phases.challenge) return;
            _enter(
                _claimed(task, TRUTH, players[0]),
                abi.encodeCall(market.enter, (originAt(task), players[0], _final(task, TRUTH)))
            );
            (exists, mine) = honestEntry(task);
        }
        for (uint256 i = 0; i < entries.length; ++i) {
            bool isRival = entries[i].task == task && entries[i].kind != TRUTH;
            if (isRival && entryAt(i).status == EntryStatus.ALIVE) _dispute(mine, i, time < phases.opening);
        }
    }

    function _dispute(uint256 mine, uint256 rival, bool mayOpen) private {
        bytes32 id = market.gameId(entries[mine].id, entries[rival].id);
        if (!wasOpened[id] && mayOpen) _openAgainst(mine, rival);
        for (uint256 i = 0; i < played.length; ++i) if (played[i].id == id) _play(i, mine, rival);
    }

    function _openAgainst(uint256 mine, uint256 rival) internal {
        (uint256 task, uint256 kind, uint256 theirs) = (entries[mine].task, entries[mine].kind, entries[rival].kind);
        bytes memory data = abi.encodeCall(
            market.open,
            (
                originAt(task),
                entries[mine].owner,
                _final(task, kind),
                entries[rival].owner,
                _final(task, theirs),
                _inner(task, kind)
            )
        );
        _send(entries[mine].owner, data);
    }

    function _play(uint256 game, uint256 mine, uint256 rival) private {
        uint256 seat = entries[mine].id < entries[rival].id ? 0 : 1;
        Turn memory turn = played[game].turn;
        bytes32 id = played[game].id;
        if (!_isOver(id)) {
            if (turn.mover.seatOf() == seat) _follow(game, entries[mine].task, TRUTH);
            else if (time > _deadlineOf(turn)) _endByTime(game);
        }
        if (!games.standing(id).isWonBy(seat)) return;
        _send(players[0], abi.encodeCall(market.bury, (originAt(entries[mine].task), claimAt(mine), claimAt(rival))));
    }

    function _isOver(bytes32 game) internal view returns (bool) {
        bytes32 slot = games.standing(game);
        return slot.isWonBy(0) || slot.isWonBy(1);
    }

    function _deadlineOf(Turn memory turn) internal pure returns (uint256) {
        return uint256(turn.position.movedOf()) + turn.mover.leftOf();
    }

    function _endByTime(uint256 game) internal {
        bytes32 root = Bisection.rootOf(played[game].sequence);
        _send(players[0], address(games), abi.encodeCall(games.timeout, (played[game].id, played[game].turn, root)), 0);
    }

    /// @dev The move of whoever is on move, if it follows a run of `kind`; nothing if that agrees with all that stands.
    function _follow(uint256 game, uint256 task, uint256 kind) internal {
        Turn memory turn = played[game].turn;
        uint256 initial = rootAt(task);
        (uint256 lo, uint256 len) = (turn.position.loOf(), turn.position.lenOf());
        StateHash[] memory mine = ToyRuns.sequence(initial, kind, lo, len);
        StateHash[] memory theirs = played[game].sequence;
        uint256 segment = 0;
        while (segment < theirs.length - 1 && _same(mine[segment + 1], theirs[segment + 1])) ++segment;
        if (segment == theirs.length - 1) return;
        if (len == 1) return _prove(game, segment, ToyRuns.stateAt(initial, kind, lo, segment));
        (uint256 from, uint256 steps) = Bisection.cut(len, ToyRuns.ARITY, segment);
        _bisect(game, segment, _tail(ToyRuns.sequence(initial, kind, lo + from, steps)), turn.mover.playerOf());
    }

    function _bisect(uint256 game, uint256 segment, StateHash[] memory answer, address sender) internal {
        StateHash[] memory standing = played[game].sequence;
        bytes memory data = abi.encodeCall(
            games.bisect,
            (
                played[game].id,
                played[game].turn,
                segment,
                standing[segment],
                standing[segment + 1],
                _path(standing, segment),
                answer
            )
        );
        _send(sender, address(games), data, 0);
    }

    function _prove(uint256 game, uint256 substep, bytes32[] memory witness) internal {
        StateHash[] memory standing = played[game].sequence;
        bytes memory data = abi.encodeCall(
            games.prove,
            (played[game].id, played[game].turn, substep, standing[substep + 1], _path(standing, substep), witness)
        );
        _send(played[game].turn.mover.playerOf(), address(games), data, 0);
    }

    /// @dev Siblings of a pair of neighbours.
    function _path(StateHash[] memory sequence, uint256 index) private pure returns (bytes32[] memory path) {
        uint256 n = sequence.length - 1;
        path = new bytes32[](Bisection.pathLength(n));
        bytes32[] memory nodes = new bytes32[](1 << path.length);
        for (uint256 i = 0; i < n; ++i) nodes[i] = Bisection.pair(sequence[i], sequence[i + 1]);
        for (uint256 level = 0; level < path.length; ++level) {
            path[level] = nodes[(index >> level) ^ 1];
            uint256 width = nodes.length >> (level + 1);
            for (uint256 i = 0; i < width; ++i) nodes[i] = Merkle.hashPair(nodes[2 * i], nodes[2 * i + 1]);
        }
    }

    function _tail(StateHash[] memory hashes) private pure returns (StateHash[] memory rest) {
        rest = new StateHash[](hashes.length - 1);
        for (uint256 i = 0; i < rest.length; ++i) rest[i] = hashes[i + 1];
    }

    function _same(StateHash a, StateHash b) private pure returns (bool) {
        return StateHash.unwrap(a) == StateHash.unwrap(b);
    }
}
