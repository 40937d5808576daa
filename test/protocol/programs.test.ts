import { describe, expect, it } from 'vitest'
import {
  byteTreeRoot,
  ExecutionTrace,
  type Hash,
  lowerTask,
  programHeader,
  toHex,
  UnsupportedFeature,
} from '../../interpreter/index.ts'
import {
  type Compute,
  createPrograms,
  hashPair,
  MAX_PLAYED_STEPS,
  type Order,
  originOf,
  playedTrace,
  type Refusal,
  type Request,
  StepTooLarge,
  type TaskView,
  taskId,
} from '../../protocol/index.ts'
import { readTask } from '../helpers/raw-task.ts'
import { FALSE, RULES, situationOf } from '../helpers/situations.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const program = lowerTask(SMALL_TASK)
const truth = playedTrace(new ExecutionTrace(program, new Uint8Array(0), 1_000))

const NO_INPUT = new Uint8Array(0)
const rootOf = (input: Uint8Array) => toHex(byteTreeRoot(input))

/** What a view of the small task may differ in. */
interface Changes extends Partial<Pick<TaskView, 'id' | 'input'>> {
  readonly order?: Partial<Order>
  readonly request?: Partial<Request>
}

/** A view of the small task, its id made as the contract makes it. */
function taskOf({ order, request: changes, ...fields }: Changes = {}): TaskView {
  const view = situationOf({}).task
  const { programId } = programHeader(program)
  const common = { initial: truth.hashAt(0n), inputRoot: rootOf(NO_INPUT), ...changes }
  const whole = { ...view.request.order, program: programId, maxSteps: 1_000n, ...order }
  const request: Request = { ...view.request, ...common, order: whole }
  const origin = originOf(request)
  return { ...view, request, origin, id: taskId(RULES, origin), input: NO_INPUT, ...fields }
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
    ['unknownProgram', { order: { program: FALSE.id } }],
    ['unknownInput', { input: undefined }],
    ['tooManySteps', { order: { maxSteps: MAX_PLAYED_STEPS + 1n } }],
    ['notTheTask', { id: FALSE.id }],
    ['notTheTask', { request: { inputRoot: FALSE.id } }],
    ['initialStateDiffers', { request: { initial: FALSE.value } }],
  ] as [Refusal, Changes][])('refuses as %s what it should not play', (refused, changes) => {
    expect(programs.compute(RULES, taskOf(changes))).toEqual({ refused })
  })

  it('refuses to run more steps than its operator allows', () => {
    const careful = createPrograms([SMALL_TASK], { maxSteps: 999n })
    expect(careful.compute(RULES, taskOf())).toEqual({ refused: 'tooManySteps' })
    expect(careful.compute(RULES, taskOf({ order: { maxSteps: 999n } }))).toHaveProperty('trace')
  })

  it('lets no limit of its own stand between a bond at stake and its answer', () => {
    const careful = createPrograms([SMALL_TASK], { maxSteps: 999n })
    expect(careful.compute(RULES, taskOf(), true)).toHaveProperty('trace')
    const fast = { ...RULES, speed: 2n ** 63n }
    expect(careful.compute(fast, taskOf({ order: { maxSteps: 75_000_001n } }), true)).toHaveProperty('trace')
    expect(careful.compute(RULES, taskOf({ order: { maxSteps: MAX_PLAYED_STEPS + 1n } }), true)).toEqual({
      refused: 'tooManySteps',
    })
  })

  it('runs a task that takes all the steps that the clock allows, and no longer one', () => {
    // Ten seconds and two runs of a second: at 50 million steps a second, eight runs of 75 million steps.
    const fast = { ...RULES, speed: 2n ** 63n }
    const judge = (maxSteps: bigint) => programs.compute(fast, taskOf({ order: { maxSteps } }))
    expect(judge(75_000_000n)).toHaveProperty('trace')
    expect(judge(75_000_001n)).toEqual({ refused: 'tooManyStepsForTheClock' })
  })

  it('runs whatever the market waits for players that are a fifth as fast', () => {
    const patient = { ...RULES, speed: 10_000_000n }
    expect(programs.compute(patient, taskOf({ order: { maxSteps: 2n ** 40n } }))).toHaveProperty('trace')
  })

  it('finds an input that is named by its root, and believes no other bytes', () => {
    const inputs = new Map<Hash, Uint8Array>()
    const finding = createPrograms([SMALL_TASK], { inputOf: (root) => inputs.get(root) })
    const task = taskOf({ input: undefined, request: { byReference: true } })
    expect(finding.compute(RULES, task)).toEqual({ refused: 'unknownInput' })
    inputs.set(rootOf(NO_INPUT), Uint8Array.of(1))
    expect(finding.compute(RULES, task)).toEqual({ refused: 'notTheTask' })
    inputs.set(rootOf(NO_INPUT), NO_INPUT)
    expect(finding.compute(RULES, task)).toHaveProperty('trace')
  })

  it('takes another module later', () => {
    const empty = createPrograms([])
    expect(empty.compute(RULES, taskOf())).toEqual({ refused: 'unknownProgram' })
    expect(empty.add(SMALL_TASK)).toBe(programHeader(program).programId)
    expect(empty.ids).toEqual([programHeader(program).programId])
    expect(empty.compute(RULES, taskOf())).toHaveProperty('trace')
  })

  it.each([
    ['computationFailed', {}],
    ['initialStateDiffers', { request: { initial: FALSE.value } }],
  ] as [Refusal, Changes][])('does not run again what it refused as %s', (refused, changes) => {
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
    const fresh = createPrograms([SMALL_TASK])
    expect(fresh.compute(RULES, taskOf({ input: Uint8Array.of(1) }))).toEqual({ refused: 'notTheTask' })
    expect(fresh.compute(RULES, taskOf())).toHaveProperty('trace')
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

  it('opens its output under the final state, and the length under the output', () => {
    const sort = lowerTask(readTask('sort'))
    const trace = playedTrace(new ExecutionTrace(sort, Uint8Array.of(3, 0, 0, 0, 1, 0, 0, 0), 1_000_000))
    const { output, root, path, lengthPath } = trace.result()
    expect([...output]).toEqual([1, 0, 0, 0, 3, 0, 0, 0])
    expect(root).toBe(toHex(byteTreeRoot(output)))
    expect(path.reduce((node, sibling) => hashPair(sibling, node), root)).toBe(trace.final.root)
    const leaf = `0x${output.length.toString(16).padStart(2, '0').padEnd(64, '0')}` as Hash
    // The length is a little-endian number of eight bytes.
    expect(lengthPath.reduce((node, sibling) => hashPair(node, sibling), leaf)).toBe(root)
  })
})
