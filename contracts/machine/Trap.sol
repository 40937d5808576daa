// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { Spec } from "../generated/Spec.sol";

/// @notice The trap of a step in flight. Twin: interpreter/machine/trap.ts.
library Trap {
    /// @dev Trap of the step in flight, 0 if none.
    function trapOf(uint256 misc) internal pure returns (uint256) {
        return Bits.field(misc, Spec.MISC_TRAP);
    }

    /// @dev Sets a trap; the first one set in a step stays, because later substeps only advance.
    function withTrap(uint256 misc, uint256 trap) internal pure returns (uint256) {
        return Bits.withField(misc, Spec.MISC_TRAP, trap);
    }
}
