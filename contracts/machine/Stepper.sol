// SPDX-License-Identifier: MIT
pragma solidity ^0.8.31;

import { Bits } from "../commit/Bits.sol";
import { Core } from "../commit/Core.sol";
import { Merkle } from "../commit/Merkle.sol";
import { StateHashes } from "../commit/StateHash.sol";
import { Witness } from "../commit/Witness.sol";
import { Spec } from "../generated/Spec.sol";
import { IStepper, StateHash } from "../interfaces/IStepper.sol";
import { Alu } from "./Alu.sol";
import { Control } from "./Control.sol";
import { Memory } from "./Memory.sol";
import { Trap } from "./Trap.sol";
import { Word } from "./Word.sol";

/// @notice The twelve substeps. Source: docs/machine.md, "Witness and substeps". Twin: interpreter/machine/step.ts.
contract Stepper is IStepper {
    /// @dev What a touch does to its leaf.
    uint256 private constant READ = 0;
    uint256 private constant WRITE = 1;
    uint256 private constant CUT = 2;

    /// @dev Generalized index of the root: a substep that touches no leaf reads the root.
    uint256 private constant ROOT = 1;

    /// @dev In place of a substep: the machine has stopped.
    uint256 private constant IDLE = Spec.SUBSTEPS;

    int256 private constant LIMIT = int256(Spec.STACK_LIMIT);

    /// @inheritdoc IStepper
    function step(bytes32[] calldata witness) external pure returns (StateHash pre, StateHash post) {
        (Core memory core, uint256 head) = Witness.decodeCore(witness);
        uint256 n = _nextSubstep(core);
        (uint256 g, uint256 how) = _touch(core, n);
        (bytes32 leaf, uint256 bitmap, uint256 sent) = Witness.decodePath(witness, head, Merkle.pathLength(g));
        (uint256 regs, bytes32 scratch) = (core.regs, StateHashes.scratchHash(core));

        bytes32 newLeaf = bytes32(_advance(core, n, uint256(leaf)));

        (bytes32 root, bytes32 newRoot) = (leaf, leaf);
        if (how != READ) {
            (root, newRoot) = Merkle.foldPaths(g, leaf, newLeaf, bitmap, sent, how == CUT ? Spec.DEPTH_STACK : 0);
        } else if (g != ROOT) {
            root = newRoot = Merkle.foldPath(g, leaf, bitmap, sent);
        }
        pre = StateHashes.stateHash(root, regs, scratch);
        post = StateHashes.stateHash(newRoot, core.regs, StateHashes.scratchHash(core));
    }

    /// @dev Which substep comes next, 0 to 11; IDLE for a machine that has stopped and stays as it is.
    function _nextSubstep(Core memory core) private pure returns (uint256 n) {
        if (core.misc == 0) {
            bool running = Bits.field(core.regs, Spec.REGS_STATUS) == Spec.STATUS_RUNNING;
            return running ? Spec.SUBSTEP_FETCH : IDLE;
        }
        n = Bits.field(core.misc, Spec.MISC_SUBSTEP);
        if (n < Spec.SUBSTEP_OPERAND_A || n > Spec.SUBSTEP_WRITE_BACK) n = Spec.SUBSTEP_RETIRE;
    }

    /// @dev The leaf that substep n touches, and how; the root where it touches none.
    function _touch(Core memory core, uint256 n) private pure returns (uint256 g, uint256 how) {
        if (n == IDLE) return (ROOT, READ);
        if (n == Spec.SUBSTEP_FETCH) {
            uint256 pc = Bits.field(core.regs, Spec.REGS_PC);
            return (_inCode(pc) ? Merkle.leafIndex(Spec.REGION_CODE, pc) : ROOT, READ);
        }
        if (Trap.trapOf(core.misc) != 0) return (ROOT, READ);
        uint256 word = core.word;
        if (n <= Spec.SUBSTEP_OPERAND_C) {
            int256 depth = _operandDepth(word, n);
            return (depth == 0 ? ROOT : _slot(core, depth), READ);
        }
        if (n < Spec.SUBSTEP_EXECUTE) {
            if (n == Spec.SUBSTEP_ADDRESS || !Memory.isLoad(word)) return (ROOT, READ);
            return (_unitLeaf(core, n == Spec.SUBSTEP_LOAD_HIGH), READ);
        }
        if (n == Spec.SUBSTEP_STORE_LOW || n == Spec.SUBSTEP_STORE_HIGH) {
            g = Memory.isStore(word) ? _unitLeaf(core, n == Spec.SUBSTEP_STORE_HIGH) : ROOT;
            return (g, g == ROOT ? READ : WRITE);
        }
        if (n == Spec.SUBSTEP_WRITE_BACK && Word.writes(word)) {
            return (_slot(core, Bits.signedField(word, Spec.WORD_RESULT)), WRITE);
        }
        if (n == Spec.SUBSTEP_RETIRE && Word.delta(word) < 0) {
            return (Merkle.leafIndex(Spec.REGION_STACK, _newSp(core)), CUT);
        }
        return (ROOT, READ);
    }

    /// @dev The leaf of a load or store that is made: the first, or the second if the access crosses into it.
    /// - Unchecked: addresses are below 2^129.
    function _unitLeaf(Core memory core, bool second) private pure returns (uint256 g) {
        uint256 index = Memory.firstLeaf(core.word, core.a());
        if (second) {
            if (!Memory.crosses(core.word, core.a())) return ROOT;
            unchecked {
                ++index;
            }
        }
        return Merkle.leafIndex(Memory.regionOf(core.word), index);
    }

    function _inCode(uint256 pc) private pure returns (bool) {
        return pc >> Spec.DEPTH_CODE == 0;
    }

    /// @dev Depth of a, b or c, the operands of substeps 1 to 3.
    function _operandDepth(uint256 word, uint256 n) private pure returns (int256) {
        if (n == Spec.SUBSTEP_OPERAND_A) return Bits.signedField(word, Spec.WORD_A);
        return Bits.signedField(word, n == Spec.SUBSTEP_OPERAND_B ? Spec.WORD_B : Spec.WORD_C);
    }

    /// @dev Generalized index of the stack slot at a depth below sp.
    /// - Unchecked: counts modulo the size of the region.
    function _slot(Core memory core, int256 depth) private pure returns (uint256) {
        unchecked {
            return Merkle.leafIndex(Spec.REGION_STACK, Bits.field(core.regs, Spec.REGS_SP) - uint256(depth));
        }
    }

    /// - Unchecked: counts modulo 2^32.
    function _newSp(Core memory core) private pure returns (uint256) {
        unchecked {
            return uint32(Bits.field(core.regs, Spec.REGS_SP) + uint256(Word.delta(core.word)));
        }
    }

    /// @dev Executes substep n: changes the core, returns the touched leaf as it is afterwards.
    /// - Unchecked: n is at most 10 where the substep is counted.
    function _advance(Core memory core, uint256 n, uint256 leaf) private pure returns (uint256 newLeaf) {
        if (n == IDLE) return leaf;
        if (n == Spec.SUBSTEP_FETCH) {
            _fetch(core, leaf);
            return leaf;
        }
        if (n == Spec.SUBSTEP_RETIRE) {
            _retire(core);
            return 0;
        }
        newLeaf = Trap.trapOf(core.misc) == 0 ? _work(core, n, leaf) : leaf;
        unchecked {
            core.misc += 1; // MISC_SUBSTEP is its lowest field
        }
    }

    /// @dev Substeps 1 to 10 of a step without a trap; the substep counter is not moved here.
    function _work(Core memory core, uint256 n, uint256 leaf) private pure returns (uint256 newLeaf) {
        if (n > Spec.SUBSTEP_EXECUTE) {
            if (n == Spec.SUBSTEP_STORE_LOW) return _storedLow(core, leaf);
            if (n == Spec.SUBSTEP_STORE_HIGH) return _storedHigh(core, leaf);
            return Word.writes(core.word) ? core.r() : leaf;
        }
        if (n <= Spec.SUBSTEP_OPERAND_C) _operand(core, n, leaf);
        else if (n == Spec.SUBSTEP_ADDRESS) _address(core);
        else if (n == Spec.SUBSTEP_LOAD_LOW) _loadLow(core, leaf);
        else if (n == Spec.SUBSTEP_LOAD_HIGH) _loadHigh(core, leaf);
        else _execute(core);
        return leaf;
    }

    function _fetch(Core memory core, uint256 leaf) private pure {
        bool inCode = _inCode(Bits.field(core.regs, Spec.REGS_PC));
        core.word = inCode ? leaf : 0;
        uint256 trap = inCode ? _stackTrap(leaf, int256(Bits.field(core.regs, Spec.REGS_SP))) : Spec.TRAP_ILLEGAL;
        core.misc = Trap.withTrap(Spec.SUBSTEP_OPERAND_A, trap);
    }

    /// @dev The trap that the stack range of a fetched word sets, or 0.
    /// - Unchecked: sp and delta are below 2^32.
    function _stackTrap(uint256 word, int256 sp) private pure returns (uint256) {
        unchecked {
            int256 newSp = sp + Word.delta(word);
            bool high = newSp > LIMIT;
            if (Word.alu(word) == Spec.ALU_ENTER && sp <= LIMIT && high) return Spec.TRAP_STACK_EXHAUSTED;
            if (sp > LIMIT || newSp < 0 || high) return Spec.TRAP_ILLEGAL;
            if (_readsOutside(word, Spec.WORD_A, sp)) return Spec.TRAP_ILLEGAL;
            if (_readsOutside(word, Spec.WORD_B, sp)) return Spec.TRAP_ILLEGAL;
            if (_readsOutside(word, Spec.WORD_C, sp)) return Spec.TRAP_ILLEGAL;
            if (Word.writes(word) && _outside(sp - Bits.signedField(word, Spec.WORD_RESULT))) return Spec.TRAP_ILLEGAL;
            return Spec.TRAP_NONE;
        }
    }

    /// - Unchecked: sp and depth are below 2^32.
    function _readsOutside(uint256 word, uint256 field, int256 sp) private pure returns (bool) {
        int256 depth = Bits.signedField(word, field);
        unchecked {
            return depth != 0 && _outside(sp - depth);
        }
    }

    /// @dev Whether there is no such slot.
    function _outside(int256 slot) private pure returns (bool) {
        return slot < 0 || slot >= LIMIT;
    }

    function _operand(Core memory core, uint256 n, uint256 leaf) private pure {
        uint256 value = _operandDepth(core.word, n) == 0 ? 0 : leaf;
        if (n == Spec.SUBSTEP_OPERAND_A) core.setA(value);
        else if (n == Spec.SUBSTEP_OPERAND_B) core.setB(value);
        else core.setC(value);
    }

    function _address(Core memory core) private pure {
        uint256 trap = Memory.checkAddress(core.word, core.a(), Bits.field(core.regs, Spec.REGS_PAGES));
        if (trap != 0) core.misc = Trap.withTrap(core.misc, trap);
    }

    function _loadLow(Core memory core, uint256 leaf) private pure {
        uint256 word = core.word;
        if (!Memory.isLoad(word)) return;
        uint256 region = Memory.regionOf(word);
        if (Memory.isBytes(region)) core.setR(core.r() | Memory.loadLow(word, core.a(), leaf));
        else if (region == Spec.REGION_GLOBALS) core.setR(leaf);
        else {
            (bool present, uint256 ref) = Memory.presentReference(leaf);
            if (present) core.setR(ref);
            else core.misc = Trap.withTrap(core.misc, Memory.absentTrap(word));
        }
    }

    function _loadHigh(Core memory core, uint256 leaf) private pure {
        uint256 word = core.word;
        if (Memory.isLoad(word) && Memory.crosses(word, core.a()))
            core.setR(core.r() | Memory.loadHigh(word, core.a(), leaf));
    }

    function _execute(Core memory core) private pure {
        uint256 word = core.word;
        uint256 control = Word.control(word);
        if (control == Spec.CONTROL_CALL) return _call(core, Word.immLo(word));
        if (control == Spec.CONTROL_CALLREF) {
            uint256 refused = Control.checkReference(word, core.r());
            if (refused == 0) _call(core, core.r());
            else core.misc = Trap.withTrap(core.misc, refused);
            return;
        }
        (uint256 r, uint256 pages, uint256 trap) = Alu.alu(core);
        uint256 next;
        if (trap == 0) (next, trap) = Control.transfer(word, Bits.field(core.regs, Spec.REGS_PC), core.a(), core.b());
        if (trap == 0) {
            core.misc = _replaceMisc(core.misc, next, pages);
            core.setR(r);
        } else {
            core.misc = Trap.withTrap(core.misc, trap);
        }
    }

    /// - Unchecked: pc is below 2^32.
    function _call(Core memory core, uint256 next) private pure {
        core.misc = _replaceMisc(core.misc, next, Bits.field(core.regs, Spec.REGS_PAGES));
        unchecked {
            core.setR(Bits.field(core.regs, Spec.REGS_PC) + 1);
        }
    }

    function _replaceMisc(uint256 misc, uint256 next, uint256 pages) private pure returns (uint256) {
        return Bits.withField(Bits.withField(misc, Spec.MISC_NEXT, next), Spec.MISC_PAGES, pages);
    }

    function _storedLow(Core memory core, uint256 leaf) private pure returns (uint256) {
        uint256 word = core.word;
        if (!Memory.isStore(word)) return leaf;
        uint256 region = Memory.regionOf(word);
        if (Memory.isBytes(region)) return Memory.storeLow(word, core.a(), core.r(), leaf);
        return region == Spec.REGION_GLOBALS ? core.r() : Memory.tableLeaf(core.r());
    }

    function _storedHigh(Core memory core, uint256 leaf) private pure returns (uint256) {
        uint256 word = core.word;
        bool stores = Memory.isStore(word) && Memory.crosses(word, core.a());
        return stores ? Memory.storeHigh(word, core.a(), core.r(), leaf) : leaf;
    }

    /// - Unchecked: steps count modulo 2^64.
    function _retire(Core memory core) private pure {
        (uint256 regs, uint256 misc) = (core.regs, core.misc);
        uint256 trap = Trap.trapOf(misc);
        unchecked {
            regs = Bits.withField(regs, Spec.REGS_STEPS, Bits.field(regs, Spec.REGS_STEPS) + 1);
        }
        if (trap != 0) {
            regs = _stop(regs, Spec.STATUS_TRAPPED, trap);
        } else {
            regs = Bits.withField(regs, Spec.REGS_PC, Bits.field(misc, Spec.MISC_NEXT));
            regs = Bits.withField(regs, Spec.REGS_SP, _newSp(core));
            regs = Bits.withField(regs, Spec.REGS_PAGES, Bits.field(misc, Spec.MISC_PAGES));
            if (Word.control(core.word) == Spec.CONTROL_HALT) regs = _stop(regs, Spec.STATUS_HALTED, core.a());
        }
        (core.regs, core.misc) = (regs, 0);
    }

    function _stop(uint256 regs, uint256 status, uint256 exit) private pure returns (uint256) {
        return Bits.withField(Bits.withField(regs, Spec.REGS_STATUS, status), Spec.REGS_EXIT, exit);
    }
}
