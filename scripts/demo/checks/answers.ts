import { hexToBytes, isAddressEqual } from 'viem'
import { programHeader, toHex, unpackRegisters } from '../../../interpreter/index.ts'
import { scryptProofOfWork, sha256 } from '../../../wasm-tasks/index.ts'
import { type Ending, MAX_STEPS } from '../computation.ts'
import type { Told } from '../history.ts'
import { told } from '../history.ts'
import { ADDRESSES } from '../parties.ts'
import type { Question } from '../questions.ts'
import { bigEndian } from '../text.ts'
import { type Check, type DisputeCheck, different, same, sameFields } from './check.ts'

/** Whether a hash of the task's output is the right one, by the reference and by what the world knows. */
export const matchesReference = (output: Uint8Array, input: Uint8Array, { proofOfWork }: Question): boolean =>
  bigEndian(output) === bigEndian(scryptProofOfWork(input)) && bigEndian(output) === proofOfWork

const rules: Check = {
  name: 'rules',
  says: 'the market has the rules it was deployed with, and the players read them so',
  breaches: ({ read, market }) => sameFields('rule', read.rules, market.rules),
}

const question: Check = {
  name: 'question',
  says: 'the contracts derived block hash, program id and start state right',
  breaches: ({ asked, task: { args }, request, computation }) => [
    ...same('block', asked.args.blockHash, toHex(sha256(sha256(computation.input)))),
    ...same('block hash', bigEndian(hexToBytes(asked.args.blockHash)), computation.question.blockHash),
    ...same('program id', args.program, programHeader(computation.program).programId),
    ...same('start state', request.initial, computation.trace.hashAt(0)),
    ...same('input', args.input, toHex(computation.input)),
    ...same('most steps', request.order.maxSteps, MAX_STEPS),
  ],
}

const source: Check = {
  name: 'program',
  says: 'the module that the players found on the chain is the one read here',
  breaches: ({ setUp, market, computation }) => [
    ...same(
      'pieces',
      told(setUp, 'ModulePiece').map(({ args }) => [args.program, args.total, args.piece]),
      [[market.program, 1n, toHex(computation.wasm)]],
    ),
  ],
}

export const answerChecks: readonly Check[] = [rules, question, source]

function claim(who: string, { args }: Told<'Entered'>, { value, steps }: Ending): readonly string[] {
  return [
    ...same(`state of the ${who}`, args.value, value),
    ...same(`steps of the ${who}`, Number(unpackRegisters(args.regs).steps), steps),
  ]
}

const answer: Check = {
  name: 'answer',
  says: 'the solver claims the end of the true run, and nobody claims anything else',
  breaches: ({ history, posted, computation }) => [
    ...claim('solver', posted, computation.truth),
    ...same('answers', told(history, 'Entered').length, 1),
  ],
}

const agreement: Check = {
  name: 'verifier',
  says: 'the verifier computed the same and sent nothing',
  breaches: ({ history }) =>
    history
      .filter(({ from }) => isAddressEqual(from, ADDRESSES.verifier))
      .map(({ hash }) => `transaction ${hash} of the verifier`),
}

export const singleAnswerChecks: readonly Check[] = [answer, agreement]

export const answersCheck: DisputeCheck = {
  name: 'answers',
  says: 'the verifier claims the end of the true run, the solver of the broken one',
  breaches: ({ dispute: { entries, sabotage }, computation }) => [
    ...claim('verifier', entries.verifier, computation.truth),
    ...claim('solver', entries.solver, sabotage.corrupted),
    ...different('outputs', toHex(computation.truth.output), toHex(sabotage.corrupted.output)),
  ],
}
