import { programHeader, toHex, unpackRegisters } from '../../../interpreter/index.ts'
import { scryptProofOfWork } from '../../../wasm-tasks/index.ts'
import type { Ending } from '../computation.ts'
import type { Evidence } from '../evidence.ts'
import type { Told } from '../history.ts'
import { bigEndian } from '../text.ts'
import { type Check, different, same } from './check.ts'

/** The proof-of-work hash of Litecoin's first block as block explorers show it. */
export const PUBLISHED = '0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00'

/** Whether a hash of the task's output is the right one, by the reference and by what the world knows. */
export const matchesReference = (output: Uint8Array, input: Uint8Array): boolean =>
  bigEndian(output) === bigEndian(scryptProofOfWork(input)) && bigEndian(output) === PUBLISHED

const question: Check = {
  name: 'question',
  says: 'the contract derived the program id and the start state right',
  breaches: ({ task: { args }, computation }) => [
    ...same('program id', args.program, programHeader(computation.program).programId),
    ...same('start state', args.initial, computation.trace.hashAt(0)),
    ...same('input', args.input, toHex(computation.input)),
  ],
}

function claim(who: string, { args }: Told<'Entered'>, { value, steps }: Ending): readonly string[] {
  return [
    ...same(`state of the ${who}`, args.value, value),
    ...same(`steps of the ${who}`, Number(unpackRegisters(args.regs).steps), steps),
  ]
}

const answers: Check = {
  name: 'answers',
  says: 'the verifier claims the end of the true run, the solver of the broken one',
  breaches: ({ entries, computation }) => [
    ...claim('verifier', entries.verifier, computation.truth),
    ...claim('solver', entries.solver, computation.corrupted),
    ...different('outputs', toHex(computation.truth.output), toHex(computation.corrupted.output)),
  ],
}

const output: Check = {
  name: 'output',
  says: 'the settled state holds the hash that the reference gives',
  breaches: ({ settled, computation: { truth, input } }: Evidence) => [
    ...same('settled state', settled.args.value, truth.value),
    ...same('equal to the reference', matchesReference(truth.output, input), true),
  ],
}

export const answerChecks: readonly Check[] = [question, answers, output]
