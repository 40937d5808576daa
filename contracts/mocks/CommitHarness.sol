// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { ByteTree } from "../commit/ByteTree.sol";
import { Merkle } from "../commit/Merkle.sol";
import { StateHashes } from "../commit/StateHash.sol";
import { Spec } from "../generated/Spec.sol";
import { StateHash } from "../interfaces/IStepper.sol";

/// @title The commitment libraries as external functions
/// @notice For tests.
contract CommitHarness {
    /// @notice Roots of empty subtrees, one after the other.
    function zeroNodes() external pure returns (bytes memory) {
        return Spec.ZERO_NODES;
    }

    /// @notice Roots of the eight empty regions.
    function emptyRegions() external pure returns (bytes32[8] memory) {
        return
            [
                Spec.EMPTY_CODE,
                Spec.EMPTY_MEMORY,
                Spec.EMPTY_STACK,
                Spec.EMPTY_GLOBALS,
                Spec.EMPTY_TABLES,
                Spec.EMPTY_DATA,
                Spec.EMPTY_INPUT,
                Spec.EMPTY_OUTPUT
            ];
    }

    /// @notice Generalized index of a leaf.
    function leafIndex(uint256 region, uint256 index) external pure returns (uint256) {
        return Merkle.leafIndex(region, index);
    }

    /// @notice Root of the INPUT or OUTPUT region that holds a byte string.
    function byteTreeRoot(bytes calldata data) external pure returns (bytes32) {
        return ByteTree.byteTreeRoot(data);
    }

    /// @notice Commitment to a state at an instruction boundary.
    function stateHash(bytes32 root, uint256 regs) external pure returns (StateHash) {
        return StateHashes.stateHash(root, regs, 0);
    }

    /// @notice Root over the eight region roots.
    function rootOf(bytes32[8] calldata roots) external pure returns (bytes32) {
        return StateHashes.rootOf(roots);
    }

    /// @notice Name of a program.
    function programIdOf(bytes32[8] calldata roots, uint256 regs) external pure returns (bytes32) {
        return StateHashes.programIdOf(roots, regs);
    }

    /// @notice Refuses what is no program.
    function requireProgram(bytes32[8] calldata roots, uint256 regs) external pure {
        StateHashes.requireProgram(roots, regs);
    }
}
