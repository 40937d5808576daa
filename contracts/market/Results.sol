// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { ByteTree } from "../commit/ByteTree.sol";
import { Merkle } from "../commit/Merkle.sol";
import { StateHashes } from "../commit/StateHash.sol";
import { GameIds } from "../game/GameIds.sol";
import { Spec } from "../generated/Spec.sol";
import { ITaskConsumer } from "../interfaces/ITaskConsumer.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { StateHash } from "../interfaces/IStepper.sol";
import {
    EntryStatus,
    Outcome,
    OutcomeKind,
    Request,
    Task,
    TaskFlags,
    TaskStatus,
    Value,
    Verdict
} from "../interfaces/Task.sol";
import { Solving } from "./Solving.sol";

/// @notice Results: opening the settled state, paying for it, and telling the requester.
abstract contract Results is Solving {
    /// Gas that a delivery needs besides the callback's.
    uint256 private constant DELIVERY_RESERVE = 30_000;

    /// @inheritdoc ITaskMarket
    function finalise(Request calldata r, uint256 regs, bytes32[3] calldata path, bytes calldata output) external {
        if (output.length > MAX_OUTPUT) revert OutputTooLarge(output.length, MAX_OUTPUT);
        _finalise(r, regs, path, ByteTree.byteTreeRoot(output), 0, output);
    }

    /// @inheritdoc ITaskMarket
    function finaliseLarge(
        Request calldata r,
        uint256 regs,
        bytes32[3] calldata path,
        bytes32 outputRoot,
        uint256 length,
        bytes32[27] calldata lengthPath
    ) external {
        if (length <= MAX_OUTPUT) revert OutputNotLarge(length, MAX_OUTPUT);
        bytes32 root = bytes32(Bits.reverseBytes(length));
        for (uint256 i = 0; i < lengthPath.length; ++i) root = Merkle.hashPair(root, lengthPath[i]);
        if (root != outputRoot) revert NotTheOutput(root, outputRoot);
        _finalise(r, regs, path, outputRoot, TaskFlags.OUTPUT_OMITTED, msg.data[:0]);
    }

    /// @inheritdoc ITaskMarket
    function deliver(Request calldata r, bytes calldata output) external {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.FINAL);
        if (r.order.callbackGas == 0) revert NoCallback(task);
        if (_has(t, TaskFlags.DELIVERED)) revert AlreadyDelivered(task);
        _requireOutput(t, output);
        bool isFirst = !_has(t, TaskFlags.TIP_PAID);
        t.flags |= TaskFlags.DELIVERED | TaskFlags.TIP_PAID;
        if (isFirst && r.order.tip != 0) VAULT.credit(task, msg.sender, r.order.tip);
        bytes memory data = abi.encodeCall(ITaskConsumer.onResult, (task, _outcome(t), output));
        bool success = _call(r.requester, r.order.callbackGas, data);
        if (!success) t.flags &= ~TaskFlags.DELIVERED;
        emit Delivered(task, msg.sender, success);
    }

    /// @inheritdoc ITaskMarket
    function abandon(Request calldata r) external {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.POSTED);
        uint64 maxSteps = r.order.maxSteps;
        _requireVerdict(t, maxSteps, Verdict.SETTLED);
        uint256 settled = t.valuesSeen == 1 ? _challengeEnd(t, maxSteps) : _end(t, maxSteps);
        uint256 end = settled + FINALISING;
        if (block.timestamp <= end) revert FinalisingOpen(end);
        _close(task, t, r, TaskStatus.ABANDONED);
    }

    /// @inheritdoc ITaskMarket
    function resultOf(bytes32 task) external view returns (Outcome memory) {
        Task storage t = _known(task);
        if (t.status != TaskStatus.FINAL) revert NoResult(task, t.status);
        return _outcome(t);
    }

    function _finalise(
        Request calldata r,
        uint256 regs,
        bytes32[3] calldata path,
        bytes32 outputRoot,
        uint8 flags,
        bytes calldata output
    ) private {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.POSTED);
        _requireVerdict(t, r.order.maxSteps, Verdict.SETTLED);
        StateHash value = StateHashes.stateHash(_rootFrom(outputRoot, path), regs, 0);
        Value storage v = _values[task][value];
        if (v.alive == 0) revert NotTheFinalValue(value);
        bool due = !_lived(v.firstStatus);
        (t.kind, t.code) = _ending(regs);
        (t.status, t.subject) = (TaskStatus.FINAL, outputRoot);
        t.flags |= due ? flags | TaskFlags.PRICE_DUE : flags;
        emit Finalised(task, value, _outcome(t), output);
        uint256 price = _price(r, t.requestedAt, t.takenAt);
        if (!due) _payFirst(task, t, r, value, v, price);
        if (price < r.order.maxPrice) VAULT.credit(task, r.requester, r.order.maxPrice - price);
    }

    /// @dev Pays the price to the owner of the value's first entry, and its stake with it if that is still locked.
    function _payFirst(
        bytes32 task,
        Task storage t,
        Request calldata r,
        StateHash value,
        Value storage v,
        uint256 price
    ) private {
        address solver = v.first;
        emit PricePaid(task, solver, price);
        if (v.firstStatus != EntryStatus.ALIVE) {
            VAULT.credit(task, solver, price);
            return;
        }
        v.firstStatus = EntryStatus.RELEASED;
        bytes32 entry = GameIds.entryId(task, solver, value);
        emit EntryReleased(task, entry);
        VAULT.release(entry, solver, BOND, price + _deposit(t, r.order.maxSteps));
    }

    /// @dev Calls with exactly `gasLimit` gas; of what is returned nothing is copied.
    /// - Assembly: (success, ) = to.call{gas: gasLimit}(data), without the copy.
    function _call(address to, uint256 gasLimit, bytes memory data) private returns (bool success) {
        // A call gets at most 63/64 of what is left (EIP-150).
        uint256 needed = gasLimit + gasLimit / 63 + DELIVERY_RESERVE;
        if (gasleft() < needed) revert NotEnoughGas(gasleft(), needed);
        assembly ("memory-safe") {
            success := call(gasLimit, to, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }

    function _requireOutput(Task storage t, bytes calldata output) private view {
        if (_has(t, TaskFlags.OUTPUT_OMITTED)) {
            if (output.length != 0) revert OutputTooLarge(output.length, 0);
            return;
        }
        bytes32 root = ByteTree.byteTreeRoot(output);
        if (root != t.subject) revert NotTheOutput(root, t.subject);
    }

    function _outcome(Task storage t) private view returns (Outcome memory) {
        bool byReference = _has(t, TaskFlags.BY_REFERENCE);
        return Outcome(t.kind, t.code, byReference, _has(t, TaskFlags.OUTPUT_OMITTED), t.subject);
    }

    /// @dev The OUTPUT region is the last of eight.
    function _rootFrom(bytes32 outputRoot, bytes32[3] calldata path) private pure returns (bytes32 root) {
        root = outputRoot;
        for (uint256 i = 0; i < path.length; ++i) root = Merkle.hashPair(path[i], root);
    }

    function _ending(uint256 regs) private pure returns (OutcomeKind kind, uint32 code) {
        uint256 status = Bits.field(regs, Spec.REGS_STATUS);
        code = uint32(Bits.field(regs, Spec.REGS_EXIT));
        if (status == Spec.STATUS_HALTED) return (OutcomeKind.HALTED, code);
        if (status == Spec.STATUS_TRAPPED) return (OutcomeKind.TRAPPED, code);
        return (OutcomeKind.OUT_OF_STEPS, 0);
    }
}
