import type { InstructionWord } from '../../interpreter/machine/word.ts'
import { ACCESS, ALU, ALU_ROWS, CONTROL, CONTROL_ROWS, EXTENSION, REGION, REGIONS, UNIT } from '../../spec/index.ts'

/** A kind of instruction word whose substeps are judged. */
export interface Operation {
  readonly name: string
  readonly word: Partial<InstructionWord>
}

const WRITE_TOP = { unit: UNIT.WRITE, control: CONTROL.NEXT }

/** Every ALU operation, with three operands read and its result written two slots down. */
const ALUS: readonly Operation[] = ALU_ROWS.map(({ name, code }) => ({
  name,
  word: { ...WRITE_TOP, alu: code, a: 3, b: 2, c: 1, result: 3, delta: -2, immLo: 70 },
}))

/** Every control, with a result written and the stack cut. */
const CONTROLS: readonly Operation[] = CONTROL_ROWS.map(({ name, code }) => ({
  name: `control ${name}`,
  word: { alu: ALU.A, control: code, unit: UNIT.WRITE, a: 2, b: 1, result: 2, delta: -1, immLo: 70 },
}))

const EXTENSIONS = { zero: EXTENSION.ZERO, sign32: EXTENSION.SIGN32, sign64: EXTENSION.SIGN64 }

/** Loads and stores of every width and extension; the operands make the wider ones cross a leaf. */
const MEMORY: readonly Operation[] = REGIONS.flatMap((region) => {
  if (!region.load) return []
  const widths = region.kind === 'bytes' ? [0, 1, 2, 3, 4] : [16]
  return widths.flatMap((width) => {
    const loads = Object.entries(region.kind === 'bytes' ? EXTENSIONS : { entry: 0 }).map(([extension, code]) => ({
      name: `load ${region.name} ${width} ${extension}`,
      word: {
        alu: ALU.LOADED,
        control: CONTROL.NEXT,
        unit: region.index | UNIT.LOAD | UNIT.WRITE,
        access: width | (code << ACCESS.EXTENSION_SHIFT),
        a: 1,
        result: 1,
        delta: -1,
      },
    }))
    const store = {
      name: `store ${region.name} ${width}`,
      word: {
        alu: ALU.B,
        control: CONTROL.NEXT,
        unit: region.index | UNIT.STORE,
        access: width,
        a: 2,
        b: 1,
        delta: -2,
      },
    }
    return region.store ? [...loads, store] : loads
  })
})

const CALL_INDIRECT: Operation = {
  name: 'call_indirect',
  word: {
    alu: ALU.ZERO,
    control: CONTROL.CALLREF,
    unit: REGION.TABLES | UNIT.LOAD | UNIT.WRITE,
    access: 16,
    a: 1,
    result: 1,
    immHi: 1,
  },
}

/** Everything that is judged: each row of the spec at least once. */
export const OPERATIONS: readonly Operation[] = [...ALUS, ...CONTROLS, ...MEMORY, CALL_INDIRECT]
