// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IArena } from "./IArena.sol";
import { IProgramRegistry } from "./IProgramRegistry.sol";
import { IStakeVault } from "./IStakeVault.sol";
import { IStepper, StateHash } from "./IStepper.sol";
import { Claim, Order, Origin, Outcome, Payout, Request, TaskStatus } from "./Task.sol";

/// @notice What a deployment is built on.
struct Setting {
    IStepper stepper; // the judge; a new machine is a new market
    uint256 arity; // segments of a sequence, 2 to 32; 2 = binary search
    IProgramRegistry registry; // where programs are published, for the same machine
    IERC20 token; // of the bonds, a plain ERC-20
    uint256 unbondingTime; // seconds from unbonding to withdrawal
}

/// @notice All that a deployment fixes for good. Lengths are floors: a task that may take n steps adds t =
/// ceil(n / speed) seconds to support and opening, and twice that to challenge, budget, minimum and solving.
struct Rules {
    uint64 challenge; // seconds from the solver's entry in which any value may be entered
    uint64 support; // seconds after that in which values seen may be entered again
    uint64 opening; // seconds after that in which games may be opened
    uint64 budget; // seconds on each player's clock
    uint64 minimum; // least seconds that a player has when it comes on move
    uint64 solving; // seconds from taking a task in which it must be posted
    uint64 finalising; // seconds from the verdict after which a result that nobody opened is given up
    uint64 speed; // steps per second of the slowest player that is waited for
    uint64 maxSteps; // most steps that a task may ask for
    uint96 bond; // tokens behind an entry or a taken task
    uint64 gasPriceFloor; // wei; least gas price that deposits are reckoned with
    uint32 enterGas; // gas of entering and opening
    uint32 moveGas; // gas of a move
    uint32 maxCallbackGas;
    uint32 maxOutput; // bytes; a larger output is named by its root only
}

/// @title The market: requests, solvers, results and payments, around the arena
/// @notice A requester escrows a price; a solver takes the task and posts a final state with a stake; anyone disputes
/// it in the arena; when the arena is settled, the result is opened, paid for, and told to the requester.
/// @dev No owner, no pause, no upgrade; what is not in `Rules` cannot be chosen. The market holds no money: the vault
/// does. Every payment is a credit in the vault, so no recipient can stop anything.
/// - A request is named by its whole content; the market keeps its hash alone.
/// - Calls can be put together by `multicall`, except those that carry ether.
interface ITaskMarket is IArena {
    /// @notice A task was requested. The event carries all that is needed to run it, but the program.
    /// @param task its id
    /// @param program id of its program
    /// @param requester who asked and pays
    /// @param request the request, as every later call names it
    /// @param gasPrice what deposits and refunds of the task are reckoned with, wei
    /// @param input the input; empty where the request names it by reference
    event TaskRequested(
        bytes32 indexed task,
        bytes32 indexed program,
        address indexed requester,
        Request request,
        uint256 gasPrice,
        bytes input
    );

    /// @notice The requester says that the input can be had at `uri`.
    event InputLocated(bytes32 indexed task, string uri);

    /// @notice `solver` took the task for `price` wei and has a stake on it.
    event Taken(bytes32 indexed task, address indexed solver, uint256 price);

    /// @notice `solver` did not post in time: half of its bond goes to the requester, half is burned.
    event NoShow(bytes32 indexed task, address indexed solver, uint256 noShows);

    /// @notice The task ended without a result as `status` tells; `refund` wei went to the requester's account.
    event TaskClosed(bytes32 indexed task, TaskStatus status, uint256 refund);

    /// @notice The task ended in the state `value`, which tells `outcome`.
    event Finalised(bytes32 indexed task, StateHash value, Outcome outcome, bytes output);

    /// @notice The price went to `solver`, whose entry is the first of the final state that lives.
    event PricePaid(bytes32 indexed task, address indexed solver, uint256 price);

    /// @notice The requester was called back: `success` or not. `by` got the tip if it was the first.
    event Delivered(bytes32 indexed task, address indexed by, bool success);

    /// @notice The living entry has its stake back.
    event EntryReleased(bytes32 indexed task, bytes32 indexed entry);

    /// @notice The stake of a dead entry was shared out up to the game with the ordinal `cursor`.
    /// @param rewarded owner of the entry that half of the bond went to in this call; 0 if to none
    /// @param refunds gas refunds paid so far
    /// @param divided whether nothing is left to share out
    event EntryDivided(
        bytes32 indexed task,
        bytes32 indexed entry,
        address rewarded,
        uint256 cursor,
        uint256 refunds,
        bool divided
    );

    /// @notice The task is in another status.
    error WrongStatus(bytes32 task, TaskStatus status);

    /// @notice The same requester gave the same order for the same input before.
    error TaskExists(bytes32 task);

    /// @notice A task may ask for 1 to `limit` steps.
    error MaxStepsOutOfRange(uint256 maxSteps, uint256 limit);

    /// @notice The least price is above the highest.
    error PricesReversed(uint256 minPrice, uint256 maxPrice);

    /// @notice Prices and tips are whole gwei.
    error PriceNotWholeGwei(uint256 price);

    /// @notice At most `limit` places of an input are told.
    error TooManyUris(uint256 count, uint256 limit);

    /// @notice The order expires at `expires`, which is over.
    error OrderExpired(uint256 expires);

    /// @notice A callback may have at most `limit` gas.
    error CallbackGasOutOfRange(uint256 callbackGas, uint256 limit);

    /// @notice A tip pays for a callback, and the order asks for none.
    error TipWithoutCallback(uint256 tip);

    /// @notice Only the requester may cancel.
    error NotTheRequester(address requester);

    /// @notice The solver has until `end` to post.
    error SolverHasTime(uint256 end);

    /// @notice The time to post ended at `end`.
    error PostingClosed(uint256 end);

    /// @notice The task may be taken until `end`.
    error NotExpired(uint256 end);

    /// @notice The result may be opened until `end` before it is given up.
    error FinalisingOpen(uint256 end);

    /// @notice The state that was opened is not the one that settled.
    error NotTheFinalValue(StateHash value);

    /// @notice The output does not have the root that the final state has.
    error NotTheOutput(bytes32 root, bytes32 expected);

    /// @notice The output has `length` bytes and at most `limit` go on chain: open its length only.
    error OutputTooLarge(uint256 length, uint256 limit);

    /// @notice The output has `length` bytes, so it must be given whole.
    error OutputNotLarge(uint256 length, uint256 limit);

    /// @notice Asked of a task that has no result; a claim is never a result.
    error NoResult(bytes32 task, TaskStatus status);

    /// @notice The order asks for no callback.
    error NoCallback(bytes32 task);

    /// @notice The requester was called back successfully, or is being called back.
    error AlreadyDelivered(bytes32 task);

    /// @notice The call must leave at least `needed` gas to the callback.
    error NotEnoughGas(uint256 left, uint256 needed);

    /// @notice The price was paid, or was never due.
    error NoPriceDue(bytes32 task);

    /// @notice The entry has the ordinal `ordinal` where `expected` is asked for.
    error WrongEntry(bytes32 entry, uint256 ordinal, uint256 expected);

    /// @notice The game has the ordinal `ordinal` among the dead entry's where `expected` is asked for.
    error WrongOpponent(bytes32 game, uint256 ordinal, uint256 expected);

    /// @notice A length of 0, or a gas price, bond or speed, that makes no sense.
    error RuleOutOfRange(uint256 index);

    /// @notice Asks for a computation on `input` and escrows its highest price and the tip: from the ether sent, and
    /// the rest from the caller's account in the vault.
    /// @dev The task's id is known before sending (see taskId) and the same after a re-organisation.
    function request(Order calldata order, bytes calldata input) external payable returns (bytes32 task);

    /// @notice The same with an input that is named by its root and can be had at `uris`, at most eight. Warning:
    /// whoever can withhold the input can make a falsehood uncheckable; the outcome says so.
    function requestByReference(
        Order calldata order,
        bytes32 inputRoot,
        string[] calldata uris
    ) external payable returns (bytes32 task);

    /// @notice Takes back a task that nobody has taken. By the requester.
    function cancel(Request calldata r) external;

    /// @notice Takes a task for `solver` and locks its stake. By it or an operator.
    function take(Request calldata r, address solver) external;

    /// @notice Posts the final state: the solver's entry, the first of the arena. By the solver or an operator.
    function post(Origin calldata origin, bytes32 root, uint256 regs) external returns (bytes32 entry);

    /// @notice Ends the time of a solver that did not post. The task is open again; the third time it expires. By
    /// anyone.
    function noShow(Request calldata r) external;

    /// @notice Refunds a task that nobody may take any more. By anyone.
    function expire(Request calldata r) external;

    /// @notice Opens the settled final state: its result can be read from now on, and is paid for. By anyone.
    /// @param r the request
    /// @param regs registers of the final state
    /// @param path siblings of the OUTPUT region's root, lowest first
    /// @param output the output, at most maxOutput bytes
    function finalise(Request calldata r, uint256 regs, bytes32[3] calldata path, bytes calldata output) external;

    /// @notice The same for an output above maxOutput bytes, of which only the length is opened.
    /// @param outputRoot root of the OUTPUT region
    /// @param length its length in bytes
    /// @param lengthPath siblings of its first leaf, which holds the length, lowest first
    function finaliseLarge(
        Request calldata r,
        uint256 regs,
        bytes32[3] calldata path,
        bytes32 outputRoot,
        uint256 length,
        bytes32[27] calldata lengthPath
    ) external;

    /// @notice Calls the requester back with the result. By anyone; the first call earns the tip, whether it succeeds
    /// or not; repeatable until it succeeds.
    /// @param output the output; empty if it was omitted
    function deliver(Request calldata r, bytes calldata output) external;

    /// @notice Pays the price where the first entry of the final value is dead: to the earliest that lives. By anyone.
    /// @param value the final value
    /// @param owners owners of its entries, in order, from where the last call ended; the first entry is left out
    function payPrice(Request calldata r, StateHash value, address[] calldata owners) external;

    /// @notice Refunds a task whose arena ended without unanimity. By anyone.
    function voidTask(Request calldata r) external;

    /// @notice Refunds a settled task whose final state nobody opened in time. By anyone.
    function abandon(Request calldata r) external;

    /// @notice Gives a living entry its stake back, once there is a verdict. By anyone.
    function release(Origin calldata origin, Claim calldata claim) external;

    /// @notice Shares out the stake of a dead entry, once there is a verdict. By anyone.
    /// @dev Settled: half of the bond to the first opponent, by order of opening, that lives, else burned; of the
    /// deposit one gas refund to each of the first four that live, the rest to the requester; half of the bond is
    /// always burned. Void: all of the bond is burned, the deposit goes to the requester.
    /// @param r the request
    /// @param dead the dead entry
    /// @param opponents the entries that it played, in the order of opening, from where the last call ended
    function payDead(Request calldata r, Claim calldata dead, Claim[] calldata opponents) external;

    /// @notice The result of a task. Reverts before it is final.
    function resultOf(bytes32 task) external view returns (Outcome memory);

    /// @notice How far the stake of a dead entry was shared out, until that is done.
    function payoutOf(bytes32 entry) external view returns (Payout memory);

    /// @notice What taking the task would pay at `time`, wei: it rises from the least to the highest price.
    function priceAt(Request calldata r, uint256 time) external view returns (uint256);

    /// @notice The ether behind an entry, wei: four gas refunds, of which each pays for one side of the longest
    /// dispute.
    function depositOf(Origin calldata origin) external view returns (uint256);

    /// @notice The request as the arena knows it.
    function originOf(Request calldata r) external pure returns (Origin memory);

    /// @notice The last time at which a taken task may be posted.
    function postingEnd(Origin calldata origin) external view returns (uint256);

    /// @notice The fixed rules.
    function rules() external view returns (Rules memory);

    /// @notice Where all money lies.
    function vault() external view returns (IStakeVault);

    /// @notice Where programs are published.
    function registry() external view returns (IProgramRegistry);
}
