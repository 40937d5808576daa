// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IProgram } from "./IProgram.sol";
import { StateHash } from "./IStepper.sol";

/// @title Programs, published once and named by their content
/// @notice Anyone publishes. A program is what its region roots and start registers say; the module it came from is
/// told by events, in pieces or by URI, and proves itself: whoever lowers it must get the program's id.
/// @dev One registry serves all markets of one machine version. No owner, and nothing can be changed.
interface IProgramRegistry is IProgram {
    /// @notice A program was published.
    /// @param program its id, keccak256(region roots, start registers, machine version)
    /// @param publisher who did it first
    /// @param regionRoots its eight region roots
    /// @param regs its start registers
    event ProgramPublished(bytes32 indexed program, address indexed publisher, bytes32[8] regionRoots, uint256 regs);

    /// @notice Piece `index` of the `total` pieces of a module that `publisher` says to be the program's.
    /// @dev Not checked. Readers put the pieces of one publisher together, the last of each index, and lower them.
    event ModulePiece(bytes32 indexed program, address indexed publisher, uint256 index, uint256 total, bytes piece);

    /// @notice `publisher` says that the program's module can be had at `uri`. Not checked.
    event ModuleLocated(bytes32 indexed program, address indexed publisher, string uri);

    /// @notice No such program was published.
    error UnknownProgram(bytes32 program);

    /// @notice The program was published before.
    error ProgramExists(bytes32 program);

    /// @notice There is no piece `index` among `total` pieces.
    error PieceOutOfRange(uint256 index, uint256 total);

    /// @notice Publishes a program.
    /// @dev Reverts with an error of IProgram if it is not in the form of a program.
    /// @param regionRoots its eight region roots, INPUT and OUTPUT empty
    /// @param regs its start registers
    /// @return program its id
    function publish(bytes32[8] calldata regionRoots, uint256 regs) external returns (bytes32 program);

    /// @notice Tells a piece of the module of a published program.
    function tell(bytes32 program, uint256 index, uint256 total, bytes calldata piece) external;

    /// @notice Tells where the module of a published program can be had.
    function locate(bytes32 program, string calldata uri) external;

    /// @notice Hash of the state from which the program starts on an input with root `inputRoot`. Reverts for a
    /// program that was not published.
    function initialOf(bytes32 program, bytes32 inputRoot) external view returns (StateHash);

    /// @notice Whether the program was published.
    function isPublished(bytes32 program) external view returns (bool);
}
