import {
  type AccessRow,
  ELSE,
  END,
  type INDEX_CODES,
  type NumericOp,
  OPCODES,
  type PAGE_CODES,
  type PLAIN_CODES,
  PREFIX,
  type ReferenceType,
  type ReinterpretOp,
  type ValueType,
} from './wasm-opcodes.ts'

export interface FunctionType {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** Nothing, one result, or the index of a function type. */
export type BlockType = 'empty' | ValueType | number

export type Code = readonly Instruction[]

/** A number; a float is given by its bits, unsigned. */
export type Constant =
  | { readonly op: 'i32.const'; readonly value: number }
  | { readonly op: 'i64.const'; readonly value: bigint }
  | { readonly op: 'f32.const'; readonly bits: number }
  | { readonly op: 'f64.const'; readonly bits: bigint }

type Form =
  | Constant
  | { readonly op: 'br_table'; readonly targets: readonly number[]; readonly otherwise: number }
  /** In table 0 if none is named. */
  | { readonly op: 'call_indirect' | 'return_call_indirect'; readonly type: number; readonly table?: number }
  | { readonly op: 'select_t'; readonly type: ValueType }
  | { readonly op: 'ref.null'; readonly type: ReferenceType }
  | { readonly op: 'memory.copy' }
  | { readonly op: 'memory.init'; readonly segment: number }
  | { readonly op: 'table.init'; readonly table: number; readonly segment: number }
  | { readonly op: 'table.copy'; readonly table: number; readonly source: number }
  | { readonly op: 'block' | 'loop'; readonly type: BlockType; readonly body: Code }
  | { readonly op: 'if'; readonly type: BlockType; readonly body: Code; readonly otherwise?: Code }

export type Instruction =
  | { readonly op: NumericOp | ReinterpretOp | keyof typeof PLAIN_CODES | keyof typeof PAGE_CODES }
  | { readonly op: keyof typeof INDEX_CODES; readonly index: number }
  | { readonly op: AccessRow['op']; readonly alignLog2: number; readonly offset: number }
  | Form

export interface Limits {
  readonly minimum: number
  readonly maximum?: number
}

export interface TableType extends Limits {
  /** References to functions if left out. */
  readonly element?: ReferenceType
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

/** A reference is a function index or null; a float is given by its bits, unsigned. */
export type Global = { readonly mutable: boolean } & (
  | { readonly type: 'i32' | 'f32'; readonly value: number }
  | { readonly type: 'i64' | 'f64'; readonly value: bigint }
  | { readonly type: 'funcref'; readonly value: number | null }
  | { readonly type: 'externref'; readonly value: null }
)

export interface Export {
  readonly name: string
  readonly kind: keyof typeof EXPORT_KINDS
  readonly index: number
}

/** Active with an offset; else passive, or declarative if it says so. */
export interface ElementSegment {
  readonly offset?: number
  readonly table?: number
  readonly declarative?: boolean
  /** References to functions if left out. */
  readonly element?: ReferenceType
  /** Function indices; null is a null reference. */
  readonly functions: readonly (number | null)[]
}

/** Active with an offset, else passive. */
export interface DataSegment {
  readonly offset?: number
  readonly bytes: Uint8Array
}

/** A module; function indices count the imports first. */
export interface ModuleSpec {
  readonly types: readonly FunctionType[]
  readonly imports: readonly FunctionImport[]
  readonly functions: readonly FunctionBody[]
  readonly tables?: readonly TableType[]
  readonly memory?: Limits
  readonly globals: readonly Global[]
  readonly exports: readonly Export[]
  readonly start?: number
  readonly elements: readonly ElementSegment[]
  readonly data: readonly DataSegment[]
}

type Bytes = readonly number[]

const EXPORT_KINDS = { function: 0, table: 1, memory: 2, global: 3 } as const
const TYPE_CODES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, funcref: 0x70, externref: 0x6f } as const
const EMPTY_BLOCK = 0x40
const FUNCTION_TYPE = 0x60
const HEADER: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** Bits of the first number of an element segment; the third says that a table is named, or "declarative". */
const SEGMENT = { NOT_ACTIVE: 1, TABLE_OR_DECLARATIVE: 2, EXPRESSIONS: 4 } as const
/** The only kind of element that is given by its index. */
const ELEMENT_KIND_FUNCTION = 0

const unsigned = (value: number): Bytes =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsigned(Math.floor(value / 0x80))]

const signed = (value: bigint): Bytes => {
  const low = Number(value & 0x7fn)
  const rest = value >> 7n
  const last = rest === ((low & 0x40) === 0 ? 0n : -1n)
  return last ? [low] : [low | 0x80, ...signed(rest)]
}

const littleEndian = (value: bigint, bytes: number): Bytes =>
  Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))

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

const blockType = (type: BlockType): Bytes => {
  if (typeof type === 'number') return signed(BigInt(type))
  return type === 'empty' ? [EMPTY_BLOCK] : valueType(type)
}

const opcode = (op: Instruction['op']): Bytes => {
  const code = OPCODES[op]
  return code < PREFIX ? [code] : [PREFIX >> 8, ...unsigned(code - PREFIX)]
}

const immediates = (instruction: Instruction): Bytes => {
  if ('index' in instruction) return unsigned(instruction.index)
  if ('alignLog2' in instruction) return [instruction.alignLog2, ...unsigned(instruction.offset)]
  switch (instruction.op) {
    case 'i32.const':
      return signed(BigInt(instruction.value | 0))
    case 'i64.const':
      return signed(BigInt.asIntN(64, instruction.value))
    case 'f32.const':
      return littleEndian(BigInt(instruction.bits), 4)
    case 'f64.const':
      return littleEndian(instruction.bits, 8)
    case 'ref.null':
      return valueType(instruction.type)
    case 'select_t':
      return vector([instruction.type], valueType)
    case 'br_table':
      return [...vector(instruction.targets, unsigned), ...unsigned(instruction.otherwise)]
    case 'call_indirect':
    case 'return_call_indirect':
      return [...unsigned(instruction.type), ...unsigned(instruction.table ?? 0)]
    case 'block':
    case 'loop':
      return [...blockType(instruction.type), ...code(instruction.body), END]
    case 'if': {
      const otherwise = instruction.otherwise ? [ELSE, ...code(instruction.otherwise)] : []
      return [...blockType(instruction.type), ...code(instruction.body), ...otherwise, END]
    }
    case 'memory.size':
    case 'memory.grow':
    case 'memory.fill':
      return [0]
    case 'memory.copy':
      return [0, 0]
    case 'memory.init':
      return [...unsigned(instruction.segment), 0]
    case 'table.init':
      return [...unsigned(instruction.segment), ...unsigned(instruction.table)]
    case 'table.copy':
      return [...unsigned(instruction.table), ...unsigned(instruction.source)]
    default:
      return []
  }
}

const code = (body: Code): Bytes => {
  const bytes: number[] = []
  for (const instruction of body) {
    for (const byte of opcode(instruction.op)) bytes.push(byte)
    for (const byte of immediates(instruction)) bytes.push(byte)
  }
  return bytes
}

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

const expression = (instruction: Instruction): Bytes => [...code([instruction]), END]

/** The expression of a reference to a function by its index, or of a null reference. */
const reference = (type: ReferenceType, index: number | null): Bytes =>
  expression(index === null ? { op: 'ref.null', type } : { op: 'ref.func', index })

const initial = (global: Global): Bytes => {
  switch (global.type) {
    case 'i32':
      return expression({ op: 'i32.const', value: global.value })
    case 'i64':
      return expression({ op: 'i64.const', value: global.value })
    case 'f32':
      return expression({ op: 'f32.const', bits: global.value })
    case 'f64':
      return expression({ op: 'f64.const', bits: global.value })
    default:
      return reference(global.type, global.value)
  }
}

const offsetOf = (value: number): Bytes => expression({ op: 'i32.const', value })

/** The shortest of the eight forms that says what the segment is. */
const elementSegment = (segment: ElementSegment): Bytes => {
  const { offset, table = 0, element = 'funcref', functions } = segment
  const active = offset !== undefined
  const named = active ? table > 0 || element !== 'funcref' : segment.declarative === true
  const listed = element === 'funcref' && !functions.includes(null)
  const form =
    (active ? 0 : SEGMENT.NOT_ACTIVE) | (named ? SEGMENT.TABLE_OR_DECLARATIVE : 0) | (listed ? 0 : SEGMENT.EXPRESSIONS)
  const place = active ? [...(named ? unsigned(table) : []), ...offsetOf(offset)] : []
  const kind = listed ? [ELEMENT_KIND_FUNCTION] : valueType(element)
  return [
    ...unsigned(form),
    ...place,
    ...(active && !named ? [] : kind),
    ...vector(functions, (index) => (listed ? unsigned(index ?? 0) : reference(element, index))),
  ]
}

const dataSegment = ({ offset, bytes }: DataSegment): Bytes =>
  offset === undefined ? [1, ...sized([...bytes])] : [0, ...offsetOf(offset), ...sized([...bytes])]

const section = (id: number, body: Bytes): Bytes => [id, ...sized(body)]
const listSection = <Item>(id: number, items: readonly Item[], encode: (item: Item) => Bytes): Bytes =>
  items.length === 0 ? [] : section(id, vector(items, encode))

/** Code that names data segments must be told before how many there are. */
const dataCount = ({ data }: ModuleSpec): Bytes =>
  data.some(({ offset }) => offset === undefined) ? section(12, unsigned(data.length)) : []

/** Bytes of a module; it is not validated here. */
export const encodeModule = (spec: ModuleSpec): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...HEADER,
    ...listSection(1, spec.types, functionType),
    ...listSection(2, spec.imports, ({ module, name, type }) => [...text(module), ...text(name), 0, ...unsigned(type)]),
    ...listSection(3, spec.functions, ({ type }) => unsigned(type)),
    ...listSection(4, spec.tables ?? [], (table) => [...valueType(table.element ?? 'funcref'), ...limits(table)]),
    ...listSection(5, spec.memory ? [spec.memory] : [], limits),
    ...listSection(6, spec.globals, (global) => [
      ...valueType(global.type),
      global.mutable ? 1 : 0,
      ...initial(global),
    ]),
    ...listSection(7, spec.exports, ({ name, kind, index }) => [...text(name), EXPORT_KINDS[kind], ...unsigned(index)]),
    ...(spec.start === undefined ? [] : section(8, unsigned(spec.start))),
    ...listSection(9, spec.elements, elementSegment),
    ...dataCount(spec),
    ...listSection(10, spec.functions, functionBody),
    ...listSection(11, spec.data, dataSegment),
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
