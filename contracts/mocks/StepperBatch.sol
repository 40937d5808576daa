// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IStepper } from "../interfaces/IStepper.sol";

/// @title Many witnesses in one call
/// @notice For tests.
contract StepperBatch {
    /// @notice Asks the stepper about each witness.
    /// @param witnesses for each witness its number of words as a uint32, then its words
    /// @param count number of witnesses
    /// @return answers for each witness pre and post; for a refused one 0 and the first word of the revert data
    function run(
        IStepper stepper,
        bytes calldata witnesses,
        uint256 count
    ) external view returns (bytes32[2][] memory answers) {
        answers = new bytes32[2][](count);
        uint256 offset = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 words = uint32(bytes4(witnesses[offset:]));
            offset += 4;
            answers[i] = _ask(stepper, witnesses[offset:offset + 32 * words], words);
            offset += 32 * words;
        }
    }

    function _ask(
        IStepper stepper,
        bytes calldata witness,
        uint256 words
    ) private view returns (bytes32[2] memory answer) {
        bytes memory head = abi.encodePacked(IStepper.step.selector, uint256(32), words);
        (bool answered, bytes memory data) = address(stepper).staticcall(bytes.concat(head, witness));
        if (answered) return abi.decode(data, (bytes32[2]));
        answer[1] = bytes32(data);
    }
}
