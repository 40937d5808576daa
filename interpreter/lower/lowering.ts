import type { Instruction, Op } from '../binary/instruction.ts'
import type { Body } from './body.ts'

type WithOp<I, K> = I extends { readonly op: infer O } ? (K extends O ? I & { readonly op: K } : never) : never

/** The instructions with one of these names. */
export type InstructionOf<K extends Op> = WithOp<Instruction, K>

/** How an instruction is lowered, by its name. */
export type Lowerings<K extends Op> = { readonly [P in K]: (body: Body, instruction: InstructionOf<P>) => void }
