import { PAGE_BITS, UNIT } from '../../spec/index.ts'
import type { MemoryArgument, Op } from '../binary/instruction.ts'
import type { Body } from './body.ts'
import {
  access,
  EMPTY_BLOCK,
  i32Const,
  localGet,
  localSet,
  localTee,
  type NativeType,
  opcode,
  TYPE,
} from './encoding.ts'
import { mark, markAtLocal } from './marking.ts'

/** Linear memory begins at an address of the engine's memory, which is part of every offset. */

type Access = MemoryArgument & { readonly op: Op }

const typeOfAccess = (op: Op): NativeType => TYPE[op.slice(0, 3) as keyof typeof TYPE]

/** Where the engine's offset ends: what lies behind is out of bounds in any case. */
const OFFSET_END = 2 ** 32

/** Windows have accesses of several words: none of them has pages where the engine runs. */
const outOfReach = (body: Body, displacement: number): boolean =>
  (body.env.listing.word(body.source.pcs[body.at + 1]! - 1).unit & UNIT.WINDOW) !== 0 ||
  displacement + body.env.layout.memory >= OFFSET_END

export const emitLoad = (body: Body, { op, displacement, align }: Access): void => {
  body.need(1)
  body.pop(1)
  body.charge(body.words)
  if (outOfReach(body, displacement)) body.put(opcode('unreachable'))
  else body.put(access(op, displacement + body.env.layout.memory, 0, align))
  body.push(typeOfAccess(op))
}

export const emitStore = (body: Body, instruction: Access): void => {
  const { op, displacement, align } = instruction
  body.need(2, true)
  const local = body.localOf(body.operands.at(-2)!)
  const height = body.operands.length - 2
  body.charge(body.words)
  if (outOfReach(body, displacement)) {
    body.put(opcode('unreachable'))
    body.pop(2)
    return
  }
  const code = access(op, displacement + body.env.layout.memory, 0, align)
  if (local >= 0) {
    body.put(code)
    markAtLocal(body, local, instruction)
  } else {
    const [address, value] = [body.temporary(height, TYPE.i32), body.temporary(height + 1, typeOfAccess(op))]
    body.put(localSet(value), localTee(address), localGet(value), code)
    body.put(mark(body, localGet(address), displacement))
  }
  body.pop(2)
}

export const pagesBelow = ({ env }: Body): number => env.layout.memory / 2 ** PAGE_BITS

const MEMORY_0 = [0]

export const emitMemorySize = (body: Body): void => {
  body.charge(body.words)
  body.put(opcode('memory.size'), MEMORY_0, i32Const(pagesBelow(body)), opcode('i32.sub'))
  body.push(TYPE.i32)
}

/**
 * Beyond the machine's limit it gives -1; where the engine has no room within it, it traps and the interpreter goes on.
 * A growth by nothing is a step like any other, but not for the engine: it must not be asked.
 */
export const emitMemoryGrow = (body: Body): void => {
  const { immLo: limit } = body.env.listing.word(body.pc)
  const below = pagesBelow(body)
  body.need(1)
  body.pop(1)
  body.charge(body.words)
  const delta = body.temporary('grow', TYPE.i32)
  body.put(localTee(delta), i32Const(limit + below), opcode('memory.size'), MEMORY_0, opcode('i32.sub'))
  body.put(opcode('i32.gt_u'), [0x04, TYPE.i32], i32Const(-1), [0x05])
  body.put(localGet(delta), [0x04, TYPE.i32], localGet(delta), opcode('memory.grow'), MEMORY_0)
  body.put([0x05], opcode('memory.size'), MEMORY_0, [0x0b], localTee(delta), i32Const(-1), opcode('i32.eq'))
  body.put([0x04, EMPTY_BLOCK], opcode('unreachable'), [0x0b])
  body.put(localGet(delta), i32Const(below), opcode('i32.sub'), [0x0b])
  body.push(TYPE.i32)
}
