import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Fields, ThreadedPrograms } from '../../daemon/index.ts'
import { Crew } from '../../daemon/workers/crew.ts'
import type { Effort, Order, Reply } from '../../daemon/workers/messages.ts'
import { byteTreeRoot, lowerTask, programHeader, StateOracle, toHex } from '../../interpreter/index.ts'
import {
  type Agreement,
  answersOf,
  type Computed,
  originOf,
  type PlayedTrace,
  type Pressure,
  playedTrace,
  type Question,
  type Request,
  type TaskView,
  taskId,
  Unanswered,
} from '../../protocol/index.ts'
import { withAgreement } from '../helpers/doubt.ts'
import { type FakeDesk, fakeDesks } from '../helpers/fake-desks.ts'
import { FALSE, RULES, taskOf } from '../helpers/situations.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const PROGRAM = lowerTask(SMALL_TASK)
const { programId: ID } = programHeader(PROGRAM)
const NO_INPUT = new Uint8Array(0)
const TRUTH = playedTrace(new StateOracle(PROGRAM, NO_INPUT, 1_000))
const EFFORT: Effort = {
  ...{ tier: 'native', fallback: null, nativeSteps: 9, interpretedSteps: 1, checkpointBytes: 0 },
  ...{ seconds: 1, cpuSeconds: 1, peakRss: 1 },
}

/** A task of the small program, told apart by its steps. */
function smallTask(maxSteps = 1_000n, changes: Partial<Request> = {}): TaskView {
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

function programsOf({ workers = 1, maxSteps = 2n ** 40n }: { workers?: number; maxSteps?: bigint } = {}) {
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

const say = (desk: FakeDesk | undefined, trace = TRUTH, effort = EFFORT) =>
  desk?.events.said(replyTo(desk.orders.at(-1), trace, effort))

function traceIn(computed: Computed): PlayedTrace {
  if (!('trace' in computed)) throw new Error(JSON.stringify(computed))
  return computed.trace
}

/** The questions that a look lacks. */
function lacking(look: () => unknown): readonly Question[] {
  try {
    look()
    return []
  } catch (error) {
    if (error instanceof Unanswered) return error.questions
    throw error
  }
}

const hash = (step: bigint): Question => ({ asks: 'hash', step })

describe('ThreadedPrograms', () => {
  const task = smallTask()

  it('waits for a run, and then for what is asked of it', () => {
    const { programs, desks, news } = programsOf()
    for (let i = 0; i < 3; i++) expect(programs.compute(RULES, task)).toEqual({ waits: true })
    expect(desks.map(({ orders }) => orders.map(({ kind }) => kind))).toEqual([['run']])
    say(desks[0])
    const trace = traceIn(programs.compute(RULES, task))
    expect(trace.final).toEqual(TRUTH.final)
    expect(trace.hashAt(0n)).toBe(TRUTH.hashAt(0n))
    programs.ask(
      task.id,
      lacking(() => trace.hashesAt([7n, 9n, 7n, 0n])),
    )
    say(desks[0])
    expect(trace.hashesAt([9n, 7n])).toEqual(TRUTH.hashesAt([9n, 7n]))
    expect(news()).toBe(2)
  })

  it('asks a question once, however often it is put, and those that came meanwhile together', () => {
    const { programs, desks } = programsOf()
    programs.compute(RULES, task)
    say(desks[0])
    programs.compute(RULES, task)
    for (const step of [1n, 2n, 1n, 2n, 3n, 2n]) programs.ask(task.id, [hash(step)])
    const asked = () => desks[0]?.orders.flatMap((order) => (order.kind === 'answer' ? [order.questions] : []))
    say(desks[0])
    say(desks[0])
    programs.ask(task.id, [hash(3n), hash(1n)])
    expect(asked()).toEqual([[hash(1n)], [hash(2n), hash(3n)]])
  })

  it('loses nothing but time with a worker: another one runs the task, and answers what is open', () => {
    vi.useFakeTimers()
    try {
      const { programs, desks, eventsOf } = programsOf()
      programs.compute(RULES, task, 'staked')
      say(desks[0])
      const trace = traceIn(programs.compute(RULES, task, 'staked'))
      programs.ask(task.id, [hash(5n)])
      desks[0]?.events.lost('killed')
      programs.ask(task.id, [hash(6n)])
      expect(desks.length).toBe(1)
      vi.advanceTimersByTime(1_000)
      expect(desks.length).toBe(2)
      say(desks[1])
      say(desks[1])
      expect(trace.hashesAt([5n, 6n])).toEqual(TRUTH.hashesAt([5n, 6n]))
      expect(eventsOf()).toEqual(['computed', 'workerLost', 'computed', 'answered'])
    } finally {
      vi.useRealTimers()
    }
  })

  describe('with workers that are lost again and again', () => {
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())

    it('gives up a task without a stake', () => {
      const { programs, desks } = programsOf()
      programs.compute(RULES, task)
      for (let i = 0; i < 9; i++) {
        desks[i]?.events.lost('killed')
        vi.advanceTimersByTime(100_000)
      }
      expect(desks.length).toBe(3)
      expect(programs.compute(RULES, task)).toEqual({ refused: 'computationFailed', message: 'killed' })
    })

    it('never gives up one with a stake, but waits longer each time', () => {
      const { programs, desks } = programsOf()
      programs.compute(RULES, task, 'staked')
      for (let i = 0; i < 9; i++) {
        desks[i]?.events.lost('killed')
        programs.compute(RULES, task, 'staked')
        expect(desks.length).toBe(i + 1)
        vi.advanceTimersByTime(Math.min(1_000 * 2 ** i, 60_000))
        expect(desks.length).toBe(i + 2)
      }
      say(desks.at(-1))
      expect(programs.compute(RULES, task, 'staked')).toHaveProperty('trace')
    })
  })

  it('lets no endless task without a stake delay the answer where there is one', () => {
    const { programs, desks } = programsOf()
    const endless = smallTask(999n)
    programs.compute(RULES, task, 'staked')
    say(desks[0])
    const trace = traceIn(programs.compute(RULES, task, 'staked'))
    programs.compute(RULES, endless)
    expect(desks[1]?.orders.map(({ kind }) => kind)).toEqual(['run'])
    programs.ask(task.id, [hash(5n)])
    expect(desks[1]?.isClosed).toBe(true)
    say(desks[0])
    expect(trace.hashAt(5n)).toBe(TRUTH.hashAt(5n))
    expect(desks[2]?.orders.map(({ kind }) => kind)).toEqual(['run'])
  })

  it('lets no limit of its own stand where a stake is in, also where it did before', () => {
    const { programs, desks } = programsOf()
    programs.compute(RULES, task)
    expect(desks[0]?.orders[0]).toMatchObject({ limits: { maxBytes: 2 ** 20, mayInterpret: true } })
    desks[0]?.events.said({ kind: 'failed', refused: 'memoryTooLarge', error: 'MemoryTooLarge', message: 'large' })
    expect(programs.compute(RULES, task)).toEqual({ refused: 'memoryTooLarge', message: 'MemoryTooLarge: large' })
    programs.compute(RULES, task, 'staked')
    expect(desks[1]?.orders[0]).toMatchObject({ kind: 'run', limits: undefined })
    say(desks[1])
    expect(programs.compute(RULES, task, 'staked')).toHaveProperty('trace')
  })

  it('leaves a task without a stake that takes too long in truth', () => {
    const { programs, desks } = programsOf()
    programs.compute(RULES, task)
    say(desks[0], TRUTH, { ...EFFORT, seconds: 200 })
    expect(programs.compute(RULES, task)).toMatchObject({ refused: 'tooManyStepsForTheClock' })
    expect(programs.compute(RULES, task, 'staked')).toHaveProperty('trace')
  })

  it.each([
    ['unknownProgram', taskOf({ order: { program: FALSE.id } })],
    ['unknownInput', { ...smallTask(), input: undefined }],
    ['notTheTask', { ...smallTask(), input: Uint8Array.of(1) }],
    ['notTheTask', { ...smallTask(), id: FALSE.id }],
    ['tooManySteps', smallTask(2n ** 41n)],
  ] as const)('refuses as %s without a run', (refused, wrong) => {
    const { programs, desks } = programsOf()
    expect(programs.compute(RULES, wrong)).toEqual({ refused })
    expect(desks).toEqual([])
  })

  it('counts on a billion steps a second, and tells a worker where the interpreter would be too slow', () => {
    // Ten seconds and two runs of a second: three runs at that speed.
    const fast = { ...RULES, speed: 2n ** 63n }
    const { programs, desks } = programsOf()
    expect(programs.compute(fast, smallTask(4_000_000_001n))).toEqual({ refused: 'tooManyStepsForTheClock' })
    expect(programs.compute(fast, smallTask(4_000_000_000n))).toEqual({ waits: true })
    expect(desks[0]?.orders[0]).toMatchObject({ limits: { mayInterpret: false } })
  })

  it('does not play from another initial state than the contract', () => {
    const { programs, desks } = programsOf()
    const other = smallTask(1_000n, { initial: FALSE.value })
    programs.compute(RULES, other)
    say(desks[0])
    expect(programs.compute(RULES, other)).toEqual({ refused: 'initialStateDiffers' })
  })

  it('counts what the engine did not run, and says why', () => {
    const { programs, desks, told } = programsOf({ workers: 2 })
    programs.compute(RULES, task)
    say(desks[0], TRUTH, { ...EFFORT, fallback: 'too small a stack' })
    expect(told[0]).toMatchObject({
      event: 'computed',
      fields: { task: task.id, steps: TRUTH.final.steps, fallback: 'too small a stack', computed: 1, fallbacks: 1 },
    })
  })

  it('frees the worker of a task that is dropped', () => {
    const { programs, desks } = programsOf()
    programs.compute(RULES, task, 'staked')
    say(desks[0])
    programs.drop([task.id])
    expect(desks[0]?.isClosed).toBe(true)
    expect(programs.compute(RULES, task, 'staked')).toEqual({ waits: true })
  })

  describe('where a second execution', () => {
    /** A task of which the first run says LIE, and a second execution does not agree. */
    const LIE: PlayedTrace = { ...TRUTH, final: { ...TRUTH.final, value: FALSE.value } }

    function doubted(agreement: Agreement, how: Pressure = 'none') {
      const all = programsOf({ workers: 2 })
      const { programs, desks } = all
      programs.compute(RULES, task, how)
      say(desks[0], LIE)
      programs.ask(task.id, [{ asks: 'agreement' }])
      say(desks[0], withAgreement(LIE, agreement))
      return all
    }

    it('agrees, stands by the first', () => {
      const { programs, desks } = doubted('agrees')
      expect(traceIn(programs.compute(RULES, task)).agreement()).toBe('agrees')
      expect(desks.length).toBe(1)
    })

    it.each([
      ['differs', 'executionsDiffer'],
      ['inconclusive', 'executionUnconfirmed'],
    ] as const)('%s, waits for the interpreter, and goes by what that says', (agreement, event) => {
      const { programs, desks, told } = doubted(agreement)
      expect(programs.compute(RULES, task)).toEqual({ waits: true })
      expect(told.at(-1)?.event).toBe(event)
      expect(desks[1]?.orders[0]).toMatchObject({ kind: 'run', tier: 'interpreter' })
      say(desks[1])
      expect(traceIn(programs.compute(RULES, task)).final.value).toBe(TRUTH.final.value)
    })

    it('differs, stakes nothing where the interpreter would take too long', () => {
      const [long, fast] = [smallTask(4_000_000_000n), { ...RULES, speed: 2n ** 63n }]
      const { programs, desks } = programsOf({ workers: 2 })
      programs.compute(fast, long)
      say(desks[0], LIE)
      programs.ask(long.id, [{ asks: 'agreement' }])
      say(desks[0], withAgreement(LIE, 'differs'))
      expect(programs.compute(fast, long)).toEqual({ refused: 'executionsDiffer' })
      expect(desks.length).toBe(1)
    })

    it('differs, defends what is staked by the first where the interpreter is late, and by it once it is done', () => {
      const { programs, desks } = doubted('differs', 'staked')
      expect(programs.compute(RULES, task, 'staked')).toEqual({ waits: true })
      const late = traceIn(programs.compute(RULES, task, 'pressing'))
      expect([late.final.value, late.agreement()]).toEqual([LIE.final.value, 'differs'])
      say(desks[1])
      expect(traceIn(programs.compute(RULES, task, 'pressing')).final.value).toBe(TRUTH.final.value)
    })

    it('loses its worker to a task with a stake, is made again, and not given up', () => {
      vi.useFakeTimers()
      try {
        const { programs, desks } = programsOf()
        programs.compute(RULES, task)
        say(desks[0])
        programs.ask(task.id, [{ asks: 'agreement' }])
        programs.compute(RULES, smallTask(999n), 'staked')
        expect(desks[0]?.isClosed).toBe(true)
        vi.advanceTimersByTime(10_000_000)
        say(desks[1])
        for (let i = 0; i < 2; i++) say(desks[2])
        expect(traceIn(programs.compute(RULES, task)).agreement()).toBe('agrees')
      } finally {
        vi.useRealTimers()
      }
    })

    it('does not end, is given up in time, and the interpreter decides', () => {
      vi.useFakeTimers()
      try {
        const { programs, desks, told } = programsOf({ workers: 2 })
        programs.compute(RULES, task)
        say(desks[0])
        programs.ask(task.id, [{ asks: 'agreement' }, hash(5n)])
        expect(desks[0]?.orders.at(-1)).toMatchObject({ questions: [hash(5n)] })
        say(desks[0])
        expect(desks[0]?.orders.at(-1)).toMatchObject({ questions: [{ asks: 'agreement' }] })
        // The run took a second.
        vi.advanceTimersByTime(30_000 + 20 * 1_000 - 1)
        expect(desks[0]?.isClosed).toBe(false)
        vi.advanceTimersByTime(1)
        expect(desks[0]?.isClosed).toBe(true)
        programs.compute(RULES, task)
        expect(told.map(({ event }) => event).slice(-2)).toEqual(['secondExecutionEndless', 'executionUnconfirmed'])
        expect(desks[1]?.orders[0]).toMatchObject({ kind: 'run', tier: 'interpreter' })
      } finally {
        vi.useRealTimers()
      }
    })

    it('is another run of the same task, and ends otherwise, calls the interpreter as well', () => {
      vi.useFakeTimers()
      try {
        const { programs, desks, told } = programsOf({ workers: 2 })
        programs.compute(RULES, task, 'staked')
        say(desks[0], LIE)
        programs.ask(task.id, [hash(5n)])
        desks[0]?.events.lost('killed')
        vi.advanceTimersByTime(1_000)
        say(desks[1])
        programs.compute(RULES, task, 'staked')
        expect(told.map(({ event }) => event)).toContain('executionsDiffer')
      } finally {
        vi.useRealTimers()
      }
    })
  })
})
