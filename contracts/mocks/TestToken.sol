// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token for tests and demos
/// @notice Anybody mints. `fee` units are burned of every transfer.
contract TestToken is ERC20 {
    uint256 private immutable FEE;

    constructor(uint256 fee) ERC20("Test token", "TEST") {
        FEE = fee;
    }

    /// @notice Gives `amount` new units to `owner`.
    function mint(address owner, uint256 amount) external {
        _mint(owner, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (FEE != 0 && from != address(0) && to != address(0)) super._update(to, address(0), FEE);
    }
}
