import { describe, expect, it } from 'vitest'
import { decodeModule } from '../../../interpreter/binary/index.ts'
import { lower } from '../../../interpreter/lower/index.ts'
import type { ValueType } from '../../../spec/index.ts'
import { moduleOf, taskRuntime } from '../../helpers/lowered.ts'
import { type RawSection, rawModule, rawName, rawNumber } from '../../helpers/raw-wasm.ts'

const repeated = (count: number, ...unit: readonly number[]): number[] =>
  Array<readonly number[]>(count).fill(unit).flat()

const I32 = 0x7f
const BLOCK = 0x02
const END = 0x0b
const BR_TABLE = 0x0e
const DROP = 0x1a
const I32_CONST = 0x41
const EMPTY_TYPE = [0x60, 0, 0]
const EMPTY_BODY = [2, 0, END]

const exportOf = (main: number): RawSection => [7, [1, ...rawName('main'), 0, ...rawNumber(main)]]

const lowered = (...sections: readonly RawSection[]) => lower(decodeModule(rawModule(...sections)), taskRuntime)

describe('a module that strangers made large', () => {
  it('may have more functions than a call has room for arguments', () => {
    const count = 130_000
    const program = lowered(
      [1, [1, ...EMPTY_TYPE]],
      [3, [...rawNumber(count), ...repeated(count, 0)]],
      exportOf(count - 1),
      [10, [...rawNumber(count), ...repeated(count, ...EMPTY_BODY)]],
    )
    expect(program.functions).toHaveLength(count)
  })

  it('has each of its types compared once, however many functions and references are of it', () => {
    const params = new Array<ValueType>(1000).fill('i64')
    let texts = 0
    params.join = (separator) => {
      texts++
      return Array.prototype.join.call(params, separator)
    }
    const text = '(func (param i64) ref.func 0 drop)'
    const module = moduleOf(`(module ${text.repeat(50)} (elem declare func 0) (func (export "main")))`)
    const types = module.types.map((type, i) => (i === 0 ? { params, results: [] } : type))
    lower({ ...module, types }, taskRuntime)
    expect(texts).toBe(1)
  })

  it('has the values of a block moved once for each br_table, however many labels say so', { timeout: 30_000 }, () => {
    const [labels, results, tables] = [65_000, 1000, 10]
    const table = [I32_CONST, 0, BR_TABLE, ...rawNumber(labels), ...repeated(labels + 1, 0)]
    const block = [BLOCK, 1, ...repeated(results + 1, I32_CONST, 0), ...table, END, ...repeated(results, DROP)]
    const body = [0, ...repeated(tables, ...block), END]
    const program = lowered(
      [1, [2, ...EMPTY_TYPE, 0x60, 0, ...rawNumber(results), ...repeated(results, I32)]],
      [3, [1, 0]],
      exportOf(0),
      [10, [1, ...rawNumber(body.length), ...body]],
    )
    const words = results + 1 + 2 + (labels + 1) + results + results
    expect(program.code.length / 32).toBe(2 + 1 + tables * words + 1)
  })
})
