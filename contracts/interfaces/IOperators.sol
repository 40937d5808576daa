// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Who may act for whom
/// @notice Operators move in games and act in the market for owners.
interface IOperators {
    /// @notice Whether `actor` may act for `owner`: it is the owner, or an operator with a cap above 0.
    function mayAct(address owner, address actor) external view returns (bool);
}
