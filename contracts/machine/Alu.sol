// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { Core } from "../commit/Core.sol";
import { Spec } from "../generated/Spec.sol";
import { Control } from "./Control.sol";
import { Float } from "./Float.sol";
import { Memory } from "./Memory.sol";
import { Numeric } from "./Numeric.sol";
import { Word } from "./Word.sol";

/// @notice Substep 7, first half. Twin: interpreter/machine/alu.ts.
library Alu {
    /// @dev The ALU operation of every word but CALL and CALLREF.
    /// - Unchecked: operands are below 2^128, registers and immediates below 2^64.
    function alu(Core memory core) internal pure returns (uint256 r, uint256 pages, uint256 trap) {
        uint256 word = core.word;
        uint256 code = Word.alu(word);
        pages = Bits.field(core.regs, Spec.REGS_PAGES);
        if (code > Spec.ALU_CHECKREF) {
            (r, trap) = code < Spec.F32_BASE
                ? Numeric.execute(code, core.a(), core.b())
                : Float.execute(code, core.a(), core.b());
            return (r, pages, trap);
        }
        unchecked {
            if (code == Spec.ALU_ZERO) return (0, pages, 0);
            if (code == Spec.ALU_A) return (core.a(), pages, 0);
            if (code == Spec.ALU_B) return (core.b(), pages, 0);
            if (code == Spec.ALU_LOADED) return (Memory.extendLoaded(word, core.r()), pages, 0);
            if (code == Spec.ALU_IMM64) return (Word.imm64(word), pages, 0);
            if (code == Spec.ALU_SELECT) return (uint32(core.c()) == 0 ? core.b() : core.a(), pages, 0);
            if (code == Spec.ALU_PAGES) return (pages, pages, 0);
            if (code == Spec.ALU_GROW) {
                (r, pages) = _grow(word, core.a(), pages);
                return (r, pages, 0);
            }
            if (code == Spec.ALU_ENTER) {
                uint256 need = Bits.field(core.regs, Spec.REGS_SP) + Word.immLo(word);
                return (0, pages, need > Spec.STACK_LIMIT ? Spec.TRAP_STACK_EXHAUSTED : Spec.TRAP_NONE);
            }
            if (code == Spec.ALU_BOUND) {
                bool beyond = core.a() + Word.imm64(word) > core.b() << Spec.PAGE_BITS;
                return (core.a(), pages, beyond ? Spec.TRAP_MEMORY_BOUNDS : Spec.TRAP_NONE);
            }
            return (uint32(core.r()), pages, Control.checkReference(word, core.r()));
        }
    }

    /// - Unchecked: pages and the change are below 2^32.
    function _grow(uint256 word, uint256 a, uint256 pages) private pure returns (uint256 r, uint256 newPages) {
        uint256 maximum = Word.immLo(word);
        unchecked {
            uint256 grown = pages + uint32(a);
            bool refused = grown > (maximum < Spec.MAX_PAGES ? maximum : Spec.MAX_PAGES);
            return refused ? (type(uint32).max, pages) : (pages, grown);
        }
    }
}
