import type { InstructionWord } from '../../interpreter/machine/word.ts'
import {
  ACCESS,
  ALU,
  ALU_ROWS,
  CONTROL,
  CONTROL_ROWS,
  EXTENSION,
  F32_BASE,
  REGION,
  REGIONS,
  UNIT,
} from '../../spec/index.ts'
import type { Operands } from '../../test/helpers/float-batch.ts'
import { operandType } from '../../test/helpers/random-floats.ts'

/** A kind of instruction word whose substeps are judged. */
export interface Operation {
  readonly name: string
  readonly word: Partial<InstructionWord>
  /** Operands a and b; where they are left out, addresses within all limits. */
  readonly operands?: Operands
}

/** pi/2 and -e: no byte is zero, and their sum, product and quotient are rounded; as integers they are too when converted. */
const SINGLES: Operands = [0x3fc90fdbn, 0xc02df854n]
const DOUBLES: Operands = [0x3ff921fb54442d18n, 0xc005bf0a8b145769n]

const WRITE_TOP = { unit: UNIT.WRITE, control: CONTROL.NEXT }

/** Every ALU operation, with three operands read and its result written two slots down. */
const ALUS: readonly Operation[] = ALU_ROWS.map((row) => ({
  name: row.name,
  word: { ...WRITE_TOP, alu: row.code, a: 3, b: 2, c: 1, result: 3, delta: -2, immLo: 70 },
  ...(row.code < F32_BASE ? {} : { operands: operandType(row).endsWith('32') ? SINGLES : DOUBLES }),
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

/** Loads a reference that is there and has the type. */
const ENTRY = { unit: REGION.TABLES | UNIT.LOAD | UNIT.WRITE, access: 16, a: 1, result: 1, immHi: 1 }

/** The widest access of a second memory, which crosses a leaf. */
const WINDOW = { control: CONTROL.NEXT, access: 4, immLo: 0xfc000000 }

const OTHERS: readonly Operation[] = [
  { name: 'call_indirect', word: { ...ENTRY, alu: ALU.ZERO, control: CONTROL.CALLREF } },
  { name: 'return_call_indirect', word: { ...ENTRY, alu: ALU.CHECKREF, control: CONTROL.NEXT } },
  {
    name: 'load window',
    word: { ...WINDOW, alu: ALU.LOADED, unit: REGION.MEMORY | UNIT.WINDOW | UNIT.LOAD | UNIT.WRITE, a: 1, result: 1 },
  },
  {
    name: 'store window',
    word: { ...WINDOW, alu: ALU.B, unit: REGION.MEMORY | UNIT.WINDOW | UNIT.STORE, a: 2, b: 1, delta: -2 },
  },
]

/** Everything that is judged: each row of the spec at least once. */
export const OPERATIONS: readonly Operation[] = [...ALUS, ...CONTROLS, ...MEMORY, ...OTHERS]
