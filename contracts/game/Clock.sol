// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

/// @notice Two budgets of seconds, as in chess: only the player on move spends. Twin: protocol/clock.ts.
/// @dev Unchecked: times and budgets are below 2^64.
library Clock {
    /// @dev The last second in which the mover may move.
    function deadline(uint256 moved, uint256 left) internal pure returns (uint256) {
        unchecked {
            return moved + left;
        }
    }

    /// @dev What is left to the mover that moves at `time`; never below zero.
    function spend(uint256 moved, uint256 left, uint256 time) internal pure returns (uint256) {
        uint256 end = deadline(moved, left);
        if (time <= moved) return left;
        unchecked {
            return time < end ? end - time : 0;
        }
    }

    /// @dev What the other player has when it comes on move: a thought of at least `minimum` seconds, so that no move
    /// in the last second leaves it without an answer.
    function handOver(uint256 left, uint256 minimum) internal pure returns (uint256) {
        return left < minimum ? minimum : left;
    }
}
