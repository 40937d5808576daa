// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

/// @notice Fields of packed words. A field is low bit << 8 | width, as in Spec. Twin: interpreter/commit/bits.ts.
library Bits {
    /// @dev Reads a field of a packed word.
    function field(uint256 word, uint256 place) internal pure returns (uint256) {
        return (word >> (place >> 8)) & mask(place & 0xff);
    }

    /// @dev Replaces a field of a packed word; the value is reduced to the field's width.
    function withField(uint256 word, uint256 place, uint256 value) internal pure returns (uint256) {
        uint256 ones = mask(place & 0xff);
        return (word & ~(ones << (place >> 8))) | ((value & ones) << (place >> 8));
    }

    /// @dev A field read as a two's complement number.
    function signedField(uint256 word, uint256 place) internal pure returns (int256) {
        return signed(word >> (place >> 8), place & 0xff);
    }

    /// @dev The low `width` bits of a number as a two's complement number.
    /// - Unchecked: width is 1 to 256.
    function signed(uint256 value, uint256 width) internal pure returns (int256) {
        unchecked {
            return int256(value << (256 - width)) >> (256 - width);
        }
    }

    /// @dev `width` ones.
    /// - Unchecked: wraps to all ones at 256.
    function mask(uint256 width) internal pure returns (uint256) {
        unchecked {
            return (1 << width) - 1;
        }
    }

    /// @dev Number of ones among the low 64 bits.
    /// - Unchecked: every partial count fits its lane.
    function popcount(uint256 value) internal pure returns (uint256) {
        unchecked {
            value = (value & 0x5555555555555555) + ((value >> 1) & 0x5555555555555555);
            value = (value & 0x3333333333333333) + ((value >> 2) & 0x3333333333333333);
            value = (value & 0x0f0f0f0f0f0f0f0f) + ((value >> 4) & 0x0f0f0f0f0f0f0f0f);
            return ((value * 0x0101010101010101) >> 56) & 0xff;
        }
    }

    /// @dev Zeros above the highest one of 256 bits; 256 for 0.
    /// - Assembly: the instruction of EIP-7939, which Solidity does not offer otherwise.
    function leadingZeros(uint256 value) internal pure returns (uint256 count) {
        assembly ("memory-safe") {
            count := clz(value)
        }
    }

    /// @dev The 32 bytes of a word in the opposite order.
    function reverseBytes(uint256 x) internal pure returns (uint256) {
        uint256 m = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        x = ((x >> 8) & m) | ((x & m) << 8);
        m = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        x = ((x >> 16) & m) | ((x & m) << 16);
        m = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        x = ((x >> 32) & m) | ((x & m) << 32);
        m = 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        x = ((x >> 64) & m) | ((x & m) << 64);
        return (x >> 128) | (x << 128);
    }
}
