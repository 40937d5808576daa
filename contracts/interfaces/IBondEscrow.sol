// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The bonds
/// @notice Bonds of entries, all of one amount in one token.
/// @dev The escrow holds at every moment the bonds locked and neither paid nor slashed, each in full. One
/// function pays, one slashes.
/// - Warning: the token must be a plain ERC-20. One whose balances change by themselves, or that refuses transfers
///   to the burn address or to a winner, leaves bonds stuck; one with a fee on transfer is refused at the first bond.
interface IBondEscrow {
    /// @notice `owner` locked one bond on `entry`.
    event BondLocked(bytes32 indexed entry, address indexed owner, uint256 amount);

    /// @notice The bond of `entry` went back to `owner`.
    event BondPaid(bytes32 indexed entry, address indexed owner, uint256 amount);

    /// @notice The bond of `entry` was taken: `burned` to the burn address, `reward` to `winner`.
    event BondSlashed(bytes32 indexed entry, address indexed winner, uint256 reward, uint256 burned);

    /// @notice Only `received` tokens of a bond of `bond` arrived: tokens with a fee on transfer are refused.
    error BondNotReceived(uint256 received, uint256 bond);

    /// @notice A bond must be at least two units, so that both halves are something.
    error BondTooSmall(uint256 bond);

    /// @notice The token of the bonds.
    function token() external view returns (IERC20);

    /// @notice The bond of one entry, in units of the token.
    function bond() external view returns (uint256);
}
