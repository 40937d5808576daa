// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { IArena } from "../interfaces/IArena.sol";
import { StateHash } from "../interfaces/IStepper.sol";
import { Claim, Entry, EntryStatus, Origin, Task, TaskStatus, Value } from "../interfaces/Task.sol";
import { GameIds } from "./GameIds.sol";

/// @notice What is stored of tasks, values and entries.
/// @dev The first entry of a value lies in the value's slot, so that what usually happens, one entry, takes one.
abstract contract Entries is IArena {
    mapping(bytes32 task => Task) internal _tasks;
    mapping(bytes32 task => mapping(StateHash value => Value)) internal _values;
    /// All but the first of their value.
    mapping(bytes32 entry => Entry) internal _entries;

    /// @inheritdoc IArena
    function taskOf(bytes32 task) external view returns (Task memory) {
        return _tasks[task];
    }

    /// @inheritdoc IArena
    function valueOf(bytes32 task, StateHash value) external view returns (Value memory) {
        return _values[task][value];
    }

    /// @inheritdoc IArena
    function entryOf(bytes32 task, Claim calldata claim) external view returns (Entry memory) {
        return _entry(task, claim);
    }

    /// @inheritdoc IArena
    function taskId(Origin memory origin) public view returns (bytes32) {
        return GameIds.taskId(origin);
    }

    /// @inheritdoc IArena
    function entryId(bytes32 task, address owner, StateHash value) external view returns (bytes32) {
        return GameIds.entryId(task, owner, value);
    }

    /// @dev Adds a living entry.
    function _add(bytes32 task, address owner, StateHash value) internal returns (bytes32 entry) {
        Task storage t = _tasks[task];
        entry = GameIds.entryId(task, owner, value);
        Value storage v = _values[task][value];
        (uint32 alive, uint32 count) = (v.alive, v.count);
        if (alive == 0) ++t.valuesAlive;
        if (count == 0) {
            ++t.valuesSeen;
            (v.first, v.firstStatus) = (owner, EntryStatus.ALIVE);
        } else {
            bool exists = v.first == owner || _entries[entry].status != EntryStatus.NONE;
            if (exists) revert EntryExists(entry);
            _entries[entry] = Entry(EntryStatus.ALIVE, 0, count);
        }
        unchecked {
            (v.alive, v.count) = (alive + 1, count + 1); // 2^32 stakes are more than there are
        }
    }

    /// @dev Counts a game of the entry with the id `entry` and returns its ordinal, from 1 on.
    function _countGame(bytes32 task, Claim memory claim, bytes32 entry) internal returns (uint24 ordinal) {
        Value storage v = _values[task][claim.value];
        bool isFirst = v.first == claim.owner;
        ordinal = isFirst ? v.firstGames : _entries[entry].games;
        if (ordinal == type(uint24).max) revert TooManyGames(entry);
        ++ordinal;
        if (isFirst) v.firstGames = ordinal;
        else _entries[entry].games = ordinal;
    }

    function _setStatus(bytes32 task, Claim memory claim, EntryStatus status) internal {
        Value storage v = _values[task][claim.value];
        if (v.first == claim.owner) v.firstStatus = status;
        else _entries[GameIds.entryId(task, claim.owner, claim.value)].status = status;
    }

    function _entry(bytes32 task, Claim memory claim) internal view returns (Entry memory) {
        Value storage v = _values[task][claim.value];
        if (v.first == claim.owner) return Entry(v.firstStatus, v.firstGames, 0);
        return _entries[GameIds.entryId(task, claim.owner, claim.value)];
    }

    function _requireAlive(bytes32 task, Claim memory claim) internal view {
        if (_entry(task, claim).status == EntryStatus.ALIVE) return;
        revert NotAlive(GameIds.entryId(task, claim.owner, claim.value));
    }

    /// @dev The task, once its solver has posted.
    function _posted(bytes32 task) internal view returns (Task storage t) {
        t = _tasks[task];
        if (t.status == TaskStatus.NONE) revert UnknownTask(task);
        if (t.postedAt == 0) revert NotPosted(task);
    }

    /// @dev Whether an entry lived to the verdict, before which this means nothing.
    function _lived(EntryStatus status) internal pure returns (bool) {
        return status == EntryStatus.ALIVE || status == EntryStatus.RELEASED;
    }

    function _isDead(EntryStatus status) internal pure returns (bool) {
        return status == EntryStatus.DEAD || status == EntryStatus.DIVIDED;
    }
}
