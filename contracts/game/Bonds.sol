// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

/// @notice What the arena asks of whoever keeps the bonds; entries, not amounts, are its language.
abstract contract Bonds {
    /// @notice Takes one bond from `owner` for `entry`, or reverts.
    function _lockBond(bytes32 entry, address owner) internal virtual;

    /// @notice Gives the bond of `entry` back to `owner`.
    function _payBond(bytes32 entry, address owner) internal virtual;

    /// @notice Burns half of the bond of `entry` and gives the rest to `winner`; burns all if that is 0.
    function _slashBond(bytes32 entry, address winner) internal virtual;
}
