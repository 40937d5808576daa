// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { IOperators } from "../interfaces/IOperators.sol";
import { Account, IStakeVault, Unbonding } from "../interfaces/IStakeVault.sol";

/// @title All tokens and all ether of a market
/// @notice No owner, no pause, no upgrade. Whoever deploys it names the market for good.
/// @dev All accounts together never have more than the vault holds, which is checked to fit one account whenever
/// something comes in. So no addition can overflow, and nobody can stop a payment by filling the recipient's account.
contract StakeVault is IStakeVault {
    using SafeERC20 for IERC20;

    /// @dev One slot.
    struct Grant {
        uint96 cap; // bits 0-95, tokens; 0 = no operator
        uint160 slashedBefore; // bits 96-255, what _slashed was when this was set
    }

    /// In the slot of an account: it has had an operator, so what it loses is counted.
    uint256 private constant COUNTED = 1 << 255;
    uint256 private constant MAX_GWEI = (1 << 63) - 1;
    /// Nobody holds its key; plain ERC-20 tokens have no burn and refuse address 0.
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    IERC20 private immutable TOKEN;
    address private immutable MARKET;
    uint256 private immutable UNBONDING_TIME;

    /// Fields of Account, packed by hand: the compiler would write the slot once for each.
    mapping(address owner => uint256 slot) private _accounts;
    mapping(address owner => Unbonding unbonding) private _unbonding;
    mapping(address owner => mapping(address operator => Grant grant)) private _grants;
    /// All that the owner lost since it first had an operator; read only where one acts.
    mapping(address owner => uint256 tokens) private _slashed;
    /// All that was ever slashed to be burned, and how much of it was: neither returns to 0, which would be dear.
    uint256 private _slashedToBurn;
    uint256 private _burned;

    constructor(IERC20 stakingToken, address onlyMarket, uint256 secondsToUnbond) {
        if (secondsToUnbond > type(uint32).max) revert AmountTooLarge(secondsToUnbond);
        TOKEN = stakingToken;
        MARKET = onlyMarket;
        UNBONDING_TIME = secondsToUnbond;
    }

    /// @inheritdoc IStakeVault
    function deposit(address owner, uint256 amount) external {
        _deposit(owner, amount);
    }

    /// @inheritdoc IStakeVault
    function depositWithPermit(
        address owner,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        // solhint-disable-next-line no-empty-blocks
        try IERC20Permit(address(TOKEN)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(owner, amount);
    }

    /// @inheritdoc IStakeVault
    function unbond(uint256 amount) external {
        if (amount == 0) revert NothingToDo();
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(msg.sender);
        if (amount > free) revert NotEnoughStake(msg.sender, free, amount);
        uint256 readyAt = block.timestamp + UNBONDING_TIME;
        _write(msg.sender, free - amount, locked, gweiFree);
        _unbonding[msg.sender] = Unbonding(uint96(_unbonding[msg.sender].amount + amount), uint40(readyAt));
        emit UnbondingStarted(msg.sender, amount, readyAt);
    }

    /// @inheritdoc IStakeVault
    function rebond() external {
        uint256 amount = _unbonding[msg.sender].amount;
        if (amount == 0) revert NothingToDo();
        delete _unbonding[msg.sender];
        _addFree(msg.sender, amount);
        emit UnbondingCancelled(msg.sender, amount);
    }

    /// @inheritdoc IStakeVault
    function withdraw(address to) external returns (uint256 amount) {
        Unbonding memory unbonding = _unbonding[msg.sender];
        amount = unbonding.amount;
        if (amount == 0 || block.timestamp < unbonding.readyAt) revert StillUnbonding(unbonding.readyAt);
        delete _unbonding[msg.sender];
        emit Withdrawn(msg.sender, to, amount);
        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc IStakeVault
    function depositEther(address owner) external payable {
        if (msg.value == 0) revert NothingToDo();
        _requireEtherFits();
        _addEther(owner, msg.value);
        emit EtherDeposited(owner, msg.sender, msg.value);
    }

    /// @inheritdoc IStakeVault
    function withdrawEther(address to, uint256 amount) external {
        if (amount == 0) revert NothingToDo();
        _takeEther(msg.sender, amount);
        emit EtherWithdrawn(msg.sender, to, amount);
        (bool accepted, ) = to.call{ value: amount }("");
        if (!accepted) revert EtherRefused(to);
    }

    /// @inheritdoc IStakeVault
    function setOperator(address operator, uint256 cap) external {
        if (cap > type(uint96).max) revert AmountTooLarge(cap);
        _accounts[msg.sender] |= COUNTED;
        _grants[msg.sender][operator] = Grant(uint96(cap), uint160(_slashed[msg.sender]));
        emit OperatorSet(msg.sender, operator, cap);
    }

    /// @inheritdoc IStakeVault
    function burn() external returns (uint256 amount) {
        amount = toBurn();
        if (amount == 0) revert NothingToDo();
        _burned += amount;
        emit Burned(amount);
        TOKEN.safeTransfer(BURN, amount);
    }

    /// @inheritdoc IStakeVault
    function lock(bytes32 subject, address owner, address actor, uint256 tokens, uint256 amount) external {
        _requireMarket();
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(owner);
        if (actor != owner) _requireCap(owner, actor, locked + tokens);
        if (tokens > free) revert NotEnoughStake(owner, free, tokens);
        _write(owner, free - tokens, locked + tokens, _lessEther(owner, gweiFree, amount));
        emit Locked(subject, owner, tokens, amount);
    }

    /// @inheritdoc IStakeVault
    function release(bytes32 subject, address owner, uint256 tokens, uint256 amount) external {
        _requireMarket();
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(owner);
        _write(owner, free + tokens, locked - tokens, gweiFree + _gwei(amount));
        emit Released(subject, owner, tokens, amount);
    }

    /// @inheritdoc IStakeVault
    function slash(bytes32 subject, address owner, uint256 tokens, address winner, uint256 reward) external {
        _requireMarket();
        _slashedToBurn += tokens - reward;
        if (_accounts[owner] & COUNTED != 0) _slashed[owner] += tokens;
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(owner);
        _write(owner, free, locked - tokens, gweiFree);
        if (reward != 0) _addFree(winner, reward);
        emit Slashed(subject, owner, winner, tokens, reward);
    }

    /// @inheritdoc IStakeVault
    /// @dev What is sent counts as deposited first, so that events alone tell what each account has.
    function escrow(bytes32 subject, address owner, uint256 amount) external payable {
        _requireMarket();
        if (msg.value != 0) {
            _requireEtherFits();
            emit EtherDeposited(owner, owner, msg.value);
        }
        if (msg.value > amount) _addEther(owner, msg.value - amount);
        else if (msg.value < amount) _takeEther(owner, amount - msg.value);
        emit Escrowed(subject, owner, amount);
    }

    /// @inheritdoc IStakeVault
    function credit(bytes32 subject, address owner, uint256 amount) external {
        _requireMarket();
        _addEther(owner, amount);
        emit Credited(subject, owner, amount);
    }

    /// @inheritdoc IStakeVault
    function accountOf(address owner) external view returns (Account memory) {
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(owner);
        return Account(uint96(free), uint96(locked), uint64(gweiFree));
    }

    /// @inheritdoc IStakeVault
    function unbondingOf(address owner) external view returns (Unbonding memory) {
        return _unbonding[owner];
    }

    /// @inheritdoc IStakeVault
    function operatorOf(address owner, address operator) external view returns (uint256 cap, uint256 used) {
        Grant memory grant = _grants[owner][operator];
        (, uint256 locked, ) = _read(owner);
        if (grant.cap != 0) (cap, used) = (grant.cap, _used(owner, grant, locked));
    }

    /// @inheritdoc IOperators
    function mayAct(address owner, address actor) external view returns (bool) {
        return actor == owner || _grants[owner][actor].cap != 0;
    }

    /// @inheritdoc IStakeVault
    function toBurn() public view returns (uint256) {
        return _slashedToBurn - _burned;
    }

    /// @inheritdoc IStakeVault
    function token() external view returns (IERC20) {
        return TOKEN;
    }

    /// @inheritdoc IStakeVault
    function market() external view returns (address) {
        return MARKET;
    }

    /// @inheritdoc IStakeVault
    function unbondingTime() external view returns (uint256) {
        return UNBONDING_TIME;
    }

    function _deposit(address owner, uint256 amount) private {
        if (amount == 0) revert NothingToDo();
        uint256 before = TOKEN.balanceOf(address(this));
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        uint256 held = TOKEN.balanceOf(address(this));
        if (held - before != amount) revert TokensNotReceived(held - before, amount);
        if (held > type(uint96).max) revert AmountTooLarge(amount);
        _addFree(owner, amount);
        emit Deposited(owner, msg.sender, amount);
    }

    function _addFree(address owner, uint256 amount) private {
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(owner);
        _write(owner, free + amount, locked, gweiFree);
    }

    function _addEther(address owner, uint256 amount) private {
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(owner);
        _write(owner, free, locked, gweiFree + _gwei(amount));
    }

    function _takeEther(address owner, uint256 amount) private {
        (uint256 free, uint256 locked, uint256 gweiFree) = _read(owner);
        _write(owner, free, locked, _lessEther(owner, gweiFree, amount));
    }

    /// @dev Assumes that each field fits, see the contract.
    function _write(address owner, uint256 free, uint256 locked, uint256 gweiFree) private {
        _accounts[owner] = (_accounts[owner] & COUNTED) | (gweiFree << 192) | (locked << 96) | free;
    }

    function _read(address owner) private view returns (uint256 free, uint256 locked, uint256 gweiFree) {
        uint256 slot = _accounts[owner];
        return (uint96(slot), uint96(slot >> 96), (slot & ~COUNTED) >> 192);
    }

    function _lessEther(address owner, uint256 gweiFree, uint256 amount) private pure returns (uint256) {
        uint256 taken = _gwei(amount);
        if (taken > gweiFree) revert NotEnoughEther(owner, gweiFree * 1 gwei, amount);
        return gweiFree - taken;
    }

    function _gwei(uint256 amount) private pure returns (uint256) {
        if (amount % 1 gwei != 0) revert NotWholeGwei(amount);
        return amount / 1 gwei;
    }

    function _requireEtherFits() private view {
        if (address(this).balance > MAX_GWEI * 1 gwei) revert AmountTooLarge(msg.value);
    }

    function _requireMarket() private view {
        if (msg.sender != MARKET) revert NotTheMarket(msg.sender);
    }

    /// @dev Refuses an operator under whom `locked` tokens would be locked.
    function _requireCap(address owner, address operator, uint256 locked) private view {
        Grant memory grant = _grants[owner][operator];
        if (grant.cap == 0) revert NotAnOperator(owner, operator);
        uint256 used = _used(owner, grant, locked);
        if (used > grant.cap) revert CapExceeded(owner, operator, used, grant.cap);
    }

    function _used(address owner, Grant memory grant, uint256 locked) private view returns (uint256) {
        return locked + _slashed[owner] - grant.slashedBefore;
    }
}
