import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RUNTIME_FUNCTIONS, type RuntimeFunction } from '../../../interpreter/lower/runtime.ts'
import { Linked } from '../../helpers/linked.ts'

const BYTES = 9000
const ENTRIES = 1600
const LIMIT = 3200

const imports = Object.entries(RUNTIME_FUNCTIONS).map(([name, { params, results }]) => {
  const type = `(param ${params.join(' ')}) (result ${results.join(' ')})`
  return `(import "runtime" "${name}" (func $${name} ${type})) (export "${name}" (func $${name}))`
})

const MODULE = `(module ${imports.join(' ')} (memory 1) (data $d "${'d'.repeat(BYTES)}")
  (table ${ENTRIES} ${LIMIT} externref) (elem $e externref ${'(ref.null extern)'.repeat(ENTRIES)})
  (func (data.drop $d) (elem.drop $e)))`

/** The runtime functions themselves, linked to linear memory or to the memory behind it. */
const linkedTo = (memory: 'linear' | 'window') => {
  const linked = new Linked()
  if (memory === 'window') linked.add('first', '(module (memory 1))')
  const { places } = linked.add('it', MODULE)
  const [table, elements, data] = [places.tables[0], places.elements[0], places.data[0]]
  if (!table || !elements || !data) throw new RangeError('a place is missing')
  const ofTable = [table.base, table.sizeGlobal]
  /** By the names of the table of steps. */
  const operands: Readonly<Record<string, (count: number) => readonly number[]>> = {
    memory_fill: (count) => [3, 1, count],
    memory_copy: (count) => [0, 5, count],
    'memory_copy down': (count) => [count === 0 ? 0 : 1, 0, count],
    memory_init: (count) => [3, BYTES - count, count, data.base, data.lengthGlobal],
    table_fill: (count) => [1, 7, count, ...ofTable],
    table_copy: (count) => [0, 5, count, ...ofTable, ...ofTable],
    'table_copy down': (count) => [1, 0, count, ...ofTable, ...ofTable],
    table_init: (count) => [3, 4, count, ...ofTable, elements.base, elements.lengthGlobal],
    table_grow: (count) => [0, count, ...ofTable, LIMIT],
  }
  const stepsOf = (name: RuntimeFunction, args: readonly number[]): number => {
    const { params } = RUNTIME_FUNCTIONS[name]
    const given = args.map((arg, i) => (params[i] === 'i64' ? BigInt(arg) : arg))
    expect(typeof linked.callMachine('it', name, ...given), `${name} ${args}`).toBe('object')
    return linked.steps
  }
  return { operands, stepsOf, sizeGlobal: table.sizeGlobal, ofTable }
}

const README = readFileSync(new URL('../../../interpreter/host/assembly/README.md', import.meta.url), 'utf8')

interface Row {
  readonly name: string
  readonly fixed: number
  readonly word: number
  readonly chunk: number
  readonly byte: number
}

/** The rows of the table of steps. */
const ROWS: readonly Row[] = [...README.matchAll(/^\| `(\w+)`( down)? \| (\d+) \| (\d+) \| (\d+) \| (\d*) ?\|$/gm)].map(
  ([, name, down = '', ...numbers]) => {
    const [fixed = 0, word = 0, chunk = 0, byte = 0] = numbers.map(Number)
    return { name: `${name}${down}`, fixed, word, chunk, byte }
  },
)

const wanted = ({ name, fixed, word, chunk, byte }: Row, count: number): number => {
  const words = name.startsWith('table') ? count : Math.floor(count / 8)
  return fixed + word * words + chunk * Math.ceil(words / 512) + byte * (name.startsWith('table') ? 0 : count % 8)
}

const COUNTS = [0, 1, 2, 7, 8, 9, 15, 16, 511, 512, 513, 1024, 1025, 1500]
const BYTE_COUNTS = [...COUNTS, 4095, 4096, 4097, 4104, 8191, 8192, 8200, 8999]

describe('the documented steps', () => {
  it('are of every function that has a loop', () => {
    const functions = new Set(ROWS.map(({ name }) => name.replace(' down', '')))
    expect([...functions, 'window_grow'].sort()).toEqual(Object.keys(RUNTIME_FUNCTIONS).sort())
    expect(ROWS.length).toBe(9)
  })

  const linear = linkedTo('linear')

  it.each(ROWS)('of $name are those of the machine', (row) => {
    // A copy of nothing does not go down.
    const counts = (row.name.startsWith('table') ? COUNTS : BYTE_COUNTS).slice(row.name.endsWith('down') ? 2 : 0)
    for (const count of counts) {
      const { stepsOf, operands } = row.name === 'table_grow' ? linkedTo('linear') : linear
      const args = operands[row.name]?.(count) ?? []
      expect(stepsOf(row.name.replace(' down', '') as RuntimeFunction, args), `${count}`).toBe(wanted(row, count))
    }
  })

  it('of growing are those of the machine', () => {
    const { stepsOf, sizeGlobal, ofTable } = linkedTo('linear')
    expect(README).toMatch(/`window_grow` takes\s+19 steps\. Growing that the limit forbids takes 14,/)
    expect(stepsOf('window_grow', [1, sizeGlobal, LIMIT])).toBe(19)
    expect(stepsOf('window_grow', [-1, sizeGlobal, LIMIT])).toBe(14)
    expect(stepsOf('table_grow', [0, -1, ...ofTable, LIMIT])).toBe(14)
  })

  it('in a memory that is not linear memory are two more for each load and each store', () => {
    const { stepsOf, operands } = linkedTo('window')
    const more: Readonly<Record<string, number>> = { memory_fill: 2, memory_init: 2, memory_copy: 4 }
    for (const row of ROWS.filter(({ name }) => name.startsWith('memory'))) {
      const name = row.name.replace(' down', '') as RuntimeFunction
      const extra = more[name] ?? 0
      for (const count of [2, 9, 4103, 8200]) {
        const steps = wanted({ ...row, word: row.word + extra, byte: row.byte + extra }, count)
        expect(stepsOf(name, operands[row.name]?.(count) ?? []), `${row.name} ${count}`).toBe(steps)
      }
    }
  })
})
