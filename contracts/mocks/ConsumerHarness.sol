// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Order, Outcome, Request } from "../interfaces/Task.sol";
import { TaskConsumer } from "../market/TaskConsumer.sol";

/* solhint-disable use-natspec */

/// @title A consumer that shows all that TaskConsumer does
contract ConsumerHarness is TaskConsumer {
    bool private _referencesTaken;
    bool private _omissionsTaken;
    bool private _deaf;

    event Told(bytes32 indexed task, Outcome outcome, bytes output);

    error Deaf();

    constructor(ITaskMarket market) TaskConsumer(market) {}

    function opt(bool references, bool omissions, bool deaf) external {
        (_referencesTaken, _omissionsTaken, _deaf) = (references, omissions, deaf);
    }

    function ask(Order calldata order, bytes calldata input) external payable returns (bytes32) {
        return _request(order, input, msg.value);
    }

    function askByReference(
        Order calldata order,
        bytes32 inputRoot,
        string[] calldata uris
    ) external payable returns (bytes32) {
        return _requestByReference(order, inputRoot, uris, msg.value);
    }

    function cancel(Request calldata r) external {
        _cancel(r);
    }

    function withdrawEther(address to, uint256 amount) external {
        _withdrawEther(to, amount);
    }

    function _onResult(bytes32 task, Outcome calldata outcome, bytes calldata output) internal override {
        if (_deaf) revert Deaf();
        emit Told(task, outcome, output);
    }

    function _takesInputByReference() internal view override returns (bool) {
        return _referencesTaken;
    }

    function _takesOmittedOutput() internal view override returns (bool) {
        return _omissionsTaken;
    }
}
