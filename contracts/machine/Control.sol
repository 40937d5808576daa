// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Spec } from "../generated/Spec.sol";
import { Word } from "./Word.sol";

/// @notice Where control goes. Twin: interpreter/machine/control.ts.
library Control {
    /// @dev Substep 7, second half: control of every word but CALL and CALLREF: the next pc, or a trap.
    /// - Unchecked: pc and immLo are below 2^32.
    function transfer(
        uint256 word,
        uint256 pc,
        uint256 a,
        uint256 b
    ) internal pure returns (uint256 next, uint256 trap) {
        uint256 control = Word.control(word);
        uint256 target = Word.immLo(word);
        bool zero = uint32(a) == 0;
        unchecked {
            if (control == Spec.CONTROL_TRAP) return (0, target == 0 ? Spec.TRAP_ILLEGAL : target);
            if (control == Spec.CONTROL_NEXT) return (uint32(pc + 1), 0);
            if (control == Spec.CONTROL_JUMP) return (target, 0);
            if (control == Spec.CONTROL_JUMPZ) return (zero ? target : uint32(pc + 1), 0);
            if (control == Spec.CONTROL_JUMPNZ) return (zero ? uint32(pc + 1) : target, 0);
            if (control == Spec.CONTROL_TABLE) return (uint32(pc + 1 + (a < target ? a : target)), 0);
            if (control == Spec.CONTROL_RETURN) return (uint32(b), 0);
            if (control == Spec.CONTROL_HALT) return (pc, 0);
        }
        return (0, Spec.TRAP_ILLEGAL);
    }

    /// @dev Checks of CALLREF and CHECKREF on a loaded reference: a trap, or 0.
    function checkReference(uint256 word, uint256 r) internal pure returns (uint256 trap) {
        uint256 ref = uint64(r);
        if (ref == 0) return Spec.TRAP_UNINITIALIZED_ELEMENT;
        return ref >> 32 == Word.immHi(word) ? Spec.TRAP_NONE : Spec.TRAP_TYPE_MISMATCH;
    }
}
