// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Merkle } from "../commit/Merkle.sol";
import { Spec } from "../generated/Spec.sol";
import { StateHash } from "../interfaces/IStepper.sol";

/// @notice How a range is cut, and the Merkle tree over the pairs of neighbours in a sequence.
/// @dev Twin: protocol/bisection.ts.
/// - Unchecked: len is below 2^64, arity at most 32, a segment below n and n at most 32.
library Bisection {
    /// @dev Steps in a segment, except perhaps the last one.
    function gap(uint256 len, uint256 arity) internal pure returns (uint256) {
        return _ceilDiv(len, arity);
    }

    /// @dev Segments of a sequence: those of a range of steps, or the substeps of one step.
    function segments(uint256 len, uint256 arity) internal pure returns (uint256) {
        return len == 1 ? Spec.SUBSTEPS : _ceilDiv(len, gap(len, arity));
    }

    /// @dev Where segment `segment` begins, counted from the start of the range, and its steps.
    function cut(uint256 len, uint256 arity, uint256 segment) internal pure returns (uint256 from, uint256 steps) {
        unchecked {
            steps = gap(len, arity);
            from = segment * steps;
            if (len - from < steps) steps = len - from;
        }
    }

    /// @dev Siblings in a path to one of `n` pairs: ceil(log2 n).
    function pathLength(uint256 n) internal pure returns (uint256 length) {
        unchecked {
            while (1 << length < n) ++length;
        }
    }

    /// @dev Leaf of the tree: the hashes at both ends of a segment.
    function pair(StateHash start, StateHash end) internal pure returns (bytes32) {
        return Merkle.hashPair(StateHash.unwrap(start), StateHash.unwrap(end));
    }

    /// @dev Root over the pairs of a sequence, padded with zero words to a power of two.
    /// - Assembly, on free memory that it leaves free: nodes[i] = i < n ? pair(sequence[i], sequence[i + 1]) : 0; then,
    ///   level by level up to nodes[0] = root, nodes[i] = Merkle.hashPair(nodes[2 * i], nodes[2 * i + 1]).
    function rootOf(StateHash[] memory sequence) internal pure returns (bytes32 root) {
        unchecked {
            uint256 n = sequence.length - 1;
            uint256 width = 32 << pathLength(n); // bytes of a level
            assembly ("memory-safe") {
                let nodes := mload(0x40)
                for {
                    let i := 0
                } lt(i, shl(5, n)) {
                    i := add(i, 0x20)
                } {
                    mstore(add(nodes, i), keccak256(add(add(sequence, 0x20), i), 0x40))
                }
                calldatacopy(add(nodes, shl(5, n)), calldatasize(), sub(width, shl(5, n)))
                for {} gt(width, 0x20) {} {
                    width := shr(1, width)
                    for {
                        let i := 0
                    } lt(i, width) {
                        i := add(i, 0x20)
                    } {
                        mstore(add(nodes, i), keccak256(add(nodes, shl(1, i)), 0x40))
                    }
                }
                root := mload(nodes)
            }
        }
    }

    /// @dev Root to which `path` leads from the leaf at `index`.
    function rootFrom(bytes32 leaf, uint256 index, bytes32[] calldata path) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 i = 0; i < path.length; ++i) {
            bytes32 sibling = path[i];
            node = (index >> i) & 1 == 0 ? Merkle.hashPair(node, sibling) : Merkle.hashPair(sibling, node);
        }
    }

    /// @dev The most moves after the opening of a game over `steps` steps, proof included.
    function maxMoves(uint256 steps, uint256 arity) internal pure returns (uint256 moves) {
        unchecked {
            for (moves = 1; steps > 1; ++moves) steps = gap(steps, arity);
        }
    }

    /// @dev a / b, rounded up.
    function _ceilDiv(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return (a + b - 1) / b;
        }
    }
}
