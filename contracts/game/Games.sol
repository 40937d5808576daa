// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { IArena } from "../interfaces/IArena.sol";
import { IGames, Position, Turn } from "../interfaces/IGames.sol";
import { IOperators } from "../interfaces/IOperators.sol";
import { IStepper, StateHash } from "../interfaces/IStepper.sol";
import { Claim, Origin } from "../interfaces/Task.sol";
import { Bisection } from "./Bisection.sol";
import { Clock } from "./Clock.sol";
import { Exact } from "./Exact.sol";
import { Slots } from "./Slots.sol";
import { Turns } from "./Turns.sol";

/// @notice Rules of one game between two players; who may play whom is decided by the arena, which alone opens games.
contract Games is IGames, Multicall {
    using Slots for bytes32;
    using Turns for *;

    uint256 private constant MAX_ARITY = 32;
    /// Words of the arguments before the arrays.
    uint256 private constant BISECT_HEAD = 9;
    uint256 private constant PROVE_HEAD = 8;
    uint256 private constant TIMEOUT_BYTES = 5 * 32;

    IStepper private immutable STEPPER;
    uint256 private immutable ARITY;
    address private immutable ARENA;
    IOperators private immutable OPERATORS;

    /// See Slots.
    mapping(bytes32 game => bytes32 slot) private _games;

    /// @notice Fixes the rules.
    /// @param stepper the judge
    /// @param arity segments of a sequence, 2 to 32
    /// @param arena who opens games
    /// @param operators who says who moves for whom
    constructor(IStepper stepper, uint256 arity, address arena, IOperators operators) {
        if (arity < 2 || arity > MAX_ARITY) revert ArityOutOfRange(arity);
        STEPPER = stepper;
        ARITY = arity;
        ARENA = arena;
        OPERATORS = operators;
    }

    /// @inheritdoc IGames
    function open(
        bytes32 game,
        uint24 ordinal0,
        uint24 ordinal1,
        Turn calldata turn,
        StateHash first,
        StateHash[] calldata inner,
        StateHash last
    ) external {
        if (msg.sender != ARENA) revert NotTheArena(msg.sender);
        if (_games[game] != 0) revert IArena.GameExists(game);
        uint256 n = Bisection.segments(turn.position.lenOf(), ARITY);
        _requireLength(inner, n - 1);
        StateHash[] memory sequence = _sequence(first, inner, 1);
        sequence[n] = last;
        _assert(game, Slots.withOrdinals(ordinal0, ordinal1), turn, sequence);
    }

    /// @inheritdoc IGames
    function bisect(
        bytes32 game,
        Turn calldata turn,
        uint256 segment,
        StateHash start,
        StateHash end,
        bytes32[] calldata path,
        StateHash[] calldata mine
    ) external {
        Exact.requireExact(BISECT_HEAD, path.length, mine.length);
        if (turn.position.lenOf() < 2) revert NothingToBisect();
        bytes32 slot = _requireMove(game, turn, _rootNamed(turn, segment, start, end, path));
        Turn memory next = _answered(turn, segment);
        _requireLength(mine, Bisection.segments(next.position.lenOf(), ARITY));
        if (_same(mine[mine.length - 1], end)) revert EndNotDisputed(end);
        StateHash[] memory sequence = _sequence(start, mine, 0);
        _assert(game, slot, next, sequence);
    }

    /// @inheritdoc IGames
    function prove(
        bytes32 game,
        Turn calldata turn,
        uint256 substep,
        StateHash end,
        bytes32[] calldata path,
        bytes32[] calldata witness
    ) external {
        Exact.requireExact(PROVE_HEAD, path.length, witness.length);
        uint256 len = turn.position.lenOf();
        if (len != 1) revert NotOneStep(len);
        (StateHash pre, StateHash post) = STEPPER.step(witness);
        bytes32 slot = _requireMove(game, turn, _rootNamed(turn, substep, pre, end, path));
        if (_same(post, end)) revert SubstepHolds(end);
        uint256 seat = turn.mover.seatOf();
        _games[game] = slot.won(seat);
        emit Proved(game, seat, turn.position.loOf(), substep, pre, post);
    }

    /// @inheritdoc IGames
    function timeout(bytes32 game, Turn calldata turn, bytes32 root) external {
        Exact.requireBytes(TIMEOUT_BYTES);
        bytes32 slot = _requireStanding(game, turn, root);
        uint256 deadline = _deadline(turn);
        if (block.timestamp <= deadline) revert ClockStillRuns(deadline);
        uint256 seat = turn.waiter.seatOf();
        _games[game] = slot.won(seat);
        emit TimedOut(game, seat);
    }

    /// @inheritdoc IGames
    function bury(Origin calldata origin, Claim calldata winner, Claim calldata loser) external {
        IArena(ARENA).bury(origin, winner, loser);
    }

    /// @inheritdoc IGames
    function standing(bytes32 game) external view returns (bytes32) {
        return _games[game];
    }

    /// @inheritdoc IGames
    function setting() external view returns (IStepper stepper, uint256 arity, address arena, IOperators operators) {
        return (STEPPER, ARITY, ARENA, OPERATORS);
    }

    /// @dev Root of the sequence that has the pair (start, end) at `segment`.
    function _rootNamed(
        Turn calldata turn,
        uint256 segment,
        StateHash start,
        StateHash end,
        bytes32[] calldata path
    ) private view returns (bytes32) {
        uint256 n = Bisection.segments(turn.position.lenOf(), ARITY);
        if (segment >= n) revert SegmentOutOfRange(segment, n);
        uint256 length = Bisection.pathLength(n);
        if (path.length != length) revert PathLength(path.length, length);
        return Bisection.rootFrom(Bisection.pair(start, end), segment, path);
    }

    function _requireMove(bytes32 game, Turn calldata turn, bytes32 root) private view returns (bytes32 slot) {
        slot = _requireStanding(game, turn, root);
        address player = turn.mover.playerOf();
        if (msg.sender != player && !OPERATORS.mayAct(player, msg.sender)) revert NotYourTurn(player);
        uint256 deadline = _deadline(turn);
        if (block.timestamp > deadline) revert ClockRanOut(deadline);
    }

    function _requireStanding(bytes32 game, Turn calldata turn, bytes32 root) private view returns (bytes32 slot) {
        slot = _games[game];
        bytes32 named = slot.standing(Turns.commitment(turn.mover, turn.waiter, turn.position, root));
        if (slot != named) revert NotTheStandingAssertion(slot, named);
    }

    function _deadline(Turn calldata turn) private pure returns (uint256) {
        return Clock.deadline(turn.position.movedOf(), turn.mover.leftOf());
    }

    /// @dev The turn after the mover answered `segment` now.
    /// - Unchecked: a segment lies within its range, and a game has fewer than 100 moves.
    function _answered(Turn calldata turn, uint256 segment) private view returns (Turn memory next) {
        Position p = turn.position;
        (uint256 from, uint256 len) = Bisection.cut(p.lenOf(), ARITY, segment);
        uint256 left = Clock.handOver(turn.waiter.leftOf(), p.leastOf());
        next.mover = turn.waiter.withLeft(uint64(left));
        left = Clock.spend(p.movedOf(), turn.mover.leftOf(), block.timestamp);
        next.waiter = turn.mover.withLeft(uint64(left));
        unchecked {
            uint64 lo = uint64(p.loOf() + from);
            next.position = Turns.position(lo, uint64(len), uint40(block.timestamp), p.leastOf(), p.plyOf() + 1);
        }
    }

    /// @dev Makes `sequence` the standing assertion of the game, whose ordinals are in `slot`.
    function _assert(bytes32 game, bytes32 slot, Turn memory turn, StateHash[] memory sequence) private {
        bytes32 root = Bisection.rootOf(sequence);
        _games[game] = slot.standing(Turns.commitment(turn.mover, turn.waiter, turn.position, root));
        _emitMoved(game, turn, sequence);
    }

    /// @dev Assembly: emit Moved(game, turn, sequence), whose encoding copies word by word.
    function _emitMoved(bytes32 game, Turn memory turn, StateHash[] memory sequence) private {
        bytes32 topic = Moved.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            let size := shl(5, add(1, mload(sequence))) // its length, then its hashes
            mcopy(data, turn, 0x60)
            mstore(add(data, 0x60), 0x80)
            mcopy(add(data, 0x80), sequence, size)
            log2(data, add(0x80, size), topic, game)
        }
    }

    /// @dev `first`, then `rest`, then room for `room` more.
    /// - Assembly: sequence[i + 1] = rest[i] for each i.
    function _sequence(
        StateHash first,
        StateHash[] calldata rest,
        uint256 room
    ) private pure returns (StateHash[] memory sequence) {
        sequence = new StateHash[](1 + rest.length + room);
        sequence[0] = first;
        assembly ("memory-safe") {
            calldatacopy(add(sequence, 0x40), rest.offset, shl(5, rest.length))
        }
    }

    function _requireLength(StateHash[] calldata hashes, uint256 expected) private pure {
        if (hashes.length != expected) revert SequenceLength(hashes.length, expected);
    }

    function _same(StateHash a, StateHash b) private pure returns (bool) {
        return StateHash.unwrap(a) == StateHash.unwrap(b);
    }
}
