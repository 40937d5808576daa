// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { ITaskConsumer } from "../interfaces/ITaskConsumer.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Order, Outcome } from "../interfaces/Task.sol";

/* solhint-disable use-natspec, avoid-low-level-calls, avoid-call-value */

enum Mood {
    TAKES,
    REVERTS,
    BURNS, // all gas that it gets
    RETURNS_BOMB, // as many zeros as its gas can make
    REVERTS_BOMB,
    REENTERS // makes the calls that it was armed with
}

/// @title A consumer that does to its callback whatever a consumer can do
contract HostileConsumer is ITaskConsumer {
    /// Zeros that are returned; the memory for them costs most of a callback's gas.
    uint256 private constant BOMB_BYTES = 300_000;

    ITaskMarket private immutable MARKET;
    Mood private _mood;
    address[] private _targets;
    bytes[] private _calls;

    event Told(bytes32 indexed task, Outcome outcome, bytes output);

    /// @notice A call made from within the callback: whether it succeeded, and what it returned.
    event Reentered(bool success, bytes returned);

    error Reverts();

    constructor(ITaskMarket market) {
        MARKET = market;
    }

    function setMood(Mood mood) external {
        _mood = mood;
    }

    function arm(address[] calldata targets, bytes[] calldata calls) external {
        (_targets, _calls) = (targets, calls);
    }

    function ask(Order calldata order, bytes calldata input) external payable returns (bytes32) {
        return MARKET.request{ value: msg.value }(order, input);
    }

    /// @inheritdoc ITaskConsumer
    function onResult(bytes32 task, Outcome calldata outcome, bytes calldata output) external {
        if (_mood == Mood.REVERTS) revert Reverts();
        if (_mood == Mood.BURNS) _burn();
        if (_mood == Mood.RETURNS_BOMB || _mood == Mood.REVERTS_BOMB) _bomb(_mood == Mood.REVERTS_BOMB);
        if (_mood == Mood.REENTERS) _reenter();
        emit Told(task, outcome, output);
    }

    function _reenter() private {
        for (uint256 i = 0; i < _calls.length; ++i) {
            (bool success, bytes memory returned) = _targets[i].call(_calls[i]);
            emit Reentered(success, returned);
        }
    }

    /// @dev `invalid` takes all gas.
    function _burn() private pure {
        assembly {
            invalid()
        }
    }

    function _bomb(bool reverts) private pure {
        assembly {
            if reverts {
                revert(0, BOMB_BYTES)
            }
            return(0, BOMB_BYTES)
        }
    }
}
