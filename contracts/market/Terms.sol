// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Arena } from "../game/Arena.sol";
import { Bisection } from "../game/Bisection.sol";
import { GameIds } from "../game/GameIds.sol";
import { Games } from "../game/Games.sol";
import { IGames } from "../interfaces/IGames.sol";
import { IProgramRegistry } from "../interfaces/IProgramRegistry.sol";
import { IStakeVault } from "../interfaces/IStakeVault.sol";
import { ITaskMarket, Rules, Setting } from "../interfaces/ITaskMarket.sol";
import { Origin, Request, Task, TaskStatus } from "../interfaces/Task.sol";
import { StakeVault } from "./StakeVault.sol";

/// @notice The fixed rules of a market, and what they make of a request: its id, its deposit, its price.
abstract contract Terms is ITaskMarket, Arena {
    uint256 internal constant GWEI = 1 gwei;
    /// Unit of Task.gasPrice: fine enough for a cheap chain, and 2^24 of them are dear enough for any.
    uint256 internal constant GAS_PRICE_UNIT = 1e7;
    /// Four gas refunds, one for each of the first four opponents.
    uint256 internal constant REFUNDS = 4;
    /// A request in calldata.
    uint256 private constant REQUEST_BYTES = 13 * 32;
    /// Lengths stay below 2^32 seconds, so that no time leaves its field.
    uint256 private constant LONGEST = 1 << 32;

    IGames internal immutable GAMES;
    IStakeVault internal immutable VAULT;
    uint256 private immutable ARITY;
    IProgramRegistry internal immutable REGISTRY;
    uint256 internal immutable SOLVING;
    uint256 internal immutable FINALISING;
    uint256 internal immutable MAX_STEPS;
    uint256 internal immutable BOND;
    uint256 internal immutable GAS_PRICE_FLOOR;
    uint256 internal immutable ENTER_GAS;
    uint256 internal immutable MOVE_GAS;
    uint256 internal immutable MAX_CALLBACK_GAS;
    uint256 internal immutable MAX_OUTPUT;

    constructor(Setting memory s, Rules memory r) {
        _requireRule(0, r.bond >= 2);
        _requireRule(1, r.maxSteps > 0);
        _requireRule(2, r.solving > 0 && r.finalising > 0);
        _requireRule(3, r.gasPriceFloor > 0 && r.gasPriceFloor <= 1e4 gwei);
        _requireRule(4, r.enterGas > 0 && r.moveGas > 0);
        uint256 runs = 2 * ((uint256(r.maxSteps) + r.speed - 1) / r.speed);
        _requireRule(5, _fits(r.challenge, runs) && _fits(r.support, runs) && _fits(r.opening, runs));
        _requireRule(6, _fits(r.budget, runs) && _fits(r.solving, runs) && _fits(r.finalising, runs));
        VAULT = new StakeVault(s.token, address(this), s.unbondingTime);
        GAMES = new Games(s.stepper, s.arity, address(this), VAULT);
        (ARITY, REGISTRY) = (s.arity, s.registry);
        SOLVING = r.solving;
        FINALISING = r.finalising;
        MAX_STEPS = r.maxSteps;
        BOND = r.bond;
        GAS_PRICE_FLOOR = r.gasPriceFloor;
        ENTER_GAS = r.enterGas;
        MOVE_GAS = r.moveGas;
        MAX_CALLBACK_GAS = r.maxCallbackGas;
        MAX_OUTPUT = r.maxOutput;
    }

    /// @inheritdoc ITaskMarket
    function vault() external view returns (IStakeVault) {
        return VAULT;
    }

    /// @inheritdoc ITaskMarket
    function registry() external view returns (IProgramRegistry) {
        return REGISTRY;
    }

    /// @inheritdoc ITaskMarket
    function rules() external view returns (Rules memory r) {
        (r.challenge, r.support, r.opening, r.budget, r.minimum, r.speed) = _timing();
        (r.solving, r.finalising) = (uint64(SOLVING), uint64(FINALISING));
        (r.maxSteps, r.bond, r.gasPriceFloor) = (uint64(MAX_STEPS), uint96(BOND), uint64(GAS_PRICE_FLOOR));
        (r.enterGas, r.moveGas) = (uint32(ENTER_GAS), uint32(MOVE_GAS));
        (r.maxCallbackGas, r.maxOutput) = (uint32(MAX_CALLBACK_GAS), uint32(MAX_OUTPUT));
    }

    /// @inheritdoc ITaskMarket
    function originOf(Request calldata r) external pure returns (Origin memory) {
        return _origin(r);
    }

    /// @inheritdoc ITaskMarket
    function priceAt(Request calldata r, uint256 time) external view returns (uint256) {
        return _price(r, _tasks[_idOf(r)].requestedAt, time);
    }

    /// @inheritdoc ITaskMarket
    function depositOf(Origin calldata origin) external view returns (uint256) {
        return _deposit(_known(taskId(origin)), origin.maxSteps);
    }

    /// @inheritdoc ITaskMarket
    function postingEnd(Origin calldata origin) external view returns (uint256) {
        return _postingEnd(_known(taskId(origin)), origin.maxSteps);
    }

    function _lock(bytes32 entry, address owner, Task storage t, uint64 maxSteps) internal override {
        VAULT.lock(entry, owner, msg.sender, BOND, _deposit(t, maxSteps));
    }

    /// @dev Ends a task without a result.
    function _close(bytes32 task, Task storage t, Request calldata r, TaskStatus status) internal {
        t.status = status;
        uint256 refund = uint256(r.order.maxPrice) + r.order.tip;
        VAULT.credit(task, r.requester, refund);
        emit TaskClosed(task, status, refund);
    }

    function _mayAct(address player, address sender) internal view override returns (bool) {
        return player == sender || VAULT.mayAct(player, sender);
    }

    function _board() internal view override returns (IGames) {
        return GAMES;
    }

    function _maxMoves(uint64 steps) internal view override returns (uint256) {
        return Bisection.maxMoves(steps, ARITY);
    }

    /// @dev Ether behind an entry of the task.
    function _deposit(Task storage t, uint64 maxSteps) internal view returns (uint256) {
        return REFUNDS * _refund(t, maxSteps);
    }

    /// @dev One gas refund, in whole gwei: a side of the longest dispute makes every other move.
    /// - Unchecked: below 2^24 * 1e7 * 2^32 * 2^6.
    function _refund(Task storage t, uint64 maxSteps) internal view returns (uint256) {
        unchecked {
            uint256 gas = ENTER_GAS + MOVE_GAS * (_maxMoves(maxSteps) / 2 + 1);
            uint256 cost = t.gasPrice * GAS_PRICE_UNIT * gas;
            return ((cost + GWEI - 1) / GWEI) * GWEI;
        }
    }

    /// @dev 1.2 times the larger of the floor and twice the base fee, in units, rounded up.
    function _gasPriceNow() internal view returns (uint24) {
        uint256 price = 2 * block.basefee > GAS_PRICE_FLOOR ? 2 * block.basefee : GAS_PRICE_FLOOR;
        uint256 units = ((price * 6) / 5 + GAS_PRICE_UNIT - 1) / GAS_PRICE_UNIT;
        return units > type(uint24).max ? type(uint24).max : uint24(units);
    }

    function _postingEnd(Task storage t, uint64 maxSteps) internal view returns (uint256) {
        return t.takenAt + SOLVING + 2 * _runTime(maxSteps);
    }

    /// @dev A task that was requested.
    function _known(bytes32 task) internal view returns (Task storage t) {
        t = _tasks[task];
        if (t.status == TaskStatus.NONE) revert UnknownTask(task);
    }

    /// @dev A task in this status.
    function _inStatus(bytes32 task, TaskStatus status) internal view returns (Task storage t) {
        t = _known(task);
        if (t.status != status) revert WrongStatus(task, t.status);
    }

    function _idOf(Request calldata r) internal view returns (bytes32) {
        return GameIds.taskId(_origin(r));
    }

    /// @dev Assembly: terms = keccak256(abi.encode(r)), hashed as it came. Were a field out of its range, the hash
    /// would be another than the one that was requested.
    function _origin(Request calldata r) internal pure returns (Origin memory) {
        bytes32 terms;
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, r, REQUEST_BYTES)
            terms := keccak256(words, REQUEST_BYTES)
        }
        return Origin(r.initial, r.order.maxSteps, terms);
    }

    /// @dev From the least price at the request to the highest after `ramp` seconds, in whole gwei.
    function _price(Request calldata r, uint256 requestedAt, uint256 time) internal pure returns (uint256) {
        uint256 elapsed = time < requestedAt ? 0 : time - requestedAt;
        if (elapsed >= r.order.ramp) return r.order.maxPrice;
        uint256 span = r.order.maxPrice - r.order.minPrice;
        return r.order.minPrice + ((span * elapsed) / r.order.ramp / GWEI) * GWEI;
    }

    function _has(Task storage t, uint8 flag) internal view returns (bool) {
        return t.flags & flag != 0;
    }

    function _requireRule(uint256 index, bool holds) private pure {
        if (!holds) revert RuleOutOfRange(index);
    }

    function _fits(uint256 length, uint256 runs) private pure returns (bool) {
        return length + runs < LONGEST;
    }
}
