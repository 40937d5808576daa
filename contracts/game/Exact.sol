// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IExact } from "../interfaces/IExact.sol";

/// @notice Refuses calldata that is not in its one form.
library Exact {
    /// @dev Reverts unless calldata is `head` words, the last of which points to an array of `length` words that
    /// follows them and ends it.
    function requireExact(uint256 head, uint256 length) internal pure {
        requireBytes(_requireArrayAt(head * 32, head - 1, length));
    }

    /// @dev The same with two arrays, one after the other.
    function requireExact(uint256 head, uint256 first, uint256 second) internal pure {
        uint256 end = _requireArrayAt(head * 32, head - 2, first);
        requireBytes(_requireArrayAt(end, head - 1, second));
    }

    /// @dev Reverts unless the arguments have `length` bytes.
    function requireBytes(uint256 length) internal pure {
        if (msg.data.length != 4 + length) revert IExact.CalldataNotExact(msg.data.length, 4 + length);
    }

    /// @dev Reverts unless the argument at `index` points to `start`; returns where its array of `length` words ends.
    /// - Unchecked: the array was found to end within calldata before.
    function _requireArrayAt(uint256 start, uint256 index, uint256 length) private pure returns (uint256 end) {
        unchecked {
            uint256 actual = uint256(bytes32(msg.data[4 + index * 32:]));
            if (actual != start) revert IExact.ArrayMisplaced(actual, start);
            return start + (1 + length) * 32;
        }
    }
}
