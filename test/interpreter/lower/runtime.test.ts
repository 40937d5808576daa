import { describe, expect, it } from 'vitest'
import { decodeModule } from '../../../interpreter/binary/index.ts'
import { ExportRefused, ImportRefused, LinkError, lower, RuntimeRefused } from '../../../interpreter/lower/index.ts'
import { INTRINSICS, type Signature, TASK_IMPORTS } from '../../../spec/index.ts'
import { caught } from '../../helpers/caught.ts'
import { importing } from '../../helpers/importing.ts'
import { rawModule, rawName } from '../../helpers/raw-wasm.ts'
import { encodeModule, type Instruction, type ModuleSpec } from '../../helpers/wasm-builder.ts'
import { wordTexts } from '../../helpers/word-text.ts'

/** A constant for each parameter. */
const argumentsOf = ({ params }: Signature): Instruction[] =>
  params.map((type) => (type === 'i32' ? { op: 'i32.const', value: 1 } : { op: 'i64.const', value: 1n }))

/** A runtime that exports `input_size`, whose body calls one intrinsic. */
const runtimeCalling = (name: string, signature: Signature): ModuleSpec => {
  const drop: Instruction[] = signature.results.length === 0 ? [] : [{ op: 'drop' }]
  const call: Instruction = { op: 'call', index: 0 }
  return {
    types: [signature, { params: [], results: ['i32'] }],
    imports: [{ module: 'machine', name, type: 0 }],
    functions: [
      { type: 1, locals: [], code: [...argumentsOf(signature), call, ...drop, { op: 'i32.const', value: 0 }] },
    ],
    globals: [],
    exports: [{ name: 'input_size', kind: 'function', index: 1 }],
    elements: [],
    data: [],
  }
}

const INPUT_SIZE_TASK = importing('substep', 'input_size', TASK_IMPORTS.input_size)

const withRuntime = (runtime: ModuleSpec) =>
  lower(decodeModule(encodeModule(INPUT_SIZE_TASK)), decodeModule(encodeModule(runtime)))

describe('intrinsics of a runtime', () => {
  it.each(Object.entries(INTRINSICS))('%s is its one word in place of a call', (name, { word, params, results }) => {
    const { code, functions } = withRuntime(runtimeCalling(name, { params, results }))
    const pc = (functions[1]?.entryPc ?? 0) + 1 + params.length
    const texts = wordTexts(code)
    expect(texts[pc]).toBe(INTRINSIC_TEXTS[name])
    expect(word.delta).toBe(results.length - params.length)
  })

  const INTRINSIC_TEXTS: Readonly<Record<string, string>> = {
    input_load8: 'LOADED NEXT a=1 load INPUT w1',
    input_load64: 'LOADED NEXT a=1 load INPUT access=3 w1',
    output_load64: 'LOADED NEXT a=1 load OUTPUT access=3 w1',
    output_store8: 'B NEXT a=2 b=1 store OUTPUT -2',
    output_store64: 'B NEXT a=2 b=1 store OUTPUT access=3 -2',
    halt: 'ZERO HALT a=1 -1',
    trap_memory_bounds: 'ZERO TRAP lo=2',
    trap_table_bounds: 'ZERO TRAP lo=9',
    data_load8: 'LOADED NEXT a=1 load DATA w1',
    data_load64: 'LOADED NEXT a=1 load DATA access=3 w1',
    table_load: 'LOADED NEXT a=1 load TABLES access=24 w1',
    table_store: 'B NEXT a=2 b=1 store TABLES access=24 -2',
    global_load: 'LOADED NEXT a=1 load GLOBALS w1',
    global_store: 'B NEXT a=2 b=1 store GLOBALS -2',
  }

  it.each([
    ['another name', 'clock', { params: [], results: [] }],
    ['another type', 'halt', { params: [], results: [] }],
  ] as const)('are refused by name: %s', (_, name, signature) => {
    const error = caught(() => withRuntime(runtimeCalling(name, signature)))
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ module: 'machine', field: name })
  })
})

describe('a runtime', () => {
  const runtime = runtimeCalling('halt', INTRINSICS.halt)

  it.each([
    ['a memory', { memory: { minimum: 1 } }],
    ['a table', { tables: [{ minimum: 1 }] }],
    ['a start function', { types: [...runtime.types, { params: [], results: [] }], start: 2 }],
  ] satisfies [string, Partial<ModuleSpec>][])('is refused with %s', (what, more) => {
    const start = { type: 2, locals: [], code: [] } as const
    const functions = 'start' in more ? [...runtime.functions, start] : runtime.functions
    const error = caught(() => withRuntime({ ...runtime, functions, ...more }))
    expect(error).toBeInstanceOf(RuntimeRefused)
    expect(error).toMatchObject({ what })
  })

  it('is refused with data segments', () => {
    const memory = [1, ...rawName('env'), ...rawName('memory'), 0x02, 0x00, 0x01]
    const own = decodeModule(rawModule([2, memory], [11, [1, 0x00, 0x41, 0x00, 0x0b, 0x01, 0xff]]))
    const error = caught(() => lower(decodeModule(encodeModule(INPUT_SIZE_TASK)), own))
    expect(error).toBeInstanceOf(RuntimeRefused)
    expect(error).toMatchObject({ what: 'data segments' })
  })

  it('is refused without a function that the task imports', () => {
    const error = caught(() => withRuntime({ ...runtime, exports: [] }))
    expect(error).toBeInstanceOf(ExportRefused)
    expect(error).toBeInstanceOf(LinkError)
    expect(error).toMatchObject({ field: 'input_size' })
  })
})
