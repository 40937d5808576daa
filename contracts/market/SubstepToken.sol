// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title The staking token
/// @notice A plain ERC-20 with permits (EIP-2612). All of it exists from the start; no owner, no mint, no fee.
contract SubstepToken is ERC20Permit {
    /// @notice Gives the whole supply to the deployer.
    /// @param supply in units of 10^-18 tokens; a vault can hold fewer than 2^96 units
    constructor(uint256 supply) ERC20("Substep", "SUBSTEP") ERC20Permit("Substep") {
        _mint(msg.sender, supply);
    }
}
