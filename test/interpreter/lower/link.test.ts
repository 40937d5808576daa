import { describe, expect, it } from 'vitest'
import { decodeModule } from '../../../interpreter/binary/index.ts'
import {
  ExportRefused,
  ImportRefused,
  LinkError,
  lower,
  type Program,
  RuntimeRefused,
} from '../../../interpreter/lower/index.ts'
import { INTRINSICS, type Signature, TASK_IMPORTS } from '../../../spec/index.ts'
import { lowerSpec, mainOf, taskRuntime } from '../../helpers/lowered.ts'
import { rawModule, rawName } from '../../helpers/raw-wasm.ts'
import { encodeModule, type Instruction, type ModuleSpec } from '../../helpers/wasm-builder.ts'
import { wordTexts } from '../../helpers/word-text.ts'

const caught = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return null
}

/** A task that imports one function and does nothing. */
const importing = (module: string, name: string, signature: Signature): ModuleSpec =>
  mainOf([], {
    types: [{ params: [], results: [] }, signature],
    imports: [{ module, name, type: 1 }],
    exports: [{ name: 'main', kind: 'function', index: 1 }],
  })

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

/** The compiler's names of the runtime's functions have their file in front. */
const runtimeFunction = ({ functions }: Program, name: string) =>
  functions.find((candidate) => candidate.module === 'substep' && candidate.name.split('/').at(-1) === name)

const INPUT_SIZE_TASK = importing('substep', 'input_size', TASK_IMPORTS.input_size)
const withRuntime = (runtime: ModuleSpec) =>
  lower(decodeModule(encodeModule(INPUT_SIZE_TASK)), decodeModule(encodeModule(runtime)))

describe('imports of a task', () => {
  it.each(Object.entries(TASK_IMPORTS))('%s is a function of the runtime', (name, signature) => {
    const program = lowerSpec(importing('substep', name, signature))
    expect(program.functions[0]).toMatchObject({ module: 'task', name: 'main' })
    expect(runtimeFunction(program, name)).toBeDefined()
  })

  it('call the entry of the runtime function', () => {
    const call: Instruction = { op: 'call', index: 0 }
    const task = { ...INPUT_SIZE_TASK, functions: [{ type: 0, locals: [], code: [call, { op: 'drop' }] }] } as const
    const program = lowerSpec(task)
    expect(wordTexts(program.code)[3]).toBe(`ZERO CALL w0 +1 lo=${runtimeFunction(program, 'input_size')?.entryPc}`)
  })

  it('may stand in the table', () => {
    const program = lowerSpec({
      ...INPUT_SIZE_TASK,
      tables: [{ minimum: 1 }],
      elements: [{ offset: 0, functions: [0] }],
    })
    // The signature () -> (i32) is the task's second type; the runtime's own types follow.
    const entry = BigInt(runtimeFunction(program, 'input_size')?.entryPc ?? 0)
    expect(program.tables).toEqual([2n ** 64n + (2n << 32n) + entry])
  })

  it('leave the runtime out if there are none', () => {
    expect(lowerSpec(mainOf([])).functions.map(({ module }) => module)).toEqual(['task'])
  })

  it.each([
    ['another module', 'env', 'input_size'],
    ['another name', 'substep', 'clock'],
    ['a name that every object has', 'substep', 'toString'],
    ['an intrinsic', 'machine', 'halt'],
  ])('are refused by name: %s', (_, module, field) => {
    const error = caught(() => lowerSpec(importing(module, field, TASK_IMPORTS.input_size)))
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ module, field })
    expect(String(error)).toContain(`import "${module}" "${field}" refused`)
  })

  it('are refused as another type', () => {
    const error = caught(() => lowerSpec(importing('substep', 'input_size', { params: ['i32'], results: ['i32'] })))
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ reason: 'its type is () -> (i32), not (i32) -> (i32)' })
  })

  it.each([
    ['memory', [0x02, 0x00, 0x01]],
    ['table', [0x01, 0x70, 0x00, 0x01]],
    ['global', [0x03, 0x7f, 0x00]],
  ])('are refused as a %s', (kind, descriptor) => {
    const task = (module: string, name: string) =>
      decodeModule(rawModule([2, [1, ...rawName(module), ...rawName(name), ...descriptor]]))
    expect(() => lower(task('env', kind), taskRuntime)).toThrow(ImportRefused)
    const error = caught(() => lower(task('substep', 'input_size'), taskRuntime))
    expect(error).toMatchObject({ reason: `a function is offered, not a ${kind}` })
  })
})

describe('main', () => {
  const exporting = (exports: ModuleSpec['exports'], more: Partial<ModuleSpec> = {}) =>
    caught(() => lowerSpec(mainOf([], { exports, ...more })))

  it('must be exported', () => {
    const error = exporting([{ name: 'start', kind: 'function', index: 0 }])
    expect(error).toBeInstanceOf(ExportRefused)
    expect(error).toMatchObject({ field: 'main', reason: 'it is missing' })
  })

  it('must be a function', () => {
    const error = exporting([{ name: 'main', kind: 'memory', index: 0 }], { memory: { minimum: 0 } })
    expect(error).toMatchObject({ reason: 'it is a memory, not a function' })
  })

  it('must be () -> ()', () => {
    const types = [{ params: ['i32'], results: [] }] as const
    const error = exporting([{ name: 'main', kind: 'function', index: 0 }], { types })
    expect(error).toMatchObject({ reason: 'its type is (i32) -> (), not () -> ()' })
  })

  it('must not be an import', () => {
    const error = caught(() =>
      lowerSpec({ ...INPUT_SIZE_TASK, exports: [{ name: 'main', kind: 'function', index: 0 }] }),
    )
    expect(error).toMatchObject({ reason: 'it is an imported function' })
  })
})

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

  it('gets globals behind those of the task', () => {
    const task = { ...INPUT_SIZE_TASK, globals: [{ type: 'i32', mutable: true, value: 1 }] } as const
    const own: ModuleSpec = {
      ...runtime,
      globals: [{ type: 'i32', mutable: true, value: 2 }],
      functions: [{ type: 1, locals: [], code: [{ op: 'global.get', index: 0 }] }],
    }
    const program = lower(decodeModule(encodeModule(task)), decodeModule(encodeModule(own)))
    expect(program.globals).toEqual([1n, 2n])
    expect(wordTexts(program.code, program.functions[1]?.entryPc)[1]).toBe('LOADED NEXT load GLOBALS w0 +1 lo=1')
  })

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
