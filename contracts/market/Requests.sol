// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { ByteTree } from "../commit/ByteTree.sol";
import { GameIds } from "../game/GameIds.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Order, Origin, Request, Task, TaskFlags, TaskStatus } from "../interfaces/Task.sol";
import { Terms } from "./Terms.sol";

/// @notice Requesters: asking, and taking back what nobody took.
abstract contract Requests is Terms {
    uint256 private constant MAX_URIS = 8;

    /// @inheritdoc ITaskMarket
    function request(Order calldata order, bytes calldata input) external payable returns (bytes32 task) {
        return _request(order, ByteTree.byteTreeRoot(input), false, input);
    }

    /// @inheritdoc ITaskMarket
    function requestByReference(
        Order calldata order,
        bytes32 inputRoot,
        string[] calldata uris
    ) external payable returns (bytes32 task) {
        // One event each: a block full of them would be more than some nodes tell at once.
        if (uris.length > MAX_URIS) revert TooManyUris(uris.length, MAX_URIS);
        task = _request(order, inputRoot, true, msg.data[:0]);
        for (uint256 i = 0; i < uris.length; ++i) emit InputLocated(task, uris[i]);
    }

    /// @inheritdoc ITaskMarket
    function cancel(Request calldata r) external {
        if (msg.sender != r.requester) revert NotTheRequester(r.requester);
        bytes32 task = _idOf(r);
        _close(task, _inStatus(task, TaskStatus.OPEN), r, TaskStatus.CANCELLED);
    }

    /// @inheritdoc ITaskMarket
    function expire(Request calldata r) external {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.OPEN);
        if (block.timestamp <= r.order.expires) revert NotExpired(r.order.expires);
        _close(task, t, r, TaskStatus.EXPIRED);
    }

    function _request(
        Order calldata order,
        bytes32 inputRoot,
        bool byReference,
        bytes calldata input
    ) private returns (bytes32 task) {
        _requireOrder(order);
        Request memory r = Request({
            initial: REGISTRY.initialOf(order.program, inputRoot),
            requester: msg.sender,
            inputRoot: inputRoot,
            byReference: byReference,
            order: order
        });
        task = GameIds.taskId(Origin(r.initial, order.maxSteps, keccak256(abi.encode(r))));
        Task storage t = _tasks[task];
        if (t.status != TaskStatus.NONE) revert TaskExists(task);
        uint24 gasPrice = _gasPriceNow();
        (t.requestedAt, t.gasPrice, t.status) = (uint40(block.timestamp), gasPrice, TaskStatus.OPEN);
        if (byReference) t.flags = TaskFlags.BY_REFERENCE;
        emit TaskRequested(task, order.program, msg.sender, r, gasPrice * GAS_PRICE_UNIT, input);
        VAULT.escrow{ value: msg.value }(task, msg.sender, uint256(order.maxPrice) + order.tip);
    }

    function _requireOrder(Order calldata order) private view {
        if (order.maxSteps == 0 || order.maxSteps > MAX_STEPS) revert MaxStepsOutOfRange(order.maxSteps, MAX_STEPS);
        if (order.minPrice > order.maxPrice) revert PricesReversed(order.minPrice, order.maxPrice);
        _requireWholeGwei(order.minPrice);
        _requireWholeGwei(order.maxPrice);
        _requireWholeGwei(order.tip);
        if (order.expires < block.timestamp) revert OrderExpired(order.expires);
        if (order.callbackGas > MAX_CALLBACK_GAS) revert CallbackGasOutOfRange(order.callbackGas, MAX_CALLBACK_GAS);
        if (order.callbackGas == 0 && order.tip != 0) revert TipWithoutCallback(order.tip);
    }

    function _requireWholeGwei(uint256 price) private pure {
        if (price % GWEI != 0) revert PriceNotWholeGwei(price);
    }
}
