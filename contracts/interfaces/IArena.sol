// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IExact } from "./IExact.sol";
import { IGames } from "./IGames.sol";
import { StateHash } from "./IStepper.sol";
import { Claim, Entry, Final, Origin, Phases, Task, Value, Verdict } from "./Task.sol";

/// @title The arena: all answers to a task, as entries with a stake that play games until one value is left
/// @notice A value is a final state hash. Whoever enters the truth, opens against every rival and answers in
/// time keeps its stake, and the truth settles.
/// @dev No cost grows with the number of entries or games.
/// - task id = keccak256(chain id, market, initial, maxSteps, terms); entry id = keccak256(chain id, market, task,
///   owner, value); game id = keccak256(lower entry id, higher entry id); seat 0 of a game belongs to the lower id.
/// - One stake, a token bond and an ether deposit, backs an entry in all its games.
/// - Whether a task is settled or void is never stored: it follows from time and counters.
interface IArena is IExact {
    /// @notice `owner` claims that `task` ends in the state `value` = keccak256(root, regs, 0), and has a stake on
    /// it. The solver's entry is the first.
    event Entered(
        bytes32 indexed task,
        bytes32 indexed entry,
        address indexed owner,
        StateHash value,
        bytes32 root,
        uint256 regs
    );

    /// @notice A game was opened; its first `Moved` follows in the same transaction.
    event Opened(bytes32 indexed task, bytes32 indexed opener, bytes32 indexed target, bytes32 game);

    /// @notice `loser` died, as `winner` won their game.
    event Buried(bytes32 indexed task, bytes32 indexed winner, bytes32 indexed loser);

    /// @notice No such task: it was never requested, or is named by terms other than it was requested with.
    error UnknownTask(bytes32 task);

    /// @notice The solver has not posted yet, so no phase has begun.
    error NotPosted(bytes32 task);

    /// @notice The step count must be 1 to `maxSteps`.
    error StepsOutOfRange(uint256 steps, uint256 maxSteps);

    /// @notice A final state is halted or trapped, or it is running and has taken exactly `maxSteps` steps.
    error NotFinal(uint256 status, uint256 steps, uint256 maxSteps);

    /// @notice The owner entered this value before.
    error EntryExists(bytes32 entry);

    /// @notice The entry does not exist, is dead, or has its stake back.
    error NotAlive(bytes32 entry);

    /// @notice The entry is not a dead one whose stake waits to be shared out.
    error NotDead(bytes32 entry);

    /// @notice Only entries of different values play each other.
    error SameValue(StateHash value);

    /// @notice Entering ended at `end`.
    error EnteringClosed(uint256 end);

    /// @notice Only one value was seen before the challenge phase ended: there is nothing to support.
    error NothingToSupport();

    /// @notice The value was not seen before the challenge phase ended.
    error ValueNotSeen(StateHash value);

    /// @notice Opening ended at `end`.
    error OpeningClosed(uint256 end);

    /// @notice Burying ended at `end`.
    error BuryingClosed(uint256 end);

    /// @notice The game was not won by the player at `seat`.
    error NotWonBySeat(bytes32 game, uint256 seat);

    /// @notice `sender` is neither `owner` nor an operator of it.
    error NotAuthorised(address sender, address owner);

    /// @notice The arena has not come to its verdict, or to another one than this call is for.
    error WrongVerdict(Verdict verdict);

    /// @notice The game was opened before.
    error GameExists(bytes32 game);

    /// @notice The entry has played as many games as can be counted.
    error TooManyGames(bytes32 entry);

    /// @notice A clock must start with at least what a player gets on move, and both above zero.
    error ClockTooShort(uint256 budget, uint256 minimum);

    /// @notice Each phase must last at least one second, and the speed must be at least one step a second.
    error EmptyPhase();

    /// @notice Claims a final state for `owner`, and locks its stake on it. By the owner or an operator.
    /// @dev Never before the solver has posted; until the end of the challenge phase any value, until the end of the
    /// support phase values seen before, if two or more were.
    /// @param origin the task
    /// @param owner whose stake is locked
    /// @param mine the final state
    function enter(Origin calldata origin, address owner, Final calldata mine) external returns (bytes32 entry);

    /// @notice Opens a game of the living entry of `owner` against a living entry of another value, once per
    /// pair. The opener supplies the first sequence; the target's owner is on move. By the owner or an operator.
    /// @dev The range is 0 to the larger of both step counts. The contract puts the initial hash before `inner`
    /// and the opener's value after it.
    /// @param origin the task
    /// @param owner owner of the opening entry
    /// @param mine the final state that it claims
    /// @param rival owner of the entry to play against
    /// @param theirs the final state that it claims
    /// @param inner the n - 1 inner hashes of the first sequence
    function open(
        Origin calldata origin,
        address owner,
        Final calldata mine,
        address rival,
        Final calldata theirs,
        StateHash[] calldata inner
    ) external returns (bytes32 game);

    /// @notice Enters, then opens against the rival's entry if that still lives.
    /// @return entry id of the new entry
    /// @return game id of the game, 0 if the rival's entry was dead
    function enterAndOpen(
        Origin calldata origin,
        address owner,
        Final calldata mine,
        address rival,
        Final calldata theirs,
        StateHash[] calldata inner
    ) external returns (bytes32 entry, bytes32 game);

    /// @notice Lets the loser of a finished game die, if both entries still live. By anyone, before the end.
    function bury(Origin calldata origin, Claim calldata winner, Claim calldata loser) external;

    /// @notice How the arena stands: from the end of the challenge phase on it is settled if only one value was ever
    /// seen; else from the end of the opening phase on if all living entries hold one value; void from the end on
    /// if they do not. Reverts before the solver has posted.
    function verdictOf(Origin calldata origin) external view returns (Verdict);

    /// @notice When the phases of the task end. Reverts before the solver has posted.
    function phasesOf(Origin calldata origin) external view returns (Phases memory);

    /// @notice Lengths in seconds for tasks of at most `maxSteps` steps: of the phases, of the clock that each player
    /// starts with, and the least that a player has when it comes on move.
    function timingOf(
        uint64 maxSteps
    ) external view returns (uint256 challenge, uint256 support, uint256 opening, uint256 budget, uint256 minimum);

    /// @notice The task `task`; all zero if it was never requested.
    function taskOf(bytes32 task) external view returns (Task memory);

    /// @notice The value `value` of a task; all zero if nobody ever entered it.
    function valueOf(bytes32 task, StateHash value) external view returns (Value memory);

    /// @notice The entry `claim` of a task; all zero if there is none.
    function entryOf(bytes32 task, Claim calldata claim) external view returns (Entry memory);

    /// @notice Where games are played.
    function games() external view returns (IGames);

    /// @notice The most moves a game over `steps` steps can take after its opening, proof included.
    function maxMoves(uint64 steps) external view returns (uint256);

    /// @notice Id of a task.
    function taskId(Origin calldata origin) external view returns (bytes32);

    /// @notice Id of the entry of `owner` for `value`.
    function entryId(bytes32 task, address owner, StateHash value) external view returns (bytes32);

    /// @notice Id of the game between two entries, in either order.
    function gameId(bytes32 entryA, bytes32 entryB) external pure returns (bytes32);
}
