// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Spec } from "../generated/Spec.sol";
import { Bits } from "./Bits.sol";

/// @notice The one tree of a machine state. A node is named by its generalized index: the root is 1, the
/// children of g are 2g and 2g + 1, the region roots are 8 to 15. Twin: interpreter/commit/merkle.ts.
library Merkle {
    /// @dev Parent of two nodes: keccak256(left, right).
    /// - Assembly: keccak256(abi.encode(left, right)) in scratch space, without allocating memory.
    function hashPair(bytes32 left, bytes32 right) internal pure returns (bytes32 parent) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            parent := keccak256(0x00, 0x40)
        }
    }

    /// @dev Puts the roots of empty subtrees into memory, where Z[0] lies at `zeros` and Z[level] 32 * level further.
    function zeroNodes() internal pure returns (uint256 zeros) {
        bytes memory nodes = Spec.ZERO_NODES;
        assembly ("memory-safe") {
            zeros := add(nodes, 0x20)
        }
    }

    /// @dev Z[level] of what zeroNodes made.
    /// - Assumes that the level is below the longest path.
    function zeroNode(uint256 zeros, uint256 level) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            node := mload(add(zeros, shl(5, level)))
        }
    }

    /// @dev Levels below a region's root.
    function regionDepth(uint256 region) internal pure returns (uint256) {
        return (Spec.DEPTHS >> (8 * region)) & 0xff;
    }

    /// @dev Generalized index of a leaf; the index is taken modulo the size of the region.
    function leafIndex(uint256 region, uint256 index) internal pure returns (uint256) {
        uint256 depth = regionDepth(region);
        return (((1 << Spec.REGION_LEVELS) | region) << depth) | (index & Bits.mask(depth));
    }

    /// @dev Levels from a node up to the root.
    /// - Unchecked: g is not 0.
    function pathLength(uint256 g) internal pure returns (uint256) {
        unchecked {
            return 255 - Bits.leadingZeros(g);
        }
    }

    /// @dev Root of the path of the node `g`. The siblings with a bit in `bitmap`, from the leaf up, lie in calldata
    /// from `sent` on; the others are Z[level].
    /// - Assembly: sibling = bitmap & 1 == 1 ? the next word sent : Z[level];
    ///   root = side == 0 ? hashPair(root, sibling) : hashPair(sibling, root).
    ///   Saves 30 gas a level, 65 in foldPaths.
    /// - Unchecked: at most 30 levels.
    function foldPath(uint256 g, bytes32 leaf, uint256 bitmap, uint256 sent) internal pure returns (bytes32 root) {
        uint256 zero = zeroNodes();
        root = leaf;
        for (; g > 1; g >>= 1) {
            uint256 side = (g & 1) << 5; // where the path's node lies in the pair
            assembly ("memory-safe") {
                let sibling := mload(zero)
                if and(bitmap, 1) {
                    sibling := calldataload(sent)
                    sent := add(sent, 0x20)
                }
                mstore(side, root)
                mstore(xor(side, 0x20), sibling)
                root := keccak256(0x00, 0x40)
            }
            bitmap >>= 1;
            unchecked {
                zero += 32;
            }
        }
    }

    /// @dev Roots of the path of the node `g` before and after it changes; the rest as in foldPath. On the lowest `cut`
    /// levels everything right of the path is empty afterwards.
    /// - Assembly: as in foldPath; then the same for newRoot, with Z[level] for a right sibling that is cut.
    /// - Unchecked: at most 30 levels.
    function foldPaths(
        uint256 g,
        bytes32 leaf,
        bytes32 newLeaf,
        uint256 bitmap,
        uint256 sent,
        uint256 cut
    ) internal pure returns (bytes32 root, bytes32 newRoot) {
        uint256 zero = zeroNodes();
        (root, newRoot) = (leaf, newLeaf);
        for (uint256 keep = zero + 32 * cut; g > 1; g >>= 1) {
            uint256 side = (g & 1) << 5;
            assembly ("memory-safe") {
                let sibling := mload(zero)
                if and(bitmap, 1) {
                    sibling := calldataload(sent)
                    sent := add(sent, 0x20)
                }
                mstore(side, root)
                mstore(xor(side, 0x20), sibling)
                root := keccak256(0x00, 0x40)
                mstore(side, newRoot)
                if and(lt(zero, keep), iszero(side)) {
                    mstore(0x20, mload(zero))
                }
                newRoot := keccak256(0x00, 0x40)
            }
            bitmap >>= 1;
            unchecked {
                zero += 32;
            }
        }
    }
}
