// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { StateHash } from "./IStepper.sol";

/// @notice A task as the arena knows it; its id is keccak256(chain id, market, initial, maxSteps, terms).
struct Origin {
    StateHash initial; // the state to start from, the input in place
    uint64 maxSteps; // steps after which the machine counts as out of steps
    bytes32 terms; // hash of all that the market agreed on; the arena does not look into it
}

/// @notice A final state, opened: its hash is keccak256(root, regs, 0).
struct Final {
    bytes32 root; // over all eight regions
    uint256 regs;
}

/// @notice An entry of a task by its content: who claims which final state.
struct Claim {
    address owner;
    StateHash value;
}

/// @notice What a requester asks for.
struct Order {
    bytes32 program; // id of a published program
    uint64 maxSteps;
    uint96 minPrice; // wei, whole gwei; the price at the time of the request
    uint96 maxPrice; // wei, whole gwei; the price from `ramp` seconds on
    uint32 ramp; // seconds; 0 = maxPrice from the start
    uint40 expires; // seconds; the last time at which the task may be taken
    uint96 tip; // wei, whole gwei; to the first who calls back
    uint32 callbackGas; // 0 = no callback
    bytes32 salt; // tells equal orders of one requester apart
}

/// @notice A request, as every call names it; the market keeps only its hash.
struct Request {
    StateHash initial; // computed by the market from program and input
    address requester; // is called back, and gets what is left
    bytes32 inputRoot; // root of the INPUT region
    bool byReference; // the input was named by its root only: whoever withholds it makes the task uncheckable
    Order order;
}

/// @notice How a task stands. What a task is worth at its end, see `Verdict`, follows from time and counters alone.
enum TaskStatus {
    NONE,
    OPEN, // requested, or open again after a no-show
    TAKEN, // a solver has locked its stake
    POSTED, // the solver has entered: the arena runs, or waits for finalise or voidTask
    FINAL, // the result can be read
    VOID, // the arena ended without unanimity; refunded
    CANCELLED, // by the requester; refunded
    EXPIRED, // not taken in time, or three solvers did not show up; refunded
    ABANDONED // settled, but nobody opened the final state in time; refunded
}

/// @notice How the arena of a posted task stands.
enum Verdict {
    PENDING,
    SETTLED, // all living entries hold one value, and none can come any more
    VOID // its end passed without unanimity
}

/// @notice How a computation ended.
enum OutcomeKind {
    NONE,
    HALTED, // `code` is the exit code; 0 = success
    TRAPPED, // `code` is the trap code
    OUT_OF_STEPS
}

/// @notice A result.
struct Outcome {
    OutcomeKind kind;
    uint32 code;
    bool inputByReference; // the input was never on chain
    bool outputOmitted; // the output is larger than the market's cap: only its root is on chain
    bytes32 outputRoot; // root of the OUTPUT region
}

/// @notice A task in storage.
/// @dev Two slots. The arena reads and writes postedAt, valuesSeen, valuesAlive; the rest is the market's.
struct Task {
    uint40 requestedAt; // slot 0, bits 0-39, seconds
    uint40 takenAt; // bits 40-79, seconds; of the last who took it
    uint40 postedAt; // bits 80-119, seconds; 0 = nothing entered yet
    uint24 valuesSeen; // bits 120-143, different values ever entered
    uint24 valuesAlive; // bits 144-167, values with a living entry
    uint24 gasPrice; // bits 168-191, what deposits and refunds are reckoned with, 10^7 wei
    TaskStatus status; // bits 192-199
    uint8 noShows; // bits 200-207
    OutcomeKind kind; // bits 208-215, from FINAL on
    uint32 code; // bits 216-247, from FINAL on
    uint8 flags; // bits 248-255, see TaskFlags
    bytes32 subject; // slot 1: from TAKEN on the solver's address, from FINAL on the root of the output
}

/// @notice Bits of Task.flags.
library TaskFlags {
    uint8 internal constant BY_REFERENCE = 1;
    uint8 internal constant OUTPUT_OMITTED = 2;
    uint8 internal constant PRICE_DUE = 4; // finalised, but the price waits for payPrice
    uint8 internal constant TIP_PAID = 8;
    uint8 internal constant DELIVERED = 16; // a callback succeeded, or one is running
}

/// @dev ALIVE and DEAD until the verdict; then RELEASED (lived, has its stake back) or DIVIDED (dead, stake shared
/// out).
enum EntryStatus {
    NONE,
    ALIVE,
    DEAD,
    RELEASED,
    DIVIDED
}

/// @notice An entry.
/// @dev Part of a slot. The first entry of a value lies in the slot of the value.
struct Entry {
    EntryStatus status;
    uint24 games; // games it ever played, as opener or target; the n-th has the ordinal n
    uint32 ordinal; // 0 = the first entry of its value, 1 = the second, ...
}

/// @notice A value of a task.
/// @dev One slot.
struct Value {
    address first; // bits 0-159, owner of its first entry
    EntryStatus firstStatus; // bits 160-167
    uint24 firstGames; // bits 168-191
    uint32 alive; // bits 192-223, entries that did not die
    uint32 count; // bits 224-255, entries ever made
}

/// @notice How far the stake of a dead entry was shared out in several calls.
/// @dev Part of a slot.
struct Payout {
    uint24 cursor; // games looked at, by ordinal
    uint8 refunds; // gas refunds paid
    bool rewarded; // half of the bond went to the first of them
}

/// @notice When the phases of a task end, in seconds; each phase is up to but not including its end.
struct Phases {
    uint256 challenge; // e1: entries of any value; games
    uint256 support; // e2: entries of values seen, if two or more were; games
    uint256 opening; // e3: games may be opened
    uint256 end; // E: running games end, losers are buried
}
