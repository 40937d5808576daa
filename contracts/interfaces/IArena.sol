// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IGame } from "./IGame.sol";
import { StateHash } from "./IStepper.sol";

/// @notice An entry of a task by its content: who claims which final state.
struct Claim {
    address owner;
    StateHash value;
}

/// @notice A task and how its arena stands.
/// @dev Two slots.
struct Task {
    StateHash initial; // slot 0, the state hash to start from
    uint64 posted; // slot 1, bits 0-63, time of the first entry, seconds; 0 = none yet
    uint64 maxSteps; // bits 64-127
    uint56 valuesSeen; // bits 128-183, different values ever entered
    uint56 valuesAlive; // bits 184-239, values with at least one living entry
    TaskStatus status; // bits 240-247
}

/// @dev LIVE: entries and games, or waiting to be settled. SETTLED: every living entry holds the final value.
/// VOID: the end passed without unanimity.
enum TaskStatus {
    NONE,
    LIVE,
    SETTLED,
    VOID
}

/// @notice An entry.
/// @dev Two slots; the second is written when it dies.
struct Entry {
    uint64 steps; // slot 0, bits 0-63, the step count of its final state
    EntryStatus status; // bits 64-71
    bytes32 buriedBy; // slot 1, id of the entry that won the game
}

/// @dev WITHDRAWN: lived to the end and has its bond back. DIVIDED: dead, and its bond is shared out.
enum EntryStatus {
    NONE,
    ALIVE,
    DEAD,
    WITHDRAWN,
    DIVIDED
}

/// @notice When the phases of a task end, in seconds; each phase is up to but not including its end.
struct Phases {
    uint256 challenge; // e1: entries of any value; games
    uint256 support; // e2: entries of values seen, if two or more were; games
    uint256 opening; // e3: games may be opened
    uint256 end; // E: running games end, losers are buried
}

/// @title The arena: all answers to a task, as entries with a bond that play games until one value is left
/// @notice A value is a final state hash. Whoever enters the truth, opens against every rival and answers in
/// time keeps its bond, and the truth settles.
/// @dev No cost grows with the number of entries or games.
/// - entry id = keccak256(chain id, arena, task, owner, value); game id = keccak256(lower entry id, higher
///   entry id); seat 0 of a game belongs to the lower id.
/// - One bond backs an entry in all its games.
interface IArena is IGame {
    /// @notice A task was created. The event carries all that is needed to run it, given the program's code and
    /// data.
    /// @param task id of the task
    /// @param program id of the program
    /// @param creator who created it
    /// @param salt what the creator chose to tell it from equal ones
    /// @param maxSteps steps after which the machine counts as out of steps
    /// @param initial the initial state hash, the input in place
    /// @param regionRoots the eight region roots of the program
    /// @param regs its start registers
    /// @param input the input bytes
    event TaskCreated(
        bytes32 indexed task,
        bytes32 indexed program,
        address indexed creator,
        bytes32 salt,
        uint64 maxSteps,
        StateHash initial,
        bytes32[8] regionRoots,
        uint256 regs,
        bytes input
    );

    /// @notice `owner` claims that `task` ends in the state `value` = keccak256(root, regs, 0), and locked a
    /// bond on it.
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

    /// @notice `value` is the final state of `task`.
    event Settled(bytes32 indexed task, StateHash value);

    /// @notice `task` ended without unanimity.
    event Voided(bytes32 indexed task);

    /// @notice No such task.
    error UnknownTask(bytes32 task);

    /// @notice The same creator made the same task with the same salt before.
    error TaskExists(bytes32 task);

    /// @notice Nothing was entered yet, so no phase has begun.
    error NoEntries(bytes32 task);

    /// @notice A task must allow at least one step.
    error NoSteps();

    /// @notice The step count must be 1 to `maxSteps`.
    error StepsOutOfRange(uint256 steps, uint256 maxSteps);

    /// @notice A final state is halted or trapped, or it is running and has taken exactly `maxSteps` steps.
    error NotFinal(uint256 status, uint256 steps, uint256 maxSteps);

    /// @notice The owner entered this value before.
    error EntryExists(bytes32 entry);

    /// @notice The entry does not exist, is dead, or has its bond back.
    error NotAlive(bytes32 entry);

    /// @notice The entry is not a dead one whose bond waits to be divided.
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

    /// @notice The entry was buried by `buriedBy`.
    error NotBuriedBy(bytes32 entry, bytes32 buriedBy);

    /// @notice The task is neither settled nor void yet.
    error TaskStillLive(bytes32 task);

    /// @notice The task is settled or void already.
    error TaskOver(bytes32 task);

    /// @notice It can be settled from `from` on at the earliest.
    error TooEarlyToSettle(uint256 from);

    /// @notice `values` different values have living entries.
    error NotUnanimous(uint256 values);

    /// @notice Living entries agree: settle, do not void.
    error Unanimous();

    /// @notice It can be voided from `end` on.
    error TooEarlyToVoid(uint256 end);

    /// @notice Each phase must last at least one second.
    error EmptyPhase();

    /// @notice Creates a task: run the program on `input`.
    /// @dev Computes the program id, the input root and the initial state hash.
    /// - task id = keccak256(chain id, arena, creator, program id, input root, maxSteps, salt): known before
    ///   sending, the same after a re-organisation.
    /// - Reverts if the program is not in the form of a published one.
    /// @param regionRoots the eight region roots of the program, INPUT and OUTPUT empty
    /// @param regs its start registers
    /// @param input the input bytes
    /// @param maxSteps steps after which the machine counts as out of steps
    /// @param salt tells equal tasks of one creator apart
    function createTask(
        bytes32[8] calldata regionRoots,
        uint256 regs,
        bytes calldata input,
        uint64 maxSteps,
        bytes32 salt
    ) external returns (bytes32 task);

    /// @notice Claims a final state, and locks the caller's bond on it. The first entry starts the phases.
    /// @param task id of the task
    /// @param root root of the final state's tree, over all eight regions
    /// @param regs registers of the final state
    function enter(bytes32 task, bytes32 root, uint256 regs) external returns (bytes32 entry);

    /// @notice Opens a game of the caller's living entry against a living entry of another value, once per
    /// pair. The opener supplies the first sequence; the target's owner is on move.
    /// @dev The range is 0 to the larger of both step counts. The contract puts the initial hash before `inner`
    /// and the opener's value after it.
    /// @param task id of the task
    /// @param value the value of the caller's entry
    /// @param target the rival entry
    /// @param inner the n - 1 inner hashes of the first sequence
    function open(
        bytes32 task,
        StateHash value,
        Claim calldata target,
        StateHash[] calldata inner
    ) external returns (bytes32 game);

    /// @notice Enters, then opens against `target` if that still lives.
    /// @return entry id of the new entry
    /// @return game id of the game, 0 if the target was dead
    function enterAndOpen(
        bytes32 task,
        bytes32 root,
        uint256 regs,
        Claim calldata target,
        StateHash[] calldata inner
    ) external returns (bytes32 entry, bytes32 game);

    /// @notice Lets the loser of a finished game die, if both entries still live. By anyone, before the end.
    function bury(bytes32 task, Claim calldata winner, Claim calldata loser) external;

    /// @notice Makes the value of the living entry `claim` final. By anyone, from the end of the challenge
    /// phase on if only one value was ever seen, else from the end of the opening phase on if all living
    /// entries hold one value.
    function settle(bytes32 task, Claim calldata claim) external;

    /// @notice Ends a task that has no unanimity at its end. By anyone.
    function voidTask(bytes32 task) external;

    /// @notice Pays the bond of a living entry back to its owner, once the task is over. By anyone.
    function withdraw(bytes32 task, Claim calldata claim) external;

    /// @notice Divides the bond of a dead entry, once the task is over: half is burned, half goes to the owner
    /// of the entry that buried it, if the task is settled and that entry lives, else all is burned. By anyone.
    /// @param dead the dead entry
    /// @param winner the entry that buried it
    function divide(bytes32 task, Claim calldata dead, Claim calldata winner) external;

    /// @notice The task `task`.
    function taskOf(bytes32 task) external view returns (Task memory);

    /// @notice The entry `entry`.
    function entryOf(bytes32 entry) external view returns (Entry memory);

    /// @notice Number of living entries of `value`, and whether it was ever entered.
    function valueOf(bytes32 task, StateHash value) external view returns (uint256 alive, bool seen);

    /// @notice When the phases of `task` end. Reverts before its first entry.
    function phasesOf(bytes32 task) external view returns (Phases memory);

    /// @notice The fixed lengths of the challenge, support and opening phases, seconds.
    function phaseLengths() external view returns (uint256 challenge, uint256 support, uint256 opening);

    /// @notice The most moves a game over `steps` steps can take after its opening, proof included.
    function maxMoves(uint64 steps) external view returns (uint256);

    /// @notice Id of the entry of `owner` for `value`.
    function entryId(bytes32 task, address owner, StateHash value) external view returns (bytes32);

    /// @notice Id of the game between two entries, in either order.
    function gameId(bytes32 entryA, bytes32 entryB) external pure returns (bytes32);
}
