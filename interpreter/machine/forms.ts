import { ACCESS, ALU, ALU_ROWS, CONTROL, EXTENSION, REGION, UNIT } from '../../spec/index.ts'
import { numberOf } from '../commit/bits.ts'
import { EMPTY_WORD, type InstructionWord, unpackWord } from './word.ts'

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

const { LOAD, STORE, WRITE } = UNIT
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

const MEMORY: readonly Form[] = [
  { op: 21, word: { alu: ALU.LOADED, control: NEXT, unit: REGION.GLOBALS | LOAD | WRITE, delta: 1 }, free: ['immLo'] },
  { op: 22, word: { alu: ALU.B, control: NEXT, unit: REGION.GLOBALS | STORE, b: 1, delta: -1 }, free: ['immLo'] },
  ...[0, sign32, sign64].map((extension, i) => loadForm(0x60 + i, REGION.MEMORY, extension)),
  ...[0, sign32, sign64].map((extension, i) => loadForm(0x63 + i, REGION.MEMORY, 1 | extension)),
  ...[0, sign64].map((extension, i) => loadForm(0x66 + i, REGION.MEMORY, 2 | extension)),
  loadForm(0x68, REGION.MEMORY, 3),
  ...[0, 1, 2, 3].map((width) => storeForm(0x70 + width, REGION.MEMORY, width)),
  loadForm(0x78, REGION.INPUT, 0),
  loadForm(0x79, REGION.INPUT, 3),
  loadForm(0x7a, REGION.OUTPUT, 0),
  loadForm(0x7b, REGION.OUTPUT, 3),
  storeForm(0x7c, REGION.OUTPUT, 0),
  storeForm(0x7d, REGION.OUTPUT, 3),
]

/** Integer operations keep their ALU code as opcode. */
const INTEGERS: readonly Form[] = ALU_ROWS.filter(({ group }) => group === 'i32' || group === 'i64').map(
  ({ code, reads }) => ({ op: code, word: { ...(reads === 1 ? unary : binary), alu: code }, free: [] }),
)

const FORMS: readonly Form[] = [...MOVES, ...CONTROLS, ...MEMORY, ...INTEGERS]

const kindOf = ({ alu, control, unit }: InstructionWord): string => `${alu} ${control} ${unit}`

const WHOLE_FORMS = FORMS.map((form) => ({ ...form, word: { ...EMPTY_WORD, ...form.word } }))

const BY_KIND = new Map<string, (typeof WHOLE_FORMS)[number][]>()
for (const form of WHOLE_FORMS) BY_KIND.set(kindOf(form.word), [...(BY_KIND.get(kindOf(form.word)) ?? []), form])

const FIELDS = Object.keys(EMPTY_WORD) as (keyof InstructionWord)[]

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
}

/** Opcode of pcs beyond the program, where the words are 0. */
const TRAP_OP = 20

/**
 * Takes the words apart once.
 * @throws UnknownForm
 */
export function fastCode(code: Uint8Array): FastCode {
  const count = code.length / 32
  const column = () => new Int32Array(count + 1)
  const fast = {
    op: new Uint8Array(count + 1),
    a: column(),
    b: column(),
    result: column(),
    delta: column(),
    low: column(),
    high: column(),
    access: new Uint8Array(count + 1),
  }
  for (let pc = 0; pc < count; pc++) {
    const word = unpackWord(numberOf(code.subarray(32 * pc, 32 * pc + 32)))
    fast.op[pc] = formOf(word, pc)
    fast.a[pc] = 2 * word.a
    fast.b[pc] = 2 * word.b
    fast.result[pc] = 2 * word.result
    fast.delta[pc] = 2 * word.delta
    fast.low[pc] = word.immLo
    fast.high[pc] = word.immHi
    fast.access[pc] = word.access
  }
  fast.op[count] = TRAP_OP
  return fast
}

function formOf(word: InstructionWord, pc: number): number {
  const form = BY_KIND.get(kindOf(word))?.find((candidate) =>
    FIELDS.every((field) => candidate.free.includes(field) || candidate.word[field] === word[field]),
  )
  if (form === undefined) throw new UnknownForm(pc)
  return form.op
}
