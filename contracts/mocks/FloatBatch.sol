// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Float } from "../machine/Float.sol";

/// @title Many float operations in one call
/// @notice For tests.
contract FloatBatch {
    uint256 private constant HALF = 128;

    /// @notice One ALU operation on many pairs of operands.
    /// @param alu its code, from the first one of floats on
    /// @param operands a << 128 | b of each
    /// @return outcomes trap << 128 | r of each
    function run(uint256 alu, uint256[] calldata operands) external pure returns (uint256[] memory outcomes) {
        outcomes = new uint256[](operands.length);
        for (uint256 i = 0; i < operands.length; ++i) {
            (uint256 r, uint256 trap) = Float.execute(alu, operands[i] >> HALF, uint128(operands[i]));
            outcomes[i] = (trap << HALF) | r;
        }
    }
}
