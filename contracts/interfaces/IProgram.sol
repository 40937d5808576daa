// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title What a published program must be
/// @notice A program is eight region roots and start registers; the errors name the rule that one breaks.
interface IProgram {
    /// @notice The start registers have steps, a status, an exit code, or a bit above the highest register.
    error ProgramAlreadyStarted(uint256 regs);

    /// @notice Region `region` must be empty in a program: INPUT and OUTPUT belong to a task.
    error ProgramRegionNotEmpty(uint256 region, bytes32 root);
}
