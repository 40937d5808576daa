import type { Code, FunctionBody, Instruction, ModuleSpec } from './wasm-builder.ts'
import type { ValueType } from './wasm-opcodes.ts'

/**
 * A module as the host's engine is to run it: it does the same, gives the canonical NaN where an engine may choose,
 * and keeps what the engine's messages leave out.
 */
export interface Observable {
  readonly spec: ModuleSpec
  /** Names of exported globals: the table of the last access, or -1 for one that was no call. */
  readonly lastTable: string
  readonly lastIndex: string
  /** Whether the last float to become an integer was no number. */
  readonly lastNan: string
  /** Export that has a function by its index. */
  readonly functionName: (index: number) => string
  /** Exported functions that give the bits of a float global by its index. */
  readonly bitsName: (index: number) => string
  /** Exported start function: a start function that traps would leave no instance. */
  readonly startName: string
}

type FloatType = 'f32' | 'f64'

/** Operations that make a NaN, whose sign and payload an engine may choose. */
const MAKES_NAN = /^(f32|f64)\.(add|sub|mul|div|min|max|sqrt|ceil|floor|trunc|nearest|demote_f64|promote_f32)$/
/** Conversions that trap, in words that do not tell why. */
const TRAPPING = /trunc_(f32|f64)_/
/** Accesses that trap in the words of a call. */
const TABLE_ACCESS = /^table\.(get|set|fill|copy|init)$/

const CANONICAL: Readonly<Record<FloatType, Instruction>> = {
  f32: { op: 'f32.const', bits: 0x7fc00000 },
  f64: { op: 'f64.const', bits: 0x7ff8000000000000n },
}

/** Where the additions of a function keep things: locals of these types behind its own, and globals. */
interface Places {
  readonly f32: number
  readonly f64: number
  readonly index: number
  readonly lastTable: number
  readonly lastIndex: number
  readonly lastNan: number
}

const SCRATCH: readonly ValueType[] = ['f32', 'f64', 'i32']

const floatOf = (op: string, pattern: RegExp): FloatType => (pattern.exec(op)?.[1] === 'f32' ? 'f32' : 'f64')

const get = (index: number): Instruction => ({ op: 'local.get', index })
const tee = (index: number): Instruction => ({ op: 'local.tee', index })
const keep = (index: number): Instruction => ({ op: 'global.set', index })

const canonical = (instruction: Instruction, places: Places): Code => {
  const type = floatOf(instruction.op, MAKES_NAN)
  const value = places[type]
  return [instruction, tee(value), CANONICAL[type], get(value), get(value), { op: `${type}.eq` }, { op: 'select' }]
}

const conversion = (instruction: Instruction, places: Places): Code => {
  const type = floatOf(instruction.op, TRAPPING)
  const value = places[type]
  return [tee(value), get(value), { op: `${type}.ne` }, keep(places.lastNan), get(value), instruction]
}

const ofTable = (table: number, { lastTable }: Places): Code => [{ op: 'i32.const', value: table }, keep(lastTable)]

const indirectCall = (instruction: Instruction, table: number, places: Places): Code => [
  tee(places.index),
  keep(places.lastIndex),
  ...ofTable(table, places),
  get(places.index),
  instruction,
]

const rewritten = (instruction: Instruction, places: Places): Code => {
  if (instruction.op === 'block' || instruction.op === 'loop')
    return [{ ...instruction, body: rewriteCode(instruction.body, places) }]
  if (instruction.op === 'if') {
    const { otherwise } = instruction
    const body = rewriteCode(instruction.body, places)
    return [{ ...instruction, body, ...(otherwise && { otherwise: rewriteCode(otherwise, places) }) }]
  }
  if (instruction.op === 'call_indirect' || instruction.op === 'return_call_indirect')
    return indirectCall(instruction, instruction.table ?? 0, places)
  if (TABLE_ACCESS.test(instruction.op)) return [...ofTable(-1, places), instruction]
  if (TRAPPING.test(instruction.op)) return conversion(instruction, places)
  return MAKES_NAN.test(instruction.op) ? canonical(instruction, places) : [instruction]
}

const rewriteCode = (code: Code, places: Places): Code => code.flatMap((instruction) => rewritten(instruction, places))

const rewriteFunction = (spec: ModuleSpec, body: FunctionBody): FunctionBody => {
  const first = (spec.types[body.type]?.params.length ?? 0) + body.locals.length
  const globals = spec.globals.length
  const places = {
    ...{ f32: first, f64: first + 1, index: first + 2 },
    ...{ lastTable: globals, lastIndex: globals + 1, lastNan: globals + 2 },
  }
  return { ...body, locals: [...body.locals, ...SCRATCH], code: rewriteCode(body.code, places) }
}

const functionName = (index: number): string => `function${index}`
const bitsName = (global: number): string => `bits${global}`

/** Float globals by functions that return their bits: a float that leaves the engine may lose bits of a NaN. */
const accessors = (spec: ModuleSpec): { readonly functions: readonly FunctionBody[]; readonly names: string[] } => {
  const floats = spec.globals.flatMap(({ type }, index) => (type === 'f32' || type === 'f64' ? [{ type, index }] : []))
  const functions = floats.map(({ type, index }): FunctionBody => {
    const op = type === 'f32' ? 'i32.reinterpret_f32' : 'i64.reinterpret_f64'
    return {
      type: spec.types.length + (type === 'f32' ? 0 : 1),
      locals: [],
      code: [{ op: 'global.get', index }, { op }],
    }
  })
  return { functions, names: floats.map(({ index }) => bitsName(index)) }
}

const KEPT = ['lastTable', 'lastIndex', 'lastNan'] as const

export const observable = ({ start, ...spec }: ModuleSpec): Observable => {
  const bits = accessors(spec)
  const functions = spec.imports.length + spec.functions.length
  const exported = (kind: 'function' | 'global', first: number, names: readonly string[]) =>
    names.map((name, i) => ({ name, kind, index: first + i }))
  const [lastTable, lastIndex, lastNan] = KEPT
  return {
    ...{ lastTable, lastIndex, lastNan, functionName, bitsName, startName: 'start' },
    spec: {
      ...spec,
      types: [...spec.types, { params: [], results: ['i32'] }, { params: [], results: ['i64'] }],
      functions: [...spec.functions.map((body) => rewriteFunction(spec, body)), ...bits.functions],
      globals: [...spec.globals, ...KEPT.map(() => ({ type: 'i32', mutable: true, value: 0 }) as const)],
      exports: [
        ...spec.exports,
        ...(start === undefined ? [] : exported('function', start, ['start'])),
        ...exported(
          'function',
          0,
          Array.from({ length: functions }, (_, index) => functionName(index)),
        ),
        ...exported('function', functions, bits.names),
        ...exported('global', spec.globals.length, KEPT),
      ],
    },
  }
}
