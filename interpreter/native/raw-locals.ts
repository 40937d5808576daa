import type { Instruction } from '../binary/instruction.ts'
import type { FunctionBody } from '../binary/module.ts'
import { type NativeType, TYPE } from './encoding.ts'
import { makesNan } from './operands.ts'

/**
 * Locals that may hold any NaN in the engine, because all NaNs that they hold in the machine are canonical: the code
 * makes them so where their bits can be seen. All values of such a local are results of arithmetic.
 */

/** What a value comes from: arithmetic, another local, or what may be any NaN. */
type Origin = 'arithmetic' | 'any' | number

const CONVERTS = /^f(32|64)\.convert_/

/** Bits of the infinities, without their sign: those of NaNs are more. */
const INFINITY_32 = 0x7f800000n
const INFINITY_64 = 0x7ff0000000000000n

/** Of the value on top of the stack behind an instruction. */
const originOf = (instruction: Instruction | undefined): Origin => {
  if (instruction === undefined) return 'any'
  const { op } = instruction
  if (op === 'local.get' || op === 'local.tee') return instruction.local
  if (op === 'f32.const') return BigInt.asUintN(31, instruction.value) > INFINITY_32 ? 'any' : 'arithmetic'
  if (op === 'f64.const') return BigInt.asUintN(63, instruction.value) > INFINITY_64 ? 'any' : 'arithmetic'
  return makesNan(op) || CONVERTS.test(op) ? 'arithmetic' : 'any'
}

const isFloat = (type: NativeType | undefined): boolean => type === TYPE.f32 || type === TYPE.f64

const KNOWN = new WeakMap<FunctionBody, ReadonlySet<number>>()

/** By index; `args` of the locals are arguments, which may be any NaN. */
export const rawLocalsOf = (source: FunctionBody, types: readonly NativeType[], args: number): ReadonlySet<number> => {
  const known = KNOWN.get(source) ?? findRawLocals(source.body, types, args)
  KNOWN.set(source, known)
  return known
}

const findRawLocals = (code: readonly Instruction[], types: readonly NativeType[], args: number): Set<number> => {
  const raw = new Set([...types.keys()].filter((local) => local >= args && isFloat(types[local])))
  const copies = new Map<number, number[]>()
  const copiesOf = (local: number): number[] => {
    const found = copies.get(local) ?? []
    copies.set(local, found)
    return found
  }
  const others: number[] = []
  for (const [at, instruction] of code.entries()) {
    if (instruction.op !== 'local.set' && instruction.op !== 'local.tee') continue
    const origin = originOf(code[at - 1])
    if (origin === 'any') others.push(instruction.local)
    else if (origin !== 'arithmetic') copiesOf(origin).push(instruction.local)
  }
  for (const local of types.keys()) if (!raw.has(local)) others.push(local)
  for (let local = others.pop(); local !== undefined; local = others.pop()) {
    raw.delete(local)
    for (const copy of copies.get(local) ?? []) others.push(copy)
    copies.delete(local)
  }
  return raw
}
