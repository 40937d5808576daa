import { PAGE_BITS, REGION, TABLE_CAPACITY_MASK } from '../../spec/index.ts'
import { BLOCK_BITS } from '../machine/bytes.ts'
import { ENTRY_BLOCK_BITS } from '../machine/tables.ts'
import type { Body } from './body.ts'
import {
  access,
  EMPTY_BLOCK,
  i32Const,
  localGet,
  localSet,
  type NativeType,
  nativeType,
  opcode,
  TYPE,
  toSlot,
  unsigned,
} from './encoding.ts'
import { MEMORY_INDEX } from './layout.ts'
import type { IntrinsicName } from './listing.ts'
import { NativeUnsupported } from './unsupported.ts'

/** Globals, tables, and what the runtime reaches through intrinsics. Where the machine would trap, the code does. */

/** Eight bytes for each number, as a power of two. */
const NUMBER_BITS = 3

const trapIf = (condition: readonly number[]): number[] => [
  ...condition,
  0x04,
  EMPTY_BLOCK,
  ...opcode('unreachable'),
  0x0b,
]

const scaled = (local: number): number[] => [...localGet(local), ...i32Const(NUMBER_BITS), ...opcode('i32.shl')]

export const emitGlobalGet = (body: Body, type: NativeType): void => {
  const { immLo } = body.env.listing.word(body.pc)
  body.charge(body.words)
  const load = (
    { [TYPE.i32]: 'i32.load', [TYPE.i64]: 'i64.load', [TYPE.f32]: 'f32.load', [TYPE.f64]: 'f64.load' } as const
  )[type]
  body.put(i32Const(0), access(load, body.env.layout.globals + 8 * immLo))
  body.push(type)
}

export const emitGlobalSet = (body: Body, type: NativeType): void => {
  const { immLo } = body.env.listing.word(body.pc)
  body.need(1, true)
  body.charge(body.words)
  const value = body.temporary('global', type)
  body.put(localSet(value), i32Const(0), localGet(value), toSlot(type))
  body.put(access('i64.store', body.env.layout.globals + 8 * immLo))
  body.pop(1)
}

/** data.drop and elem.drop: the length becomes 0. */
export const emitSegmentDrop = (body: Body): void => {
  const { immLo } = body.env.listing.word(body.pc + 1)
  body.charge(body.words)
  body.put(i32Const(0), [0x42, 0], access('i64.store', body.env.layout.globals + 8 * immLo))
}

/** Where a word finds its table. */
interface Entries {
  readonly base: number
  readonly capacity: number
}

const entriesAt = (body: Body): Entries => {
  const { access: bits, immLo } = body.env.listing.word(body.pc)
  return { base: immLo, capacity: 2 ** (bits & TABLE_CAPACITY_MASK) }
}

const beyond = (index: number, capacity: number): number[] =>
  trapIf([...localGet(index), ...i32Const(capacity), ...opcode('i32.ge_u')])

const absent = ({ env }: Body, index: number, base: number): number[] =>
  trapIf([...localGet(index), ...access('i32.load8_u', env.layout.present + base), ...opcode('i32.eqz')])

const loadReference = ({ env }: Body, index: number, base: number): number[] => [
  ...scaled(index),
  ...access('i64.load', env.layout.references + 8 * base),
]

export const emitTableGet = (body: Body): void => {
  const { base, capacity } = entriesAt(body)
  const index = body.temporary('index', TYPE.i32)
  body.need(1)
  body.pop(1)
  body.charge(body.words)
  body.put(localSet(index), beyond(index, capacity), absent(body, index, base), loadReference(body, index, base))
  body.push(TYPE.i64)
}

export const emitTableSet = (body: Body): void => {
  const { base, capacity } = entriesAt(body)
  const [index, value] = [body.temporary('index', TYPE.i32), body.temporary('reference', TYPE.i64)]
  body.need(2)
  body.pop(2)
  body.charge(body.words)
  body.put(localSet(value), localSet(index), beyond(index, capacity), absent(body, index, base))
  body.put(storeReference(body, index, value, base))
}

const storeReference = ({ env: { layout } }: Body, index: number, value: number, base: number): number[] => [
  ...scaled(index),
  ...localGet(value),
  ...access('i64.store', layout.references + 8 * base),
  ...localGet(index),
  ...i32Const(1),
  ...access('i32.store8', layout.present + base),
  ...localGet(index),
  ...(base === 0 ? [] : [...i32Const(base), ...opcode('i32.add')]),
  ...i32Const(ENTRY_BLOCK_BITS),
  ...opcode('i32.shr_u'),
  ...i32Const(1),
  ...access('i32.store8', layout.tablesDirty),
]

/** Takes the index of an entry off, and leaves the pc of the function in a local if it has the type, or the call traps. */
export const emitCheckedReference = (body: Body): number => {
  const { immHi } = body.env.listing.word(body.pc)
  const { base, capacity } = entriesAt(body)
  const [index, reference] = [body.temporary('index', TYPE.i32), body.temporary('reference', TYPE.i64)]
  body.need(1)
  body.pop(1)
  body.put(localSet(index), beyond(index, capacity), loadReference(body, index, base), localSet(reference))
  if (body.env.engineKnowsTypes) return reference
  body.put(localGet(reference), [0x42, 32], opcode('i64.shr_u'), opcode('i32.wrap_i64'))
  body.put(trapIf([...i32Const(immHi), ...opcode('i32.ne')]))
  return reference
}

const takesOf = (body: Body, count: number): number[] => {
  const types = body.operands.slice(-count).map(({ type }) => type)
  body.need(count)
  body.pop(count)
  const locals = types.map((type, i) => body.temporary(`operand${i}`, type))
  for (const local of locals.toReversed()) body.put(localSet(local))
  return locals
}

const emitRegionLoad = (body: Body, op: 'i32.load8_u' | 'i64.load', memory: number): void => {
  const [address] = takesOf(body, 1) as [number]
  body.put(localGet(address), access(op, 0, memory))
  body.push(op === 'i64.load' ? TYPE.i64 : TYPE.i32)
}

/** The output's memory grows with it. */
const emitOutputStore = (body: Body, op: 'i32.store8' | 'i64.store', width: number): void => {
  const [address, value] = takesOf(body, 2) as [number, number]
  const memory = MEMORY_INDEX[REGION.OUTPUT]
  body.put(ensureOutput(address, width, memory))
  body.put(localGet(address), localGet(value), access(op, 0, memory))
  body.put(localGet(address), i32Const(BLOCK_BITS), opcode('i32.shr_u'), i32Const(1))
  body.put(access('i32.store8', body.env.layout.outputDirty))
}

/**
 * Grows a memory where `width` bytes at an address are beyond it: by as much as it has, or by a page where that is more
 * than it may have.
 */
const ensureOutput = (address: number, width: number, memory: number): number[] => [
  ...localGet(address),
  ...i32Const(width - 1),
  ...opcode('i32.add'),
  ...i32Const(PAGE_BITS),
  ...opcode('i32.shr_u'),
  ...opcode('memory.size'),
  ...unsigned(memory),
  ...opcode('i32.ge_u'),
  ...[0x04, EMPTY_BLOCK],
  ...opcode('memory.size'),
  ...unsigned(memory),
  ...opcode('memory.grow'),
  ...unsigned(memory),
  ...[...i32Const(-1), ...opcode('i32.eq')],
  ...[0x04, EMPTY_BLOCK],
  ...i32Const(1),
  ...opcode('memory.grow'),
  ...unsigned(memory),
  ...trapIf([...i32Const(-1), ...opcode('i32.eq')]),
  0x0b,
  0x0b,
]

const emitEntryLoad = (body: Body): void => {
  const [leaf] = takesOf(body, 1) as [number]
  body.put(beyond(leaf, body.env.layout.entries), absent(body, leaf, 0), loadReference(body, leaf, 0))
  body.push(TYPE.i64)
}

const emitEntryStore = (body: Body): void => {
  const [leaf, value] = takesOf(body, 2) as [number, number]
  body.put(beyond(leaf, body.env.layout.entries), storeReference(body, leaf, value, 0))
}

const emitNumberLoad = (body: Body): void => {
  const [leaf] = takesOf(body, 1) as [number]
  body.put(scaled(leaf), access('i32.load', body.env.layout.globals))
  body.push(TYPE.i32)
}

const emitNumberStore = (body: Body): void => {
  const [leaf, value] = takesOf(body, 2) as [number, number]
  body.put(scaled(leaf), localGet(value), toSlot(TYPE.i32), access('i64.store', body.env.layout.globals))
}

const stop = (body: Body): void => body.put(opcode('unreachable'))

const INPUT = MEMORY_INDEX[REGION.INPUT]
const DATA = MEMORY_INDEX[REGION.DATA]
const OUTPUT = MEMORY_INDEX[REGION.OUTPUT]

const INTRINSIC_CODE: Readonly<Record<IntrinsicName, (body: Body) => void>> = {
  input_load8: (body) => emitRegionLoad(body, 'i32.load8_u', INPUT),
  input_load64: (body) => emitRegionLoad(body, 'i64.load', INPUT),
  data_load8: (body) => emitRegionLoad(body, 'i32.load8_u', DATA),
  data_load64: (body) => emitRegionLoad(body, 'i64.load', DATA),
  output_load64: (body) => emitRegionLoad(body, 'i64.load', OUTPUT),
  output_store8: (body) => emitOutputStore(body, 'i32.store8', 1),
  output_store64: (body) => emitOutputStore(body, 'i64.store', 8),
  table_load: emitEntryLoad,
  table_store: emitEntryStore,
  global_load: emitNumberLoad,
  global_store: emitNumberStore,
  halt: (body) => {
    takesOf(body, 1)
    stop(body)
  },
  trap_memory_bounds: stop,
  trap_table_bounds: stop,
}

export const emitIntrinsic = (body: Body, name: IntrinsicName | undefined): void => {
  if (name === undefined) throw new NativeUnsupported(`the word at pc ${body.pc}`)
  body.charge(body.words)
  INTRINSIC_CODE[name](body)
}

export const globalType = (body: Body, global: number): NativeType =>
  nativeType(body.source.places.globalTypes[global]!)
