import { TASK_IMPORTS, TASK_MAIN, TASK_MODULE } from '../../spec/index.ts'
import { createRandom, type Random } from './random.ts'
import { CHECKSUM, FIRST_FREE_GLOBAL, FUEL, randomConstant, randomType, type Shape } from './random-body.ts'
import { randomCode } from './random-code.ts'
import { drawData, drawTables, type Tables } from './random-segments.ts'
import type { ElementSegment, FunctionBody, FunctionType, Global, Instruction, ModuleSpec } from './wasm-builder.ts'
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

const NO_TYPE: FunctionType = { params: [], results: [] }
const NO_DATA: ReturnType<typeof drawData> = { data: [], shapes: [], counted: false }
const ALL_TYPES = ['i32', 'i64', 'f32', 'f64', 'funcref', 'externref'] as const
const MOST_LOCALS = 8

const drawTypes = (random: Random): readonly FunctionType[] => {
  const types = (count: number): ValueType[] => Array.from({ length: count }, () => randomType(random))
  const drawn = Array.from({ length: 3 + random.below(4) }, () => ({
    params: types(random.below(random.chance(0.1) ? 12 : 4)),
    results: types(random.pick([0, 1, 1, 1, 1, 2, 2, 3, 5, 9])),
  }))
  return [NO_TYPE, ...Object.values(TASK_IMPORTS), ...drawn, ...nearby(random, random.pick(drawn))]
}

const flip = (type: ValueType): ValueType => ALL_TYPES[(ALL_TYPES.indexOf(type) + 1) % ALL_TYPES.length] ?? 'i32'

/** The same type again, and types that differ from it in one place. */
const nearby = (random: Random, type: FunctionType): readonly FunctionType[] => {
  const { params, results } = type
  const at = random.below(params.length)
  return [
    type,
    { params, results: results.map(flip) },
    { params, results: results.length > 0 ? [] : ['i64'] },
    { params: params.map((param, i) => (i === at ? flip(param) : param)), results },
    { params: params.toReversed(), results: results.toReversed() },
  ]
}

const drawImports = (random: Random): readonly string[] => {
  const names = Object.keys(TASK_IMPORTS).filter(() => random.chance(0.8))
  return random.chance(0.5) ? names : names.reverse()
}

const drawGlobal = (random: Random, functions: readonly number[]): Global => {
  const mutable = random.chance(0.7)
  const type = randomType(random)
  if (type === 'externref') return { type, mutable, value: null }
  if (type === 'funcref') return { type, mutable, value: random.chance(0.4) ? null : random.below(functions.length) }
  const constant = randomConstant(random, type)
  switch (constant.op) {
    case 'i64.const':
      return { type: 'i64', mutable, value: constant.value }
    case 'f32.const':
      return { type: 'f32', mutable, value: constant.bits }
    case 'f64.const':
      return { type: 'f64', mutable, value: constant.bits }
    default:
      return { type: 'i32', mutable, value: random.int32() }
  }
}

const drawGlobals = (random: Random, fuel: number, functions: readonly number[]): readonly Global[] => {
  const reserved: Global[] = []
  reserved[FUEL] = { type: 'i32', mutable: true, value: fuel }
  reserved[CHECKSUM] = { type: 'i64', mutable: true, value: 0n }
  const free = Array.from({ length: random.below(7) }, () => drawGlobal(random, functions))
  return [...reserved.slice(0, FIRST_FREE_GLOBAL), ...free]
}

const drawMemory = (random: Random, danger: number): NonNullable<ModuleSpec['memory']> => {
  const minimum = random.chance(danger) ? 0 : 1 + random.below(2)
  return random.chance(0.2) ? { minimum } : { minimum, maximum: minimum + random.below(4) }
}

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
    locals: Array<ValueType>(locals).fill(randomType(random)),
    code: [...pushes, { op: 'call', index }, ...pushes.map(() => ({ op: 'drop' }) as const)],
  }
}

const drawBody = (random: Random, shape: Shape, type: number, budget: number): FunctionBody => {
  const locals = Array.from({ length: random.below(MOST_LOCALS) }, () => randomType(random))
  return { type, locals, code: randomCode(random, shape, shape.types[type] ?? NO_TYPE, locals, budget) }
}

const exportsOf = (
  main: number,
  globals: readonly Global[],
  { types }: Tables,
  memory: boolean,
): ModuleSpec['exports'] => [
  { name: TASK_MAIN, kind: 'function', index: main },
  ...(memory ? [{ name: 'memory', kind: 'memory' as const, index: 0 }] : []),
  ...globals.map((_, index) => ({ name: `global${index}`, kind: 'global' as const, index })),
  ...types.map((_, index) => ({ name: `table${index}`, kind: 'table' as const, index })),
]

/** Functions that code refers to, and the segment that says so of those to which nothing else refers. */
const declare = (random: Random, functions: number): { declared: readonly number[]; segment: ElementSegment[] } => {
  const declared = Array.from({ length: functions }, (_, index) => index).filter(() => random.chance(0.7))
  return { declared, segment: declared.length > 0 ? [{ declarative: true, functions: declared }] : [] }
}

/** A valid module of WebAssembly 2.0 with tail calls that ends by itself, traps included; the same for the same seed. */
export const randomProgram = (seed: number, profile: ProgramProfile): RandomProgram => {
  const random = createRandom(seed)
  const danger = random.pick(profile.danger)
  const types = drawTypes(random)
  const imports = drawImports(random)
  const own = [0, ...Array.from({ length: 1 + random.below(profile.functions) }, () => random.below(types.length)), 0]
  const functions = [...imports.map((name) => 1 + Object.keys(TASK_IMPORTS).indexOf(name)), ...own]
  const main = imports.length
  const endless = functions.length - 1
  const callable = functions.slice(0, endless)
  const globals = drawGlobals(random, 20 + random.below(profile.fuel), callable)
  const memory = imports.length > 0 || random.chance(0.9) ? drawMemory(random, danger) : undefined
  const tables = drawTables(random, { types, functions: callable, imports: main }, danger)
  const { data, shapes, counted } = memory ? drawData(random, memory.minimum) : NO_DATA
  const { declared, segment } = declare(random, endless)
  const shape: Shape = {
    types,
    functions,
    imports: new Map(imports.map((name, index) => [name, index])),
    globals,
    ...(memory && { memory }),
    tables: tables.shapes,
    elements: tables.elementShapes,
    data: shapes,
    dataCounted: counted,
    declared,
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
      tables: tables.types,
      ...(memory && { memory }),
      globals,
      exports: exportsOf(main, globals, tables, memory !== undefined),
      ...(startable.length > 0 && random.chance(0.2) && { start: random.pick(startable) }),
      elements: [...tables.elements, ...segment],
      data,
    },
  }
}
