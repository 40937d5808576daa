// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IGame, Position, Side, Turn } from "../interfaces/IGame.sol";
import { IStepper, StateHash } from "../interfaces/IStepper.sol";
import { Bisection } from "./Bisection.sol";
import { Clock } from "./Clock.sol";
import { Turns } from "./Turns.sol";

/// @notice Rules of one game between two players; who may play whom is decided by the contract that opens it.
abstract contract Game is IGame {
    using Turns for *;

    uint256 private constant MAX_ARITY = 32;
    /// Words of the arguments before the arrays.
    uint256 private constant BISECT_HEAD = 9;
    uint256 private constant PROVE_HEAD = 8;
    uint256 private constant TIMEOUT_BYTES = 5 * 32;

    IStepper private immutable STEPPER;
    uint256 internal immutable ARITY;
    uint64 internal immutable BUDGET;
    uint64 internal immutable MINIMUM;

    /// 0 = never opened, seat + 1 of the winner = over, else Turns.commitment.
    mapping(bytes32 game => bytes32 slot) private _games;

    constructor(IStepper stepper, uint256 arity, uint64 budget, uint64 minimum) {
        if (arity < 2 || arity > MAX_ARITY) revert ArityOutOfRange(arity);
        if (minimum == 0 || budget < minimum) revert ClockTooShort(budget, minimum);
        STEPPER = stepper;
        ARITY = arity;
        BUDGET = budget;
        MINIMUM = minimum;
    }

    /// @inheritdoc IGame
    function bisect(
        bytes32 game,
        Turn calldata turn,
        uint256 segment,
        StateHash start,
        StateHash end,
        bytes32[] calldata path,
        StateHash[] calldata mine
    ) external {
        _requireExact(BISECT_HEAD, path.length, mine.length);
        if (turn.position.lenOf() < 2) revert NothingToBisect();
        _requireMove(game, turn, _rootNamed(turn, segment, start, end, path));
        Turn memory next = _answered(turn, segment);
        _requireLength(mine, Bisection.segments(next.position.lenOf(), ARITY));
        if (_same(mine[mine.length - 1], end)) revert EndNotDisputed(end);
        StateHash[] memory sequence = _sequence(start, mine, 0);
        _assert(game, next, sequence);
    }

    /// @inheritdoc IGame
    function prove(
        bytes32 game,
        Turn calldata turn,
        uint256 substep,
        StateHash end,
        bytes32[] calldata path,
        bytes32[] calldata witness
    ) external {
        _requireExact(PROVE_HEAD, path.length, witness.length);
        uint256 len = turn.position.lenOf();
        if (len != 1) revert NotOneStep(len);
        (StateHash pre, StateHash post) = STEPPER.step(witness);
        _requireMove(game, turn, _rootNamed(turn, substep, pre, end, path));
        if (_same(post, end)) revert SubstepHolds(end);
        uint256 seat = turn.mover.seatOf();
        _games[game] = bytes32(seat + 1);
        emit Proved(game, seat, turn.position.loOf(), substep, pre, post);
    }

    /// @inheritdoc IGame
    function timeout(bytes32 game, Turn calldata turn, bytes32 root) external {
        _requireBytes(TIMEOUT_BYTES);
        _requireStanding(game, turn, root);
        uint256 deadline = _deadline(turn);
        if (block.timestamp <= deadline) revert ClockStillRuns(deadline);
        uint256 seat = turn.waiter.seatOf();
        _games[game] = bytes32(seat + 1);
        emit TimedOut(game, seat);
    }

    /// @inheritdoc IGame
    function standing(bytes32 game) public view returns (bytes32) {
        return _games[game];
    }

    /// @inheritdoc IGame
    function rules() external view returns (IStepper stepper, uint256 arity, uint256 budget, uint256 minimum) {
        return (STEPPER, ARITY, BUDGET, MINIMUM);
    }

    /// @dev Opens a game over `len` steps from step 0; the target is on move. `inner` are the hashes between `first`
    /// and `last`.
    function _openGame(
        bytes32 game,
        Side target,
        Side opener,
        uint64 len,
        StateHash first,
        StateHash[] calldata inner,
        StateHash last
    ) internal {
        if (_games[game] != 0) revert GameExists(game);
        uint256 n = Bisection.segments(len, ARITY);
        _requireLength(inner, n - 1);
        StateHash[] memory sequence = _sequence(first, inner, 1);
        sequence[n] = last;
        Turn memory turn = Turn(target, opener, Turns.position(0, len, uint64(block.timestamp), 0));
        _assert(game, turn, sequence);
    }

    /// @dev Reverts unless calldata is `head` words, the last of which points to an array of `length` words that
    /// follows them and ends it.
    function _requireExact(uint256 head, uint256 length) internal pure {
        _requireBytes(_requireArrayAt(head * 32, head - 1, length));
    }

    /// @dev The same with two arrays, one after the other.
    function _requireExact(uint256 head, uint256 first, uint256 second) private pure {
        uint256 end = _requireArrayAt(head * 32, head - 2, first);
        _requireBytes(_requireArrayAt(end, head - 1, second));
    }

    /// @dev Reverts unless the argument at `index` points to `start`; returns where its array of `length` words ends.
    /// - Unchecked: the array was found to end within calldata before.
    function _requireArrayAt(uint256 start, uint256 index, uint256 length) private pure returns (uint256 end) {
        unchecked {
            uint256 actual = uint256(bytes32(msg.data[4 + index * 32:]));
            if (actual != start) revert ArrayMisplaced(actual, start);
            return start + (1 + length) * 32;
        }
    }

    /// @dev Reverts unless the arguments have `length` bytes.
    function _requireBytes(uint256 length) private pure {
        if (msg.data.length != 4 + length) revert CalldataNotExact(msg.data.length, 4 + length);
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

    function _requireMove(bytes32 game, Turn calldata turn, bytes32 root) private view {
        _requireStanding(game, turn, root);
        address player = turn.mover.playerOf();
        if (msg.sender != player) revert NotYourTurn(player);
        uint256 deadline = _deadline(turn);
        if (block.timestamp > deadline) revert ClockRanOut(deadline);
    }

    function _requireStanding(bytes32 game, Turn calldata turn, bytes32 root) private view {
        bytes32 named = Turns.commitment(turn.mover, turn.waiter, turn.position, root);
        if (_games[game] != named) revert NotTheStandingAssertion(_games[game], named);
    }

    function _deadline(Turn calldata turn) private pure returns (uint256) {
        return Clock.deadline(turn.position.movedOf(), turn.mover.leftOf());
    }

    /// @dev The turn after the mover answered `segment` now.
    function _answered(Turn calldata turn, uint256 segment) private view returns (Turn memory next) {
        Position p = turn.position;
        (uint256 from, uint256 len) = Bisection.cut(p.lenOf(), ARITY, segment);
        uint256 left = Clock.handOver(turn.waiter.leftOf(), MINIMUM);
        next.mover = turn.waiter.withLeft(uint64(left));
        left = Clock.spend(p.movedOf(), turn.mover.leftOf(), block.timestamp);
        next.waiter = turn.mover.withLeft(uint64(left));
        next.position = Turns.position(uint64(p.loOf() + from), uint64(len), uint64(block.timestamp), p.plyOf() + 1);
    }

    /// @dev Makes `sequence` the standing assertion of the game.
    function _assert(bytes32 game, Turn memory turn, StateHash[] memory sequence) private {
        bytes32 root = Bisection.rootOf(sequence);
        _games[game] = Turns.commitment(turn.mover, turn.waiter, turn.position, root);
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
