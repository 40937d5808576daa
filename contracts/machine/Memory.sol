// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { Merkle } from "../commit/Merkle.sol";
import { Spec } from "../generated/Spec.sol";
import { Word } from "./Word.sol";

/// @notice The memory unit: addresses, loads and stores. Twin: interpreter/machine/memory.ts.
library Memory {
    uint256 private constant LEAF_BYTES = 32;
    uint256 private constant BYTES_END = 1 << 32;
    uint256 private constant PRESENT = 1 << Spec.TABLE_PRESENT_BIT;

    function regionOf(uint256 word) internal pure returns (uint256) {
        return Word.unit(word) & Spec.UNIT_REGION_MASK;
    }

    function isBytes(uint256 region) internal pure returns (bool) {
        return (Spec.BYTE_REGIONS >> region) & 1 == 1;
    }

    function isLoad(uint256 word) internal pure returns (bool) {
        return Word.unit(word) & Spec.UNIT_LOAD != 0 && (Spec.LOADABLE_REGIONS >> regionOf(word)) & 1 == 1;
    }

    function isStore(uint256 word) internal pure returns (bool) {
        return Word.unit(word) & Spec.UNIT_STORE != 0 && (Spec.STORABLE_REGIONS >> regionOf(word)) & 1 == 1;
    }

    /// @dev Bytes that a load or store of a byte region moves.
    function widthOf(uint256 word) internal pure returns (uint256) {
        uint256 log2 = Word.access(word) & Spec.ACCESS_WIDTH_MASK;
        return 1 << (log2 < Spec.ACCESS_MAX_WIDTH_LOG2 ? log2 : Spec.ACCESS_MAX_WIDTH_LOG2);
    }

    /// @dev a + immLo, not reduced.
    /// - Unchecked: a is below 2^128.
    function effectiveAddress(uint256 word, uint256 a) internal pure returns (uint256) {
        unchecked {
            return a + Word.immLo(word);
        }
    }

    /// @dev Index of the leaf that a load or store begins in, not reduced.
    function firstLeaf(uint256 word, uint256 a) internal pure returns (uint256) {
        uint256 ea = effectiveAddress(word, a);
        return isBytes(regionOf(word)) ? ea / LEAF_BYTES : ea;
    }

    /// @dev Whether a load or store of a byte region reaches into a second leaf.
    function crosses(uint256 word, uint256 a) internal pure returns (bool) {
        return isBytes(regionOf(word)) && (effectiveAddress(word, a) % LEAF_BYTES) + widthOf(word) > LEAF_BYTES;
    }

    /// @dev Trap of an absent table entry: an indirect call has words of its own for it.
    function absentTrap(uint256 word) internal pure returns (uint256) {
        bool call = Word.control(word) == Spec.CONTROL_CALLREF || Word.alu(word) == Spec.ALU_CHECKREF;
        return call ? Spec.TRAP_UNDEFINED_ELEMENT : Spec.TRAP_TABLE_BOUNDS;
    }

    /// @dev Substep 4: the trap of an address, or 0. `pages` counts pages of MEMORY.
    function checkAddress(uint256 word, uint256 a, uint256 pages) internal pure returns (uint256) {
        uint256 unit = Word.unit(word);
        uint256 region = regionOf(word);
        if (unit & (Spec.UNIT_LOAD | Spec.UNIT_STORE) == 0) return Spec.TRAP_NONE;
        if (unit & Spec.UNIT_LOAD != 0 && !isLoad(word)) return Spec.TRAP_ILLEGAL;
        if (unit & Spec.UNIT_STORE != 0 && !isStore(word)) return Spec.TRAP_ILLEGAL;
        uint256 ea = effectiveAddress(word, a);
        if (isBytes(region)) {
            return ea + widthOf(word) > _byteLimit(word, pages) ? Spec.TRAP_MEMORY_BOUNDS : Spec.TRAP_NONE;
        }
        bool beyond = ea >> Merkle.regionDepth(region) != 0;
        if (region == Spec.REGION_GLOBALS) return beyond ? Spec.TRAP_ILLEGAL : Spec.TRAP_NONE;
        bool outside = a >> (Word.access(word) & Spec.TABLE_CAPACITY_MASK) != 0;
        return outside || beyond ? absentTrap(word) : Spec.TRAP_NONE;
    }

    function _byteLimit(uint256 word, uint256 pages) private pure returns (uint256) {
        bool window = Word.unit(word) & Spec.UNIT_WINDOW != 0;
        if (regionOf(word) != Spec.REGION_MEMORY || window) return BYTES_END;
        return (pages < Spec.MAX_PAGES ? pages : Spec.MAX_PAGES) << Spec.PAGE_BITS;
    }

    /// @dev How many bytes of the access lie in its first leaf, and where they begin there.
    function _firstPart(uint256 word, uint256 a) private pure returns (uint256 offset, uint256 first) {
        offset = effectiveAddress(word, a) % LEAF_BYTES;
        uint256 width = widthOf(word);
        first = offset + width > LEAF_BYTES ? LEAF_BYTES - offset : width;
    }

    /// @dev `count` bytes at `offset` of a leaf as a little-endian number.
    function _read(uint256 leaf, uint256 offset, uint256 count) private pure returns (uint256) {
        return Bits.reverseBytes((leaf << (8 * offset)) & _top(count));
    }

    /// @dev The leaf with the low `count` bytes of `value` at `offset`, little-endian.
    function _write(uint256 leaf, uint256 offset, uint256 count, uint256 value) private pure returns (uint256) {
        uint256 top = _top(count);
        return (leaf & ~(top >> (8 * offset))) | ((Bits.reverseBytes(value) & top) >> (8 * offset));
    }

    /// @dev The first `count` bytes of a word.
    function _top(uint256 count) private pure returns (uint256) {
        return ~(type(uint256).max >> (8 * count));
    }

    /// @dev Substep 5, byte regions: the bytes of the first leaf.
    function loadLow(uint256 word, uint256 a, uint256 leaf) internal pure returns (uint256) {
        (uint256 offset, uint256 first) = _firstPart(word, a);
        return _read(leaf, offset, first);
    }

    /// @dev Substep 6: the bytes of the second leaf, in their place.
    function loadHigh(uint256 word, uint256 a, uint256 leaf) internal pure returns (uint256) {
        (, uint256 first) = _firstPart(word, a);
        return _read(leaf, 0, widthOf(word) - first) << (8 * first);
    }

    /// @dev Substep 8, byte regions: the first leaf after the store.
    function storeLow(uint256 word, uint256 a, uint256 r, uint256 leaf) internal pure returns (uint256) {
        (uint256 offset, uint256 first) = _firstPart(word, a);
        return _write(leaf, offset, first, r);
    }

    /// @dev Substep 9: the second leaf after the store.
    function storeHigh(uint256 word, uint256 a, uint256 r, uint256 leaf) internal pure returns (uint256) {
        (, uint256 first) = _firstPart(word, a);
        return _write(leaf, 0, widthOf(word) - first, r >> (8 * first));
    }

    /// @dev The reference of a table leaf, unless the entry is absent.
    function presentReference(uint256 leaf) internal pure returns (bool present, uint256 ref) {
        return (leaf >= PRESENT, uint64(leaf));
    }

    /// @dev The table leaf that holds a reference.
    function tableLeaf(uint256 r) internal pure returns (uint256) {
        return PRESENT | uint64(r);
    }

    /// @dev LOADED: sign extension in byte regions, the loaded value elsewhere.
    function extendLoaded(uint256 word, uint256 r) internal pure returns (uint256) {
        if (!isBytes(regionOf(word))) return r;
        uint256 extension = (Word.access(word) >> Spec.ACCESS_EXTENSION_SHIFT) & Spec.ACCESS_EXTENSION_MASK;
        if (extension != Spec.EXTENSION_SIGN32 && extension != Spec.EXTENSION_SIGN64) return r;
        uint256 extended = uint256(Bits.signed(r, 8 * widthOf(word)));
        return extension == Spec.EXTENSION_SIGN32 ? uint32(extended) : uint64(extended);
    }
}
