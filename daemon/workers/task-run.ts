import type { Hash } from '../../interpreter/index.ts'
import {
  type Agreement,
  type Answer,
  AnswerSheet,
  type Computed,
  keyOf,
  type MarketRules,
  type Question,
  secondsFor,
  type TaskView,
} from '../../protocol/index.ts'
import type { Fields, Level } from '../log.ts'
import type { Crew, Errand } from './crew.ts'
import type { Effort, Order, Reply, RunLimits, RunOrder } from './messages.ts'

/** What it takes to run a task. */
export interface TaskRunParts {
  readonly rules: MarketRules
  readonly task: TaskView
  readonly order: Omit<RunOrder, 'kind' | 'limits'>
  /** What holds as long as no stake is in. */
  readonly limits: RunLimits
  readonly crew: Crew
  /** Tells what is new about the task. */
  readonly tell: (level: Level, event: string, fields: Fields) => void
  /** There is more to decide upon. */
  readonly onNews: () => void
}

export type Refused = Extract<Computed, { readonly refused: unknown }>

const MS_PER_SECOND = 1_000

/** After a lost worker the next one waits: twice as long each time, up to the longest. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/**
 * A second execution that takes so much longer than the first run does not end: the engine's own freedom, in the bits of a
 * NaN for instance, can lead a module elsewhere than the machine. What the baseline compiler makes of it is slow as well.
 */
const PATIENCE_RUNS = 20
const PATIENCE_MS = 30_000

/** Timers that should wait for longer do not wait at all. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** Without a stake a task that its workers do not survive is left. */
const MOST_LOSSES = 3

/**
 * A task that is run in a worker: what is known of it here, and what is asked. It begins when it is wanted; asked for
 * more than is known once its worker is gone, it runs again.
 */
export class TaskRun implements Errand {
  readonly #parts: TaskRunParts
  readonly #pending = new Map<string, Question>()
  #sheet: AnswerSheet | undefined
  #refused: Refused | undefined
  /** What the run began with, and how long it took. */
  #initial: Hash | undefined
  #seconds = 0
  #isStaked = false
  #losses = 0
  #pause: NodeJS.Timeout | undefined
  #patience: NodeJS.Timeout | undefined

  constructor(parts: TaskRunParts) {
    this.#parts = parts
  }

  /** What is known of the computation. Where a stake is in, a failure is never the last word. */
  computed(isStaked: boolean): Computed {
    this.#isStaked = isStaked
    if (this.#refused === undefined ? this.#sheet === undefined : isStaked) this.#parts.crew.call(this)
    const refused = this.#refused ?? this.#unfit()
    if (refused !== undefined) return refused
    return this.#sheet === undefined ? { waits: true } : { trace: this.#sheet.trace }
  }

  /** It came to its end, and nothing failed since. */
  get isDone(): boolean {
    return this.#sheet !== undefined && this.#refused === undefined
  }

  /** Until it is wanted again its worker is there for what has a stake: it would come too late. */
  giveWay(): void {
    this.#isStaked = false
  }

  /** What a second execution said, if it did not agree. */
  doubt(): Exclude<Agreement, 'agrees'> | undefined {
    const agreement = this.#sheet?.agreement
    return agreement === 'agrees' ? undefined : agreement
  }

  /** Has these answered; what is asked already, or known, is not asked again. */
  ask(questions: readonly Question[]): void {
    for (const question of this.#sheet?.lacks(questions) ?? []) this.#pending.set(keyOf(question), question)
    if (this.#pending.size > 0) this.#parts.crew.call(this)
  }

  /** Frees what its worker holds. */
  drop(): void {
    clearTimeout(this.#pause)
    clearTimeout(this.#patience)
    this.#parts.crew.dismiss(this)
  }

  isStaked(): boolean {
    return this.#isStaked
  }

  next(isNew: boolean): Order | undefined {
    if (this.#pause !== undefined) return undefined
    const { order, limits, rules } = this.#parts
    const questions = this.#nextQuestions()
    if (!isNew) return questions.length === 0 ? undefined : { kind: 'answer', questions, maxOutput: rules.maxOutput }
    const isWanted = this.#sheet === undefined || this.#refused !== undefined || questions.length > 0
    return isWanted ? { kind: 'run', ...order, limits: this.#isStaked ? undefined : limits } : undefined
  }

  given(order: Order): void {
    clearTimeout(this.#patience)
    if (order.kind === 'run' && order.limits !== undefined && this.#sheet === undefined) {
      this.#wait(this.#mostSeconds, () => this.#giveUpRun())
    }
    if (order.kind === 'answer' && order.questions.some(isAgreement)) {
      const seconds = PATIENCE_RUNS * this.#seconds
      this.#wait(this.#isStaked ? seconds : Math.min(seconds, this.#mostSeconds), () => this.#giveUpAgreement())
    }
  }

  interrupted(): void {
    clearTimeout(this.#patience)
  }

  said(reply: Reply): void {
    clearTimeout(this.#patience)
    if (reply.kind === 'failed') this.#fail({ refused: reply.refused, message: `${reply.error}: ${reply.message}` })
    if (reply.kind === 'ran') this.#ran(reply)
    if (reply.kind === 'answered') this.#answered(reply)
    if (reply.kind !== 'failed') this.#parts.onNews()
  }

  lost(problem: string): void {
    clearTimeout(this.#patience)
    const losses = ++this.#losses
    this.#parts.tell(this.#isStaked ? 'error' : 'warn', 'workerLost', { losses, problem })
    if (!this.#isStaked && losses >= MOST_LOSSES) {
      this.#fail({ refused: 'computationFailed', message: problem })
      return
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (losses - 1), LONGEST_PAUSE_MS)
    this.#pause = setTimeout(() => this.#goOn(), pause).unref()
  }

  /** A second execution takes as long as the task, or for ever: nothing else waits for it. */
  #nextQuestions(): Question[] {
    const questions = [...this.#pending.values()]
    const others = questions.filter((question) => !isAgreement(question))
    return others.length > 0 ? others : questions
  }

  /** That a run may take where no stake is in; a second execution that takes as long does it no good. */
  get #mostSeconds(): number {
    const { rules, task } = this.#parts
    return secondsFor(rules, task.request.order.maxSteps)
  }

  #wait(seconds: number, giveUp: () => void): void {
    this.#patience = setTimeout(giveUp, Math.min(PATIENCE_MS + MS_PER_SECOND * seconds, LONGEST_WAIT_MS)).unref()
  }

  /** By now it would be left if it came to its end. Its place is for others. */
  #giveUpRun(): void {
    if (this.#isStaked) return
    this.#fail({ refused: 'tooManyStepsForTheClock', message: 'a run did not end in time' })
    this.#parts.onNews()
  }

  #giveUpAgreement(): void {
    this.#answer([{ asks: 'agreement', said: 'inconclusive' }])
    this.#parts.tell('warn', 'secondExecutionEndless', { seconds: this.#seconds })
    this.#parts.crew.dismiss(this)
    if (this.#pending.size > 0) this.#parts.crew.call(this)
    this.#parts.onNews()
  }

  #goOn(): void {
    this.#pause = undefined
    this.#parts.crew.call(this)
  }

  #fail(refused: Refused): void {
    this.#refused = refused
    this.#pending.clear()
    this.#parts.crew.dismiss(this)
  }

  #ran({ final, initial, effort }: Extract<Reply, { kind: 'ran' }>): void {
    this.#refused = undefined
    this.#initial = initial
    this.#seconds = effort.seconds
    if (this.#sheet === undefined) this.#sheet = new AnswerSheet(final, initial)
    else if (this.#sheet.trace.final.value !== final.value) this.#answer([{ asks: 'agreement', said: 'differs' }])
    this.#parts.tell('info', 'computed', { steps: final.steps, ...effortFields(effort) })
  }

  #answered({ answers, effort, doubt }: Extract<Reply, { kind: 'answered' }>): void {
    this.#losses = 0
    this.#answer(answers)
    this.#parts.tell('debug', 'answered', { answers: answers.length, doubt, ...effortFields(effort) })
  }

  #answer(answers: readonly Answer[]): void {
    this.#sheet?.fill(answers)
    for (const answer of answers) this.#pending.delete(keyOf(answer))
  }

  /** Why what was computed is not played. */
  #unfit(): Refused | undefined {
    const { task } = this.#parts
    if (this.#initial !== undefined && this.#initial !== task.request.initial) return { refused: 'initialStateDiffers' }
    if (this.#isStaked || this.#seconds <= this.#mostSeconds) return undefined
    return { refused: 'tooManyStepsForTheClock', message: `a run took ${this.#seconds.toFixed(1)} s` }
  }
}

const isAgreement = ({ asks }: Question): boolean => asks === 'agreement'

const effortFields = ({ seconds, cpuSeconds, ...rest }: Effort): Fields => ({
  ...{ ...rest, fallback: rest.fallback ?? undefined },
  seconds: rounded(seconds),
  cpuSeconds: cpuSeconds === undefined ? undefined : rounded(cpuSeconds),
})

const rounded = (seconds: number): number => Math.round(1_000 * seconds) / 1_000
