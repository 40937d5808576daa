import type { Code } from './wasm-builder.ts'
import { encodeModule } from './wasm-builder.ts'

const ROUNDS = 12
const WORD = 4

const i32 = (value: number) => ({ op: 'i32.const', value }) as const
const get = (index: number) => ({ op: 'local.get', index }) as const
const set = (index: number) => ({ op: 'local.set', index }) as const

/** word[i + 1] = word[i] * 3 + i, for each round i. */
const round: Code = [
  ...[get(0), i32(WORD), { op: 'i32.mul' } as const],
  ...[get(0), i32(WORD), { op: 'i32.mul' } as const, { op: 'i32.load', alignLog2: 2, offset: 0 } as const],
  ...[i32(3), { op: 'i32.mul' } as const, get(0), { op: 'i32.add' } as const],
  { op: 'i32.store', alignLog2: 2, offset: WORD },
  ...[get(0), i32(1), { op: 'i32.add' } as const, set(0)],
  ...[get(0), i32(ROUNDS), { op: 'i32.lt_u' } as const, { op: 'br_if', index: 0 } as const],
]

/** A task of a few hundred steps that loads, stores, branches, calls and writes its last word as output. */
export const SMALL_TASK = encodeModule({
  types: [
    { params: [], results: [] },
    { params: ['i32', 'i32'], results: [] },
  ],
  imports: [{ module: 'substep', name: 'output_write', type: 1 }],
  functions: [
    { type: 0, locals: ['i32'], code: [{ op: 'loop', type: 'empty', body: round }] },
    { type: 0, locals: [], code: [{ op: 'call', index: 1 }, i32(WORD * ROUNDS), i32(WORD), { op: 'call', index: 0 }] },
  ],
  memory: { minimum: 1, maximum: 1 },
  globals: [],
  exports: [{ name: 'main', kind: 'function', index: 2 }],
  elements: [],
  data: [{ offset: 0, bytes: Uint8Array.of(7) }],
})
