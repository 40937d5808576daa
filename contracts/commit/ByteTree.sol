// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Spec } from "../generated/Spec.sol";
import { Bits } from "./Bits.sol";
import { Merkle } from "./Merkle.sol";

/// @notice Byte strings as the INPUT and OUTPUT regions. Twin: interpreter/commit/byte-tree.ts.
library ByteTree {
    /// @dev Root of the INPUT or OUTPUT region that holds a byte string: leaf 0 is its length as a little-endian
    /// u64, then come the bytes, padded with zeros.
    /// - Assumes that no calldata reaches 2^32 - 32 bytes. Unchecked: counts nodes of such a string.
    function byteTreeRoot(bytes calldata data) internal pure returns (bytes32 root) {
        uint256 zeros = Merkle.zeroNodes();
        uint256 level = 0;
        unchecked {
            uint256 count = 1 + (data.length + 31) / 32;
            bytes32[] memory nodes = new bytes32[](count + 1); // one more, to pair the last node of an odd level
            nodes[0] = bytes32(Bits.reverseBytes(data.length));
            assembly ("memory-safe") {
                calldatacopy(add(nodes, 0x40), data.offset, data.length) // nodes[1], nodes[2], ...
            }
            for (; count > 1; ++level) {
                if (count % 2 == 1) nodes[count] = Merkle.zeroNode(zeros, level);
                count = (count + 1) / 2;
                _hashLevel(nodes, count);
            }
            root = nodes[0];
            for (; level < Spec.DEPTH_INPUT; ++level) root = Merkle.hashPair(root, Merkle.zeroNode(zeros, level));
        }
    }

    /// @dev Replaces the first 2 * parents nodes by their parents.
    /// - Assembly: nodes[i] = Merkle.hashPair(nodes[2 * i], nodes[2 * i + 1]), hashed where they lie.
    function _hashLevel(bytes32[] memory nodes, uint256 parents) private pure {
        assembly ("memory-safe") {
            let first := add(nodes, 0x20)
            for {
                let i := 0
            } lt(i, parents) {
                i := add(i, 1)
            } {
                mstore(add(first, shl(5, i)), keccak256(add(first, shl(6, i)), 0x40))
            }
        }
    }
}
