import { ALU, CONTROL, REGION, TRAP, UNIT } from '../../spec/index.ts'
import type { InstructionWord } from '../machine/word.ts'

/**
 * The words of the lowering table that are not plain arithmetic, one function per row. Depths count down
 * from sp: 1 is the top operand, 0 the slot that a push writes. Source: docs/machine.md, "Lowering".
 */
export type Word = Partial<InstructionWord>

const { NEXT } = CONTROL
const { WRITE, LOAD, STORE } = UNIT

const low32 = (value: bigint): number => Number(BigInt.asUintN(32, value))

export const constant = (value: bigint): Word => ({
  alu: ALU.IMM64,
  control: NEXT,
  unit: WRITE,
  delta: 1,
  immHi: low32(value >> 32n),
  immLo: low32(value),
})

const copy = (from: number, to: number, delta: number): Word => ({
  alu: ALU.A,
  control: NEXT,
  unit: WRITE,
  a: from,
  result: to,
  delta,
})

export const localGet = (depth: number): Word => copy(depth, 0, 1)

export const localSet = (depth: number): Word => copy(1, depth, -1)

export const localTee = (depth: number): Word => copy(1, depth, 0)

export const globalGet = (index: number): Word => ({
  alu: ALU.LOADED,
  control: NEXT,
  unit: REGION.GLOBALS | LOAD | WRITE,
  delta: 1,
  immLo: index,
})

export const globalSet = (index: number): Word => ({
  alu: ALU.B,
  control: NEXT,
  unit: REGION.GLOBALS | STORE,
  b: 1,
  delta: -1,
  immLo: index,
})

export const drop = (): Word => ({ alu: ALU.ZERO, control: NEXT, delta: -1 })

export const select = (): Word => ({
  alu: ALU.SELECT,
  control: NEXT,
  unit: WRITE,
  a: 3,
  b: 2,
  c: 1,
  result: 3,
  delta: -2,
})

export const memorySize = (): Word => ({ alu: ALU.PAGES, control: NEXT, unit: WRITE, delta: 1 })

export const memoryGrow = (limit: number): Word => ({
  alu: ALU.GROW,
  control: NEXT,
  unit: WRITE,
  a: 1,
  result: 1,
  immLo: limit,
})

export const unreachable = (): Word => ({ alu: ALU.ZERO, control: CONTROL.TRAP, immLo: TRAP.UNREACHABLE })

/** Jumps that are not resolved yet have target 0; CodeBuilder sets it. */
export const jump = (target = 0): Word => ({ alu: ALU.ZERO, control: CONTROL.JUMP, immLo: target })

export const jumpIfZero = (target = 0): Word => ({
  alu: ALU.ZERO,
  control: CONTROL.JUMPZ,
  a: 1,
  delta: -1,
  immLo: target,
})

export const jumpIfNotZero = (target = 0): Word => ({
  alu: ALU.ZERO,
  control: CONTROL.JUMPNZ,
  a: 1,
  delta: -1,
  immLo: target,
})

/** A jump that drops `dropped` operands below the value that it carries, if it carries one. */
export const jumpDropping = (carries: 0 | 1, dropped: number, target = 0): Word => {
  if (dropped === 0) return jump(target)
  const leave = { control: CONTROL.JUMP, delta: -dropped, immLo: target }
  return carries === 0 ? { alu: ALU.ZERO, ...leave } : { alu: ALU.A, unit: WRITE, a: 1, result: 1 + dropped, ...leave }
}

export const jumpTable = (lastIndex: number): Word => ({
  alu: ALU.ZERO,
  control: CONTROL.TABLE,
  a: 1,
  delta: -1,
  immLo: lastIndex,
})

export const call = (entryPc = 0): Word => ({
  alu: ALU.ZERO,
  control: CONTROL.CALL,
  unit: WRITE,
  delta: 1,
  immLo: entryPc,
})

/** The slot of the index becomes the return pc. */
export const callIndirect = (typeId: number, tableBase: number, capacityLog2: number): Word => ({
  alu: ALU.ZERO,
  control: CONTROL.CALLREF,
  unit: REGION.TABLES | LOAD | WRITE,
  access: capacityLog2,
  a: 1,
  result: 1,
  immHi: typeId,
  immLo: tableBase,
})

export const enter = (locals: number, need: number): Word => ({
  alu: ALU.ENTER,
  control: NEXT,
  delta: locals,
  immLo: need,
})

/** Depths of the frame's first slot and of its return pc; the result, if any, goes to the first slot. */
export const returnFrom = (results: 0 | 1, frameDepth: number, returnPcDepth: number): Word =>
  results === 0
    ? { alu: ALU.ZERO, control: CONTROL.RETURN, b: returnPcDepth, delta: -frameDepth }
    : {
        alu: ALU.A,
        control: CONTROL.RETURN,
        unit: WRITE,
        a: 1,
        b: returnPcDepth,
        result: frameDepth,
        delta: 1 - frameDepth,
      }

export const halt = (): Word => ({ alu: ALU.ZERO, control: CONTROL.HALT })
