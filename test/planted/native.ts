import type { PlantedBug } from './bug.ts'

const native = (file: string) => `interpreter/native/${file}.ts`
/** Runs beside the interpreter: at random steps, captured and resumed, to a trap. */
const program = (name: string) => ({ file: 'test/interpreter/native/programs.test.ts', name })
const shown = (file: string, name?: string) => ({
  file: `test/interpreter/native/${file}.test.ts`,
  ...(name !== undefined && { name }),
})

export const NATIVE: readonly PlantedBug[] = [
  {
    id: 'native-argument-slot',
    what: 'A captured frame has its arguments one slot too low',
    edits: [
      {
        file: native('capture'),
        from: 'local < body.args ? local - body.args - 1 : local - body.args',
        to: 'local < body.args ? local - body.args - 2 : local - body.args',
      },
    ],
    tests: [program('recursion: captured and resumed')],
  },
  {
    id: 'native-operand-slot',
    what: 'Captured operands lie over the last local',
    edits: [
      { file: native('body'), from: 'return this.own + height', to: 'return Math.max(0, this.own - 1) + height' },
    ],
    tests: [program('carriedValues: captured and resumed')],
  },
  {
    id: 'native-results-while-unwinding',
    what: 'A frame whose callee was captured is captured with the results of the call, which there are not yet',
    edits: [
      {
        file: native('capture'),
        from: "body.put(unwinding(body), opcode('i32.eqz'), [0x04, 0x40])",
        to: 'body.put(i32Const(1), [0x04, 0x40])',
      },
    ],
    tests: [program('recursion: captured and resumed')],
  },
  {
    id: 'native-return-pc-of-a-tail-call',
    what: 'After a tail call the return pc is captured where the first function had it',
    edits: [
      {
        file: native('runner'),
        from: 'store.slots64[returnSlot] = BigInt(returnPc)',
        to: 'store.slots64[Math.min(sp - 1, returnSlot)] = BigInt(returnPc)',
      },
    ],
    tests: [program('framesOfTailCalls: captured and resumed')],
  },
  {
    id: 'native-mark-of-a-store',
    what: 'A store marks the block in front of its own',
    edits: [{ file: native('marking'), from: '...i32Const(1),\n', to: '...i32Const(0),\n' }],
    tests: [program('loops: at random steps'), shown('stores')],
  },
  {
    id: 'native-mark-across-blocks',
    what: 'The second block of a store that goes on in it is not taken for changed',
    edits: [{ file: native('marks'), from: 'marks.fill(1, block, block + 2)', to: 'marks.fill(1, block, block + 1)' }],
    tests: [shown('stores')],
  },
  {
    id: 'native-mark-of-another-value',
    what: 'A mark holds for a local that has got another value',
    edits: [{ file: native('marking'), from: 'known.version === body.versions[local] && ', to: '' }],
    tests: [shown('stores')],
  },
  {
    id: 'native-mark-before-a-loop',
    what: 'What is marked before a loop is a local that changes in it',
    edits: [
      { file: native('marking'), from: 'if (isSetWithin(body.source.source.body, local, loop.at)) break\n', to: '' },
    ],
    tests: [shown('stores')],
  },
  {
    id: 'native-mark-of-an-entry',
    what: 'table.set does not reach the hash',
    edits: [
      {
        file: native('regions'),
        from: "...access('i32.store8', layout.tablesDirty),",
        to: "...opcode('drop'),\n  ...opcode('drop'),",
      },
    ],
    tests: [program('tableMutation: at random steps')],
  },
  {
    id: 'native-nan-stored',
    what: 'A NaN that arithmetic made is stored as the engine made it',
    edits: [{ file: native('memory'), from: 'body.need(2, true)', to: 'body.need(2)' }],
    tests: [program('nanBits')],
  },
  {
    id: 'native-nan-negated',
    what: 'neg, abs, copysign and reinterpret take a NaN as the engine made it, whose sign is that of the processor',
    edits: [
      { file: native('operands'), from: 'KEEPS_BITS.test(op)', to: "op.startsWith('no float') && KEEPS_BITS.test(op)" },
    ],
    tests: [program('nanBits')],
  },
  {
    id: 'native-nan-selected',
    what: 'A NaN that was only moved loses its bits when it is selected from beside one that arithmetic made',
    edits: [{ file: native('instructions'), from: 'const raw = a!.raw && b!.raw', to: 'const raw = a!.raw || b!.raw' }],
    tests: [program('nanBits')],
  },
  {
    id: 'native-offset',
    what: 'Loads with an offset read eight bytes too far',
    edits: [
      {
        file: native('memory'),
        from: 'else body.put(access(op, displacement + body.env.layout.memory, 0, align))',
        to: 'else body.put(access(op, displacement + (displacement === 0 ? 0 : 8) + body.env.layout.memory, 0, align))',
      },
    ],
    tests: [program('edgesOfMemory')],
  },
  {
    id: 'native-grow-limit',
    what: 'memory.grow goes one page beyond the limit',
    edits: [{ file: native('memory'), from: 'i32Const(limit + below)', to: 'i32Const(limit + below + 1)' }],
    tests: [program('growth: at random steps')],
  },
  {
    id: 'native-size-of-all-memory',
    what: 'memory.size counts the pages below the memory of the task',
    edits: [
      {
        file: native('memory'),
        from: "body.put(opcode('memory.size'), MEMORY_0, i32Const(pagesBelow(body)), opcode('i32.sub'))",
        to: "body.put(opcode('memory.size'), MEMORY_0)",
      },
    ],
    tests: [program('growth: at random steps')],
  },
  {
    id: 'native-reach',
    what: 'The engine is asked for so many steps that it runs past the one that is wanted',
    edits: [
      {
        file: native('native-machine'),
        from: 'const fuel = Math.min(left - native.recompiled.reach,',
        to: 'const fuel = Math.min(left + native.recompiled.reach,',
      },
    ],
    tests: [program('at random steps')],
  },
  {
    id: 'native-branch-table-steps',
    what: 'A branch of br_table that drops operands counts as one step',
    edits: [
      {
        file: native('branches'),
        from: 'const steps = body.env.listing.stepsWithin(pc + 1 + i, pc, pc + words)',
        to: 'const steps = Math.min(1, body.env.listing.stepsWithin(pc + 1 + i, pc, pc + words))',
      },
    ],
    tests: [program('tableOfValues: captured and resumed')],
  },
  {
    id: 'native-end-of-an-arm',
    what: 'The jump over the second arm of an if is no step',
    edits: [
      {
        file: native('control'),
        from: 'body.charge(body.words)\n    fallInto(body, label)',
        to: 'fallInto(body, label)',
      },
    ],
    tests: [program('arms: captured and resumed')],
  },
  {
    id: 'native-resumed-arm',
    what: 'What goes on in the first arm of an if runs through the second one, too',
    edits: [{ file: native('function'), from: 'return this.#blocks.end(opening)\n', to: 'return at + 1\n' }],
    tests: [program('arms: '), shown('stores')],
  },
  {
    id: 'native-stack-limit',
    what: 'A function is entered for which slots are missing',
    edits: [
      {
        file: native('function'),
        from: "...opcode('i32.gt_u'),",
        to: "...i32Const(3),\n  ...opcode('i32.add'),\n  ...opcode('i32.gt_u'),",
      },
    ],
    tests: [shown('full-stack')],
  },
  {
    id: 'native-type-of-a-callee',
    what: 'Of the type of a callee only what the engine sees of it is checked, for which all references are numbers',
    edits: [
      {
        file: native('regions'),
        from: "body.put(trapIf([...i32Const(immHi), ...opcode('i32.ne')]))",
        to: "body.put(opcode('drop'))\n  void immHi",
      },
    ],
    tests: [program('typesOfReferences')],
  },
  {
    id: 'native-absent-entry',
    what: 'table.get takes an entry that the table has not for null',
    edits: [
      {
        file: native('regions'),
        from: 'body.put(localSet(index), beyond(index, capacity), absent(body, index, base), loadReference(body, index, base))',
        to: 'body.put(localSet(index), beyond(index, capacity), loadReference(body, index, base))',
      },
    ],
    tests: [program('tableBoundsWithinItsRoom')],
  },
  {
    id: 'native-copy-of-tables',
    what: 'Back at an earlier state the tables are as they were left',
    edits: [
      {
        file: native('parts'),
        from: '() => store.tables.references,',
        to: '() => store.tables.references.subarray(0, 0),',
      },
    ],
    tests: [shown('long-run')],
  },
  {
    id: 'native-copy-of-globals',
    what: 'Back at an earlier state the globals are as they were left',
    edits: [
      {
        file: native('parts'),
        from: 'unmarkedPart(() => wordsOf(store.globals)),',
        to: 'unmarkedPart(() => wordsOf(store.globals).subarray(0, 0)),',
      },
    ],
    tests: [program('start: at random steps'), shown('random')],
  },
  {
    id: 'native-step-of-a-trap',
    what: 'Where a piece traps, the machine stands at its end and not at its start',
    edits: [{ file: native('native-machine'), from: '    this.#restore(this.#trail.base)\n', to: '' }],
    tests: [program('unreachable: traps')],
  },
]
