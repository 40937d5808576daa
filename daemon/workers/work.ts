import { lowerTask, MemoryTooLarge, programHeader } from '../../interpreter/index.ts'
import { answersOf, type PlayedTrace, type Refusal } from '../../protocol/index.ts'
import { type Execute, type Execution, TooSlow } from './execution.ts'
import type { AnswerOrder, Effort, Order, Reply, RunOrder } from './messages.ts'

/** A task that was run. */
interface Running {
  readonly trace: PlayedTrace
  readonly effort: () => Effort
  readonly doubt: string | undefined
}

const NANOSECONDS = 1e9
const MICROSECONDS = 1e6
const BYTES_PER_KB = 1024

/** What a worker does: one order after the other, each to its reply. */
export function createWork(execute: Execute): (order: Order) => Reply {
  const watch = stopwatch()
  let running: Running | undefined

  function run(order: RunOrder): Reply {
    const execution = execute(lowerTask(order.module, { keepSources: true }), order)
    const agreement = () => {
      const { verdict, doubt } = secondOpinion(execution)
      running = { trace, effort, doubt }
      return verdict
    }
    const trace = { ...execution.trace, agreement }
    const effort = () => ({ ...execution.report(), ...watch.spent() })
    running = { trace, effort, doubt: undefined }
    return { kind: 'ran', final: trace.final, initial: trace.hashAt(0n), effort: effort() }
  }

  function answer({ questions, maxOutput }: AnswerOrder): Reply {
    if (running === undefined) throw new NothingRun()
    const answers = answersOf(running.trace, questions, maxOutput)
    return { kind: 'answered', answers, effort: running.effort(), doubt: running.doubt }
  }

  function obey(order: Order): Reply {
    if (order.kind === 'lower') return { kind: 'lowered', program: programHeader(lowerTask(order.module)).programId }
    return order.kind === 'run' ? run(order) : answer(order)
  }

  return (order) => {
    watch.begin()
    try {
      return obey(order)
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error))
      return { kind: 'failed', refused: refusalIn(error), error: name, message }
    } finally {
      watch.end()
    }
  }
}

/** Where a second execution fails, there is none; the first one is as good as it was. */
function secondOpinion(execution: Execution): ReturnType<Execution['agreement']> {
  try {
    return execution.agreement()
  } catch (error) {
    return { verdict: 'inconclusive', doubt: String(error) }
  }
}

/** A worker was asked about a task before it was told to run it. */
export class NothingRun extends Error {
  override readonly name = 'NothingRun'
  constructor() {
    super('nothing was run')
  }
}

function refusalIn(error: unknown): Refusal {
  if (error instanceof MemoryTooLarge) return 'memoryTooLarge'
  return error instanceof TooSlow ? 'tooManyStepsForTheClock' : 'computationFailed'
}

/** Adds up the time of orders: between them a worker waits for the chain. */
function stopwatch() {
  let before = 0n
  let began: bigint | undefined
  const sinceBegan = () => (began === undefined ? 0n : process.hrtime.bigint() - began)
  const cpuBefore = cpuMicroseconds()
  return {
    begin() {
      began = process.hrtime.bigint()
    },
    end() {
      before += sinceBegan()
      began = undefined
    },
    spent: (): Pick<Effort, 'seconds' | 'cpuSeconds' | 'peakRss'> => ({
      seconds: Number(before + sinceBegan()) / NANOSECONDS,
      cpuSeconds: cpuBefore === undefined ? undefined : ((cpuMicroseconds() ?? cpuBefore) - cpuBefore) / MICROSECONDS,
      peakRss: process.resourceUsage().maxRSS * BYTES_PER_KB,
    }),
  }
}

/** Of this thread; Node tells it from 23.9 on. */
function cpuMicroseconds(): number | undefined {
  if (typeof process.threadCpuUsage !== 'function') return undefined
  const { user, system } = process.threadCpuUsage()
  return user + system
}
