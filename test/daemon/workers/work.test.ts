import { describe, expect, it } from 'vitest'
import { execute } from '../../../daemon/workers/execution.ts'
import type { Reply, RunOrder } from '../../../daemon/workers/messages.ts'
import { createWork } from '../../../daemon/workers/work.ts'
import { lowerTask, programHeader, StateOracle } from '../../../interpreter/index.ts'
import { answersOf, playedTrace, type Question } from '../../../protocol/index.ts'
import { SMALL_TASK } from '../../helpers/small-task.ts'

const PROGRAM = lowerTask(SMALL_TASK)
const INPUT = new Uint8Array(0)
const MAX_STEPS = 1_000
const TRUTH = playedTrace(new StateOracle(PROGRAM, INPUT, MAX_STEPS))
const RUN: RunOrder = {
  ...{ kind: 'run', module: SMALL_TASK, input: INPUT, maxSteps: MAX_STEPS, tier: 'native', budgetBytes: 2 ** 20 },
  limits: { maxBytes: 2 ** 20, mayInterpret: true },
}
const QUESTIONS: readonly Question[] = [
  { asks: 'walk', step: 9n },
  { asks: 'hash', step: 9n },
  { asks: 'agreement' },
  { asks: 'hash', step: 3n },
  { asks: 'result' },
]

const kindOf = (reply: Reply) => (reply.kind === 'failed' ? reply.refused : reply.kind)

describe('createWork', () => {
  it('tells which program a module is', () => {
    const { programId: program } = programHeader(PROGRAM)
    expect(createWork(execute)({ kind: 'lower', module: SMALL_TASK })).toEqual({ kind: 'lowered', program })
  })

  it('names what is wrong with a module', () => {
    const memory64 = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 4, 1)
    expect(createWork(execute)({ kind: 'lower', module: memory64 })).toMatchObject({ error: 'UnsupportedFeature' })
  })

  it('runs a task, and answers as it runs', () => {
    const work = createWork(execute)
    expect(work(RUN)).toMatchObject({ kind: 'ran', final: TRUTH.final, initial: TRUTH.hashAt(0n) })
    const reply = work({ kind: 'answer', questions: QUESTIONS, maxOutput: 4n })
    const answers = answersOf(TRUTH, QUESTIONS, 4n)
    expect(reply).toMatchObject({ kind: 'answered', answers, doubt: undefined })
  })

  it('survives a structured clone, as it goes from thread to thread', () => {
    const work = createWork(execute)
    for (const order of [RUN, { kind: 'answer', questions: QUESTIONS, maxOutput: 4n } as const]) {
      const reply = work(structuredClone(order))
      expect(structuredClone(reply)).toEqual(reply)
    }
  })

  it('tells of an output that is longer than the market takes only its length', () => {
    const work = createWork(execute)
    work(RUN)
    const { length } = TRUTH.result()
    const reply = work({ kind: 'answer', questions: [{ asks: 'result' }], maxOutput: BigInt(length) - 1n })
    expect(reply).toMatchObject({ answers: [{ said: { length, output: new Uint8Array(0) } }] })
  })

  it('says why it cannot run a task', () => {
    const small = { ...RUN, limits: { maxBytes: 1, mayInterpret: true } }
    expect(kindOf(createWork(execute)(small))).toBe('memoryTooLarge')
    const broken = createWork(() => {
      throw new RangeError('Array buffer allocation failed')
    })
    expect(broken(RUN)).toMatchObject({ refused: 'computationFailed', error: 'RangeError' })
    expect(kindOf(createWork(execute)({ kind: 'answer', questions: [], maxOutput: 0n }))).toBe('computationFailed')
  })

  it('runs what the engine does not take only where the interpreter is quick enough for the clocks', () => {
    // What a function was lowered from is what the engine is given.
    const work = createWork((_, order) => execute(lowerTask(order.module), order))
    const slow = (mayInterpret: boolean): RunOrder => ({ ...RUN, limits: { maxBytes: 2 ** 20, mayInterpret } })
    expect(work(slow(false))).toMatchObject({ refused: 'tooManyStepsForTheClock', error: 'TooSlow' })
    expect(kindOf(work(slow(true)))).toBe('ran')
    expect(kindOf(createWork(execute)(slow(false)))).toBe('ran')
  })

  it('passes on why a second execution does not agree', () => {
    const work = createWork((program, order) => ({
      ...execute(program, order),
      agreement: () => ({ verdict: 'differs', doubt: 'the output' }),
    }))
    work(RUN)
    const reply = work({ kind: 'answer', questions: [{ asks: 'agreement' }], maxOutput: 0n })
    expect(reply).toMatchObject({ answers: [{ asks: 'agreement', said: 'differs' }], doubt: 'the output' })
  })

  it('believes no second execution that fails, and the first no less', () => {
    const work = createWork((program, order) => ({
      ...execute(program, order),
      agreement() {
        throw new RangeError('Array buffer allocation failed')
      },
    }))
    work(RUN)
    const ask = (question: Question) => work({ kind: 'answer', questions: [question], maxOutput: 0n })
    expect(ask({ asks: 'agreement' })).toMatchObject({
      answers: [{ asks: 'agreement', said: 'inconclusive' }],
      doubt: 'RangeError: Array buffer allocation failed',
    })
    expect(ask({ asks: 'hash', step: 1n })).toMatchObject({ kind: 'answered' })
  })
})
