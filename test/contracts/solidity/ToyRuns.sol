// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Merkle } from "../../../contracts/commit/Merkle.sol";
import { StateHashes } from "../../../contracts/commit/StateHash.sol";
import { Bisection } from "../../../contracts/game/Bisection.sol";
import { Spec } from "../../../contracts/generated/Spec.sol";
import { StateHash } from "../../../contracts/interfaces/IStepper.sol";

/// @notice Runs of the toy machine, true and false, known without running. Twin: test/helpers/toy-machine.ts.
library ToyRuns {
    uint256 internal constant HALT = 10;
    uint64 internal constant MAX_STEPS = 16;
    uint256 internal constant ARITY = 4;
    /// Kinds of run: 0 is the truth, the others are lies.
    uint256 internal constant KINDS = 4;

    uint256 private constant STEPS_SHIFT = 136;
    uint256 private constant PC_SHIFT = 104;
    uint256 private constant STATUS_SHIFT = 32;

    function startRegs() internal pure returns (uint256) {
        return HALT << PC_SHIFT;
    }

    function haltRegs() internal pure returns (uint256) {
        return startRegs() | (HALT << STEPS_SHIFT) | (Spec.STATUS_HALTED << STATUS_SHIFT);
    }

    /// @dev Region roots of a program that has nothing but CODE, told by a number.
    function program(uint256 code) internal pure returns (bytes32[8] memory roots) {
        roots[0] = bytes32(code);
        (roots[1], roots[2]) = (Spec.EMPTY_MEMORY, Spec.EMPTY_STACK);
        (roots[3], roots[4]) = (Spec.EMPTY_GLOBALS, Spec.EMPTY_TABLES);
        (roots[5], roots[6], roots[7]) = (Spec.EMPTY_DATA, Spec.EMPTY_INPUT, Spec.EMPTY_OUTPUT);
    }

    /// @dev Siblings of the OUTPUT region's root.
    function outputPath(uint256 code, bytes32 inputRoot) internal pure returns (bytes32[3] memory path) {
        bytes32[8] memory roots = program(code);
        path[0] = inputRoot;
        path[1] = Merkle.hashPair(roots[4], roots[5]);
        path[2] = Merkle.hashPair(Merkle.hashPair(roots[0], roots[1]), Merkle.hashPair(roots[2], roots[3]));
    }

    function initialRoot(uint256 code, bytes32 inputRoot) internal pure returns (uint256) {
        bytes32[8] memory roots = program(code);
        roots[6] = inputRoot;
        return uint256(StateHashes.rootOf(roots));
    }

    /// @dev Root in the state that a run of `kind` halts in.
    function finalRoot(uint256 initial, uint256 kind) internal pure returns (uint256) {
        return initial + kind;
    }

    /// @dev Words of a witness: root, regs and substep after `steps` steps and `substep` substeps.
    function stateAt(
        uint256 initial,
        uint256 kind,
        uint256 steps,
        uint256 substep
    ) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](3);
        if (steps >= HALT) {
            (words[0], words[1]) = (bytes32(finalRoot(initial, kind)), bytes32(haltRegs()));
            return words;
        }
        uint256 done = steps * Spec.SUBSTEPS + substep;
        uint256 off = kind != 0 && done > (kind * 37) % (HALT * Spec.SUBSTEPS) ? kind : 0;
        words[0] = bytes32(initial + done + off);
        words[1] = bytes32(startRegs() | (steps << STEPS_SHIFT));
        words[2] = bytes32(substep);
    }

    function hashAt(uint256 initial, uint256 kind, uint256 steps, uint256 substep) internal pure returns (StateHash) {
        bytes32[] memory words = stateAt(initial, kind, steps, substep);
        return StateHashes.stateHash(words[0], uint256(words[1]), words[2]);
    }

    /// @dev The whole sequence over a range as the run has it.
    function sequence(
        uint256 initial,
        uint256 kind,
        uint256 lo,
        uint256 len
    ) internal pure returns (StateHash[] memory hashes) {
        uint256 n = Bisection.segments(len, ARITY);
        hashes = new StateHash[](n + 1);
        for (uint256 i = 0; i < n; ++i) {
            if (len == 1) {
                hashes[i] = hashAt(initial, kind, lo, i);
                continue;
            }
            (uint256 from, ) = Bisection.cut(len, ARITY, i);
            hashes[i] = hashAt(initial, kind, lo + from, 0);
        }
        hashes[n] = hashAt(initial, kind, lo + len, 0);
    }
}
