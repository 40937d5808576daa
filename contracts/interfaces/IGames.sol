// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IExact } from "./IExact.sol";
import { IOperators } from "./IOperators.sol";
import { IStepper, StateHash } from "./IStepper.sol";
import { Claim, Origin } from "./Task.sol";

/// @notice One of the two players of a game, with its clock.
/// @dev One word:
/// bits 0-159     address of the player
/// bits 160-223   seconds left on its clock at the time of the last move
/// bits 224-255   seat: 0 or 1; who won is told by seat, as one address may hold both
type Side is uint256;

/// @notice Where a game stands.
/// @dev One word:
/// bits 0-63      lo: step at which the disputed range begins; both sides agree on the state there
/// bits 64-127    len: steps in the range; 1 = SUB level, the twelve substeps of step lo
/// bits 128-167   moved: time of the last move, seconds
/// bits 168-207   least: least seconds that a player has when it comes on move
/// bits 208-255   ply: moves made since the opening
type Position is uint256;

/// @notice What the player on move answers; with the root of the standing sequence it is a game's whole state.
/// @dev 96 bytes. Level and number of segments follow from len, so they are not repeated here.
struct Turn {
    Side mover;
    Side waiter;
    Position position;
}

/// @title The bisection games of an arena
/// @notice Two players agree on a start state and disagree on a final one. Each move narrows the disagreement
/// to one segment of the last sequence, until one substep is left, which the stepper executes.
/// @dev A game is one storage slot. Its low 208 bits: the first 208 bits of keccak256(turn, root) while it runs, then
/// the winner's seat plus 1. Bits 232-255 and 208-231: the ordinal of the game among those of the entry at seat 0 and
/// seat 1.
/// - root: Merkle root over the pairs keccak256(h[i], h[i+1]) of the standing sequence of n+1 state hashes,
///   padded with zero words to a power of two. A pair is opened by its index and ceil(log2 n) siblings, lowest
///   first.
/// - STEP level (len > 1): gap = ceil(len / arity), n = ceil(len / gap), h[j] is the state after lo + min(j *
///   gap, len) steps. SUB level (len = 1): n = 12, the states around the twelve substeps of step lo.
/// - Calldata is exact: canonical offsets, no trailing bytes.
/// - Warning: moves do not ask whether the entries behind a game are still alive; only opening and burying do.
interface IGames is IExact {
    /// @notice Only the arena opens games.
    error NotTheArena(address sender);

    /// @notice A move was made, or a game was opened (`turn` has ply 0); `turn` tells who is on move now.
    /// @param game id of the game
    /// @param turn the turn to be answered
    /// @param sequence the whole standing sequence, n+1 state hashes: the first agreed, the last disputed
    event Moved(bytes32 indexed game, Turn turn, StateHash[] sequence);

    /// @notice The player at `seat` refuted substep `substep` of step `step`: the stepper computed `post` from
    /// `pre`.
    event Proved(bytes32 indexed game, uint256 seat, uint256 step, uint256 substep, StateHash pre, StateHash post);

    /// @notice The player at `seat` won, as the other's clock ran out.
    event TimedOut(bytes32 indexed game, uint256 seat);

    /// @notice The slot of the game holds `standing`; the move answers `named`, ordinals aside. Unknown, finished and
    /// already answered games are all told by this.
    error NotTheStandingAssertion(bytes32 standing, bytes32 named);

    /// @notice The player on move is `expected`.
    error NotYourTurn(address expected);

    /// @notice The mover's clock ran out after `deadline`.
    error ClockRanOut(uint256 deadline);

    /// @notice The mover may still move, up to and including `deadline`.
    error ClockStillRuns(uint256 deadline);

    /// @notice The range is one step already: prove, do not bisect.
    error NothingToBisect();

    /// @notice The range is still `len` steps: bisect, do not prove.
    error NotOneStep(uint256 len);

    /// @notice There are only `segments` segments.
    error SegmentOutOfRange(uint256 segment, uint256 segments);

    /// @notice The path has `actual` siblings where exactly `expected` lead to the root.
    error PathLength(uint256 actual, uint256 expected);

    /// @notice The sequence has `actual` hashes where exactly `expected` are asked for.
    error SequenceLength(uint256 actual, uint256 expected);

    /// @notice The answer ends in the very state that it disputes.
    error EndNotDisputed(StateHash end);

    /// @notice The substep leads to the state that the sequence claims: there is nothing to refute.
    error SubstepHolds(StateHash end);

    /// @notice The arity is outside 2 to 32.
    error ArityOutOfRange(uint256 arity);

    /// @notice Opens a game, once for each id; `turn.mover` is on move. Only by the arena.
    /// @param game id of the game
    /// @param ordinal0 ordinal of the game among those of the entry at seat 0
    /// @param ordinal1 the same for seat 1
    /// @param turn the turn to be answered, at ply 0
    /// @param first the agreed start state
    /// @param inner the n - 1 hashes between
    /// @param last the opener's final state
    function open(
        bytes32 game,
        uint24 ordinal0,
        uint24 ordinal1,
        Turn calldata turn,
        StateHash first,
        StateHash[] calldata inner,
        StateHash last
    ) external;

    /// @notice Answers segment `segment` of the standing sequence: accepts `start`, disputes `end`, and claims
    /// `mine`.
    /// @dev Only by the player on move or an operator, up to and including the deadline, at STEP level. A segment of
    /// one step makes the new level SUB.
    /// @param game id of the game
    /// @param turn the turn answered, as emitted
    /// @param segment index of the disputed segment
    /// @param start the state at its start
    /// @param end the state claimed at its end
    /// @param path siblings of the pair (start, end), lowest first
    /// @param mine the new sequence after `start`; its last hash differs from `end`
    function bisect(
        bytes32 game,
        Turn calldata turn,
        uint256 segment,
        StateHash start,
        StateHash end,
        bytes32[] calldata path,
        StateHash[] calldata mine
    ) external;

    /// @notice Refutes substep `substep` of the standing sequence by executing it; the mover wins.
    /// @dev Only by the player on move or an operator, up to and including the deadline, at SUB level.
    /// @param game id of the game
    /// @param turn the turn answered, as emitted
    /// @param substep index of the disputed substep
    /// @param end the state claimed after it
    /// @param path siblings of the pair (pre, end), where pre is what the stepper makes of the witness
    /// @param witness the state before it, as `IStepper.step` wants it
    function prove(
        bytes32 game,
        Turn calldata turn,
        uint256 substep,
        StateHash end,
        bytes32[] calldata path,
        bytes32[] calldata witness
    ) external;

    /// @notice Ends a game whose mover let its clock run out; the waiter wins. By anyone, after the deadline.
    /// @param root root of the standing sequence
    function timeout(bytes32 game, Turn calldata turn, bytes32 root) external;

    /// @notice Asks the arena to bury the loser, as IArena.bury: to be put behind the proof or the timeout by
    /// `multicall`, in one transaction.
    function bury(Origin calldata origin, Claim calldata winner, Claim calldata loser) external;

    /// @notice What the game's slot holds; 0 if it was never opened.
    function standing(bytes32 game) external view returns (bytes32);

    /// @notice The judge, the arity (segments that a move cuts a range into, 2 = binary search), the only contract that
    /// opens games, and who says who moves for whom.
    function setting() external view returns (IStepper stepper, uint256 arity, address arena, IOperators operators);
}
