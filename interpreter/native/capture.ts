import { type Body, canonical, SP_MASK } from './body.ts'
import type { ByteWriter } from './code-bytes.ts'
import {
  access,
  i32Const,
  i64Const,
  localGet,
  localSet,
  type NativeType,
  opcode,
  toSlot,
  unsigned,
  zeroOf,
} from './encoding.ts'
import type { Shape } from './label.ts'
import { CONTROL_WORDS } from './layout.ts'

/**
 * Behind the body of a function stands how its frame is captured: everything is written where the abstract machine has
 * it, [arguments][return pc][locals][operands]. The innermost frame says where the machine stands; the counter that it
 * gives back is so low that all callers capture themselves, too.
 */

/** The counter of a frame whose callee was captured is below. */
const UNWINDING = -(2n ** 61n)
const UNWOUND = -(2n ** 62n)

const store = (body: Body, slot: number, type: NativeType, local: number): number[] => [
  ...localGet(body.baseLocal),
  ...localGet(local),
  ...toSlot(type),
  ...access('i64.store', body.env.layout.slots + 8 * slot),
]

const unwinding = (body: Body): number[] => [...localGet(body.counter), ...i64Const(UNWINDING), ...opcode('i64.lt_s')]

const sp = (body: Body): number[] => [
  ...localGet(body.counter),
  ...opcode('i32.wrap_i64'),
  ...i32Const(Number(SP_MASK)),
  ...opcode('i32.and'),
]

const control = (op: 'i32.load' | 'i32.store' | 'i64.store', word: keyof typeof CONTROL_WORDS): number[] =>
  access(op, CONTROL_WORDS[word])

const storeOperands = (body: Body, types: readonly NativeType[], from: number): void => {
  types.forEach((type, i) => {
    const height = from + i
    body.put(store(body, body.slotOf(height), type, body.temporary(height, type)))
  })
}

const emitShape = (body: Body, { below, above }: Shape): void => {
  body.put(sp(body), i32Const(3), opcode('i32.shl'), localSet(body.baseLocal))
  storeOperands(body, below, 0)
  if (above.length === 0) return
  body.put(unwinding(body), opcode('i32.eqz'), [0x04, 0x40])
  storeOperands(body, above, below.length)
  body.put([0x0b])
}

const storeLocals = (body: Body): void => {
  body.locals.forEach((type, local) => {
    const slot = local < body.args ? local - body.args - 1 : local - body.args
    const index = body.localIndex(local)
    if (body.rawLocals.has(local)) body.put(localGet(index), canonical(type, index), localSet(index))
    body.put(store(body, slot, type, index))
  })
}

/** The return pc of the callee's frame, or where the machine stands. */
const storePlace = (body: Body): void => {
  const { slots } = body.env.layout
  body.put(unwinding(body), [0x04, 0x40])
  body.put(i32Const(0), control('i32.load', 'returnSlot'), i32Const(3), opcode('i32.shl'))
  body.put(localGet(body.pcLocal), opcode('i64.extend_i32_u'), access('i64.store', slots), [0x05])
  body.put(i32Const(0), localGet(body.counter), localGet(body.correctionLocal), opcode('i64.add'))
  body.put(control('i64.store', 'counter'), i32Const(0), localGet(body.pcLocal), control('i32.store', 'pc'), [0x0b])
  body.put(i32Const(0), sp(body), i32Const(1), opcode('i32.sub'), control('i32.store', 'returnSlot'))
}

const giveBack = (body: Body): void => {
  for (const type of body.results) body.put(zeroOf(type))
  body.put(sp(body), i32Const(body.args + 1), opcode('i32.sub'), opcode('i64.extend_i32_u'))
  body.put(i64Const(UNWOUND), opcode('i64.or'))
}

/** The body as the engine gets it, the blocks that captures branch out of around it. */
export const enclose = (body: Body, into: ByteWriter): void => {
  const { shapes } = body
  for (let i = 0; i <= shapes.length; i++) into.put([0x02, 0x40])
  for (const [i, shape] of shapes.entries()) {
    body.put([0x0b])
    emitShape(body, shape)
    body.put([0x0c], unsigned(shapes.length - 1 - i))
  }
  body.put([0x0b])
  storeLocals(body)
  storePlace(body)
  giveBack(body)
  body.put([0x0b])
  body.bytes.collect(into)
}

export const CAPTURED = UNWINDING
