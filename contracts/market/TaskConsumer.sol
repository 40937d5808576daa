// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IStakeVault } from "../interfaces/IStakeVault.sol";
import { ITaskConsumer } from "../interfaces/ITaskConsumer.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Order, Outcome, Request } from "../interfaces/Task.sol";

/// @title A contract that asks for computations and is called back with their results
/// @notice Derive from it: ask with `_request`, take the result in `_onResult`.
/// @dev A result counts only if it comes from the market and answers a request of this contract. So a contract that
/// names one program in all its orders never takes a result of another.
/// - The id of a task binds program, input and all of the order: what `_onResult` needs to know about its question is
///   to be stored by task id.
/// - Tasks that end without a result (expired, void, abandoned, cancelled) do not call back. Their refunds, and what
///   others pay for not showing up or for lying, come to this contract's account in the vault; whose they are, the
///   derived contract decides. Tokens that come so are taken out by `unbond` and `withdraw` of the vault.
/// - Warning: an exit code other than 0, a trap and a run out of steps are results as true as any other: store them as
/// what they are. A callback that reverts on one never succeeds, so this contract never hears what it asked for.
abstract contract TaskConsumer is ITaskConsumer {
    /// The market that is asked and trusted.
    ITaskMarket internal immutable MARKET;
    /// Its vault.
    IStakeVault internal immutable VAULT;

    mapping(bytes32 task => bool) private _pending;

    /// @notice Only the market may tell results.
    error NotTheMarket(address sender);

    /// @notice This contract did not request the task, or has its result already.
    error NotPending(bytes32 task);

    /// @notice This contract wants inputs on chain: whoever withholds one makes a falsehood uncheckable.
    error InputByReferenceRefused();

    /// @notice This contract wants the whole output, and the task's is too large to be told.
    error OmittedOutputRefused(bytes32 task);

    constructor(ITaskMarket market) {
        MARKET = market;
        VAULT = market.vault();
    }

    /// @inheritdoc ITaskConsumer
    function onResult(bytes32 task, Outcome calldata outcome, bytes calldata output) external {
        if (msg.sender != address(MARKET)) revert NotTheMarket(msg.sender);
        if (!_pending[task]) revert NotPending(task);
        if (outcome.inputByReference && !_takesInputByReference()) revert InputByReferenceRefused();
        if (outcome.outputOmitted && !_takesOmittedOutput()) revert OmittedOutputRefused(task);
        delete _pending[task];
        _onResult(task, outcome, output);
    }

    /// @dev Asks for a computation and escrows its highest price and the tip: `value` wei of this contract's, and the
    /// rest from its account in the vault. The order must ask for callback gas; its salt tells equal questions apart.
    function _request(Order memory order, bytes memory input, uint256 value) internal returns (bytes32 task) {
        task = MARKET.request{ value: value }(order, input);
        _pending[task] = true;
    }

    /// @dev The same with an input that is named by its root and can be had at `uris`. Needs _takesInputByReference.
    function _requestByReference(
        Order memory order,
        bytes32 inputRoot,
        string[] memory uris,
        uint256 value
    ) internal returns (bytes32 task) {
        if (!_takesInputByReference()) revert InputByReferenceRefused();
        task = MARKET.requestByReference{ value: value }(order, inputRoot, uris);
        _pending[task] = true;
    }

    /// @dev Takes back a task that nobody has taken. The refund comes to this contract's account in the vault.
    function _cancel(Request memory r) internal {
        delete _pending[MARKET.taskId(MARKET.originOf(r))];
        MARKET.cancel(r);
    }

    /// @dev Pays `amount` wei from this contract's account in the vault to `to`, with all gas: effects come before.
    function _withdrawEther(address to, uint256 amount) internal {
        VAULT.withdrawEther(to, amount);
    }

    /// @dev Takes the result of a task that this contract requested, once.
    function _onResult(bytes32 task, Outcome calldata outcome, bytes calldata output) internal virtual;

    /// @dev Whether a result counts whose input was never on chain. Override to opt in.
    /// - Warning: nobody can check a computation on an input that is withheld.
    function _takesInputByReference() internal view virtual returns (bool) {
        return false;
    }

    /// @dev Whether a result counts of whose output only the root is told. Override to opt in.
    function _takesOmittedOutput() internal view virtual returns (bool) {
        return false;
    }
}
