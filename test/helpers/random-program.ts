import { TASK_IMPORTS, TASK_MAIN, TASK_MODULE } from '../../spec/index.ts'
import { createRandom, type Random } from './random.ts'
import { CHECKSUM, FIRST_FREE_GLOBAL, FUEL, LAST_INDEX, type Shape } from './random-body.ts'
import { randomCode } from './random-code.ts'
import type { FunctionBody, FunctionType, Global, Instruction, ModuleSpec } from './wasm-builder.ts'
import type { ValueType } from './wasm-opcodes.ts'

/** A random module with the input it is run on. */
export interface RandomProgram {
  readonly seed: number
  readonly spec: ModuleSpec
  readonly input: Uint8Array<ArrayBuffer>
}

/** How a random program is drawn. */
export interface ProgramProfile {
  /** Upper bounds; the value itself is drawn. */
  readonly fuel: number
  readonly functions: number
  /** Instructions in a function, about. */
  readonly instructions: number
  /** How often an operation that may trap is left unguarded; one is drawn. */
  readonly danger: readonly number[]
}

export const SMALL: ProgramProfile = { fuel: 60, functions: 3, instructions: 60, danger: [0, 0, 0.02, 0.1] }
export const MEDIUM: ProgramProfile = { fuel: 1500, functions: 7, instructions: 250, danger: [0, 0, 0.02, 0.2] }
/** Small programs most of which trap soon. */
export const HAZARDOUS: ProgramProfile = { fuel: 40, functions: 2, instructions: 50, danger: [0.3, 0.6] }

const PAGE_BYTES = 2 ** 16
const NO_TYPE: FunctionType = { params: [], results: [] }

const drawTypes = (random: Random): readonly FunctionType[] => {
  const types = (count: number): ValueType[] => Array.from({ length: count }, () => random.pick(['i32', 'i64']))
  const drawn = Array.from({ length: 2 + random.below(4) }, () => ({
    params: types(random.below(4)),
    results: types(random.below(2)),
  }))
  return [NO_TYPE, ...Object.values(TASK_IMPORTS), ...drawn, ...nearby(random, random.pick(drawn))]
}

const flip = (type: ValueType): ValueType => (type === 'i32' ? 'i64' : 'i32')

/** The same type again, and types that differ from it in one place. */
const nearby = (random: Random, type: FunctionType): readonly FunctionType[] => {
  const { params, results } = type
  const at = random.below(params.length)
  return [
    type,
    { params, results: results.map(flip) },
    { params, results: results.length > 0 ? [] : ['i64'] },
    { params: params.map((param, i) => (i === at ? flip(param) : param)), results },
    { params: params.toReversed(), results },
  ]
}

const drawImports = (random: Random): readonly string[] => {
  const names = Object.keys(TASK_IMPORTS).filter(() => random.chance(0.8))
  return random.chance(0.5) ? names : names.reverse()
}

const drawGlobals = (random: Random, fuel: number): readonly Global[] => {
  const reserved: Global[] = []
  reserved[FUEL] = { type: 'i32', mutable: true, value: fuel }
  reserved[LAST_INDEX] = { type: 'i32', mutable: true, value: 0 }
  reserved[CHECKSUM] = { type: 'i64', mutable: true, value: 0n }
  const free = Array.from({ length: random.below(5) }, (): Global => {
    const mutable = random.chance(0.7)
    if (random.chance(0.5)) return { type: 'i32', mutable, value: random.int32() }
    return { type: 'i64', mutable, value: random.int64() }
  })
  return [...reserved.slice(0, FIRST_FREE_GLOBAL), ...free]
}

const drawMemory = (random: Random, danger: number): NonNullable<ModuleSpec['memory']> => {
  const minimum = random.chance(danger) ? 0 : 1 + random.below(2)
  return random.chance(0.2) ? { minimum } : { minimum, maximum: minimum + random.below(4) }
}

/** Segments of function indices, some overlapping, and what the table holds after them. */
const drawTable = (random: Random, functions: readonly number[]) => {
  const size = 1 + random.below(9)
  const elements = Array.from({ length: 1 + random.below(3) }, () => {
    const offset = random.below(size + 1)
    return {
      offset,
      functions: Array.from({ length: random.below(size - offset + 1) }, () => random.below(functions.length)),
    }
  })
  const slots = Array<number | null>(size).fill(null)
  for (const { offset, functions: entries } of elements) slots.splice(offset, entries.length, ...entries)
  const limits = random.chance(0.5) ? { minimum: size } : { minimum: size, maximum: size + random.below(3) }
  return { slots, elements, limits }
}

const drawData = (random: Random, pages: number): ModuleSpec['data'] =>
  Array.from({ length: random.below(4) }, () => {
    const bytes = random.bytes(random.below(60))
    const size = pages * PAGE_BYTES
    if (bytes.length > size) return { offset: size, bytes: new Uint8Array() }
    const offset = random.pick([random.below(64), 0, random.below(0x8000), size - bytes.length])
    return { offset: Math.min(offset, size - bytes.length), bytes }
  })

/** Calls itself for ever; large frames, so that every stack is soon exhausted. */
const endlessBody = (random: Random, index: number): FunctionBody => {
  const [locals, operands] = random.pick([
    [1500, 0],
    [4000, 1],
    [1500, 200],
    [0, 1500],
  ] as const)
  const pushes = Array<Instruction>(operands).fill({ op: 'i64.const', value: -1n })
  return {
    type: 0,
    locals: Array<ValueType>(locals).fill(random.pick(['i32', 'i64'])),
    code: [...pushes, { op: 'call', index }, ...pushes.map(() => ({ op: 'drop' }) as const)],
  }
}

const drawBody = (random: Random, shape: Shape, type: number, budget: number): FunctionBody => {
  const count = random.below(6)
  const locals = [...Array.from({ length: count }, () => random.pick<ValueType>(['i32', 'i64'])), 'i32' as const]
  return { type, locals, code: randomCode(random, shape, shape.types[type] ?? NO_TYPE, locals, budget) }
}

const exportsOf = (main: number, globals: readonly Global[], memory: boolean): ModuleSpec['exports'] => [
  { name: TASK_MAIN, kind: 'function', index: main },
  ...(memory ? [{ name: 'memory', kind: 'memory' as const, index: 0 }] : []),
  ...globals.map((_, index) => ({ name: `global${index}`, kind: 'global' as const, index })),
]

/** A valid integer module of WebAssembly 1.0 that ends by itself, traps included; the same for the same seed. */
export const randomProgram = (seed: number, profile: ProgramProfile): RandomProgram => {
  const random = createRandom(seed)
  const danger = random.pick(profile.danger)
  const types = drawTypes(random)
  const imports = drawImports(random)
  const own = [0, ...Array.from({ length: 1 + random.below(profile.functions) }, () => random.below(types.length)), 0]
  const functions = [...imports.map((name) => 1 + Object.keys(TASK_IMPORTS).indexOf(name)), ...own]
  const main = imports.length
  const endless = functions.length - 1
  const globals = drawGlobals(random, 20 + random.below(profile.fuel))
  const memory = imports.length > 0 || random.chance(0.9) ? drawMemory(random, danger) : undefined
  const table = random.chance(0.9) ? drawTable(random, functions.slice(0, -1)) : undefined
  const shape: Shape = {
    types,
    functions,
    imports: new Map(imports.map((name, index) => [name, index])),
    globals,
    ...(memory && { memory }),
    ...(table && { table: table.slots }),
    endless,
    danger,
    fuelTraps: random.chance(0.2),
  }
  const bodies = own.slice(0, -1).map((type, i) => {
    const budget = i === 0 ? profile.instructions : 10 + random.below(profile.instructions)
    return drawBody(random, shape, type, budget)
  })
  const startable = functions.flatMap((type, index) => (type === 0 && index > main && index < endless ? [index] : []))
  return {
    seed,
    input: random.bytes(random.below(100)),
    spec: {
      types,
      imports: imports.map((name, i) => ({ module: TASK_MODULE, name, type: functions[i] ?? 0 })),
      functions: [...bodies, endlessBody(random, endless)],
      ...(table && { table: table.limits }),
      ...(memory && { memory }),
      globals,
      exports: exportsOf(main, globals, memory !== undefined),
      ...(startable.length > 0 && random.chance(0.2) && { start: random.pick(startable) }),
      elements: table?.elements ?? [],
      data: memory ? drawData(random, memory.minimum) : [],
    },
  }
}
