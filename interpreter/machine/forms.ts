import { ACCESS, ALU, ALU_ROWS, type AluGroup, CONTROL, EXTENSION, REGION, UNIT } from '../../spec/index.ts'
import { EMPTY_WORD, type InstructionWord, WORD_BYTES, WORD_OFFSET } from './word.ts'

/**
 * The forms of instruction word that the lowering emits, each with the opcode by which the fast run
 * knows it. A word of any other form runs only in the exact machine.
 */
interface Form {
  /** Opcode of the fast run; the cases of `run` are these literals. */
  readonly op: number
  readonly word: Partial<InstructionWord>
  /** Fields that may hold anything. */
  readonly free: readonly (keyof InstructionWord)[]
}

const { LOAD, STORE, WRITE, WINDOW } = UNIT
const { NEXT, JUMP, JUMPZ, JUMPNZ, TABLE, CALL, CALLREF, RETURN, HALT, TRAP } = CONTROL

const unary = { control: NEXT, unit: WRITE, a: 1, result: 1 }
const binary = { control: NEXT, unit: WRITE, a: 2, b: 1, result: 2, delta: -1 }

const MOVES: readonly Form[] = [
  { op: 2, word: { alu: ALU.A, control: NEXT, unit: WRITE, result: 0, delta: 1 }, free: ['a'] },
  { op: 3, word: { alu: ALU.A, control: NEXT, unit: WRITE, a: 1, delta: -1 }, free: ['result'] },
  { op: 1, word: { alu: ALU.A, control: NEXT, unit: WRITE }, free: ['a', 'result', 'delta'] },
  { op: 4, word: { alu: ALU.IMM64, control: NEXT, unit: WRITE, result: 0, delta: 1 }, free: ['immLo', 'immHi'] },
  { op: 5, word: { alu: ALU.SELECT, control: NEXT, unit: WRITE, a: 3, b: 2, c: 1, result: 3, delta: -2 }, free: [] },
  { op: 6, word: { alu: ALU.PAGES, control: NEXT, unit: WRITE, result: 0, delta: 1 }, free: [] },
  { op: 7, word: { ...unary, alu: ALU.GROW }, free: ['immLo'] },
  { op: 8, word: { alu: ALU.ENTER, control: NEXT }, free: ['immLo', 'delta'] },
  { op: 9, word: { alu: ALU.ZERO, control: NEXT }, free: ['delta'] },
  { op: 23, word: { ...binary, alu: ALU.BOUND }, free: ['immHi', 'immLo'] },
  { op: 23, word: { ...binary, alu: ALU.BOUND, a: 3, result: 3 }, free: ['immHi', 'immLo'] },
]

const CONTROLS: readonly Form[] = [
  { op: 10, word: { alu: ALU.ZERO, control: JUMP }, free: ['immLo', 'delta'] },
  { op: 11, word: { alu: ALU.A, control: JUMP, unit: WRITE }, free: ['a', 'result', 'immLo', 'delta'] },
  { op: 12, word: { alu: ALU.ZERO, control: JUMPZ, a: 1, delta: -1 }, free: ['immLo'] },
  { op: 13, word: { alu: ALU.ZERO, control: JUMPNZ, a: 1, delta: -1 }, free: ['immLo'] },
  { op: 14, word: { alu: ALU.ZERO, control: TABLE, a: 1, delta: -1 }, free: ['immLo'] },
  { op: 15, word: { alu: ALU.ZERO, control: CALL, unit: WRITE, result: 0, delta: 1 }, free: ['immLo'] },
  {
    op: 16,
    word: { alu: ALU.ZERO, control: CALLREF, unit: REGION.TABLES | LOAD | WRITE, a: 1, result: 1 },
    free: ['access', 'immLo', 'immHi'],
  },
  { op: 17, word: { alu: ALU.ZERO, control: RETURN }, free: ['b', 'delta'] },
  { op: 18, word: { alu: ALU.A, control: RETURN, unit: WRITE }, free: ['a', 'b', 'result', 'delta'] },
  { op: 19, word: { alu: ALU.ZERO, control: HALT }, free: ['a', 'delta'] },
  { op: 20, word: { alu: ALU.ZERO, control: TRAP }, free: ['immLo', 'delta'] },
]

const loadForm = (op: number, region: number, access: number): Form => ({
  op,
  word: { ...unary, alu: ALU.LOADED, unit: region | LOAD | WRITE, access },
  free: ['immLo'],
})

const storeForm = (op: number, region: number, access: number): Form => ({
  op,
  word: { alu: ALU.B, control: NEXT, unit: region | STORE, access, a: 2, b: 1, delta: -2 },
  free: ['immLo'],
})

const sign32 = EXTENSION.SIGN32 << ACCESS.EXTENSION_SHIFT
const sign64 = EXTENSION.SIGN64 << ACCESS.EXTENSION_SHIFT

/** Width and extension of every load that WebAssembly has, and width of every store. */
const LOADS = [0, sign32, sign64, 1, 1 | sign32, 1 | sign64, 2, 2 | sign64, 3]
const STORES = [0, 1, 2, 3]

const MEMORY: readonly Form[] = [
  ...LOADS.map((access, i) => loadForm(0x60 + i, REGION.MEMORY, access)),
  ...STORES.map((access) => storeForm(0x70 + access, REGION.MEMORY, access)),
  ...LOADS.map((access) => loadForm(0xd0, REGION.MEMORY | WINDOW, access)),
  ...STORES.map((access) => storeForm(0xd1, REGION.MEMORY | WINDOW, access)),
  loadForm(0x78, REGION.INPUT, 0),
  loadForm(0x79, REGION.INPUT, 3),
  loadForm(0x7a, REGION.OUTPUT, 0),
  loadForm(0x7b, REGION.OUTPUT, 3),
  storeForm(0x7c, REGION.OUTPUT, 0),
  storeForm(0x7d, REGION.OUTPUT, 3),
  loadForm(0x7e, REGION.DATA, 0),
  loadForm(0x7f, REGION.DATA, 3),
]

const NUMBERS_AND_ENTRIES: readonly Form[] = [
  { op: 21, word: { alu: ALU.LOADED, control: NEXT, unit: REGION.GLOBALS | LOAD | WRITE, delta: 1 }, free: ['immLo'] },
  { op: 22, word: { alu: ALU.B, control: NEXT, unit: REGION.GLOBALS | STORE, b: 1, delta: -1 }, free: ['immLo'] },
  loadForm(24, REGION.GLOBALS, 0),
  storeForm(25, REGION.GLOBALS, 0),
  { ...loadForm(26, REGION.TABLES, 0), free: ['access', 'immLo'] },
  { ...storeForm(27, REGION.TABLES | LOAD, 0), free: ['access', 'immLo'] },
  { ...storeForm(28, REGION.TABLES, 0), free: ['access', 'immLo'] },
  {
    op: 29,
    word: { ...unary, alu: ALU.CHECKREF, unit: REGION.TABLES | LOAD | WRITE },
    free: ['access', 'immHi', 'immLo'],
  },
]

const NUMERIC_GROUPS: readonly AluGroup[] = ['i32', 'i64', 'f32', 'f64', 'truncate']

/** Numeric operations keep their ALU code as opcode. */
const NUMERIC: readonly Form[] = ALU_ROWS.filter(({ group }) => NUMERIC_GROUPS.includes(group)).map(
  ({ code, reads }) => ({ op: code, word: { ...(reads === 1 ? unary : binary), alu: code }, free: [] }),
)

const FORMS: readonly Form[] = [...MOVES, ...CONTROLS, ...MEMORY, ...NUMBERS_AND_ENTRIES, ...NUMERIC]

type WideField = Exclude<keyof InstructionWord, 'alu' | 'control' | 'unit' | 'access'>

/** A form as it is compared with the bytes of a word whose first three bytes are the form's. */
interface Pattern {
  readonly op: number
  /** The fourth byte, or undefined where it is free. */
  readonly access: number | undefined
  /** Offset and value of the fields that are not free. */
  readonly fixed: readonly (readonly [offset: number, value: number])[]
}

const WIDE_FIELDS: readonly WideField[] = ['a', 'b', 'c', 'result', 'delta', 'immHi', 'immLo']

const patternOf = ({ op, word, free }: Form): Pattern => ({
  op,
  access: free.includes('access') ? undefined : (word.access ?? 0),
  fixed: WIDE_FIELDS.filter((name) => !free.includes(name)).map((name) => [WORD_OFFSET[name], word[name] ?? 0]),
})

/** The bytes before access. */
const kindOf = ({ alu, control, unit }: InstructionWord): number => (alu << 16) | (control << 8) | unit

const BY_KIND = new Map<number, Pattern[]>()
for (const form of FORMS) {
  const kind = kindOf({ ...EMPTY_WORD, ...form.word })
  BY_KIND.set(kind, [...(BY_KIND.get(kind) ?? []), patternOf(form)])
}

/** A program holds a word that the lowering never emits; the fast run does not know it. */
export class UnknownForm extends Error {
  override readonly name = 'UnknownForm'
  readonly pc: number
  constructor(pc: number) {
    super(`the instruction word at pc ${pc} has no form of the lowering; run it in the exact machine`)
    this.pc = pc
  }
}

/** A program as the fast run reads it: one entry of each array for each word; depths count half slots. */
export interface FastCode {
  readonly op: Uint8Array
  readonly a: Int32Array
  readonly b: Int32Array
  readonly result: Int32Array
  readonly delta: Int32Array
  readonly low: Int32Array
  readonly high: Int32Array
  readonly access: Uint8Array
  /** Slots that the words before the first ENTER push at most: what they are within is no frame. */
  readonly startSlots: number
}

/** Opcode of pcs beyond the program, where the words are 0. */
const TRAP_OP = 20

const ENTER_OP = 8

/**
 * Takes the words apart once.
 * @throws UnknownForm
 */
export function fastCode(code: Uint8Array): FastCode {
  const count = code.length / WORD_BYTES
  const view = new DataView(code.buffer, code.byteOffset, code.length)
  const column = () => new Int32Array(count + 1)
  const [a, b, result, delta, low, high] = [column(), column(), column(), column(), column(), column()]
  const [op, access] = [new Uint8Array(count + 1), new Uint8Array(count + 1)]
  for (let pc = 0; pc < count; pc++) {
    const at = WORD_BYTES * pc
    op[pc] = opcodeAt(view, pc)
    access[pc] = view.getUint8(at + WORD_OFFSET.access)
    a[pc] = 2 * view.getInt32(at + WORD_OFFSET.a)
    b[pc] = 2 * view.getInt32(at + WORD_OFFSET.b)
    result[pc] = 2 * view.getInt32(at + WORD_OFFSET.result)
    delta[pc] = 2 * view.getInt32(at + WORD_OFFSET.delta)
    low[pc] = view.getInt32(at + WORD_OFFSET.immLo)
    high[pc] = view.getInt32(at + WORD_OFFSET.immHi)
  }
  op[count] = TRAP_OP
  return { op, a, b, result, delta, low, high, access, startSlots: startSlots(op, delta) }
}

function opcodeAt(view: DataView, pc: number): number {
  const at = WORD_BYTES * pc
  const head = view.getUint32(at)
  for (const { op, access, fixed } of BY_KIND.get(head >>> 8) ?? []) {
    if (access !== undefined && access !== (head & 0xff)) continue
    if (fixed.every(([offset, value]) => view.getInt32(at + offset) === value)) return op
  }
  throw new UnknownForm(pc)
}

function startSlots(op: Uint8Array, delta: Int32Array): number {
  let slots = 0
  for (let pc = 0; pc < op.length && op[pc] !== ENTER_OP; pc++) slots += Math.max(0, delta[pc]!) / 2
  return slots
}
