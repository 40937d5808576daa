// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Calldata in one form only
/// @notice A call that carries hashes has exactly the bytes that its arguments take, each array right after what
/// precedes it, so that nobody can pad what another pays to read.
interface IExact {
    /// @notice The calldata has `actual` bytes where exactly `expected` are asked for.
    error CalldataNotExact(uint256 actual, uint256 expected);

    /// @notice An array stands at byte `actual` of the arguments instead of `expected`, right after what precedes it.
    error ArrayMisplaced(uint256 actual, uint256 expected);
}
