// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { Spec } from "../generated/Spec.sol";

/// @notice Integer operations of WebAssembly. Source: WebAssembly Core Specification 2.0, 4.3.2.
/// Twin: interpreter/machine/numeric.ts.
library Numeric {
    /// @dev An integer ALU operation on 128-bit operands; every other code traps as illegal.
    /// - Unchecked: base is at most alu where op is used.
    function execute(uint256 alu, uint256 a, uint256 b) internal pure returns (uint256 r, uint256 trap) {
        unchecked {
            if (alu < Spec.I32_BASE) return (0, Spec.TRAP_ILLEGAL);
            uint256 base = alu < Spec.I64_BASE ? Spec.I32_BASE : Spec.I64_BASE;
            uint256 op = alu - base;
            if (op >= Spec.INTEGER_OPS) return (0, Spec.TRAP_ILLEGAL);
            uint256 bits = base == Spec.I32_BASE ? 32 : 64;
            uint256 mask = Bits.mask(bits);
            (r, trap) = _integer(op, a & mask, b & mask, bits);
            return (r & mask, trap);
        }
    }

    /// @dev One operation on operands below 2^bits; the result counts modulo 2^bits. The order is that of Spec.OP_*.
    function _integer(uint256 op, uint256 x, uint256 y, uint256 bits) private pure returns (uint256, uint256 trap) {
        if (op <= Spec.OP_GE_U) return (_compare(op, x, y, bits) ? 1 : 0, 0);
        if (op <= Spec.OP_POPCNT) return (_count(op, x, bits), 0);
        if (op <= Spec.OP_MUL) return (_arithmetic(op, x, y), 0);
        if (op <= Spec.OP_REM_U) return _divide(op, x, y, bits);
        if (op <= Spec.OP_XOR) return (_logic(op, x, y), 0);
        if (op <= Spec.OP_ROTR) return (_shift(op, x, y & (bits - 1), bits), 0);
        uint256 from =
            op == Spec.OP_EXT8
                ? 8
                : op == Spec.OP_EXT16
                    ? 16
                    : 32;
        return (uint256(Bits.signed(x, from)), 0);
    }

    function _compare(uint256 op, uint256 x, uint256 y, uint256 bits) private pure returns (bool) {
        if (op == Spec.OP_EQZ) return x == 0;
        if (op == Spec.OP_EQ) return x == y;
        if (op == Spec.OP_NE) return x != y;
        if (op == Spec.OP_LT_U) return x < y;
        if (op == Spec.OP_GT_U) return x > y;
        if (op == Spec.OP_LE_U) return x <= y;
        if (op == Spec.OP_GE_U) return x >= y;
        (int256 i, int256 j) = (Bits.signed(x, bits), Bits.signed(y, bits));
        if (op == Spec.OP_LT_S) return i < j;
        if (op == Spec.OP_GT_S) return i > j;
        return op == Spec.OP_LE_S ? i <= j : i >= j;
    }

    /// - Unchecked: x has at most `bits` of 256 bits.
    function _count(uint256 op, uint256 x, uint256 bits) private pure returns (uint256) {
        unchecked {
            if (op == Spec.OP_CLZ) return Bits.leadingZeros(x) - (256 - bits);
            if (op == Spec.OP_POPCNT) return Bits.popcount(x);
            return x == 0 ? bits : 255 - Bits.leadingZeros(x & (~x + 1));
        }
    }

    /// - Unchecked: wraps modulo 2^256, so modulo 2^bits.
    function _arithmetic(uint256 op, uint256 x, uint256 y) private pure returns (uint256) {
        unchecked {
            if (op == Spec.OP_ADD) return x + y;
            if (op == Spec.OP_SUB) return x - y;
            return x * y;
        }
    }

    /// - Unchecked: the divisor is not 0; signed operands have at most 64 of 256 bits.
    function _divide(uint256 op, uint256 x, uint256 y, uint256 bits) private pure returns (uint256 r, uint256 trap) {
        if (y == 0) return (0, Spec.TRAP_DIVISION_BY_ZERO);
        unchecked {
            if (op == Spec.OP_DIV_U) return (x / y, 0);
            if (op == Spec.OP_REM_U) return (x % y, 0);
            (int256 i, int256 j) = (Bits.signed(x, bits), Bits.signed(y, bits));
            if (op == Spec.OP_REM_S) return (uint256(i % j), 0);
            int256 quotient = i / j;
            if (quotient == int256(1 << (bits - 1))) return (0, Spec.TRAP_INTEGER_OVERFLOW);
            return (uint256(quotient), 0);
        }
    }

    function _logic(uint256 op, uint256 x, uint256 y) private pure returns (uint256) {
        if (op == Spec.OP_AND) return x & y;
        return op == Spec.OP_OR ? x | y : x ^ y;
    }

    /// - Unchecked: count is below bits.
    function _shift(uint256 op, uint256 x, uint256 count, uint256 bits) private pure returns (uint256) {
        unchecked {
            if (op == Spec.OP_SHL) return x << count;
            if (op == Spec.OP_SHR_U) return x >> count;
            if (op == Spec.OP_SHR_S) return uint256(Bits.signed(x, bits) >> count);
            if (op == Spec.OP_ROTL) return (x << count) | (x >> (bits - count));
            return (x >> count) | (x << (bits - count));
        }
    }
}
