// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { Merkle } from "../commit/Merkle.sol";
import { StateHashes } from "../commit/StateHash.sol";
import { Spec } from "../generated/Spec.sol";
import { IProgramRegistry } from "../interfaces/IProgramRegistry.sol";
import { StateHash } from "../interfaces/IStepper.sol";

/// @title The programs that anyone published
/// @notice No owner. `multicall` publishes a program and tells its module in one transaction.
contract ProgramRegistry is IProgramRegistry, Multicall {
    /// @dev Three slots: all of a program but the roots of INPUT and OUTPUT.
    struct Published {
        bytes32 low; // node over regions 0 to 3; 0 = never published
        bytes32 middle; // node over TABLES and DATA
        uint256 regs;
    }

    mapping(bytes32 program => Published published) private _programs;

    /// @inheritdoc IProgramRegistry
    function publish(bytes32[8] calldata regionRoots, uint256 regs) external returns (bytes32 program) {
        bytes32[8] memory roots = regionRoots;
        StateHashes.requireProgram(roots, regs);
        program = StateHashes.programIdOf(roots, regs);
        if (isPublished(program)) revert ProgramExists(program);
        bytes32 left = Merkle.hashPair(roots[Spec.REGION_CODE], roots[Spec.REGION_MEMORY]);
        bytes32 right = Merkle.hashPair(roots[Spec.REGION_STACK], roots[Spec.REGION_GLOBALS]);
        bytes32 middle = Merkle.hashPair(roots[Spec.REGION_TABLES], roots[Spec.REGION_DATA]);
        _programs[program] = Published(Merkle.hashPair(left, right), middle, regs);
        emit ProgramPublished(program, msg.sender, regionRoots, regs);
    }

    /// @inheritdoc IProgramRegistry
    function tell(bytes32 program, uint256 index, uint256 total, bytes calldata piece) external {
        _requirePublished(program);
        if (index >= total) revert PieceOutOfRange(index, total);
        emit ModulePiece(program, msg.sender, index, total, piece);
    }

    /// @inheritdoc IProgramRegistry
    function locate(bytes32 program, string calldata uri) external {
        _requirePublished(program);
        emit ModuleLocated(program, msg.sender, uri);
    }

    /// @inheritdoc IProgramRegistry
    function initialOf(bytes32 program, bytes32 inputRoot) external view returns (StateHash) {
        _requirePublished(program);
        Published memory published = _programs[program];
        bytes32 task = Merkle.hashPair(inputRoot, Spec.EMPTY_OUTPUT);
        bytes32 root = Merkle.hashPair(published.low, Merkle.hashPair(published.middle, task));
        return StateHashes.stateHash(root, published.regs, 0);
    }

    /// @inheritdoc IProgramRegistry
    function isPublished(bytes32 program) public view returns (bool) {
        return _programs[program].low != 0;
    }

    function _requirePublished(bytes32 program) private view {
        if (!isPublished(program)) revert UnknownProgram(program);
    }
}
