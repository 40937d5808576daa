// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Address } from "@openzeppelin/contracts/utils/Address.sol";

/// @title A recipient that does not just take its ether
/// @notice It calls whoever pays it.
contract EtherRecipient {
    bytes private _answer;

    /// @notice The call made while ether came in: whether it succeeded, and what it returned.
    event Answered(bool success, bytes returned);

    /// @notice From now on whoever pays is called with `data`; nobody if it is empty.
    function arm(bytes calldata data) external {
        _answer = data;
    }

    /// @notice Calls `target` in the name of this contract.
    function forward(address target, bytes calldata data) external returns (bytes memory) {
        return Address.functionCall(target, data);
    }

    /* solhint-disable avoid-low-level-calls, no-complex-fallback */

    /// @notice Makes the call that was asked for, once.
    receive() external payable {
        bytes memory data = _answer;
        if (data.length == 0) return;
        delete _answer;
        (bool success, bytes memory returned) = msg.sender.call(data);
        emit Answered(success, returned);
    }
}
