import { describe, expect, it } from 'vitest'
import {
  byteTreeRoot,
  ExecutionTrace,
  lowerTask,
  programHeader,
  toHex,
  UnsupportedFeature,
} from '../../interpreter/index.ts'
import {
  type Compute,
  createPrograms,
  MAX_PLAYED_STEPS,
  playedTrace,
  StepTooLarge,
  type TaskView,
  taskId,
} from '../../protocol/index.ts'
import { FALSE, RULES, situationOf } from '../helpers/situations.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const program = lowerTask(SMALL_TASK)
const truth = playedTrace(new ExecutionTrace(program, new Uint8Array(0), 1_000))

/** A view of the small task, its id made as the contract makes it. */
function taskOf(changes: Partial<TaskView> = {}): TaskView {
  const { task } = situationOf({})
  const view = {
    ...task,
    program: programHeader(program).programId,
    maxSteps: 1_000n,
    initial: truth.hashAt(0n),
    ...changes,
  }
  const inputRoot = toHex(byteTreeRoot(view.input))
  return { ...view, id: changes.id ?? taskId(RULES, { ...view, inputRoot }) }
}

describe('createPrograms', () => {
  const programs = createPrograms([SMALL_TASK])

  it('names what it lowered', () => {
    expect(programs.ids).toEqual([programHeader(program).programId])
  })

  it('computes a task once', () => {
    let runs = 0
    const compute: Compute = (...parts) => {
      runs++
      return new ExecutionTrace(...parts)
    }
    const counting = createPrograms([SMALL_TASK], { compute })
    const [first, second] = [counting.compute(RULES, taskOf()), counting.compute(RULES, taskOf())]
    expect('trace' in first && first.trace.final).toEqual(truth.final)
    expect('trace' in first && 'trace' in second && first.trace === second.trace).toBe(true)
    expect(runs).toBe(1)
  })

  it.each([
    ['unknownProgram', { program: FALSE.id }],
    ['tooManySteps', { maxSteps: MAX_PLAYED_STEPS + 1n }],
    ['tooManyStepsForTheClock', { maxSteps: 62_500_001n }],
    ['notTheTask', { id: FALSE.id }],
    ['initialStateDiffers', { initial: FALSE.value }],
  ] as const)('refuses as %s what it should not play', (refused, changes) => {
    expect(programs.compute(RULES, taskOf(changes))).toEqual({ refused })
  })

  it('refuses to run more steps than its operator allows', () => {
    const careful = createPrograms([SMALL_TASK], { maxSteps: 999n })
    expect(careful.compute(RULES, taskOf())).toEqual({ refused: 'tooManySteps' })
    expect(careful.compute(RULES, taskOf({ maxSteps: 999n }))).toHaveProperty('trace')
  })

  it('lets no limit of its own stand between a bond at stake and its answer', () => {
    const careful = createPrograms([SMALL_TASK], { maxSteps: 999n })
    expect(careful.compute(RULES, taskOf(), true)).toHaveProperty('trace')
    expect(careful.compute(RULES, taskOf({ maxSteps: 62_500_001n }), true)).toHaveProperty('trace')
    expect(careful.compute(RULES, taskOf({ maxSteps: MAX_PLAYED_STEPS + 1n }), true)).toEqual({
      refused: 'tooManySteps',
    })
  })

  it('runs a task that takes all the steps that the clock allows', () => {
    expect(programs.compute(RULES, taskOf({ maxSteps: 62_500_000n }))).toHaveProperty('trace')
  })

  it.each([
    ['computationFailed', {}],
    ['initialStateDiffers', { initial: FALSE.value }],
  ] as const)('does not run again what it refused as %s', (refused, changes) => {
    let runs = 0
    const compute: Compute = (...parts) => {
      runs++
      if (refused === 'computationFailed') throw new RangeError('out of memory')
      return new ExecutionTrace(...parts)
    }
    const counting = createPrograms([SMALL_TASK], { compute })
    for (let i = 0; i < 3; i++) expect(counting.compute(RULES, taskOf(changes))).toMatchObject({ refused })
    expect(runs).toBe(1)
  })

  it('takes the initial state of a better node for the same run', () => {
    expect(programs.compute(RULES, taskOf({ initial: FALSE.value }))).toEqual({ refused: 'initialStateDiffers' })
    expect(programs.compute(RULES, taskOf())).toHaveProperty('trace')
  })

  it('knows what it computed until it drops it', () => {
    const { id } = taskOf()
    const fresh = createPrograms([SMALL_TASK])
    expect(fresh.knows(id)).toBe(false)
    fresh.compute(RULES, taskOf())
    expect(fresh.knows(id)).toBe(true)
    fresh.drop([id])
    expect(fresh.knows(id)).toBe(false)
  })

  it('does not believe a node that gives another input for the task', () => {
    const { id } = taskOf()
    expect(programs.compute(RULES, taskOf({ id, input: Uint8Array.of(1) }))).toEqual({ refused: 'notTheTask' })
  })

  it('passes on why a module cannot be lowered', () => {
    const memory64 = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 4, 1)
    expect(() => createPrograms([memory64])).toThrow(UnsupportedFeature)
  })
})

describe('playedTrace', () => {
  it('gives the final state at and after the last step', () => {
    expect(truth.hashAt(truth.final.steps)).toBe(truth.final.value)
    expect(truth.hashAt(MAX_PLAYED_STEPS)).toBe(truth.final.value)
  })

  it('gives thirteen hashes that begin and end with those of the steps', () => {
    const hashes = truth.substepHashes(17n)
    expect(hashes.length).toBe(13)
    expect([hashes[0], hashes[12]]).toEqual([truth.hashAt(17n), truth.hashAt(18n)])
  })

  it('refuses a step that its plain numbers cannot hold', () => {
    expect(() => truth.hashAt(MAX_PLAYED_STEPS + 1n)).toThrow(StepTooLarge)
  })
})
