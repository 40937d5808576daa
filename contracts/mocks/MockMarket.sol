// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ByteTree } from "../commit/ByteTree.sol";
import { GameIds } from "../game/GameIds.sol";
import { IStakeVault } from "../interfaces/IStakeVault.sol";
import { StateHash } from "../interfaces/IStepper.sol";
import { ITaskConsumer } from "../interfaces/ITaskConsumer.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Order, Origin, Outcome, Request, Task, TaskFlags, TaskStatus } from "../interfaces/Task.sol";
import { StakeVault } from "../market/StakeVault.sol";

/// @title A market for the tests of contracts that ask for computations
/// @notice Takes requests as the real one does, and calls back with whatever the test answers. Give a consumer
/// `ITaskMarket(address(mock))`.
/// @dev It has the part of ITaskMarket that a requester meets, with the same errors and the same escrow in a vault of
/// its own. Nobody stakes, plays or publishes: any program id will do.
/// - Warning: anyone answers anything. Never to be deployed where anything is at stake.
contract MockMarket {
    IStakeVault private immutable VAULT;

    mapping(bytes32 task => Task) private _tasks;
    mapping(bytes32 task => Outcome) private _outcomes;
    mapping(bytes32 task => bytes32 hash) private _outputs;

    constructor() {
        VAULT = new StakeVault(IERC20(address(0)), address(this), 0);
    }

    /// @notice See ITaskMarket.
    function request(Order calldata order, bytes calldata input) external payable returns (bytes32) {
        return _request(order, ByteTree.byteTreeRoot(input), false, input);
    }

    /// @notice See ITaskMarket.
    function requestByReference(
        Order calldata order,
        bytes32 inputRoot,
        string[] calldata uris
    ) external payable returns (bytes32 task) {
        task = _request(order, inputRoot, true, msg.data[:0]);
        for (uint256 i = 0; i < uris.length; ++i) emit ITaskMarket.InputLocated(task, uris[i]);
    }

    /// @notice See ITaskMarket.
    function cancel(Request calldata r) external {
        if (msg.sender != r.requester) revert ITaskMarket.NotTheRequester(r.requester);
        bytes32 task = taskId(originOf(r));
        _requireStatus(task, TaskStatus.OPEN);
        _move(task, r, TaskStatus.CANCELLED);
    }

    /// @notice Brings a task without a result into another status; one that ends it refunds the requester.
    function move(Request calldata r, TaskStatus status) external {
        bytes32 task = taskId(originOf(r));
        if (status == TaskStatus.NONE || status == TaskStatus.FINAL) revert ITaskMarket.WrongStatus(task, status);
        _requireLiving(task);
        _move(task, r, status);
    }

    /// @notice Answers a task, pays its price to the caller and calls the requester back if the order asks for it.
    function answer(
        Request calldata r,
        Outcome calldata outcome,
        bytes calldata output
    ) external returns (bool delivered) {
        bytes32 task = taskId(originOf(r));
        _requireLiving(task);
        _tasks[task].status = TaskStatus.FINAL;
        _outcomes[task] = outcome;
        _outputs[task] = keccak256(output);
        VAULT.credit(task, msg.sender, r.order.maxPrice);
        return r.order.callbackGas != 0 && _deliver(task, r, output);
    }

    /// @notice See ITaskMarket: the same call back again, after one that failed.
    function deliver(Request calldata r, bytes calldata output) external {
        bytes32 task = taskId(originOf(r));
        _requireStatus(task, TaskStatus.FINAL);
        if (r.order.callbackGas == 0) revert ITaskMarket.NoCallback(task);
        if (_tasks[task].flags & TaskFlags.DELIVERED != 0) revert ITaskMarket.AlreadyDelivered(task);
        bytes32 hash = keccak256(output);
        if (hash != _outputs[task]) revert ITaskMarket.NotTheOutput(hash, _outputs[task]);
        _deliver(task, r, output);
    }

    /// @notice See ITaskMarket.
    function resultOf(bytes32 task) external view returns (Outcome memory) {
        TaskStatus status = _tasks[task].status;
        if (status != TaskStatus.FINAL) revert ITaskMarket.NoResult(task, status);
        return _outcomes[task];
    }

    /// @notice See ITaskMarket.
    function taskOf(bytes32 task) external view returns (Task memory) {
        return _tasks[task];
    }

    /// @notice See ITaskMarket.
    function vault() external view returns (IStakeVault) {
        return VAULT;
    }

    /// @notice See ITaskMarket.
    function taskId(Origin memory origin) public view returns (bytes32) {
        return GameIds.taskId(origin);
    }

    /// @notice See ITaskMarket.
    function originOf(Request memory r) public pure returns (Origin memory) {
        return Origin(r.initial, r.order.maxSteps, keccak256(abi.encode(r)));
    }

    function _request(
        Order calldata order,
        bytes32 inputRoot,
        bool byReference,
        bytes calldata input
    ) private returns (bytes32 task) {
        _requireOrder(order);
        StateHash initial = StateHash.wrap(keccak256(abi.encode(order.program, inputRoot)));
        Request memory r = Request(initial, msg.sender, inputRoot, byReference, order);
        task = taskId(originOf(r));
        if (_tasks[task].status != TaskStatus.NONE) revert ITaskMarket.TaskExists(task);
        (_tasks[task].requestedAt, _tasks[task].status) = (uint40(block.timestamp), TaskStatus.OPEN);
        emit ITaskMarket.TaskRequested(task, order.program, msg.sender, r, 0, input);
        VAULT.escrow{ value: msg.value }(task, msg.sender, uint256(order.maxPrice) + order.tip);
    }

    function _move(bytes32 task, Request calldata r, TaskStatus status) private {
        _tasks[task].status = status;
        if (_isLiving(status)) return;
        uint256 refund = uint256(r.order.maxPrice) + r.order.tip;
        VAULT.credit(task, r.requester, refund);
        emit ITaskMarket.TaskClosed(task, status, refund);
    }

    function _deliver(bytes32 task, Request calldata r, bytes calldata output) private returns (bool success) {
        bool isFirst = _tasks[task].flags & TaskFlags.TIP_PAID == 0;
        _tasks[task].flags = TaskFlags.DELIVERED | TaskFlags.TIP_PAID;
        if (isFirst && r.order.tip != 0) VAULT.credit(task, msg.sender, r.order.tip);
        bytes memory data = abi.encodeCall(ITaskConsumer.onResult, (task, _outcomes[task], output));
        // solhint-disable-next-line avoid-low-level-calls
        (success, ) = r.requester.call{ gas: r.order.callbackGas }(data);
        if (!success) _tasks[task].flags = TaskFlags.TIP_PAID;
        emit ITaskMarket.Delivered(task, msg.sender, success);
    }

    function _requireStatus(bytes32 task, TaskStatus expected) private view {
        TaskStatus status = _tasks[task].status;
        if (status != expected) revert ITaskMarket.WrongStatus(task, status);
    }

    function _requireLiving(bytes32 task) private view {
        TaskStatus status = _tasks[task].status;
        if (!_isLiving(status)) revert ITaskMarket.WrongStatus(task, status);
    }

    function _requireOrder(Order calldata order) private view {
        if (order.minPrice > order.maxPrice) revert ITaskMarket.PricesReversed(order.minPrice, order.maxPrice);
        _requireWholeGwei(order.minPrice);
        _requireWholeGwei(order.maxPrice);
        _requireWholeGwei(order.tip);
        if (order.expires < block.timestamp) revert ITaskMarket.OrderExpired(order.expires);
        if (order.callbackGas == 0 && order.tip != 0) revert ITaskMarket.TipWithoutCallback(order.tip);
    }

    function _requireWholeGwei(uint256 price) private pure {
        if (price % 1 gwei != 0) revert ITaskMarket.PriceNotWholeGwei(price);
    }

    function _isLiving(TaskStatus status) private pure returns (bool) {
        return status == TaskStatus.OPEN || status == TaskStatus.TAKEN || status == TaskStatus.POSTED;
    }
}
