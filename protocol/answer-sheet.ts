import type { Hash } from '../interpreter/index.ts'
import type { Agreement, FinalClaim, FinalOutput, PlayedTrace } from './played-trace.ts'
import { type Answer, keyOf, type Question, Unanswered, type Walk } from './questions.ts'

/** What is known here of a computation that is made elsewhere. */
export class AnswerSheet {
  /** Says what is known; what is not is thrown as Unanswered. */
  readonly trace: PlayedTrace
  readonly #hashes: Map<bigint, Hash>
  readonly #walks = new Map<bigint, Walk>()
  readonly #last: bigint
  #result: FinalOutput | undefined
  #agreement: Agreement | undefined

  /** @param initial the state before the first step */
  constructor(final: FinalClaim, initial: Hash) {
    this.#last = final.steps
    this.#hashes = new Map([
      [0n, initial],
      [final.steps, final.value],
    ])
    const hashesAt = (steps: readonly bigint[]) => this.#hashesAt(steps)
    this.trace = {
      ...{ final, hashesAt },
      hashAt: (step) => hashesAt([step])[0] as Hash,
      substepHashes: (step) => [...this.#walkAt(step).hashes],
      witness: (step, substep) => [...(this.#walkAt(step).witnesses[substep] ?? [])],
      result: () => look(this.#result, { asks: 'result' }),
      agreement: () => look(this.#agreement, { asks: 'agreement' }),
    }
  }

  /** How a second execution compares, if that is known. */
  get agreement(): Agreement | undefined {
    return this.#agreement
  }

  /** Those of the questions that have no answer yet, each once. */
  lacks(questions: readonly Question[]): Question[] {
    const lacking = questions.filter((question) => this.#known(question) === undefined)
    return [...new Map(lacking.map((question) => [keyOf(question), question])).values()]
  }

  fill(answers: readonly Answer[]): void {
    for (const answer of answers) {
      if (answer.asks === 'hash') this.#hashes.set(this.#within(answer.step), answer.said)
      else if (answer.asks === 'walk') this.#walks.set(this.#within(answer.step), answer.said)
      else if (answer.asks === 'result') this.#result = answer.said
      else this.#agreement = answer.said
    }
  }

  /** A machine that has stopped steps to itself. */
  #within(step: bigint): bigint {
    return step < this.#last ? step : this.#last
  }

  #known(question: Question): Answer['said'] | undefined {
    if (question.asks === 'hash') return this.#hashes.get(this.#within(question.step))
    if (question.asks === 'walk') return this.#walks.get(this.#within(question.step))
    return question.asks === 'result' ? this.#result : this.#agreement
  }

  #walkAt(step: bigint): Walk {
    const at = this.#within(step)
    return look(this.#walks.get(at), { asks: 'walk', step: at })
  }

  #hashesAt(steps: readonly bigint[]): Hash[] {
    const lacking = this.lacks(steps.map((step) => ({ asks: 'hash', step: this.#within(step) })))
    if (lacking.length > 0) throw new Unanswered(lacking)
    return steps.map((step) => this.#hashes.get(this.#within(step)) as Hash)
  }
}

/** @throws Unanswered */
function look<Said>(said: Said | undefined, question: Question): Said {
  if (said === undefined) throw new Unanswered([question])
  return said
}
