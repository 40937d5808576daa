// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Spec } from "../generated/Spec.sol";

/// @dev The parts of a state that are not in the tree, packed as they are hashed.
struct Core {
    uint256 regs; // steps64 << 136 | pc32 << 104 | sp32 << 72 | pages32 << 40 | status8 << 32 | exit32
    uint256 misc; // substep8 | trap32 << 8 | next32 << 40 | pages32 << 72; 0 at an instruction boundary
    uint256 word; // the instruction in flight; irrelevant when misc is 0, as are ab and cr
    uint256 ab; // operand a << 128 | operand b
    uint256 cr; // operand c << 128 | result r
}

using Cores for Core global;

/// @notice The 128-bit values of a step in flight.
library Cores {
    uint256 private constant LOW = (1 << Spec.SLOT_BITS) - 1;

    function a(Core memory core) internal pure returns (uint256) {
        return core.ab >> Spec.SLOT_BITS;
    }

    function b(Core memory core) internal pure returns (uint256) {
        return core.ab & LOW;
    }

    function c(Core memory core) internal pure returns (uint256) {
        return core.cr >> Spec.SLOT_BITS;
    }

    function r(Core memory core) internal pure returns (uint256) {
        return core.cr & LOW;
    }

    function setA(Core memory core, uint256 value) internal pure {
        core.ab = (value << Spec.SLOT_BITS) | (core.ab & LOW);
    }

    function setB(Core memory core, uint256 value) internal pure {
        core.ab = (core.ab & ~LOW) | (value & LOW);
    }

    function setC(Core memory core, uint256 value) internal pure {
        core.cr = (value << Spec.SLOT_BITS) | (core.cr & LOW);
    }

    function setR(Core memory core, uint256 value) internal pure {
        core.cr = (core.cr & ~LOW) | (value & LOW);
    }
}
