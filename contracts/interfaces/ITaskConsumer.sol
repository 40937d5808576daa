// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Outcome } from "./Task.sol";

/// @title Who is called back with a result
/// @notice The result of a task comes as a call of this function.
interface ITaskConsumer {
    /// @notice Takes the result of a task that this contract requested. Called by the market, perhaps several times
    /// until it succeeds, with the gas of the order.
    /// @param task id of the task, as the request returned it
    /// @param outcome how it ended; a trap and a run out of steps are results too
    /// @param output the output; empty if the outcome says that it was omitted
    function onResult(bytes32 task, Outcome calldata outcome, bytes calldata output) external;
}
