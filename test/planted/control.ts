import type { PlantedBug } from './bug.ts'

const STEPPER = 'contracts/machine/Stepper.sol'
const STEP = 'interpreter/machine/step.ts'
const CONTROL = { solidity: 'contracts/machine/Control.sol', typescript: 'interpreter/machine/control.ts' } as const
const ALU = { solidity: 'contracts/machine/Alu.sol', typescript: 'interpreter/machine/alu.ts' } as const
const FAST = 'interpreter/machine/run.ts'

const twins = (name: string) => ({ file: 'test/differential/substeps.test.ts', name })
const boundaries = (name: string) => ({ file: 'test/differential/boundaries.test.ts', name })
const checks = (name: string) => ({ file: 'test/differential/check-order.test.ts', name })
const stepper = (name: string) => ({ file: 'test/contracts/machine/stepper.test.ts', name })
/** Typed by hand. */
const step = (name: string) => ({ file: 'test/interpreter/machine/step.test.ts', name })
const control = (name: string) => ({ file: 'test/interpreter/machine/control.test.ts', name })
/** In V8. */
const engine = (name: string) => ({ file: 'test/interpreter/lower/run.test.ts', name })

export const CONTROL_FLOW: readonly PlantedBug[] = [
  {
    id: 'table-not-clamped',
    what: 'Both sides: br_table with an index behind its last label jumps behind its words',
    edits: [
      { file: CONTROL.solidity, from: 'pc + 1 + (a < target ? a : target)', to: 'pc + 1 + a' },
      { file: CONTROL.typescript, from: 'pc + 1n + (a < target ? a : target)', to: 'pc + 1n + a' },
    ],
    tests: [control('takes the last word of a table')],
  },
  {
    id: 'table-not-clamped-fast',
    what: 'In the fast run br_table with an index behind its last label jumps behind its words',
    edits: [{ file: FAST, from: 'Math.min(slots[p]! >>> 0, low[pc]! >>> 0)', to: '(slots[p]! >>> 0)' }],
    tests: [engine('br_table to blocks')],
  },
  {
    id: 'jump-tests-64-bits',
    what: 'JUMPZ and JUMPNZ look at more than 32 bits',
    edits: [{ file: CONTROL.solidity, from: 'bool zero = uint32(a) == 0;', to: 'bool zero = a == 0;' }],
    tests: [twins('JUMPNZ')],
  },
  {
    id: 'select-tests-64-bits',
    what: 'Both sides: the condition of select is taken from more than 32 bits',
    edits: [
      { file: ALU.solidity, from: 'uint32(core.c()) == 0', to: 'core.c() == 0' },
      { file: ALU.typescript, from: 'BigInt.asUintN(32, c) === 0n', to: 'c === 0n' },
    ],
    tests: [{ file: 'test/interpreter/machine/alu.test.ts', name: 'SELECT tests the low 32 bits' }],
  },
  {
    id: 'unknown-control-goes-on',
    what: 'Both sides: a control without a meaning goes on with the next word',
    edits: [
      {
        file: CONTROL.solidity,
        from: '        }\n        return (0, Spec.TRAP_ILLEGAL);',
        to: '        }\n        return (uint32(pc + 1), 0);',
      },
      {
        file: CONTROL.typescript,
        from: 'default:\n      return trapped(TRAP.ILLEGAL)',
        to: 'default:\n      return to(pc + 1n)',
      },
    ],
    tests: [checks('control alone sets its trap')],
  },
  {
    id: 'indirect-call-type',
    what: 'Both sides: call_indirect does not compare types',
    edits: [
      {
        file: CONTROL.solidity,
        from: 'return ref >> 32 == Word.immHi(word) ? Spec.TRAP_NONE : Spec.TRAP_TYPE_MISMATCH;',
        to: 'return Spec.TRAP_NONE;',
      },
      {
        file: CONTROL.typescript,
        from: 'return reference >> 32n === BigInt(immHi) ? TRAP.NONE : TRAP.TYPE_MISMATCH',
        to: 'return TRAP.NONE',
      },
    ],
    tests: [checks('type alone sets its trap')],
  },
  {
    id: 'indirect-call-type-fast',
    what: 'In the fast run call_indirect does not compare types',
    edits: [
      {
        file: 'interpreter/machine/tables.ts',
        from: 'return high === typeId ? low >>> 0 : -TRAP.TYPE_MISMATCH',
        to: 'return low >>> 0',
      },
    ],
    tests: [{ file: 'test/interpreter/lower/run-calls.test.ts', name: 'an entry of another type' }],
  },
  {
    id: 'indirect-call-null',
    what: 'A null reference is told as one of another type',
    edits: [{ file: CONTROL.solidity, from: 'if (ref == 0) return Spec.TRAP_UNINITIALIZED_ELEMENT;', to: '' }],
    tests: [checks('null alone sets its trap')],
  },
  {
    id: 'order-of-alu-and-control',
    what: 'Both sides: a trap of the control comes before one of the ALU',
    edits: [
      {
        file: STEPPER,
        from: 'if (trap == 0) (next, trap) = Control.transfer(word, Bits.field(core.regs, Spec.REGS_PC), core.a(), core.b());',
        to: `{
            uint256 first;
            (next, first) = Control.transfer(word, Bits.field(core.regs, Spec.REGS_PC), core.a(), core.b());
            if (first != 0) trap = first;
        }`,
      },
      { file: STEP, from: 'const first = result.trap || trap', to: 'const first = trap || result.trap' },
    ],
    tests: [checks('alu before trap')],
  },
  {
    id: 'order-of-entry-and-range',
    what: 'Both sides: an ENTER that exhausts the stack is told as illegal',
    edits: [
      {
        file: STEPPER,
        from: 'if (Word.alu(word) == Spec.ALU_ENTER && sp <= LIMIT && high) return Spec.TRAP_STACK_EXHAUSTED;',
        to: '',
      },
      {
        file: STEP,
        from: 'if (word.alu === ALU.ENTER && sp <= LIMIT && after > LIMIT) return TRAP.STACK_EXHAUSTED',
        to: '',
      },
    ],
    tests: [checks('enter alone sets its trap')],
  },
  {
    id: 'entry-limit',
    what: 'Both sides: a function may not use the last slot of the stack',
    edits: [
      { file: ALU.solidity, from: 'need > Spec.STACK_LIMIT', to: 'need >= Spec.STACK_LIMIT' },
      { file: ALU.typescript, from: 'need > BigInt(STACK_LIMIT)', to: 'need >= BigInt(STACK_LIMIT)' },
    ],
    tests: [boundaries('ENTER may ask for slots up to the limit')],
  },
  {
    id: 'work-after-a-trap',
    what: 'Substeps behind a trap go on with their work',
    edits: [
      {
        file: STEPPER,
        from: 'newLeaf = Trap.trapOf(core.misc) == 0 ? _work(core, n, leaf) : leaf;',
        to: 'newLeaf = _work(core, n, leaf);',
      },
    ],
    tests: [checks('alone sets its trap')],
  },
  {
    id: 'operand-out-of-range',
    what: 'The slot of operand c is not checked',
    edits: [{ file: STEPPER, from: 'if (_readsOutside(word, Spec.WORD_C, sp)) return Spec.TRAP_ILLEGAL;', to: '' }],
    tests: [twins('c at every boundary of sp')],
  },
  {
    id: 'result-out-of-range',
    what: 'Both sides: the slot of the result is not checked',
    edits: [
      {
        file: STEPPER,
        from: 'if (Word.writes(word) && _outside(sp - Bits.signedField(word, Spec.WORD_RESULT))) return Spec.TRAP_ILLEGAL;',
        to: '',
      },
      { file: STEP, from: 'word.unit & UNIT.WRITE ? [...reads, word.result] : reads', to: 'reads' },
    ],
    tests: [boundaries('a result has a slot')],
  },
  {
    id: 'operands-exchanged',
    what: 'Operands b and c are read from each other',
    edits: [
      {
        file: STEPPER,
        from: 'n == Spec.SUBSTEP_OPERAND_B ? Spec.WORD_B : Spec.WORD_C',
        to: 'n == Spec.SUBSTEP_OPERAND_B ? Spec.WORD_C : Spec.WORD_B',
      },
    ],
    tests: [boundaries('division overflows in one case')],
  },
  {
    id: 'stack-not-cut',
    what: 'Slots above sp keep what was there',
    edits: [{ file: STEPPER, from: 'how == CUT ? Spec.DEPTH_STACK : 0', to: '0' }],
    tests: [boundaries('BOUND')],
  },
  {
    id: 'stack-not-cut-everywhere',
    what: 'Both sides: slots above sp keep what was there',
    edits: [
      { file: STEPPER, from: 'how == CUT ? Spec.DEPTH_STACK : 0', to: '0' },
      {
        file: 'interpreter/commit/merkle.ts',
        from: 'i < depth && ((g >>> i) & 1) === 0 ? zeroNode(i) : sibling',
        to: 'i < 0 ? zeroNode(depth & g) : sibling',
      },
    ],
    tests: [{ file: 'test/interpreter/commit/sparse-tree.test.ts', name: 'cuts included' }],
  },
  {
    id: 'stack-cut-one-level-short',
    what: 'The upper half of the stack survives a cut in the lower one',
    edits: [{ file: STEPPER, from: 'how == CUT ? Spec.DEPTH_STACK : 0', to: 'how == CUT ? Spec.DEPTH_STACK - 1 : 0' }],
    tests: [boundaries('CHECKREF')],
  },
  {
    id: 'stack-cut-at-the-old-end',
    what: 'Both sides: the stack is cut where it ended before the step',
    edits: [
      {
        file: STEPPER,
        from: 'Merkle.leafIndex(Spec.REGION_STACK, _newSp(core))',
        to: 'Merkle.leafIndex(Spec.REGION_STACK, Bits.field(core.regs, Spec.REGS_SP))',
      },
      {
        file: STEP,
        from: 'leafIndex(REGION.STACK, newSp(core, word)), how',
        to: 'leafIndex(REGION.STACK, field(core.regs, REGS.sp)), how',
      },
    ],
    tests: [step('cuts the stack where it ends after the step')],
  },
  {
    id: 'steps-not-counted',
    what: 'The stepper counts no steps',
    edits: [
      {
        file: STEPPER,
        from: 'Bits.withField(regs, Spec.REGS_STEPS, Bits.field(regs, Spec.REGS_STEPS) + 1)',
        to: 'Bits.withField(regs, Spec.REGS_STEPS, Bits.field(regs, Spec.REGS_STEPS))',
      },
    ],
    tests: [boundaries('BOUND')],
  },
  {
    id: 'trapped-step-not-counted',
    what: 'Both sides: the step that traps is not counted',
    edits: [
      {
        file: STEPPER,
        from: 'Bits.withField(regs, Spec.REGS_STEPS, Bits.field(regs, Spec.REGS_STEPS) + 1)',
        to: 'Bits.withField(regs, Spec.REGS_STEPS, Bits.field(regs, Spec.REGS_STEPS) + (trap == 0 ? 1 : 0))',
      },
      { file: STEP, from: 'field(regs, REGS.steps) + 1n)', to: 'field(regs, REGS.steps) + (trap === 0n ? 1n : 0n))' },
    ],
    tests: [step('counts the step where it retires')],
  },
  {
    id: 'trapped-machine-goes-on',
    what: 'A machine that trapped takes another step',
    edits: [{ file: STEPPER, from: '== Spec.STATUS_RUNNING;', to: '!= Spec.STATUS_HALTED;' }],
    tests: [stepper('leaves a machine that stopped with status 2')],
  },
  {
    id: 'trapped-machine-goes-on-everywhere',
    what: 'Both sides: a machine that trapped takes another step',
    edits: [
      { file: STEPPER, from: '== Spec.STATUS_RUNNING;', to: '!= Spec.STATUS_HALTED;' },
      { file: STEP, from: '=== BigInt(STATUS.RUNNING) ?', to: '!== BigInt(STATUS.HALTED) ?' },
    ],
    tests: [step('none where the machine has stopped')],
  },
  {
    id: 'substep-counter-out-of-range',
    what: 'A substep counter above 11 is counted up and never ends the step',
    edits: [
      {
        file: STEPPER,
        from: 'if (n < Spec.SUBSTEP_OPERAND_A || n > Spec.SUBSTEP_WRITE_BACK) n',
        to: 'if (n < Spec.SUBSTEP_OPERAND_A || n == Spec.SUBSTEP_RETIRE) n',
      },
    ],
    tests: [stepper('takes a substep counter of')],
  },
  {
    id: 'substep-counter-out-of-range-everywhere',
    what: 'Both sides: a substep counter above 11 is counted up and never ends the step',
    edits: [
      {
        file: STEPPER,
        from: 'if (n < Spec.SUBSTEP_OPERAND_A || n > Spec.SUBSTEP_WRITE_BACK) n',
        to: 'if (n < Spec.SUBSTEP_OPERAND_A || n == Spec.SUBSTEP_RETIRE) n',
      },
      { file: STEP, from: 'n >= SUBSTEP.OPERAND_A && n <= SUBSTEP.WRITE_BACK ? n', to: 'n >= SUBSTEP.OPERAND_A ? n' },
    ],
    tests: [step('11 for every other')],
  },
  {
    id: 'call-returns-to-itself',
    what: 'Both sides: CALL leaves its own pc to return to',
    edits: [
      {
        file: STEPPER,
        from: 'core.setR(Bits.field(core.regs, Spec.REGS_PC) + 1);',
        to: 'core.setR(Bits.field(core.regs, Spec.REGS_PC));',
      },
      { file: STEP, from: 'r: field(core.regs, REGS.pc) + 1n', to: 'r: field(core.regs, REGS.pc)' },
    ],
    tests: [step('gives CALL the pc behind it')],
  },
  {
    id: 'exit-code',
    what: 'Both sides: HALT takes its exit code from b',
    edits: [
      { file: STEPPER, from: 'Spec.STATUS_HALTED, core.a())', to: 'Spec.STATUS_HALTED, core.b())' },
      { file: STEP, from: 'STATUS.HALTED, core.a)', to: 'STATUS.HALTED, core.b)' },
    ],
    tests: [step('as the exit code of HALT')],
  },
  {
    id: 'locals-not-zeroed',
    what: 'In the fast run locals begin with what an earlier call left in their slots',
    edits: [{ file: FAST, from: 'slots.fill(0, p, end)', to: '' }],
    tests: [{ file: 'test/interpreter/lower/run-calls.test.ts', name: 'begin with zero' }],
  },
]
