import type { Signature } from '../../spec/index.ts'
import { InvalidModule, offsetText } from './errors.ts'
import type { Instruction } from './instruction.ts'
import type { ConstExpression } from './module.ts'
import { readInstruction } from './read-instruction.ts'
import { malformed, type Reader } from './reader.ts'
import { FEATURE, unsupported } from './unsupported.ts'

/**
 * Reads instructions up to the `end` that closes the expression; `else` and `end` must match what is open.
 * Blocks may have any of the types.
 */
export const readExpression = (reader: Reader, types: readonly Signature[]): Instruction[] => {
  const instructions: Instruction[] = []
  const open: Instruction['op'][] = []
  for (;;) {
    const instruction = readInstruction(reader, types)
    instructions.push(instruction)
    if (instruction.op === 'block' || instruction.op === 'loop' || instruction.op === 'if') open.push(instruction.op)
    if (instruction.op === 'else') {
      const inner = open.pop()
      if (inner !== 'if')
        throw malformed(reader, instruction.offset, 'else inside an if', `else in ${inner ?? 'no block'}`)
      open.push('else')
    }
    if (instruction.op === 'end' && open.pop() === undefined) return instructions
  }
}

const EXTENDED: ReadonlySet<string> = new Set(['i32.add', 'i32.sub', 'i32.mul', 'i64.add', 'i64.sub', 'i64.mul'])

/** An initialiser, a segment's offset or item: one constant, a reference, or the value of an imported global. */
export const readConstExpression = (reader: Reader, importedGlobals: number): ConstExpression => {
  const start = reader.offset
  const body = readExpression(reader, [])
  for (const { op, offset } of body) {
    if (EXTENDED.has(op)) throw unsupported(reader, offset, op, FEATURE.EXTENDED_CONST)
  }
  const [value] = body
  if (body.length !== 2 || value === undefined || !isConstant(value)) throw notConstant(start, body)
  if (value.op === 'global.get' && value.global >= importedGlobals) {
    throw unsupported(reader, value.offset, `global.get ${value.global}, not imported`, FEATURE.EXTENDED_CONST)
  }
  return value
}

const isConstant = (instruction: Instruction): instruction is Instruction & ConstExpression => {
  switch (instruction.op) {
    case 'i32.const':
    case 'i64.const':
    case 'f32.const':
    case 'f64.const':
    case 'global.get':
    case 'ref.null':
    case 'ref.func':
      return true
    default:
      return false
  }
}

const SHOWN = 3

const notConstant = (start: number, body: readonly Instruction[]): InvalidModule => {
  const found = body.slice(0, SHOWN).map(({ op }) => op)
  return new InvalidModule(`constant expression expected at offset ${offsetText(start)}, found ${found.join(' ')}`)
}
