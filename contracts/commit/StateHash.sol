// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Spec } from "../generated/Spec.sol";
import { IProgram } from "../interfaces/IProgram.sol";
import { StateHash } from "../interfaces/IStepper.sol";
import { Bits } from "./Bits.sol";
import { Core } from "./Core.sol";
import { Merkle } from "./Merkle.sol";

/// @notice Commitments to states and programs. Twin: interpreter/commit/state-hash.ts.
library StateHashes {
    /// @dev Hash of the step in flight: 0 at an instruction boundary, else keccak256 of 128 bytes.
    /// - Assembly: keccak256(abi.encode(core.misc, core.word, core.ab, core.cr)), where they lie in memory.
    function scratchHash(Core memory core) internal pure returns (bytes32 scratch) {
        if (core.misc == 0) return 0;
        assembly ("memory-safe") {
            scratch := keccak256(add(core, 0x20), 0x80)
        }
    }

    /// @dev Commitment to a whole state: keccak256(root, regs, scratchHash).
    function stateHash(bytes32 root, uint256 regs, bytes32 scratch) internal pure returns (StateHash) {
        return StateHash.wrap(keccak256(abi.encode(root, regs, scratch)));
    }

    /// @dev Root over the eight region roots, in region order.
    function rootOf(bytes32[8] memory roots) internal pure returns (bytes32) {
        bytes32 low = Merkle.hashPair(Merkle.hashPair(roots[0], roots[1]), Merkle.hashPair(roots[2], roots[3]));
        bytes32 high = Merkle.hashPair(Merkle.hashPair(roots[4], roots[5]), Merkle.hashPair(roots[6], roots[7]));
        return Merkle.hashPair(low, high);
    }

    /// @dev Name of a program: keccak256 of its eight region roots, start registers and the machine version.
    function programIdOf(bytes32[8] memory roots, uint256 regs) internal pure returns (bytes32) {
        return keccak256(abi.encode(roots, regs, Spec.MACHINE_VERSION));
    }

    /// @dev Refuses what cannot be the start of every task: a machine that has run, or that has input or output.
    function requireProgram(bytes32[8] memory roots, uint256 regs) internal pure {
        uint256 startable = Bits.mask(Spec.REGS_BITS);
        startable = Bits.withField(startable, Spec.REGS_STEPS, 0);
        startable = Bits.withField(startable, Spec.REGS_STATUS, 0);
        startable = Bits.withField(startable, Spec.REGS_EXIT, 0);
        if (regs & ~startable != 0) revert IProgram.ProgramAlreadyStarted(regs);
        _requireEmpty(Spec.REGION_INPUT, roots[Spec.REGION_INPUT], Spec.EMPTY_INPUT);
        _requireEmpty(Spec.REGION_OUTPUT, roots[Spec.REGION_OUTPUT], Spec.EMPTY_OUTPUT);
    }

    function _requireEmpty(uint256 region, bytes32 root, bytes32 empty) private pure {
        if (root != empty) revert IProgram.ProgramRegionNotEmpty(region, root);
    }
}
