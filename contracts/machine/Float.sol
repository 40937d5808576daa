// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { Spec } from "../generated/Spec.sol";

/// @notice Float operations of WebAssembly in integer arithmetic, every NaN that they make canonical. A width is named
/// by its precision p; a finite float is negative or not, and significand * 2^exponent, the significand below 2^p.
/// Source: WebAssembly Core Specification 2.0, 4.3.3. Twin: interpreter/machine/float.ts.
library Float {
    /// @dev Bits of a significand, of f32 and of f64.
    uint256 private constant SINGLE = 24;
    uint256 private constant DOUBLE = 53;

    /// @dev A significand moved up by this much has more than twice the bits of a result below it.
    uint256 private constant GUARD = 128;

    /// @dev A float ALU operation on 128-bit operands; every other code traps as illegal.
    /// - Unchecked: base is at most alu, which is F32_BASE or more.
    function execute(uint256 alu, uint256 a, uint256 b) internal pure returns (uint256 r, uint256 trap) {
        unchecked {
            if (alu >= Spec.TRUNCATE_BASE) return _truncate(alu - Spec.TRUNCATE_BASE, a);
            (uint256 base, uint256 p) = alu < Spec.F64_BASE ? (Spec.F32_BASE, SINGLE) : (Spec.F64_BASE, DOUBLE);
            uint256 op = alu - base;
            if ((Spec.FLOAT_OPS >> op) & 1 == 0) return (0, Spec.TRAP_ILLEGAL);
            if (op >= Spec.FLOAT_CONVERT_I32_S) return (_convert(op, a, p), 0);
            uint256 mask = Bits.mask(_width(p));
            if (op >= Spec.FLOAT_ABS) return (_unary(op, a & mask, p), 0);
            if (op >= Spec.FLOAT_EQ) return (_compare(op, a & mask, b & mask, p) ? 1 : 0, 0);
            return (_binary(op, a & mask, b & mask, p), 0);
        }
    }

    function _binary(uint256 op, uint256 x, uint256 y, uint256 p) private pure returns (uint256) {
        uint256 sign = _signBit(p);
        if (op == Spec.FLOAT_COPYSIGN) return (x & ~sign) | (y & sign);
        if (_isNan(x, p) || _isNan(y, p)) return _nan(p);
        if (op == Spec.FLOAT_ADD) return _add(x, y, p);
        if (op == Spec.FLOAT_SUB) return _add(x, y ^ sign, p);
        if (op == Spec.FLOAT_MUL) return _multiply(x, y, p);
        if (op == Spec.FLOAT_DIV) return _divide(x, y, p);
        (int256 i, int256 j) = (_order(x, p), _order(y, p));
        if (i == j) return op == Spec.FLOAT_MIN ? x | y : x & y;
        return (i < j) == (op == Spec.FLOAT_MIN) ? x : y;
    }

    function _compare(uint256 op, uint256 x, uint256 y, uint256 p) private pure returns (bool) {
        if (_isNan(x, p) || _isNan(y, p)) return op == Spec.FLOAT_NE;
        (int256 i, int256 j) = (_order(x, p), _order(y, p));
        if (op == Spec.FLOAT_EQ) return i == j;
        if (op == Spec.FLOAT_NE) return i != j;
        if (op == Spec.FLOAT_LT) return i < j;
        if (op == Spec.FLOAT_GT) return i > j;
        return op == Spec.FLOAT_LE ? i <= j : i >= j;
    }

    function _unary(uint256 op, uint256 x, uint256 p) private pure returns (uint256) {
        if (op == Spec.FLOAT_ABS) return x & ~_signBit(p);
        if (op == Spec.FLOAT_NEG) return x ^ _signBit(p);
        if (_isNan(x, p)) return _nan(p);
        return op == Spec.FLOAT_SQRT ? _squareRoot(x, p) : _integral(op, x, p);
    }

    /// @dev Conversion to a float of precision p.
    /// - Unchecked: p is one of two; an integer has at most 64 of 256 bits.
    function _convert(uint256 op, uint256 a, uint256 p) private pure returns (uint256) {
        unchecked {
            if (op == Spec.FLOAT_CONVERSION) return _toWidth(a, SINGLE + DOUBLE - p, p);
            uint256 bits = op < Spec.FLOAT_CONVERT_I64_S ? 32 : 64;
            bool isSigned = op == Spec.FLOAT_CONVERT_I32_S || op == Spec.FLOAT_CONVERT_I64_S;
            int256 value = isSigned ? Bits.signed(a, bits) : int256(a & Bits.mask(bits));
            return _pack(p, value < 0, 0, uint256(value < 0 ? -value : value));
        }
    }

    /// @dev The float of precision `to` for one of precision `from`.
    function _toWidth(uint256 a, uint256 from, uint256 to) private pure returns (uint256) {
        uint256 x = a & Bits.mask(_width(from));
        if (_isNan(x, from)) return _nan(to);
        (bool negative, int256 exponent, uint256 significand) = _unpack(x, from);
        if (_isInfinite(x, from)) return _signed(negative, _infinity(to), to);
        return _pack(to, negative, exponent, significand);
    }

    /// @dev Neither is a NaN. Where the exponents lie far apart, the smaller float is less than half of the last bit.
    /// - Unchecked: exponents are below 2^11, shifted significands below 2^182; x is the greater one but for signs.
    function _add(uint256 x, uint256 y, uint256 p) private pure returns (uint256) {
        uint256 sign = _signBit(p);
        if (x & ~sign < y & ~sign) (x, y) = (y, x);
        if (_isInfinite(x, p)) return _isInfinite(y, p) && x != y ? _nan(p) : x;
        (bool negative, int256 exponent, uint256 m) = _unpack(x, p);
        (bool otherNegative, int256 otherExponent, uint256 n) = _unpack(y, p);
        unchecked {
            uint256 distance = uint256(exponent - otherExponent);
            if (distance > GUARD) (distance, n) = (0, 0);
            m <<= distance;
            uint256 sum = negative == otherNegative ? m + n : m - n;
            negative = negative && (otherNegative || sum != 0);
            return _pack(p, negative, exponent - int256(distance), sum);
        }
    }

    /// @dev Neither is a NaN.
    /// - Unchecked: exponents are below 2^11, significands below 2^53.
    function _multiply(uint256 x, uint256 y, uint256 p) private pure returns (uint256) {
        (bool negative, int256 exponent, uint256 m) = _unpack(x, p);
        (bool otherNegative, int256 otherExponent, uint256 n) = _unpack(y, p);
        negative = negative != otherNegative;
        if (_isInfinite(x, p) || _isInfinite(y, p)) {
            return m == 0 || n == 0 ? _nan(p) : _signed(negative, _infinity(p), p);
        }
        unchecked {
            return _pack(p, negative, exponent + otherExponent, m * n);
        }
    }

    /// @dev Neither is a NaN.
    /// - Unchecked: exponents are below 2^11, a shifted significand below 2^182; the divisor is not 0.
    function _divide(uint256 x, uint256 y, uint256 p) private pure returns (uint256) {
        (bool negative, int256 exponent, uint256 m) = _unpack(x, p);
        (bool otherNegative, int256 otherExponent, uint256 n) = _unpack(y, p);
        negative = negative != otherNegative;
        if (_isInfinite(x, p)) return _isInfinite(y, p) ? _nan(p) : _signed(negative, _infinity(p), p);
        if (_isInfinite(y, p)) return _signed(negative, 0, p);
        if (n == 0) return m == 0 ? _nan(p) : _signed(negative, _infinity(p), p);
        unchecked {
            m <<= GUARD;
            return _pack(p, negative, exponent - otherExponent - int256(GUARD), (m / n) | (m % n == 0 ? 0 : 1));
        }
    }

    /// @dev It is not a NaN.
    /// - Unchecked: exponents are below 2^11, a shifted significand below 2^182; its root is below 2^91.
    function _squareRoot(uint256 x, uint256 p) private pure returns (uint256) {
        (bool negative, int256 exponent, uint256 m) = _unpack(x, p);
        if (m == 0) return x;
        if (negative) return _nan(p);
        if (_isInfinite(x, p)) return x;
        unchecked {
            uint256 shift = GUARD + (uint256(exponent) & 1);
            m <<= shift;
            uint256 root = _integerRoot(m);
            return _pack(p, false, (exponent - int256(shift)) >> 1, root | (root * root == m ? 0 : 1));
        }
    }

    /// @dev The greatest integer whose square is at most n, by Newton's method from a power of two at or above it.
    /// - Unchecked: n is 1 to 2^182.
    function _integerRoot(uint256 n) private pure returns (uint256 root) {
        unchecked {
            uint256 next = 1 << ((257 - Bits.leadingZeros(n)) / 2);
            do {
                root = next;
                next = (root + n / root) / 2;
            } while (next < root);
        }
    }

    /// @dev ceil, floor, trunc, nearest. It is not a NaN; what has no digits after the point stays, infinity too.
    /// - Unchecked: exponents are below 2^11, significands below 2^53.
    function _integral(uint256 op, uint256 x, uint256 p) private pure returns (uint256) {
        (bool negative, int256 exponent, uint256 significand) = _unpack(x, p);
        if (exponent >= 0) return x;
        unchecked {
            uint256 shift = uint256(-exponent);
            uint256 whole = op == Spec.FLOAT_NEAREST ? _round(significand, shift) : significand >> shift;
            bool away = negative ? op == Spec.FLOAT_FLOOR : op == Spec.FLOAT_CEIL;
            if (away && whole << shift != significand) ++whole;
            return _pack(p, negative, 0, whole);
        }
    }

    /// @dev Conversion to an integer; `kind` is bits of Spec.TRUNCATE_*. Infinity is as good as any large number.
    /// - Unchecked: a shift moves fewer than 64 bits by at most GUARD.
    function _truncate(uint256 kind, uint256 a) private pure returns (uint256 r, uint256 trap) {
        if (kind >= Spec.TRUNCATE_KINDS) return (0, Spec.TRAP_ILLEGAL);
        uint256 p = kind & Spec.TRUNCATE_F64 == 0 ? SINGLE : DOUBLE;
        uint256 bits = kind & Spec.TRUNCATE_I64 == 0 ? 32 : 64;
        bool saturating = kind & Spec.TRUNCATE_SATURATING != 0;
        uint256 x = a & Bits.mask(_width(p));
        if (_isNan(x, p)) return (0, saturating ? Spec.TRAP_NONE : Spec.TRAP_INVALID_CONVERSION);
        unchecked {
            (bool negative, int256 exponent, uint256 significand) = _unpack(x, p);
            uint256 whole =
                exponent < 0 ? significand >> uint256(-exponent) : significand << _least(uint256(exponent), GUARD);
            bool signed = kind & Spec.TRUNCATE_UNSIGNED == 0;
            uint256 most = negative ? (signed ? 1 << (bits - 1) : 0) : Bits.mask(signed ? bits - 1 : bits);
            if (whole > most) {
                if (!saturating) return (0, Spec.TRAP_INTEGER_OVERFLOW);
                whole = most;
            }
            return ((negative ? 0 - whole : whole) & Bits.mask(bits), 0);
        }
    }

    /// @dev The float nearest to significand * 2^exponent, of two the even one. Where anything was left out below a
    /// significand, its lowest bit is set and it has at least two bits more than p.
    /// - Unchecked: exponents are below 2^12, the significand below 2^182.
    function _pack(uint256 p, bool negative, int256 exponent, uint256 significand) private pure returns (uint256) {
        if (significand == 0) return _signed(negative, 0, p);
        unchecked {
            int256 shift = int256(256 - Bits.leadingZeros(significand)) - int256(p);
            int256 lowest = _lowestExponent(p);
            if (exponent + shift < lowest) shift = lowest - exponent;
            uint256 rounded = shift > 0 ? _round(significand, uint256(shift)) : significand << uint256(-shift);
            // The highest bit of a significand, which is not stored, counts one up in the exponent.
            uint256 magnitude = rounded + (uint256(exponent + shift - lowest) << (p - 1));
            return _signed(negative, _least(magnitude, _infinity(p)), p);
        }
    }

    /// @dev A number without its lowest `shift` bits, rounded to nearest, ties to even.
    /// - Unchecked: the number is below 2^182, the shift 1 or more; nothing is left after one by 256 or more.
    function _round(uint256 number, uint256 shift) private pure returns (uint256) {
        unchecked {
            return (number + (1 << (shift - 1)) - 1 + ((number >> shift) & 1)) >> shift;
        }
    }

    /// @dev Sign, exponent and significand of a float; infinity as if it were the number after the last.
    /// - Unchecked: p is one of two.
    function _unpack(uint256 x, uint256 p) private pure returns (bool negative, int256 exponent, uint256 significand) {
        unchecked {
            uint256 sign = _signBit(p);
            uint256 biased = (x & ~sign) >> (p - 1);
            significand = x & Bits.mask(p - 1);
            if (biased != 0) {
                significand |= 1 << (p - 1);
                --biased;
            }
            return (x & sign != 0, int256(biased) + _lowestExponent(p), significand);
        }
    }

    /// @dev An integer in the order of floats; that of both zeros is 0.
    /// - Unchecked: a float has 64 of 256 bits.
    function _order(uint256 x, uint256 p) private pure returns (int256) {
        uint256 sign = _signBit(p);
        unchecked {
            return x & sign == 0 ? int256(x) : -int256(x ^ sign);
        }
    }

    function _isNan(uint256 x, uint256 p) private pure returns (bool) {
        return x & ~_signBit(p) > _infinity(p);
    }

    function _isInfinite(uint256 x, uint256 p) private pure returns (bool) {
        return x & ~_signBit(p) == _infinity(p);
    }

    function _signed(bool negative, uint256 magnitude, uint256 p) private pure returns (uint256) {
        return negative ? magnitude | _signBit(p) : magnitude;
    }

    function _width(uint256 p) private pure returns (uint256) {
        return p == SINGLE ? 32 : 64;
    }

    function _signBit(uint256 p) private pure returns (uint256) {
        return p == SINGLE ? 1 << 31 : 1 << 63;
    }

    function _infinity(uint256 p) private pure returns (uint256) {
        return p == SINGLE ? 0x7f800000 : 0x7ff0000000000000;
    }

    /// @dev The canonical one.
    function _nan(uint256 p) private pure returns (uint256) {
        return p == SINGLE ? 0x7fc00000 : 0x7ff8000000000000;
    }

    /// @dev Exponent of the lowest bit of a subnormal number.
    function _lowestExponent(uint256 p) private pure returns (int256) {
        return p == SINGLE ? -149 : -1074;
    }

    function _least(uint256 x, uint256 y) private pure returns (uint256) {
        return x < y ? x : y;
    }
}
