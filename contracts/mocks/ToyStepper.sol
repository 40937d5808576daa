// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { StateHashes } from "../commit/StateHash.sol";
import { Spec } from "../generated/Spec.sol";
import { IStepper, StateHash } from "../interfaces/IStepper.sol";

/// @title A machine for tests of the game
/// @notice Every substep adds 1 to the root; the machine halts when its step count reaches its pc, and takes the root
/// back to where it began. So each of 2^64 states is known without running, and the state that it halts in can be
/// opened.
/// @dev Witness: root, regs, substep. Twin: test/helpers/toy-machine.ts.
contract ToyStepper is IStepper {
    uint256 private constant WITNESS_WORDS = 3;

    /// @inheritdoc IStepper
    function step(bytes32[] calldata witness) external pure returns (StateHash pre, StateHash post) {
        if (witness.length != WITNESS_WORDS) revert WitnessLength(witness.length, WITNESS_WORDS);
        (uint256 root, uint256 regs, uint256 substep) = (uint256(witness[0]), uint256(witness[1]), uint256(witness[2]));
        pre = _hash(root, regs, substep);
        if (Bits.field(regs, Spec.REGS_STATUS) != Spec.STATUS_RUNNING) return (pre, pre);
        // Any root is a legal one, so it may wrap.
        unchecked {
            ++root;
            if (substep != Spec.SUBSTEP_RETIRE) return (pre, _hash(root, regs, substep + 1));
            regs = _retired(regs);
            bool halts = Bits.field(regs, Spec.REGS_STATUS) == Spec.STATUS_HALTED;
            if (halts) root -= Bits.field(regs, Spec.REGS_STEPS) * Spec.SUBSTEPS;
        }
        post = _hash(root, regs, 0);
    }

    function _retired(uint256 regs) private pure returns (uint256) {
        uint256 steps = Bits.field(regs, Spec.REGS_STEPS) + 1;
        regs = Bits.withField(regs, Spec.REGS_STEPS, steps);
        bool halts = steps == Bits.field(regs, Spec.REGS_PC);
        return halts ? Bits.withField(regs, Spec.REGS_STATUS, Spec.STATUS_HALTED) : regs;
    }

    function _hash(uint256 root, uint256 regs, uint256 substep) private pure returns (StateHash) {
        return StateHashes.stateHash(bytes32(root), regs, bytes32(substep));
    }
}
