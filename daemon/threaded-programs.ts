import { byteTreeRoot, type Hash, type Tier, toHex } from '../interpreter/index.ts'
import {
  type Computed,
  fitsTheClock,
  type MarketRules,
  type Pressure,
  type Programs,
  type Question,
  reasonToLeave,
  SPEED,
  type TaskView,
} from '../protocol/index.ts'
import type { Fields, Level, Log } from './log.ts'
import type { Crew } from './workers/crew.ts'
import { Lowering } from './workers/lowering.ts'
import { type Refused, TaskRun } from './workers/task-run.ts'

export interface ThreadedOptions {
  readonly crew: Crew
  /** Tasks that may take more steps are refused, unless a stake is in. */
  readonly maxSteps: bigint
  /** Tasks whose memory or output outgrow so many bytes are refused, unless a stake is in. */
  readonly maxMemory: number
  /** Bytes that a worker may keep of earlier states of a run. */
  readonly budgetBytes: number
  /** Inputs that tasks name by their roots; it is checked that they have them. */
  readonly inputOf: (root: Hash) => Uint8Array | undefined
  readonly log: Log
  /** Something was computed: there is more to decide upon. */
  readonly onNews: () => void
}

/** What is known of a task, and of the same by the interpreter alone where a second execution did not agree. */
interface Known {
  readonly input: Uint8Array
  readonly first: TaskRun
  arbiter: TaskRun | undefined
}

/** Programs that are lowered and run in worker threads. Nothing here takes long. */
export class ThreadedPrograms implements Programs {
  readonly #options: ThreadedOptions
  readonly #modules = new Map<Hash, Uint8Array>()
  readonly #known = new Map<Hash, Known>()
  /** Of the modules that are being looked at, by the programs that are sought. */
  readonly #lowerings = new Map<Hash, Lowering>()
  /** Programs of tasks in which a stake is. */
  readonly #urgent = new Set<Hash>()
  readonly #counts = { computed: 0, fallbacks: 0, differing: 0, unconfirmed: 0 }

  constructor(options: ThreadedOptions) {
    this.#options = options
  }

  get ids(): readonly Hash[] {
    return [...this.#modules.keys()]
  }

  /**
   * The id of the program that a module is.
   * @param wanted the program that it is looked at for
   * @throws LoweringFailed, LoweringLost
   */
  identify(module: Uint8Array, wanted?: Hash): Promise<Hash> {
    const isStaked = () => wanted === undefined || this.#urgent.has(wanted)
    const lowering = new Lowering(this.#options.crew, module, isStaked)
    lowering.call()
    return wanted === undefined ? lowering.program : this.#noting(wanted, lowering)
  }

  async #noting(wanted: Hash, lowering: Lowering): Promise<Hash> {
    this.#lowerings.set(wanted, lowering)
    try {
      return await lowering.program
    } finally {
      this.#lowerings.delete(wanted)
    }
  }

  learn(program: Hash, module: Uint8Array): void {
    this.#modules.set(program, module)
  }

  compute(rules: MarketRules, task: TaskView, how: Pressure = 'none'): Computed {
    const isStaked = how !== 'none'
    const { program } = task.request.order
    if (isStaked) this.#urgent.add(program)
    if (!this.#modules.has(program)) {
      this.#lowerings.get(program)?.call()
      return { refused: 'unknownProgram' }
    }
    const refused = reasonToLeave(rules, task, isStaked, this.#options.maxSteps, SPEED.NATIVE)
    if (refused !== undefined) return { refused }
    const known = this.#known.get(task.id) ?? this.#begin(rules, task)
    if ('refused' in known) return known
    const first = known.first.computed(isStaked)
    const doubt = known.first.doubt()
    return doubt === undefined ? first : (this.#judged(known, rules, task, how, REASON_OF[doubt]) ?? first)
  }

  ask(task: Hash, questions: readonly Question[]): void {
    const known = this.#known.get(task)
    known?.arbiter?.ask(questions)
    if (known?.arbiter?.isDone !== true) known?.first.ask(questions)
  }

  drop(tasks: readonly Hash[]): void {
    for (const task of tasks) {
      const known = this.#known.get(task)
      this.#known.delete(task)
      known?.first.drop()
      known?.arbiter?.drop()
    }
  }

  #begin(rules: MarketRules, task: TaskView): Known | Refused {
    const { inputRoot } = task.request
    const input = task.input ?? this.#options.inputOf(inputRoot)
    if (input === undefined) return { refused: 'unknownInput' }
    if (toHex(byteTreeRoot(input)) !== inputRoot) return { refused: 'notTheTask' }
    const known = { input, first: this.#runOf(rules, task, input, 'native'), arbiter: undefined }
    this.#known.set(task.id, known)
    return known
  }

  /**
   * What the interpreter says goes. Where it is not done and little time is left, nothing: then the first answer defends
   * what is staked. As it is known to be in doubt, nothing new is staked on it.
   */
  #judged(known: Known, rules: MarketRules, task: TaskView, how: Pressure, reason: Doubt): Computed | undefined {
    if (how === 'none' && !mayInterpret(rules, task)) return { refused: reason }
    known.arbiter ??= this.#callArbiter(known, rules, task, reason)
    const judged = known.arbiter.computed(how !== 'none')
    if ('trace' in judged || how !== 'pressing') return judged
    known.arbiter.giveWay()
    return undefined
  }

  #callArbiter({ input }: Known, rules: MarketRules, task: TaskView, reason: Doubt): TaskRun {
    this.#counts[reason === 'executionsDiffer' ? 'differing' : 'unconfirmed']++
    this.#tell(task, reason === 'executionsDiffer' ? 'error' : 'warn', reason, this.#counts)
    return this.#runOf(rules, task, input, 'interpreter')
  }

  #runOf(rules: MarketRules, task: TaskView, input: Uint8Array, tier: Tier): TaskRun {
    const { crew, maxMemory, budgetBytes, onNews } = this.#options
    const { program, maxSteps } = task.request.order
    const module = this.#modules.get(program) as Uint8Array
    return new TaskRun({
      ...{ rules, task, crew, onNews },
      order: { module, input, tier, budgetBytes, maxSteps: Number(maxSteps) },
      limits: { maxBytes: maxMemory, mayInterpret: mayInterpret(rules, task) },
      tell: (level, event, fields) => this.#tell(task, level, event, { ...fields, ...this.#count(event, fields) }),
    })
  }

  /** Numbers of the tasks computed so far, and of those that the engine did not run to the end. */
  #count(event: string, { fallback }: Fields): Fields {
    if (event !== 'computed') return {}
    this.#counts.computed++
    if (fallback !== undefined) this.#counts.fallbacks++
    return this.#counts
  }

  #tell({ id, request }: TaskView, level: Level, event: string, fields: Fields): void {
    this.#options.log(level, event, { task: id, program: request.order.program, ...fields })
  }
}

type Doubt = 'executionsDiffer' | 'executionUnconfirmed'

const REASON_OF = { differs: 'executionsDiffer', inconclusive: 'executionUnconfirmed' } as const

/** Whether the interpreter alone is quick enough for the clocks of a task. */
const mayInterpret = (rules: MarketRules, { request }: TaskView): boolean =>
  fitsTheClock(rules, request.order.maxSteps, SPEED.INTERPRETER)
