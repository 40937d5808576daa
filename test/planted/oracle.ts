import type { PlantedBug } from './bug.ts'

const shown = (file: string, name?: string) => ({ file: `test/interpreter/${file}.test.ts`, ...(name && { name }) })

export const ORACLE: readonly PlantedBug[] = [
  {
    id: 'oracle-page-not-hashed',
    what: 'A page that is brought back does not reach the hash',
    edits: [{ file: 'interpreter/native/image.ts', from: '  part.written(page)\n', to: '' }],
    tests: [shown('oracle/state-oracle', 'answers in any order with hardly room for checkpoints: loops')],
  },
  {
    id: 'oracle-page-still-used',
    what: 'A page of a copy is used again as long as one other copy has it',
    edits: [
      {
        file: 'interpreter/native/page-pool.ts',
        from: '--this.#users[page]! > 0',
        to: '--this.#users[page]! > 1',
      },
    ],
    tests: [shown('native/page-pool')],
  },
  {
    id: 'oracle-memory-shrinks',
    what: 'Memory that was grown later stays in the tree of an earlier state',
    edits: [
      {
        file: 'interpreter/machine/commitment.ts',
        from: '    this.#cutMemory(store.pages * 2 ** PAGE_BITS)\n',
        to: '',
      },
    ],
    tests: [shown('oracle/state-oracle', 'answers in any order with hardly room for checkpoints: growth')],
  },
  {
    id: 'oracle-output-not-compared',
    what: 'The second execution is not asked for its output',
    edits: [
      {
        file: 'interpreter/oracle/double-execution.ts',
        from: "equal(raw.output, output) ? undefined : 'the output'",
        to: 'undefined',
      },
    ],
    tests: [shown('oracle/double-execution', 'notices code that is wrong once in a run')],
  },
]
