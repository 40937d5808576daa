import { describe, expect, it, vi } from 'vitest'
import type { Agreement, PlayedTrace, Pressure } from '../../protocol/index.ts'
import { withAgreement } from '../helpers/doubt.ts'
import { FALSE, RULES } from '../helpers/situations.ts'
import { EFFORT, hash, programsOf, say, smallTask, TRUTH, traceIn } from '../helpers/threaded-programs.ts'

describe('ThreadedPrograms, where a second execution', () => {
  const task = smallTask()

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

  it('differs, has the first answer for what is staked before the interpreter is done, also with one worker', () => {
    const { programs, desks } = programsOf()
    programs.compute(RULES, task, 'staked')
    say(desks[0], LIE)
    programs.ask(task.id, [{ asks: 'agreement' }])
    say(desks[0], withAgreement(LIE, 'differs'))
    expect(programs.compute(RULES, task, 'staked')).toEqual({ waits: true })
    programs.ask(task.id, [hash(5n)])
    expect([desks[1]?.isClosed, desks[0]?.orders.length]).toEqual([false, 2])
    const first = traceIn(programs.compute(RULES, task, 'pressing'))
    programs.ask(task.id, [hash(5n)])
    expect([desks[1]?.isClosed, desks[0]?.orders.length]).toEqual([true, 3])
    say(desks[0], LIE)
    expect(first.hashAt(5n)).toBe(LIE.hashAt(5n))
    programs.compute(RULES, task, 'staked')
    expect(desks[2]?.orders[0]).toMatchObject({ kind: 'run', tier: 'interpreter' })
    say(desks[2])
    programs.ask(task.id, [hash(6n)])
    expect(desks.map(({ orders }) => orders.length)).toEqual([3, 1, 2])
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

  it('agrees with another run, which ended otherwise, is not believed', () => {
    vi.useFakeTimers()
    try {
      const { programs, desks } = programsOf({ workers: 2 })
      programs.compute(RULES, task)
      say(desks[0], LIE)
      programs.ask(task.id, [{ asks: 'agreement' }, hash(5n)])
      desks[0]?.events.lost('killed')
      vi.advanceTimersByTime(1_000)
      for (let i = 0; i < 3; i++) say(desks[1])
      expect(programs.compute(RULES, task)).toEqual({ waits: true })
      expect(desks.at(-1)?.orders[0]).toMatchObject({ kind: 'run', tier: 'interpreter' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('is waited for no longer than a run may take where no stake is in', () => {
    vi.useFakeTimers()
    try {
      const { programs, desks } = programsOf()
      programs.compute(RULES, task)
      say(desks[0], TRUTH, { ...EFFORT, seconds: 100 })
      programs.ask(task.id, [{ asks: 'agreement' }])
      // Ten seconds and two runs of 250, a third of it.
      vi.advanceTimersByTime(30_000 + 169_000)
      expect(desks[0]?.isClosed).toBe(false)
      vi.advanceTimersByTime(2_000)
      expect(desks[0]?.isClosed).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('of a run of days is waited for', () => {
    vi.useFakeTimers()
    try {
      const { programs, desks } = programsOf()
      programs.compute(RULES, task, 'staked')
      say(desks[0], TRUTH, { ...EFFORT, seconds: 200_000 })
      programs.ask(task.id, [{ asks: 'agreement' }])
      vi.advanceTimersByTime(2 ** 31 - 2)
      expect(desks[0]?.isClosed).toBe(false)
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
