import { ALU, CONTROL, REGION, TRAP, UNIT } from '../../spec/index.ts'
import type { InstructionWord } from '../machine/word.ts'

/**
 * The words of the lowering table that are not plain arithmetic, one function per row. Depths count down
 * from sp: 1 is the top operand, 0 the slot that a push writes. Source: docs/machine.md, "Lowering".
 */
export type Word = Partial<InstructionWord>

const { NEXT } = CONTROL
const { WRITE, LOAD, STORE, WINDOW } = UNIT

const low32 = (value: bigint): number => Number(BigInt.asUintN(32, value))

export const constant = (value: bigint): Word => ({
  alu: ALU.IMM64,
  control: NEXT,
  unit: WRITE,
  delta: 1,
  immHi: low32(value >> 32n),
  immLo: low32(value),
})

/** The entry's pc is not known yet: CodeBuilder sets it. */
export const functionReference = (typeId: number): Word => constant(BigInt(typeId) << 32n)

const copy = (from: number, to: number, delta: number): Word => ({
  alu: ALU.A,
  control: NEXT,
  unit: WRITE,
  a: from,
  result: to,
  delta,
})

/** Pushes the slot at a depth: a local, or the return pc. */
export const push = (depth: number): Word => copy(depth, 0, 1)

export const localSet = (depth: number): Word => copy(1, depth, -1)

export const localTee = (depth: number): Word => copy(1, depth, 0)

export const move = (from: number, to: number): Word => copy(from, to, 0)

export const globalGet = (leaf: number): Word => ({
  alu: ALU.LOADED,
  control: NEXT,
  unit: REGION.GLOBALS | LOAD | WRITE,
  delta: 1,
  immLo: leaf,
})

export const globalSet = (leaf: number): Word => ({
  alu: ALU.B,
  control: NEXT,
  unit: REGION.GLOBALS | STORE,
  b: 1,
  delta: -1,
  immLo: leaf,
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

/** Bytes from MEMORY; `access` is the width and the extension. */
export const load = (access: number, address: number): Word => ({
  alu: ALU.LOADED,
  control: NEXT,
  unit: REGION.MEMORY | LOAD | WRITE,
  access,
  a: 1,
  result: 1,
  immLo: address,
})

export const store = (access: number, address: number): Word => ({
  alu: ALU.B,
  control: NEXT,
  unit: REGION.MEMORY | STORE,
  access,
  a: 2,
  b: 1,
  delta: -2,
  immLo: address,
})

/** The load or store that knows no limit of pages. */
export const inWindow = (word: Word): Word => ({ ...word, unit: (word.unit ?? 0) | WINDOW })

/** Traps unless the address at that depth, plus `end`, is within the pages on top of the stack, which it pops. */
export const bound = (addressDepth: number, end: number): Word => ({
  alu: ALU.BOUND,
  control: NEXT,
  unit: WRITE,
  a: addressDepth,
  b: 1,
  result: addressDepth,
  delta: -1,
  immHi: low32(BigInt(end) >> 32n),
  immLo: low32(BigInt(end)),
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

/** Where a table stands in TABLES. */
interface TableRange {
  readonly base: number
  readonly capacityLog2: number
}

export const tableGet = ({ base, capacityLog2 }: TableRange): Word => ({
  alu: ALU.LOADED,
  control: NEXT,
  unit: REGION.TABLES | LOAD | WRITE,
  access: capacityLog2,
  a: 1,
  result: 1,
  immLo: base,
})

/** It loads, too: only an entry that is present may be set. */
export const tableSet = ({ base, capacityLog2 }: TableRange): Word => ({
  alu: ALU.B,
  control: NEXT,
  unit: REGION.TABLES | LOAD | STORE,
  access: capacityLog2,
  a: 2,
  b: 1,
  delta: -2,
  immLo: base,
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

/** The reference in the entry of the index on top of the stack. */
const calledEntry = (typeId: number, { base, capacityLog2 }: TableRange): Word => ({
  unit: REGION.TABLES | LOAD | WRITE,
  access: capacityLog2,
  a: 1,
  result: 1,
  immHi: typeId,
  immLo: base,
})

/** The slot of the index becomes the return pc. */
export const callIndirect = (typeId: number, table: TableRange): Word => ({
  alu: ALU.ZERO,
  control: CONTROL.CALLREF,
  ...calledEntry(typeId, table),
})

/** The slot of the index becomes the pc of the entry. */
export const checkReference = (typeId: number, table: TableRange): Word => ({
  alu: ALU.CHECKREF,
  control: NEXT,
  ...calledEntry(typeId, table),
})

export const enter = (locals: number, need: number): Word => ({
  alu: ALU.ENTER,
  control: NEXT,
  delta: locals,
  immLo: need,
})

export const halt = (): Word => ({ alu: ALU.ZERO, control: CONTROL.HALT })
