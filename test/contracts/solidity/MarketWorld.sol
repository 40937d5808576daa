// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { StateHashes } from "../../../contracts/commit/StateHash.sol";
import { Slots } from "../../../contracts/game/Slots.sol";
import { IGames, Turn } from "../../../contracts/interfaces/IGames.sol";
import { IProgramRegistry } from "../../../contracts/interfaces/IProgramRegistry.sol";
import { IStakeVault } from "../../../contracts/interfaces/IStakeVault.sol";
import { IStepper, StateHash } from "../../../contracts/interfaces/IStepper.sol";
import { ITaskMarket, Rules, Setting } from "../../../contracts/interfaces/ITaskMarket.sol";
import { Claim, Entry, Final, Origin, Request, Task } from "../../../contracts/interfaces/Task.sol";
import { ToyRuns } from "./ToyRuns.sol";
import { VM, Vm } from "./Vm.sol";

/// @notice A market, its players, and what is remembered of tasks, entries and games.
/// @dev The time is kept here, as the compiler takes block.timestamp to be the same all through a call.
abstract contract MarketWorld {
    using Slots for bytes32;

    uint256 public constant PLAYERS = 5;
    uint256 public constant BOND = 101;
    uint256 internal constant MAX_TASKS = 3;
    bytes4 private constant PANIC = 0x4e487b71;
    uint256 private constant TOKENS = 1e9;
    uint256 private constant ETHER = 100 ether;

    /// An entry, or the claim to one.
    struct Made {
        uint256 task;
        uint256 kind; // of run, see ToyRuns
        address owner;
        StateHash value;
        bytes32 id;
    }

    /// A game, as its last event tells it.
    struct Played {
        bytes32 id;
        uint256 opener; // index of its entry
        uint256 target;
        Turn turn;
        StateHash[] sequence;
    }

    ITaskMarket public immutable market;
    IStakeVault public immutable vault;
    IGames public immutable games;
    IERC20 public immutable token;
    IProgramRegistry internal immutable registry;

    address[PLAYERS] public players;
    bytes32[MAX_TASKS] internal programs;
    Request[] internal requests;
    Origin[] internal origins;
    bytes32[] internal ids;
    uint256[] internal roots;
    Made[] internal entries;
    Played[] internal played;
    mapping(bytes32 game => bool) internal wasOpened;
    /// A call of the market failed by an assertion of the compiler.
    bool public hasPanicked;
    /// Seconds.
    uint256 public time;
    /// How often an event was emitted, by its selector.
    mapping(bytes32 selector => uint256) public emitted;

    constructor() {
        token = IERC20(_deploy("SubstepToken", abi.encode(1e15)));
        registry = IProgramRegistry(_deploy("ProgramRegistry", ""));
        Setting memory setting = Setting(IStepper(_deploy("ToyStepper", "")), ToyRuns.ARITY, registry, token, 30);
        Rules memory rules = Rules(20, 10, 30, 20, 10, 40, 200, 1e6, 16, uint96(BOND), 1 gwei, 500_000, 150_000, 0, 64);
        market = ITaskMarket(_deploy("TaskMarket", abi.encode(setting, rules)));
        vault = market.vault();
        games = market.games();
        time = 1_000_000;
        token.approve(address(vault), type(uint256).max);
        VM.deal(address(this), 2 * PLAYERS * ETHER);
        for (uint256 i = 0; i < MAX_TASKS; ++i) {
            programs[i] = registry.publish(ToyRuns.program(1 + i), ToyRuns.startRegs());
        }
        for (uint256 i = 0; i < PLAYERS; ++i) {
            players[i] = address(uint160(0x1000 + i));
            vault.deposit(players[i], TOKENS);
            vault.depositEther{ value: ETHER }(players[i]);
        }
    }

    /// @dev The contract as it was compiled for deployments.
    function _deploy(string memory name, bytes memory arguments) private returns (address deployed) {
        bytes memory code = bytes.concat(VM.getCode(name), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        require(deployed != address(0), name);
    }

    function countTasks() public view returns (uint256) {
        return requests.length;
    }

    function countEntries() public view returns (uint256) {
        return entries.length;
    }

    function requestAt(uint256 task) public view returns (Request memory) {
        return requests[task];
    }

    function originAt(uint256 task) public view returns (Origin memory) {
        return origins[task];
    }

    function idAt(uint256 task) public view returns (bytes32) {
        return ids[task];
    }

    function taskAt(uint256 task) public view returns (Task memory) {
        return market.taskOf(ids[task]);
    }

    function madeAt(uint256 entry) public view returns (Made memory) {
        return entries[entry];
    }

    function entryAt(uint256 entry) public view returns (Entry memory) {
        return market.entryOf(idAt(entries[entry].task), claimAt(entry));
    }

    function claimAt(uint256 entry) public view returns (Claim memory) {
        return Claim(entries[entry].owner, entries[entry].value);
    }

    /// @notice The entries that an entry played, in the order of opening.
    function opponentsOf(uint256 entry) public view returns (Claim[] memory claims) {
        uint256 count = entryAt(entry).games;
        claims = new Claim[](count);
        for (uint256 i = 0; i < played.length; ++i) {
            Played storage game = played[i];
            if (game.opener != entry && game.target != entry) continue;
            uint256 other = game.opener == entry ? game.target : game.opener;
            uint256 ordinal = games.standing(game.id).ordinalOf(entries[entry].id < entries[other].id ? 0 : 1);
            claims[ordinal - 1] = claimAt(other);
        }
    }

    /// @notice The root of the initial state of a task.
    function rootAt(uint256 task) public view returns (uint256) {
        return roots[task];
    }

    /// @dev Calls as `sender`, and remembers what the market tells of games and entries.
    function _send(address sender, address to, bytes memory data, uint256 value) internal returns (bool success) {
        VM.recordLogs();
        VM.prank(sender);
        bytes memory returned;
        (success, returned) = to.call{ value: value }(data);
        if (!success && returned.length >= 4 && bytes4(returned) == PANIC) hasPanicked = true;
        _remember(VM.getRecordedLogs());
    }

    function _send(address sender, bytes memory data) internal returns (bool) {
        return _send(sender, address(market), data, 0);
    }

    /// @dev Makes a call that is to make an entry.
    function _enter(Made memory made, bytes memory data) internal {
        entries.push(made);
        if (!_send(made.owner, data)) entries.pop();
    }

    function _claimed(uint256 task, uint256 kind, address owner) internal view returns (Made memory) {
        bytes32 root = bytes32(ToyRuns.finalRoot(rootAt(task), kind));
        StateHash value = StateHashes.stateHash(root, ToyRuns.haltRegs(), 0);
        return Made(task, kind, owner, value, market.entryId(idAt(task), owner, value));
    }

    function _final(uint256 task, uint256 kind) internal view returns (Final memory) {
        return Final(bytes32(ToyRuns.finalRoot(rootAt(task), kind)), ToyRuns.haltRegs());
    }

    function _inner(uint256 task, uint256 kind) internal view returns (StateHash[] memory inner) {
        StateHash[] memory whole = ToyRuns.sequence(rootAt(task), kind, 0, ToyRuns.HALT);
        inner = new StateHash[](whole.length - 2);
        for (uint256 i = 0; i < inner.length; ++i) inner[i] = whole[i + 1];
    }

    function _remember(Vm.Log[] memory logs) private {
        for (uint256 i = 0; i < logs.length; ++i) {
            ++emitted[logs[i].topics[0]];
            if (logs[i].topics[0] == ITaskMarket.TaskRequested.selector) {
                (Request memory r, , ) = abi.decode(logs[i].data, (Request, uint256, bytes));
                requests.push(r);
                origins.push(market.originOf(r));
                ids.push(logs[i].topics[1]);
                roots.push(ToyRuns.initialRoot(requests.length, r.inputRoot));
            }
            if (logs[i].topics[0] != IGames.Moved.selector) continue;
            (Turn memory turn, StateHash[] memory sequence) = abi.decode(logs[i].data, (Turn, StateHash[]));
            bytes32 id = logs[i].topics[1];
            if (!wasOpened[id]) _remember(id, logs[i - 1]);
            Played storage game = _gameOf(id);
            game.turn = turn;
            game.sequence = sequence;
        }
    }

    /// @dev `opened` is the event that comes before the first move.
    function _remember(bytes32 id, Vm.Log memory opened) private {
        wasOpened[id] = true;
        Played storage game = played.push();
        (game.id, game.opener, game.target) = (id, _indexOf(opened.topics[2]), _indexOf(opened.topics[3]));
    }

    function _gameOf(bytes32 id) private view returns (Played storage) {
        for (uint256 i = 0; i < played.length; ++i) if (played[i].id == id) return played[i];
        revert("no such game");
    }

    function _indexOf(bytes32 entry) private view returns (uint256) {
        for (uint256 i = 0; i < entries.length; ++i) if (entries[i].id == entry) return i;
        revert("no such entry");
    }
}
