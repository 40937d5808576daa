// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { ITaskMarket } from "../interfaces/ITaskMarket.sol";
import { Order, Outcome, OutcomeKind, Request, TaskStatus } from "../interfaces/Task.sol";
import { TaskConsumer } from "../market/TaskConsumer.sol";

/// @notice What is known of a block header.
enum Work {
    UNKNOWN,
    VALID, // its scrypt hash is not above its own target
    INVALID, // it is above
    FAILED // the program gave no hash
}

/// @title Checks the proof of work of Litecoin block headers
/// @notice Anyone pays for the check of a header; what comes of it stays for all to read. An example of a contract that
/// has something computed which the chain itself cannot afford: scrypt, five million steps.
/// @dev Blocks are named by their block hash, SHA-256 twice, its bytes in the order in which the hash gives them.
/// - The price is fixed, so the escrow is spent whole or comes back whole, and `reclaim` knows how much that is.
/// - What no-shows and liars pay to this contract stays in its account in the vault.
/// - Warning: VALID says that somebody worked for the header as hard as the header itself says; not that it is part of
/// the chain.
contract LitecoinProofOfWork is TaskConsumer {
    /// @dev Two slots.
    struct Check {
        address payer; // bits 0-159
        uint64 gweiPaid; // bits 160-223
        uint32 bits; // bits 224-255, the header's target in its short form
        bytes32 blockHash;
    }

    uint256 private constant HEADER_BYTES = 80;
    /// Where the short form of the target lies in a header.
    uint256 private constant BITS_AT = 72;
    uint32 private constant BITS_NEGATIVE = 0x800000;
    uint32 private constant BITS_MANTISSA = 0x7fffff;
    /// The easiest target of Litecoin's rules.
    uint256 private constant EASIEST = type(uint256).max >> 20;
    /// An input of 80 bytes always takes 5,395,349.
    uint64 private constant MAX_STEPS = 6_000_000;
    uint256 private constant SECONDS_TO_TAKE = 1 hours;
    uint32 private constant CALLBACK_GAS = 100_000;
    /// One part in so many of a payment goes to whoever calls back.
    uint256 private constant TIP_SHARE = 16;

    bytes32 private immutable PROGRAM;

    mapping(bytes32 blockHash => Work work) private _works;
    mapping(bytes32 task => Check check) private _checks;
    uint256 private _requests;

    /// @notice `payer` asked for the proof of work of a block.
    event CheckRequested(bytes32 indexed blockHash, bytes32 indexed task, address indexed payer);

    /// @notice The block's proof of work meets its target.
    event Valid(bytes32 indexed blockHash);

    /// @notice The block's proof of work misses its target.
    event Invalid(bytes32 indexed blockHash);

    /// @notice The program gave no hash, but `outcome`.
    event Failed(bytes32 indexed blockHash, Outcome outcome);

    /// @notice The check ended without a result; `payer` has its `amount` wei back.
    event Reclaimed(bytes32 indexed blockHash, bytes32 indexed task, address indexed payer, uint256 amount);

    /// @notice A header has 80 bytes.
    error NotAHeader(uint256 length);

    /// @notice The target is negative, 0, or easier than Litecoin allows.
    error TargetOutOfRange(uint32 bits);

    /// @notice It is known already what the block's work is.
    error AlreadyChecked(bytes32 blockHash, Work work);

    /// @notice The task has a result or may still get one, or its payer has its money back, or nobody here paid for it.
    error NothingToReclaim(bytes32 task);

    /// @notice Only who paid for a check may cancel it.
    error NotThePayer(address payer);

    /// @notice Fixes whom and what it believes.
    /// @param market the market that is asked and trusted
    /// @param scrypt id of the program in wasm-tasks/scrypt
    constructor(ITaskMarket market, bytes32 scrypt) TaskConsumer(market) {
        PROGRAM = scrypt;
    }

    /// @notice Asks for the proof of work of a header, for the ether sent, in whole gwei.
    function check(bytes calldata header) external payable returns (bytes32 task) {
        bytes32 blockHash = blockHashOf(header);
        if (_works[blockHash] != Work.UNKNOWN) revert AlreadyChecked(blockHash, _works[blockHash]);
        uint32 bits = uint32(_littleEndian(header[BITS_AT:BITS_AT + 4]));
        targetOf(bits);
        uint64 gweiPaid = SafeCast.toUint64(msg.value / 1 gwei);
        task = _request(_order(), header, msg.value);
        _checks[task] = Check(msg.sender, gweiPaid, bits, blockHash);
        emit CheckRequested(blockHash, task, msg.sender);
    }

    /// @notice Gives the payer of a check its money back, if nobody took the task or it ended without a result.
    function reclaim(Request calldata r) external {
        bytes32 task = MARKET.taskId(MARKET.originOf(r));
        Check memory paid = _checks[task];
        TaskStatus status = MARKET.taskOf(task).status;
        bool isOpen = status == TaskStatus.OPEN;
        if (paid.payer == address(0) || !(isOpen || _isRefunded(status))) revert NothingToReclaim(task);
        if (isOpen && msg.sender != paid.payer) revert NotThePayer(paid.payer);
        delete _checks[task];
        uint256 amount = uint256(paid.gweiPaid) * 1 gwei;
        emit Reclaimed(paid.blockHash, task, paid.payer, amount);
        if (isOpen) _cancel(r);
        if (amount != 0) _withdrawEther(paid.payer, amount);
    }

    /// @notice What is known of a block.
    function workOf(bytes32 blockHash) external view returns (Work) {
        return _works[blockHash];
    }

    /// @notice A check that waits for its result; all zero once it is answered or reclaimed.
    function checkOf(bytes32 task) external view returns (Check memory) {
        return _checks[task];
    }

    /// @notice The program whose results are believed.
    function program() external view returns (bytes32) {
        return PROGRAM;
    }

    /// @notice Name of a block.
    function blockHashOf(bytes calldata header) public pure returns (bytes32) {
        if (header.length != HEADER_BYTES) revert NotAHeader(header.length);
        return sha256(abi.encode(sha256(header)));
    }

    /// @notice The number that a proof of work must not exceed, from its short form: a byte of exponent, a sign, and a
    /// mantissa whose last byte has the weight 256^(exponent - 3).
    function targetOf(uint32 bits) public pure returns (uint256 target) {
        uint256 exponent = bits >> 24;
        uint256 mantissa = bits & BITS_MANTISSA;
        if (exponent <= 3) target = mantissa >> (8 * (3 - exponent));
        else if (exponent <= 32) target = mantissa << (8 * (exponent - 3));
        else target = type(uint256).max; // 2^240 or more, or 0: refused either way
        if (bits & BITS_NEGATIVE != 0 || target == 0 || target > EASIEST) revert TargetOutOfRange(bits);
    }

    function _onResult(bytes32 task, Outcome calldata outcome, bytes calldata output) internal override {
        Check memory asked = _checks[task];
        delete _checks[task];
        if (outcome.kind != OutcomeKind.HALTED || outcome.code != 0 || output.length != 32) {
            _works[asked.blockHash] = Work.FAILED;
            emit Failed(asked.blockHash, outcome);
        } else if (_littleEndian(output) > targetOf(asked.bits)) {
            _works[asked.blockHash] = Work.INVALID;
            emit Invalid(asked.blockHash);
        } else {
            _works[asked.blockHash] = Work.VALID;
            emit Valid(asked.blockHash);
        }
    }

    /// @dev One price for all: solvers need not wait for a better one.
    function _order() private returns (Order memory) {
        uint256 tip = (msg.value / TIP_SHARE / 1 gwei) * 1 gwei;
        uint96 price = SafeCast.toUint96(msg.value - tip);
        return
            Order({
                program: PROGRAM,
                maxSteps: MAX_STEPS,
                minPrice: price,
                maxPrice: price,
                ramp: 0,
                expires: uint40(block.timestamp + SECONDS_TO_TAKE),
                tip: uint96(tip),
                callbackGas: CALLBACK_GAS,
                salt: bytes32(_requests++)
            });
    }

    function _isRefunded(TaskStatus status) private pure returns (bool) {
        return
            status == TaskStatus.VOID ||
            status == TaskStatus.CANCELLED ||
            status == TaskStatus.EXPIRED ||
            status == TaskStatus.ABANDONED;
    }

    function _littleEndian(bytes calldata data) private pure returns (uint256 number) {
        for (uint256 i = data.length; i > 0; --i) number = (number << 8) | uint8(data[i - 1]);
    }
}
