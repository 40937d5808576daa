import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FALSE, RULES, taskOf } from '../helpers/situations.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'
import { EFFORT, hash, lacking, programsOf, say, smallTask, TRUTH, traceIn } from '../helpers/threaded-programs.ts'

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

  it('runs a task with a stake again where an answer failed, and has it answered then', () => {
    const { programs, desks } = programsOf()
    programs.compute(RULES, task, 'staked')
    say(desks[0])
    programs.ask(task.id, [hash(5n)])
    desks[0]?.events.said({
      kind: 'failed',
      refused: 'computationFailed',
      error: 'MemoryExhausted',
      message: 'no room',
    })
    expect(programs.compute(RULES, task, 'staked')).toMatchObject({ refused: 'computationFailed' })
    say(desks[1])
    const trace = traceIn(programs.compute(RULES, task, 'staked'))
    programs.ask(
      task.id,
      lacking(() => trace.hashAt(5n)),
    )
    say(desks[1])
    expect(trace.hashAt(5n)).toBe(TRUTH.hashAt(5n))
  })

  it('waits no longer for a run without a stake than it may take, however long for one with a stake', () => {
    vi.useFakeTimers()
    try {
      // A third of ten seconds and two runs, and half a minute.
      const { programs, desks, news } = programsOf({ workers: 2 })
      const staked = smallTask(999n)
      programs.compute(RULES, task)
      programs.compute(RULES, staked, 'staked')
      vi.advanceTimersByTime(30_000)
      expect(desks[0]?.isClosed).toBe(false)
      vi.advanceTimersByTime(200_000)
      expect([desks[0]?.isClosed, desks[1]?.isClosed, news()]).toEqual([true, false, 1])
      expect(programs.compute(RULES, task)).toMatchObject({ refused: 'tooManyStepsForTheClock' })
      programs.compute(RULES, task, 'staked')
      vi.advanceTimersByTime(10_000_000)
      say(desks[2])
      expect(programs.compute(RULES, task, 'staked')).toHaveProperty('trace')
    } finally {
      vi.useRealTimers()
    }
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

  it('lowers and runs in the order in which that is wanted, whatever was wanted first', () => {
    const { programs, desks } = programsOf()
    const [first, sought] = [smallTask(999n), taskOf({ order: { program: FALSE.id } })]
    programs.compute(RULES, first)
    void programs.identify(SMALL_TASK, FALSE.id)
    programs.compute(RULES, task)
    programs.compute(RULES, sought)
    say(desks[0])
    expect(desks[1]?.orders[0]?.kind).toBe('run')
    say(desks[1])
    expect(desks[2]?.orders[0]?.kind).toBe('lower')
  })

  it('frees the worker of a task that is dropped', () => {
    const { programs, desks } = programsOf()
    programs.compute(RULES, task, 'staked')
    say(desks[0])
    programs.drop([task.id])
    expect(desks[0]?.isClosed).toBe(true)
    expect(programs.compute(RULES, task, 'staked')).toEqual({ waits: true })
  })
})
