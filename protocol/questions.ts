import type { Hash } from '../interpreter/index.ts'
import { SUBSTEPS } from '../spec/index.ts'
import { ProtocolError } from './errors.ts'
import type { Agreement, FinalOutput, PlayedTrace } from './played-trace.ts'

/** What a player may ask of a computation beyond how it ends. */
export type Question =
  /** The state after so many steps. */
  | { readonly asks: 'hash'; readonly step: bigint }
  /** The substeps of the step that begins there. */
  | { readonly asks: 'walk'; readonly step: bigint }
  | { readonly asks: 'result' }
  | { readonly asks: 'agreement' }

/** The substeps of one step: the hashes around them, and what the judge executes each of them from. */
export interface Walk {
  readonly hashes: readonly Hash[]
  readonly witnesses: readonly (readonly Hash[])[]
}

/** A question and what is said to it; plain data, so that it may come from another thread. */
export type Answer =
  | { readonly asks: 'hash'; readonly step: bigint; readonly said: Hash }
  | { readonly asks: 'walk'; readonly step: bigint; readonly said: Walk }
  | { readonly asks: 'result'; readonly said: FinalOutput }
  | { readonly asks: 'agreement'; readonly said: Agreement }

/** A decision needs what is not computed yet: it is made again when these are answered. */
export class Unanswered extends ProtocolError {
  override readonly name = 'Unanswered'
  readonly questions: readonly Question[]
  constructor(questions: readonly Question[]) {
    super(`${questions.length} questions about a computation are not answered yet`)
    this.questions = questions
  }
}

/** Tells questions apart. */
export const keyOf = (question: Question): string => `${question.asks} ${'step' in question ? question.step : ''}`

/**
 * Makes both looks, and asks at once for all that they lack.
 * @throws Unanswered
 */
export function both<First, Second>(first: () => First, second: () => Second): [First, Second] {
  const lacking: Question[] = []
  const looked = [first, second].map((look) => {
    try {
      return look()
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error
      lacking.push(...error.questions)
      return undefined
    }
  })
  if (lacking.length > 0) throw new Unanswered(lacking)
  return looked as [First, Second]
}

/**
 * What a computation says to questions: all hashes in one pass over it, then the rest in the order of the run.
 * @param maxOutput of a longer output only the length is told
 */
export function answersOf(trace: PlayedTrace, questions: readonly Question[], maxOutput: bigint): Answer[] {
  const hashed = questions.filter((question) => question.asks === 'hash')
  const hashes = trace.hashesAt(hashed.map(({ step }) => step))
  const walked = questions.filter((question) => question.asks === 'walk').sort((a, b) => Number(a.step - b.step))
  const asksFor = (what: Question['asks']) => questions.some(({ asks }) => asks === what)
  return [
    ...hashed.map((question, i) => ({ ...question, said: hashes[i] as Hash })),
    ...walked.map((question) => ({ ...question, said: walkOf(trace, question.step) })),
    ...(asksFor('result') ? [{ asks: 'result', said: shortened(trace.result(), maxOutput) } as const] : []),
    ...(asksFor('agreement') ? [{ asks: 'agreement', said: trace.agreement() } as const] : []),
  ]
}

const walkOf = (trace: PlayedTrace, step: bigint): Walk => ({
  hashes: trace.substepHashes(step),
  witnesses: Array.from({ length: SUBSTEPS }, (_, substep) => trace.witness(step, substep)),
})

const shortened = (result: FinalOutput, maxOutput: bigint): FinalOutput =>
  BigInt(result.length) <= maxOutput ? result : { ...result, output: new Uint8Array(0) }
