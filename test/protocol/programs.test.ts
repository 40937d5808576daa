import { describe, expect, it } from 'vitest'
import {
  byteTreeRoot,
  type Hash,
  lowerTask,
  programHeader,
  StateOracle,
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
  type PlayedTrace,
  type Pressure,
  type ProgramOptions,
  type Programs,
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
import { encodeModule } from '../helpers/wasm-builder.ts'

const program = lowerTask(SMALL_TASK)
const truth = playedTrace(new StateOracle(program, new Uint8Array(0), 1_000))

const NO_INPUT = new Uint8Array(0)
const rootOf = (input: Uint8Array) => toHex(byteTreeRoot(input))

/** A task that has so many pages at the start, and asks for more. */
const growing = (pages: number, minimum = 1): Uint8Array =>
  encodeModule({
    types: [{ params: [], results: [] }],
    imports: [],
    functions: [
      { type: 0, locals: [], code: [{ op: 'i32.const', value: pages }, { op: 'memory.grow' }, { op: 'drop' }] },
    ],
    memory: { minimum },
    globals: [],
    exports: [{ name: 'main', kind: 'function', index: 0 }],
    elements: [],
    data: [],
  })

const PAGE = 2 ** 16

/** A view of a task of another module. */
function taskOfModule(module: Uint8Array): TaskView {
  const other = lowerTask(module)
  const initial = new StateOracle(other, NO_INPUT, 0).hashAt(0)
  return taskOf({ order: { program: programHeader(other).programId }, request: { initial } })
}

/** Counts the runs of what it makes; throws as long as it is told to. */
function counting(options: Partial<ProgramOptions> = {}, modules: readonly Uint8Array[] = [SMALL_TASK]) {
  const state = { runs: 0, fails: false }
  const compute: Compute = (program, input, maxSteps, maxBytes) => {
    state.runs++
    if (state.fails) throw new RangeError('Array buffer allocation failed')
    return new StateOracle(program, input, maxSteps, { maxBytes })
  }
  return { state, programs: createPrograms(modules, { compute, ...options }) }
}

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
    const compute: Compute = (program, input, maxSteps, maxBytes) => {
      runs++
      return new StateOracle(program, input, maxSteps, { maxBytes })
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
    expect(careful.compute(RULES, taskOf(), 'staked')).toHaveProperty('trace')
    const fast = { ...RULES, speed: 2n ** 63n }
    expect(careful.compute(fast, taskOf({ order: { maxSteps: 200_000_001n } }), 'staked')).toHaveProperty('trace')
    expect(careful.compute(RULES, taskOf({ order: { maxSteps: MAX_PLAYED_STEPS + 1n } }), 'staked')).toEqual({
      refused: 'tooManySteps',
    })
  })

  it('runs a task that takes all the steps that the clock allows, and no longer one', () => {
    // Ten seconds and two runs of a second: at 50 million steps a second, three runs of 200 million steps.
    const fast = { ...RULES, speed: 2n ** 63n }
    const judge = (maxSteps: bigint) => programs.compute(fast, taskOf({ order: { maxSteps } }))
    expect(judge(200_000_000n)).toHaveProperty('trace')
    expect(judge(200_000_001n)).toEqual({ refused: 'tooManyStepsForTheClock' })
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
    const compute: Compute = (program, input, maxSteps, maxBytes) => {
      runs++
      if (refused === 'computationFailed') throw new RangeError('out of memory')
      return new StateOracle(program, input, maxSteps, { maxBytes })
    }
    const counting = createPrograms([SMALL_TASK], { compute })
    for (let i = 0; i < 3; i++) expect(counting.compute(RULES, taskOf(changes))).toMatchObject({ refused })
    expect(runs).toBe(1)
  })

  it.each([
    ['has', growing(0, 4)],
    ['asks for', growing(3)],
  ] as const)('refuses a task that %s more memory than its operator allows', (_, module) => {
    const task = taskOfModule(module)
    const refusing = (pages: number) => counting({ maxMemory: pages * PAGE }, [module])
    const { state, programs } = refusing(3)
    for (let i = 0; i < 2; i++) expect(programs.compute(RULES, task)).toMatchObject({ refused: 'memoryTooLarge' })
    expect(state.runs).toBe(1)
    expect(programs.compute(RULES, task, 'staked')).toHaveProperty('trace')
    expect(refusing(5).programs.compute(RULES, task)).toHaveProperty('trace')
  })

  it('tries a failing run again where a stake is in it', () => {
    const { state, programs } = counting()
    state.fails = true
    for (let i = 0; i < 3; i++) {
      expect(programs.compute(RULES, taskOf(), 'staked')).toMatchObject({ refused: 'computationFailed' })
    }
    programs.compute(RULES, taskOf())
    state.fails = false
    expect(programs.compute(RULES, taskOf())).toMatchObject({ refused: 'computationFailed' })
    expect(programs.compute(RULES, taskOf(), 'staked')).toHaveProperty('trace')
    expect(programs.compute(RULES, taskOf())).toHaveProperty('trace')
    expect(state.runs).toBe(5)
  })

  /** The second task is told apart by its steps. */
  const another = taskOf({ order: { maxSteps: 999n } })
  const traceOf = (programs: Programs, task: TaskView, how?: Pressure): PlayedTrace => {
    const computed = programs.compute(RULES, task, how)
    if (!('trace' in computed)) throw new Error(JSON.stringify(computed))
    return computed.trace
  }

  it('keeps the machine of a task without a stake only until another task is computed', () => {
    const { state, programs } = counting()
    const trace = traceOf(programs, taskOf())
    trace.hashAt(100n)
    expect(traceOf(programs, taskOf()).result()).toEqual(truth.result())
    expect(state.runs).toBe(1)
    traceOf(programs, another)
    expect([trace.final, trace.hashAt(0n), trace.hashAt(100n)]).toEqual([
      truth.final,
      truth.hashAt(0n),
      truth.hashAt(100n),
    ])
    expect(trace.hashAt(MAX_PLAYED_STEPS)).toBe(truth.final.value)
    expect(state.runs).toBe(2)
    expect(traceOf(programs, taskOf())).toBe(trace)
    expect(trace.hashAt(101n)).toBe(truth.hashAt(101n))
    expect(trace.witness(7n, 3)).toEqual(truth.witness(7n, 3))
    expect(state.runs).toBe(3)
  })

  it('keeps the machine of a task with a stake', () => {
    const { state, programs } = counting()
    const trace = traceOf(programs, taskOf())
    traceOf(programs, taskOf(), 'staked')
    traceOf(programs, another)
    expect(trace.hashAt(101n)).toBe(truth.hashAt(101n))
    expect(trace.result()).toEqual(truth.result())
    expect(state.runs).toBe(2)
  })

  it('computes with each of many programs, however long it was not used', () => {
    const modules = Array.from({ length: 40 }, (_, i) => growing(i))
    const programs = createPrograms(modules)
    expect(programs.ids.length).toBe(40)
    for (const module of [modules[0]!, modules[39]!, modules[7]!]) traceOf(programs, taskOfModule(module))
  })

  it('remembers what it computed until it drops it', () => {
    const { state, programs } = counting()
    for (let i = 0; i < 2; i++) programs.compute(RULES, taskOf())
    expect(state.runs).toBe(1)
    programs.drop([taskOf().id])
    programs.compute(RULES, taskOf())
    expect(state.runs).toBe(2)
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
    const trace = playedTrace(new StateOracle(sort, Uint8Array.of(3, 0, 0, 0, 1, 0, 0, 0), 1_000_000))
    const { output, root, path, lengthPath } = trace.result()
    expect([...output]).toEqual([1, 0, 0, 0, 3, 0, 0, 0])
    expect(root).toBe(toHex(byteTreeRoot(output)))
    expect(path.reduce((node, sibling) => hashPair(sibling, node), root)).toBe(trace.final.root)
    const leaf = `0x${output.length.toString(16).padStart(2, '0').padEnd(64, '0')}` as Hash
    // The length is a little-endian number of eight bytes.
    expect(lengthPath.reduce((node, sibling) => hashPair(node, sibling), leaf)).toBe(root)
  })
})
