// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { Arena } from "../game/Arena.sol";
import { Game } from "../game/Game.sol";
import { IStepper } from "../interfaces/IStepper.sol";
import { BondEscrow } from "./BondEscrow.sol";

/// @title An arena whose bonds are tokens
/// @notice No owner, no pause, no upgrade: what is given here stays.
contract BondedArena is Arena, BondEscrow {
    /// @notice Fixes the rules.
    /// @param stepper the judge; a new machine is a new arena
    /// @param arity segments of a sequence, 2 to 32; 2 = binary search
    /// @param budget seconds on each player's clock
    /// @param minimum least seconds that a player has when it comes on move
    /// @param challenge seconds of the challenge phase
    /// @param support seconds of the support phase
    /// @param opening seconds of the opening phase
    /// @param bondToken the token of the bonds
    /// @param amount the bond of one entry
    constructor(
        IStepper stepper,
        uint256 arity,
        uint64 budget,
        uint64 minimum,
        uint64 challenge,
        uint64 support,
        uint64 opening,
        IERC20 bondToken,
        uint256 amount
    ) Game(stepper, arity, budget, minimum) Arena(challenge, support, opening) BondEscrow(bondToken, amount) {}
}
