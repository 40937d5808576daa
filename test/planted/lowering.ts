import type { PlantedBug } from './bug.ts'

const lower = (file: string) => `interpreter/lower/${file}.ts`
/** Words typed by hand, or runs in V8. */
const shown = (file: string, name: string) => ({ file: `test/interpreter/lower/${file}.test.ts`, name })

export const LOWERING: readonly PlantedBug[] = [
  {
    id: 'several-values-order',
    what: 'Of several values that a branch carries the highest moves first, onto those below it',
    edits: [{ file: lower('control'), from: 'const depth = above + count - i', to: 'const depth = above + 1 + i' }],
    tests: [shown('control', 'with values moves them down, the lowest first')],
  },
  {
    id: 'branch-without-drop',
    what: 'br_if leaves the operands that it should drop',
    edits: [
      {
        file: lower('control'),
        from: "label.kind !== 'function' && dropped(label, height) === 0",
        to: "label.kind !== 'function' && height < Number.POSITIVE_INFINITY",
      },
    ],
    tests: [shown('run', 'br_if with a value over operands to drop')],
  },
  {
    id: 'loop-carries-results',
    what: 'A branch to a loop carries its results instead of its parameters',
    edits: [
      {
        file: lower('control'),
        from: "kind === 'loop' ? params : results",
        to: "kind === 'loop' ? results : results + 0 * params",
      },
    ],
    tests: [shown('control', 'to a loop')],
  },
  {
    id: 'else-without-parameters',
    what: 'The second arm of an if does not find its parameters',
    edits: [
      {
        file: lower('blocks'),
        from: 'setHeight(body, label.height + label.params)',
        to: 'setHeight(body, label.height)',
      },
    ],
    tests: [shown('control', 'both arms of an if begin with its parameters')],
  },
  {
    id: 'table-default',
    what: 'br_table takes the word behind its own for the default',
    edits: [{ file: lower('blocks'), from: 'jumpTable(labels.length - 1)', to: 'jumpTable(labels.length)' }],
    tests: [shown('run', 'br_table to blocks')],
  },
  {
    id: 'unreachable-code',
    what: 'Code that cannot be reached is lowered',
    edits: [
      {
        file: lower('function'),
        from: 'if (!body.reachable && !OF_DEAD_CODE.has(op)) return',
        to: 'if (!body.reachable && OF_DEAD_CODE.size === 0) return',
      },
    ],
    tests: [shown('control', 'is not emitted, with all blocks in it')],
  },
  {
    id: 'tail-call-keeps-the-frame',
    what: 'return_call is a call and a return',
    edits: [
      {
        file: lower('calls'),
        from: "if (callee.kind === 'intrinsic') {\n    lowerCall",
        to: 'if (callee.kind !== undefined) {\n    lowerCall',
      },
    ],
    tests: [shown('run-calls', 'of a function to itself take no stack')],
  },
  {
    id: 'return-pc-overwritten',
    what: 'More results than the frame has room for overwrite the return pc before it is read',
    edits: [
      { file: lower('control'), from: '=> results > args + RETURN_PC', to: '=> results > args + 64 * RETURN_PC' },
    ],
    tests: [shown('calls', 'return')],
  },
  {
    id: 'entry-without-callee',
    what: 'A function does not reserve the slot in which its callee finds the return pc',
    edits: [
      {
        file: lower('function'),
        from: 'body.greatestHeight + RETURN_PC_SLOTS + copySlots',
        to: 'body.greatestHeight + 0 * RETURN_PC_SLOTS + copySlots',
      },
    ],
    tests: [shown('calls', 'makes room for the locals and needs them')],
  },
  {
    id: 'entry-without-copy',
    what: 'A function does not reserve the slot in which it copies its return pc',
    edits: [{ file: lower('function'), from: 'body.copiesReturnPc ? 1 : 0', to: 'body.copiesReturnPc ? 0 : 0' }],
    tests: [shown('calls', 'needs one slot more where the function copies its return pc')],
  },
  {
    id: 'local-behind-the-return-pc',
    what: 'The first local is read from the slot of the return pc',
    edits: [{ file: lower('control'), from: '(index < args ? RETURN_PC : 0)', to: '(index <= args ? RETURN_PC : 0)' }],
    tests: [shown('run', 'loops with exits')],
  },
  {
    id: 'unsigned-extension',
    what: 'i64.extend_i32_u repeats the sign',
    edits: [
      { file: lower('arithmetic'), from: "['i64.extend_i32_u', 'i32.ext32']", to: "['i64.extend_i32_u', 'i64.ext32']" },
    ],
    tests: [{ file: 'test/interpreter/machine/numeric.test.ts', name: 'the fast run' }],
  },
  {
    id: 'load-extension',
    what: 'i64.load16_s stops at 32 bits',
    edits: [
      {
        file: lower('memory'),
        from: "'i64.load16_s': loading(1, EXTENSION.SIGN64)",
        to: "'i64.load16_s': loading(1, EXTENSION.SIGN32)",
      },
    ],
    tests: [shown('words', 'i64.load16_s')],
  },
  {
    id: 'grow-beyond-the-declared-maximum',
    what: 'memory.grow does not know the maximum that the module declares',
    edits: [
      {
        file: lower('image'),
        from: 'Math.min(maximum ?? MAX_PAGES, MAX_GROW_PAGES)',
        to: 'Math.min(MAX_PAGES, MAX_GROW_PAGES)',
      },
    ],
    tests: [shown('run', 'memory.grow up to the declared maximum')],
  },
  {
    id: 'second-memory-bounds',
    what: 'An access to a second memory is compared with its end by its first byte only',
    edits: [{ file: lower('memory'), from: 'displacement + 2 ** widthLog2)', to: 'displacement + 1)' }],
    tests: [shown('run-windows', 'is stopped at the last byte')],
  },
  {
    id: 'table-places-overlap',
    what: 'The entries of a table lie over those of the one before it',
    edits: [{ file: lower('image'), from: 'this.#entries += 2 ** capacityLog2', to: 'this.#entries += 1' }],
    tests: [shown('linker', 'of one module do not touch each other')],
  },
  {
    id: 'table-set-of-nothing',
    what: 'table.set makes an entry behind the end of its table',
    edits: [{ file: lower('words'), from: 'unit: REGION.TABLES | LOAD | STORE,', to: 'unit: REGION.TABLES | STORE,' }],
    tests: [shown('words', 'table.set loads and stores')],
  },
  {
    id: 'types-by-index',
    what: 'Equal types of two modules have different ids, so that calls between them trap',
    edits: [
      {
        file: lower('functions'),
        from: 'this.#typeIds.get(text) ?? this.#typeIds.size + 1\n    this.#typeIds.set(text, id)',
        to: 'this.#typeIds.size + 1\n    this.#typeIds.set(text + id, id)',
      },
    ],
    tests: [shown('linker', 'have one type id for equal types of all modules')],
  },
  {
    id: 'active-segment-kept',
    what: 'An active data segment can still be read after the start',
    edits: [{ file: lower('initialise'), from: 'drop(places.data[index], image)', to: 'drop(undefined, image)' }],
    tests: [shown('run-bulk', 'an active segment is dropped when the module starts')],
  },
  {
    id: 'segment-beyond-the-end',
    what: 'A segment may end behind its memory or table',
    edits: [{ file: lower('initialise'), from: 'if (end > size)', to: 'if (end > 2 * size + 64)' }],
    tests: [{ file: 'test/interpreter/lower/linker.test.ts' }],
  },
  {
    id: 'imported-global-overwritten',
    what: 'The first own global of a module is initialised in place of the first imported one',
    edits: [
      {
        file: lower('initialise'),
        from: "at(places.globals, imported + i, 'global')",
        to: "at(places.globals, i + 0 * imported, 'global')",
      },
    ],
    tests: [shown('linker', 'are shared, and their values initialise others')],
  },
]
