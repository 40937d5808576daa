// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IOperators } from "./IOperators.sol";

/// @notice What an owner has in the vault.
/// @dev One slot; bit 255 tells that the owner has had an operator, so that its losses are counted.
struct Account {
    uint96 free; // bits 0-95, tokens that can be locked or unbonded
    uint96 locked; // bits 96-191, tokens behind entries and taken tasks
    uint64 gweiFree; // bits 192-254, ether in gwei that can be locked, spent on requests or withdrawn
}

/// @notice Tokens on their way out.
/// @dev One slot.
struct Unbonding {
    uint96 amount;
    uint40 readyAt; // seconds
}

/// @title The stake vault: all tokens and all ether of a market
/// @notice Stake is free, locked (exactly, for one entry or task each) or unbonding (neither lockable nor yet
/// withdrawable). Ether pays for requests and is the deposit from which the gas of honest challengers is repaid.
/// @dev Only the vault's market locks, releases, slashes and credits; only an owner takes out what is its own.
/// - One function slashes, one releases. Burned tokens are counted, then sent to the burn address by anyone.
/// - The vault holds at every moment the sum of all accounts, of what is unbonding and of what waits to be burned, in
///   tokens; in ether, the sum of all accounts and of what the market holds in escrow.
/// - An operator acts for an owner in the market, up to a cap: the tokens that are locked and those that were slashed
///   since it was set may not exceed it. It can never take anything out.
/// - Warning: the token must be a plain ERC-20. One whose balances change by themselves breaks the sums; one with a
///   fee on transfer is refused at the deposit.
interface IStakeVault is IOperators {
    /// @notice `amount` tokens of `from` became free stake of `owner`.
    event Deposited(address indexed owner, address indexed from, uint256 amount);

    /// @notice `amount` of free stake began to unbond; all that unbonds can be withdrawn from `readyAt` on.
    event UnbondingStarted(address indexed owner, uint256 amount, uint256 readyAt);

    /// @notice `amount` that was unbonding is free stake again.
    event UnbondingCancelled(address indexed owner, uint256 amount);

    /// @notice `amount` tokens left the vault to `to`.
    event Withdrawn(address indexed owner, address indexed to, uint256 amount);

    /// @notice `amount` wei of `from` came to the account of `owner`.
    event EtherDeposited(address indexed owner, address indexed from, uint256 amount);

    /// @notice `amount` wei left the vault to `to`.
    event EtherWithdrawn(address indexed owner, address indexed to, uint256 amount);

    /// @notice `operator` may act for `owner` up to `cap` tokens; 0 = no longer.
    event OperatorSet(address indexed owner, address indexed operator, uint256 cap);

    /// @notice `tokens` and `amount` wei of `owner` were locked for `subject`, an entry or a task.
    event Locked(bytes32 indexed subject, address indexed owner, uint256 tokens, uint256 amount);

    /// @notice `tokens` of `owner` were unlocked, and `amount` wei came to its account.
    event Released(bytes32 indexed subject, address indexed owner, uint256 tokens, uint256 amount);

    /// @notice `tokens` that `owner` had locked were taken: `reward` became free stake of `winner`, the rest waits to
    /// be burned.
    event Slashed(
        bytes32 indexed subject,
        address indexed owner,
        address indexed winner,
        uint256 tokens,
        uint256 reward
    );

    /// @notice `amount` wei went into the escrow of `subject`, from `owner`.
    event Escrowed(bytes32 indexed subject, address indexed owner, uint256 amount);

    /// @notice `amount` wei came from escrow to the account of `owner`.
    event Credited(bytes32 indexed subject, address indexed owner, uint256 amount);

    /// @notice `amount` slashed tokens were sent to the burn address.
    event Burned(uint256 amount);

    /// @notice Only the market may call this.
    error NotTheMarket(address sender);

    /// @notice Only `received` of `amount` tokens arrived: tokens with a fee on transfer are refused.
    error TokensNotReceived(uint256 received, uint256 amount);

    /// @notice `owner` has `free` free stake where `needed` is asked for.
    error NotEnoughStake(address owner, uint256 free, uint256 needed);

    /// @notice `owner` has `available` wei in the vault where `needed` is asked for.
    error NotEnoughEther(address owner, uint256 available, uint256 needed);

    /// @notice `actor` is neither `owner` nor an operator of it.
    error NotAnOperator(address owner, address actor);

    /// @notice With this, `used` tokens would be locked or lost since the operator was set; its cap is `cap`.
    error CapExceeded(address owner, address operator, uint256 used, uint256 cap);

    /// @notice What unbonds can be withdrawn from `readyAt` on; `readyAt` is 0 if nothing unbonds.
    error StillUnbonding(uint256 readyAt);

    /// @notice Ether is counted in whole gwei.
    error NotWholeGwei(uint256 amount);

    /// @notice The amount does not fit the account.
    error AmountTooLarge(uint256 amount);

    /// @notice An amount of 0 means nothing here.
    error NothingToDo();

    /// @notice The recipient refused the ether.
    error EtherRefused(address to);

    /// @notice Takes `amount` tokens of the caller as free stake of `owner`.
    function deposit(address owner, uint256 amount) external;

    /// @notice The same with a permit of the caller for the vault (EIP-2612). A permit that was used by somebody in
    /// front of the caller does no harm: what counts is the allowance.
    function depositWithPermit(address owner, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Takes `amount` of the caller's free stake on its way out. All that unbonds waits anew.
    function unbond(uint256 amount) external;

    /// @notice Makes all that unbonds free stake again.
    function rebond() external;

    /// @notice Pays out to `to` what has unbonded.
    function withdraw(address to) external returns (uint256 amount);

    /// @notice Puts the ether sent into the account of `owner`.
    function depositEther(address owner) external payable;

    /// @notice Pays `amount` wei out of the caller's account to `to`.
    function withdrawEther(address to, uint256 amount) external;

    /// @notice Lets `operator` act for the caller in the market, up to `cap` tokens locked or lost from now on; 0 ends
    /// that at once.
    function setOperator(address operator, uint256 cap) external;

    /// @notice Sends the slashed tokens that wait for it to the burn address. By anyone.
    function burn() external returns (uint256 amount);

    /// @notice Locks stake of `owner` because `actor` wants it. Only by the market.
    function lock(bytes32 subject, address owner, address actor, uint256 tokens, uint256 amount) external;

    /// @notice Unlocks tokens of `owner` and gives it `amount` wei from escrow. Only by the market.
    function release(bytes32 subject, address owner, uint256 tokens, uint256 amount) external;

    /// @notice Takes locked tokens of `owner`: `reward` to `winner`, the rest to be burned. Only by the market.
    function slash(bytes32 subject, address owner, uint256 tokens, address winner, uint256 reward) external;

    /// @notice Takes `amount` wei into escrow: the ether sent, and the rest from the account of `owner`; what was sent
    /// too much goes there. Only by the market.
    function escrow(bytes32 subject, address owner, uint256 amount) external payable;

    /// @notice Gives `owner` `amount` wei from escrow. Only by the market.
    function credit(bytes32 subject, address owner, uint256 amount) external;

    /// @notice The account of `owner`.
    function accountOf(address owner) external view returns (Account memory);

    /// @notice What of `owner` is unbonding.
    function unbondingOf(address owner) external view returns (Unbonding memory);

    /// @notice What an operator may lock for `owner`, and how much of it is locked or was lost since.
    function operatorOf(address owner, address operator) external view returns (uint256 cap, uint256 used);

    /// @notice Slashed tokens that wait to be sent to the burn address.
    function toBurn() external view returns (uint256);

    /// @notice The staking token.
    function token() external view returns (IERC20);

    /// @notice The only contract that may lock, release, slash and credit.
    function market() external view returns (address);

    /// @notice Seconds from `unbond` to `withdraw`.
    function unbondingTime() external view returns (uint256);
}
