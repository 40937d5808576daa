import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../../interpreter/index.ts'
import { execute } from '../../../interpreter/machine/numeric.ts'
import { ALU_ROWS, F32_BASE, I32_BASE, TRAP } from '../../../spec/index.ts'
import { INTEGER_EDGES, INTEGER_ROWS, type IntegerRow, integerEngine } from '../../helpers/integer-engine.ts'
import { wasmOf } from '../../helpers/wat.ts'

const engine = integerEngine()

/** Operands of an operation at the edges, and what V8 makes of them. */
const casesOf = (row: IntegerRow) =>
  INTEGER_EDGES.flatMap((a) =>
    (row.params.length === 2 ? INTEGER_EDGES : [0n]).map((b) => ({ a, b, expected: engine(row, a, b) })),
  )

describe('execute', () => {
  it.each(INTEGER_ROWS)('computes $op as the engine does', (row) => {
    const wrong = casesOf(row).filter(({ a, b, expected }) => {
      const { r, trap } = execute(row.alu.code, a, b)
      return r !== expected.r || trap !== expected.trap
    })
    expect(wrong).toEqual([])
  })

  it('takes operands modulo their width', () => {
    for (const { alu } of INTEGER_ROWS)
      for (const a of INTEGER_EDGES)
        expect(execute(alu.code, a | (5n << 64n), 3n | (9n << 64n)), alu.name).toEqual(execute(alu.code, a, 3n))
  })

  it('has no other operation', () => {
    const codes = new Set(ALU_ROWS.map(({ code }) => code))
    for (let alu = I32_BASE; alu < F32_BASE; alu++)
      expect([alu, execute(alu, 1n, 1n).trap === TRAP.ILLEGAL]).toEqual([alu, !codes.has(alu)])
  })
})

/** A task that computes all cases, from constants, and writes the results out, 8 bytes each. */
function taskOf(row: IntegerRow, cases: ReturnType<typeof casesOf>): Uint8Array<ArrayBuffer> {
  const constant = (type: string, x: bigint) => `(${type}.const ${BigInt.asUintN(type === 'i64' ? 64 : 32, x)})`
  const computed = cases.map(({ a, b }, i) => {
    const operands = row.params.map((type, k) => constant(type, k === 0 ? a : b)).join(' ')
    return `(${row.result}.store (i32.const ${8 * i}) (${row.op} ${operands}))`
  })
  return wasmOf(`(module
    (import "substep" "output_write" (func $write (param i32 i32)))
    (memory 1)
    (func (export "main") ${computed.join('\n')} (call $write (i32.const 0) (i32.const ${8 * cases.length}))))`)
}

describe('the fast run', () => {
  it.each(INTEGER_ROWS)('computes $op as the engine does', (row) => {
    const cases = casesOf(row).filter(({ expected }) => expected.trap === TRAP.NONE)
    const machine = new Machine(lowerTask(taskOf(row, cases)), new Uint8Array(0))
    machine.runTo(10 ** 6)
    const output = machine.output()
    const results = new DataView(output.buffer, output.byteOffset)
    const wrong = cases.filter(({ expected }, i) => results.getBigUint64(8 * i, true) !== expected.r)
    expect(wrong).toEqual([])
  })
})
