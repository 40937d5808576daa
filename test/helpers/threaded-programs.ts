import { type Fields, ThreadedPrograms } from '../../daemon/index.ts'
import { Crew } from '../../daemon/workers/crew.ts'
import type { Effort, Order, Reply } from '../../daemon/workers/messages.ts'
import { byteTreeRoot, lowerTask, programHeader, StateOracle, toHex } from '../../interpreter/index.ts'
import {
  answersOf,
  type Computed,
  originOf,
  type PlayedTrace,
  playedTrace,
  type Question,
  type Request,
  type TaskView,
  taskId,
  Unanswered,
} from '../../protocol/index.ts'
import { type FakeDesk, fakeDesks } from './fake-desks.ts'
import { RULES, taskOf } from './situations.ts'
import { SMALL_TASK } from './small-task.ts'

const PROGRAM = lowerTask(SMALL_TASK)
export const { programId: ID } = programHeader(PROGRAM)
const NO_INPUT = new Uint8Array(0)
export const TRUTH = playedTrace(new StateOracle(PROGRAM, NO_INPUT, 1_000))
export const EFFORT: Effort = {
  ...{ tier: 'native', fallback: null, nativeSteps: 9, interpretedSteps: 1, checkpointBytes: 0 },
  ...{ seconds: 1, cpuSeconds: 1, peakRss: 1 },
}

/** A task of the small program, told apart by its steps. */
export function smallTask(maxSteps = 1_000n, changes: Partial<Request> = {}): TaskView {
  const view = taskOf({ order: { program: ID, maxSteps } })
  const request = { ...view.request, initial: TRUTH.hashAt(0n), inputRoot: toHex(byteTreeRoot(NO_INPUT)), ...changes }
  const origin = originOf(request)
  return { ...view, request, origin, id: taskId(RULES, origin), input: NO_INPUT }
}

/** What a worker says to an order about a computation. */
function replyTo(order: Order | undefined, trace: PlayedTrace, effort = EFFORT): Reply {
  if (order?.kind === 'run') return { kind: 'ran', final: trace.final, initial: trace.hashAt(0n), effort }
  if (order?.kind !== 'answer') throw new Error(`unexpected ${order?.kind}`)
  const answers = answersOf(trace, order.questions, order.maxOutput)
  return { kind: 'answered', answers, effort, doubt: undefined }
}

export function programsOf({ workers = 1, maxSteps = 2n ** 40n }: { workers?: number; maxSteps?: bigint } = {}) {
  const { desks, open } = fakeDesks()
  const told: { event: string; fields: Fields }[] = []
  let news = 0
  const programs = new ThreadedPrograms({
    ...{ crew: new Crew(workers, open), maxSteps, maxMemory: 2 ** 20, budgetBytes: 2 ** 20, inputOf: () => undefined },
    log: (_, event, fields = {}) => void told.push({ event, fields }),
    onNews: () => void news++,
  })
  programs.learn(ID, SMALL_TASK)
  return { programs, desks, told, eventsOf: () => told.map(({ event }) => event), news: () => news }
}

export const say = (desk: FakeDesk | undefined, trace = TRUTH, effort = EFFORT) =>
  desk?.events.said(replyTo(desk.orders.at(-1), trace, effort))

export function traceIn(computed: Computed): PlayedTrace {
  if (!('trace' in computed)) throw new Error(JSON.stringify(computed))
  return computed.trace
}

/** The questions that a look lacks. */
export function lacking(look: () => unknown): readonly Question[] {
  try {
    look()
    return []
  } catch (error) {
    if (error instanceof Unanswered) return error.questions
    throw error
  }
}

export const hash = (step: bigint): Question => ({ asks: 'hash', step })
