// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { Phased, Timing } from "../game/Phased.sol";
import { Rules, Setting } from "../interfaces/ITaskMarket.sol";
import { Payouts } from "./Payouts.sol";
import { Terms } from "./Terms.sol";

/// @title The market
/// @notice No owner, no pause, no upgrade: what is given here stays.
contract TaskMarket is Payouts, Multicall {
    /// @notice Fixes the rules; makes the vault and the games.
    /// @param s what the market is built on
    /// @param r the rules
    constructor(
        Setting memory s,
        Rules memory r
    ) Phased(Timing(r.challenge, r.support, r.opening, r.budget, r.minimum, r.speed)) Terms(s, r) {}
}
