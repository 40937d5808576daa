import {
  type AccessRow,
  ELSE,
  END,
  type INDEX_CODES,
  type NumericOp,
  OPCODES,
  type PAGE_CODES,
  type PLAIN_CODES,
  type ValueType,
} from './wasm-opcodes.ts'

export interface FunctionType {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** Nothing or one result. */
export type BlockType = 'empty' | ValueType

export type Code = readonly Instruction[]

export type Instruction =
  | { readonly op: NumericOp | keyof typeof PLAIN_CODES | keyof typeof PAGE_CODES }
  | { readonly op: keyof typeof INDEX_CODES; readonly index: number }
  | { readonly op: AccessRow['op']; readonly alignLog2: number; readonly offset: number }
  | { readonly op: 'i32.const'; readonly value: number }
  | { readonly op: 'i64.const'; readonly value: bigint }
  | { readonly op: 'br_table'; readonly targets: readonly number[]; readonly otherwise: number }
  | { readonly op: 'call_indirect'; readonly type: number }
  | { readonly op: 'block' | 'loop'; readonly type: BlockType; readonly body: Code }
  | { readonly op: 'if'; readonly type: BlockType; readonly body: Code; readonly otherwise?: Code }

export interface Limits {
  readonly minimum: number
  readonly maximum?: number
}

export interface FunctionImport {
  readonly module: string
  readonly name: string
  readonly type: number
}

export interface FunctionBody {
  readonly type: number
  readonly locals: readonly ValueType[]
  readonly code: Code
}

export type Global =
  | { readonly type: 'i32'; readonly mutable: boolean; readonly value: number }
  | { readonly type: 'i64'; readonly mutable: boolean; readonly value: bigint }

export interface Export {
  readonly name: string
  readonly kind: keyof typeof EXPORT_KINDS
  readonly index: number
}

/** A module; function indices count the imports first. */
export interface ModuleSpec {
  readonly types: readonly FunctionType[]
  readonly imports: readonly FunctionImport[]
  readonly functions: readonly FunctionBody[]
  readonly table?: Limits
  readonly memory?: Limits
  readonly globals: readonly Global[]
  readonly exports: readonly Export[]
  readonly start?: number
  readonly elements: readonly { readonly offset: number; readonly functions: readonly number[] }[]
  readonly data: readonly { readonly offset: number; readonly bytes: Uint8Array }[]
}

type Bytes = readonly number[]

const EXPORT_KINDS = { function: 0, table: 1, memory: 2, global: 3 } as const
const TYPE_CODES = { i32: 0x7f, i64: 0x7e } as const
const EMPTY_BLOCK = 0x40
const FUNCTION_TYPE = 0x60
const FUNCREF = 0x70
const HEADER: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

const unsigned = (value: number): Bytes =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsigned(Math.floor(value / 0x80))]

const signed = (value: bigint): Bytes => {
  const low = Number(value & 0x7fn)
  const rest = value >> 7n
  const last = rest === ((low & 0x40) === 0 ? 0n : -1n)
  return last ? [low] : [low | 0x80, ...signed(rest)]
}

const vector = <Item>(items: readonly Item[], encode: (item: Item) => Bytes): Bytes => [
  ...unsigned(items.length),
  ...items.flatMap(encode),
]

const sized = (body: Bytes): Bytes => [...unsigned(body.length), ...body]
const text = (value: string): Bytes => sized([...new TextEncoder().encode(value)])
const valueType = (type: ValueType): Bytes => [TYPE_CODES[type]]

const limits = ({ minimum, maximum }: Limits): Bytes =>
  maximum === undefined ? [0, ...unsigned(minimum)] : [1, ...unsigned(minimum), ...unsigned(maximum)]

const functionType = ({ params, results }: FunctionType): Bytes => [
  FUNCTION_TYPE,
  ...vector(params, valueType),
  ...vector(results, valueType),
]

const blockType = (type: BlockType): Bytes => (type === 'empty' ? [EMPTY_BLOCK] : valueType(type))

const immediates = (instruction: Instruction): Bytes => {
  if ('index' in instruction) return unsigned(instruction.index)
  if ('alignLog2' in instruction) return [instruction.alignLog2, ...unsigned(instruction.offset)]
  switch (instruction.op) {
    case 'i32.const':
      return signed(BigInt(instruction.value | 0))
    case 'i64.const':
      return signed(BigInt.asIntN(64, instruction.value))
    case 'br_table':
      return [...vector(instruction.targets, unsigned), ...unsigned(instruction.otherwise)]
    case 'call_indirect':
      return [...unsigned(instruction.type), 0]
    case 'block':
    case 'loop':
      return [...blockType(instruction.type), ...code(instruction.body), END]
    case 'if': {
      const otherwise = instruction.otherwise ? [ELSE, ...code(instruction.otherwise)] : []
      return [...blockType(instruction.type), ...code(instruction.body), ...otherwise, END]
    }
    case 'memory.size':
    case 'memory.grow':
      return [0]
    default:
      return []
  }
}

const code = (body: Code): Bytes => body.flatMap((instruction) => [OPCODES[instruction.op], ...immediates(instruction)])

const functionBody = ({ locals, code: body }: FunctionBody): Bytes => {
  const runs = vector(groups(locals), ([count, type]) => [...unsigned(count), ...valueType(type)])
  return sized([...runs, ...code(body), END])
}

/** Neighbouring locals of one type are declared together. */
const groups = (locals: readonly ValueType[]): readonly (readonly [number, ValueType])[] => {
  const runs: [number, ValueType][] = []
  for (const type of locals) {
    const last = runs.at(-1)
    if (last?.[1] === type) last[0]++
    else runs.push([1, type])
  }
  return runs
}

const constant = (value: number | bigint): Bytes =>
  code([typeof value === 'number' ? { op: 'i32.const', value } : { op: 'i64.const', value }]).concat(END)

const section = (id: number, body: Bytes): Bytes => [id, ...sized(body)]
const listSection = <Item>(id: number, items: readonly Item[], encode: (item: Item) => Bytes): Bytes =>
  items.length === 0 ? [] : section(id, vector(items, encode))

/** Bytes of a module; it is not validated here. */
export const encodeModule = (spec: ModuleSpec): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...HEADER,
    ...listSection(1, spec.types, functionType),
    ...listSection(2, spec.imports, ({ module, name, type }) => [...text(module), ...text(name), 0, ...unsigned(type)]),
    ...listSection(3, spec.functions, ({ type }) => unsigned(type)),
    ...listSection(4, spec.table ? [spec.table] : [], (table) => [FUNCREF, ...limits(table)]),
    ...listSection(5, spec.memory ? [spec.memory] : [], limits),
    ...listSection(6, spec.globals, ({ type, mutable, value }) => [
      ...valueType(type),
      mutable ? 1 : 0,
      ...constant(value),
    ]),
    ...listSection(7, spec.exports, ({ name, kind, index }) => [...text(name), EXPORT_KINDS[kind], ...unsigned(index)]),
    ...(spec.start === undefined ? [] : section(8, unsigned(spec.start))),
    ...listSection(9, spec.elements, ({ offset, functions }) => [
      0,
      ...constant(offset),
      ...vector(functions, unsigned),
    ]),
    ...listSection(10, spec.functions, functionBody),
    ...listSection(11, spec.data, ({ offset, bytes }) => [0, ...constant(offset), ...sized([...bytes])]),
  ])

/** A module whose only function is the main of a task. */
export const mainModule = (body: Code, rest: Partial<ModuleSpec> = {}): Uint8Array<ArrayBuffer> =>
  encodeModule({
    types: [{ params: [], results: [] }],
    imports: [],
    functions: [{ type: 0, locals: [], code: body }],
    globals: [],
    exports: [{ name: 'main', kind: 'function', index: 0 }],
    elements: [],
    data: [],
    ...rest,
  })
