// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { GameIds } from "../game/GameIds.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Origin, Request, Task, TaskStatus } from "../interfaces/Task.sol";
import { Requests } from "./Requests.sol";

/// @notice Solvers: taking a task, posting its final state, and not showing up.
abstract contract Solving is Requests {
    uint256 private constant MAX_NO_SHOWS = 3;

    /// @inheritdoc ITaskMarket
    function take(Request calldata r, address solver) external {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.OPEN);
        if (block.timestamp > r.order.expires) revert OrderExpired(r.order.expires);
        (t.status, t.takenAt) = (TaskStatus.TAKEN, uint40(block.timestamp));
        t.subject = bytes32(uint256(uint160(solver)));
        emit Taken(task, solver, _price(r, t.requestedAt, block.timestamp));
        _lock(task, solver, t, r.order.maxSteps);
    }

    /// @inheritdoc ITaskMarket
    function post(Origin calldata origin, bytes32 root, uint256 regs) external returns (bytes32 entry) {
        bytes32 task = GameIds.taskId(origin);
        Task storage t = _inStatus(task, TaskStatus.TAKEN);
        address solver = _solverOf(t);
        if (!_mayAct(solver, msg.sender)) revert NotAuthorised(msg.sender, solver);
        uint256 end = _postingEnd(t, origin.maxSteps);
        if (block.timestamp > end) revert PostingClosed(end);
        (t.status, t.postedAt) = (TaskStatus.POSTED, uint40(block.timestamp));
        (entry, ) = _record(task, origin.maxSteps, solver, root, regs);
    }

    /// @inheritdoc ITaskMarket
    function noShow(Request calldata r) external {
        bytes32 task = _idOf(r);
        Task storage t = _inStatus(task, TaskStatus.TAKEN);
        uint256 end = _postingEnd(t, r.order.maxSteps);
        if (block.timestamp <= end) revert SolverHasTime(end);
        address solver = _solverOf(t);
        (t.status, t.subject) = (TaskStatus.OPEN, 0);
        emit NoShow(task, solver, ++t.noShows);
        VAULT.slash(task, solver, BOND, r.requester, BOND / 2);
        VAULT.release(task, solver, 0, _deposit(t, r.order.maxSteps));
        bool isOver = t.noShows == MAX_NO_SHOWS || block.timestamp > r.order.expires;
        if (isOver) _close(task, t, r, TaskStatus.EXPIRED);
    }

    function _solverOf(Task storage t) private view returns (address) {
        return address(uint160(uint256(t.subject)));
    }
}
