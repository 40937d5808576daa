// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Bonds } from "../game/Bonds.sol";
import { IBondEscrow } from "../interfaces/IBondEscrow.sol";

/// @notice Tokens come in by _lockBond alone and leave by _payBond and _slashBond alone, one whole bond each time.
abstract contract BondEscrow is IBondEscrow, Bonds {
    using SafeERC20 for IERC20;

    /// Nobody holds its key; plain ERC-20 tokens have no burn and refuse address 0.
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    IERC20 private immutable TOKEN;
    uint256 private immutable BOND;

    constructor(IERC20 bondToken, uint256 amount) {
        if (amount < 2) revert BondTooSmall(amount);
        TOKEN = bondToken;
        BOND = amount;
    }

    /// @inheritdoc IBondEscrow
    function token() external view returns (IERC20) {
        return TOKEN;
    }

    /// @inheritdoc IBondEscrow
    function bond() external view returns (uint256) {
        return BOND;
    }

    function _lockBond(bytes32 entry, address owner) internal override {
        uint256 before = TOKEN.balanceOf(address(this));
        TOKEN.safeTransferFrom(owner, address(this), BOND);
        uint256 received = TOKEN.balanceOf(address(this)) - before;
        if (received != BOND) revert BondNotReceived(received, BOND);
        emit BondLocked(entry, owner, BOND);
    }

    function _payBond(bytes32 entry, address owner) internal override {
        emit BondPaid(entry, owner, BOND);
        TOKEN.safeTransfer(owner, BOND);
    }

    function _slashBond(bytes32 entry, address winner) internal override {
        uint256 reward = winner == address(0) ? 0 : BOND / 2;
        emit BondSlashed(entry, winner, reward, BOND - reward);
        TOKEN.safeTransfer(BURN, BOND - reward);
        if (reward != 0) TOKEN.safeTransfer(winner, reward);
    }
}
