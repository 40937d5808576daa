// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { Spec } from "../generated/Spec.sol";

/// @notice The fields of an instruction word; every 256-bit number is one. Twin: interpreter/machine/word.ts.
library Word {
    function alu(uint256 word) internal pure returns (uint256) {
        return Bits.field(word, Spec.WORD_ALU);
    }

    function control(uint256 word) internal pure returns (uint256) {
        return Bits.field(word, Spec.WORD_CONTROL);
    }

    function unit(uint256 word) internal pure returns (uint256) {
        return Bits.field(word, Spec.WORD_UNIT);
    }

    function access(uint256 word) internal pure returns (uint256) {
        return Bits.field(word, Spec.WORD_ACCESS);
    }

    function immLo(uint256 word) internal pure returns (uint256) {
        return Bits.field(word, Spec.WORD_IMM_LO);
    }

    function immHi(uint256 word) internal pure returns (uint256) {
        return Bits.field(word, Spec.WORD_IMM_HI);
    }

    /// @dev immHi << 32 | immLo.
    function imm64(uint256 word) internal pure returns (uint256) {
        return uint64(word);
    }

    /// @dev Change of sp.
    function delta(uint256 word) internal pure returns (int256) {
        return Bits.signedField(word, Spec.WORD_DELTA);
    }

    /// @dev Whether the result slot is written.
    function writes(uint256 word) internal pure returns (bool) {
        return unit(word) & Spec.UNIT_WRITE != 0;
    }
}
