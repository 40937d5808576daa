import { describe, expect, it } from 'vitest'
import { decodeModule, InvalidModule } from '../../../interpreter/binary/index.ts'
import { rawModule, rawNumber } from '../../helpers/raw-wasm.ts'

const fill = (count: number, ...unit: number[]): number[] => Array<number[]>(count).fill(unit).flat()

/** A module of one function whose body, locals included, is this. */
const withBody = (...body: number[]) =>
  rawModule([1, [1, 0x60, 0, 0]], [3, [1, 0]], [10, [1, ...rawNumber(body.length), ...body]])

/** What WebAssembly allows and no engine must; the numbers are those of the JavaScript API, "Implementation-defined Limits". */
const LIMITS: readonly (readonly [what: string, limit: number, module: (count: number) => Uint8Array, says: RegExp])[] =
  [
    [
      'parameters',
      1_000,
      (n) => rawModule([1, [1, 0x60, ...rawNumber(n), ...fill(n, 0x7f), 0]]),
      /param count of 1001/,
    ],
    ['results', 1_000, (n) => rawModule([1, [1, 0x60, 0, ...rawNumber(n), ...fill(n, 0x7f)]]), /return count of 1001/],
    ['locals', 50_000, (n) => withBody(1, ...rawNumber(n), 0x7f, 0x0b), /local count too large/],
    [
      'table entries',
      10_000_000,
      (n) => rawModule([4, [1, 0x70, 0, ...rawNumber(n)]]),
      /initial table size \(10000001 /,
    ],
    ['tables', 100_000, (n) => rawModule([4, [...rawNumber(n), ...fill(n, 0x70, 0, 0)]]), /table count of 100001/],
    ['data segments', 100_000, (n) => rawModule([11, [...rawNumber(n), ...fill(n, 1, 0)]]), /segments count of 100001/],
    [
      'labels of a br_table',
      65_520,
      (n) => withBody(0, 0x41, 0, 0x0e, ...rawNumber(n), ...fill(n + 1, 0), 0x0b),
      /max br_table size\): 65521/,
    ],
  ]

describe('a limit of the engine', () => {
  it.each(LIMITS)('on %s is %i, and one more is refused in its words', (_, limit, module, says) => {
    expect(() => decodeModule(module(limit))).not.toThrow()
    expect(() => decodeModule(module(limit + 1))).toThrow(InvalidModule)
    expect(() => decodeModule(module(limit + 1))).toThrow(says)
  })
})
