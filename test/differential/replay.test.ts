import { describe, expect, it } from 'vitest'
import type { Hash, Node } from '../../interpreter/commit/hash.ts'
import { leafIndex, regionDepth } from '../../interpreter/commit/merkle.ts'
import { RegionTree } from '../../interpreter/commit/region-tree.ts'
import { rootOf } from '../../interpreter/commit/state-hash.ts'
import { encodeWitness } from '../../interpreter/commit/witness.ts'
import type { Program } from '../../interpreter/lower/index.ts'
import { type ExactMachine, type Judgement, judge, Machine, unpackRegisters } from '../../interpreter/machine/index.ts'
import { lowerTask } from '../../interpreter/task.ts'
import { REGION, REGIONS, SUBSTEPS, TRAP } from '../../spec/index.ts'
import { lowerRandom, MAX_STEPS, opAt, STEPPING_OPS } from '../helpers/programs.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { floatConstant } from '../helpers/random-body.ts'
import { HAZARDOUS, type RandomProgram, randomProgram, SMALL } from '../helpers/random-program.ts'
import { SolidityStepper } from '../helpers/stepper.ts'
import { type Code, type Instruction, mainModule } from '../helpers/wasm-builder.ts'
import { STORE_ROWS } from '../helpers/wasm-opcodes.ts'

const WHOLE_PROGRAMS = 16
const WHOLE_STEPS = { least: 100, most: 400 }
/** Programs of each profile in which steps of every kind are looked for, and their longest run. */
const KINDS_PROGRAMS = 120
const KINDS_STEPS = 20_000
const ASKED_PROGRAMS = 60
/** Milliseconds, for a machine that is busy with other things. */
const TIME_LIMIT = 300_000

const seeds = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => TEST_SEED + i)

/** Slots enough for every frame of a random program; more are slow to hash where a program fills them. */
const SMALL_STACK = { stackLimit: 8_192 }

const start = (program: RandomProgram): Machine => new Machine(lowerRandom(program, SMALL_STACK), program.input)

const stepsOf = (program: RandomProgram): number => {
  const machine = start(program)
  machine.runTo(MAX_STEPS)
  return machine.steps
}

/** The first programs whose runs are long enough to say something and short enough to hash every step. */
const wholePrograms = (count: number): readonly RandomProgram[] => {
  const programs: RandomProgram[] = []
  for (let seed = TEST_SEED; programs.length < count; seed++) {
    const program = randomProgram(seed, SMALL)
    const steps = stepsOf(program)
    if (steps >= WHOLE_STEPS.least && steps <= WHOLE_STEPS.most) programs.push(program)
  }
  return programs
}

interface Judged {
  readonly words: readonly Node[]
  readonly judgement: Judgement
}

/** Twelve substeps of a step that begins with the hash `from`, each judged from its witness alone. */
function replayStep(exact: ExactMachine, from: Hash): readonly Judged[] {
  const judged: Judged[] = []
  for (let n = 0; n < SUBSTEPS; n++) {
    const words = encodeWitness(exact.witness())
    const judgement = judge(words)
    expect(judgement.pre, `before substep ${n}`).toBe(judged.at(-1)?.judgement.post ?? from)
    judged.push({ words, judgement })
    exact.substep()
  }
  return judged
}

const hashAfter = (judged: readonly Judged[]): Hash | undefined => judged.at(-1)?.judgement.post

/** Root of the state with the stack rebuilt from the slots below sp and nothing else. */
function rootFromLiveSlots({ tree, core }: ExactMachine): Node {
  const stack = new RegionTree(regionDepth(REGION.STACK))
  const { sp } = unpackRegisters(core.regs)
  for (let slot = 0; slot < sp; slot++) stack.setLeaf(slot, tree.node(leafIndex(REGION.STACK, slot)))
  return rootOf(REGIONS.map(({ index }) => (index === REGION.STACK ? stack.root() : tree.node(8 | index))))
}

/** The instruction, and how the run ends or the sign of its top operand: a branch taken is a kind of its own. */
function kindOfStep({ store, steps }: Machine, program: Program, end: Machine): string {
  const how = steps === end.steps - 1 ? JSON.stringify(end.outcome()) : Math.sign(store.slots[2 * store.sp - 2] ?? 0)
  return `${opAt(program, store.pc)} ${how}`
}

/** Replays one step of each kind that is not known yet. */
function replayNewKinds(program: RandomProgram, kinds: Set<string>): readonly Judged[] {
  const lowered = lowerRandom(program, SMALL_STACK)
  const end = new Machine(lowered, program.input)
  end.runTo(KINDS_STEPS)
  if (!end.stopped) return []
  const fast = new Machine(lowered, program.input)
  const judged: Judged[] = []
  while (!fast.stopped) {
    const kind = kindOfStep(fast, lowered, end)
    const replayed = kinds.has(kind) ? [] : replayStep(fast.exact(), fast.stateHash())
    fast.step()
    if (!kinds.has(kind)) expect(hashAfter(replayed), `seed ${program.seed}, ${kind}`).toBe(fast.stateHash())
    kinds.add(kind)
    judged.push(...replayed)
  }
  return judged
}

/** Asserts the same hash in both machines at every step; the number of steps at which sp had been higher before. */
function agreeAtEveryStep(program: Program, input: Uint8Array, name: string): number {
  let highest = 0
  let below = 0
  const fast = new Machine(program, input)
  const exact = new Machine(program, input).exact()
  while (!fast.stopped) {
    fast.step()
    exact.step()
    const where = `${name}, step ${fast.steps}`
    expect(exact.stateHash(), where).toBe(fast.stateHash())
    expect(rootFromLiveSlots(exact), where).toEqual(exact.tree.root())
    highest = Math.max(highest, fast.store.sp)
    if (fast.store.sp < highest) below++
  }
  return below
}

const i32 = (value: number): Instruction => ({ op: 'i32.const', value })
const DROP: Instruction = { op: 'drop' }

const NUMBERS = {
  i32: i32(-2),
  i64: { op: 'i64.const', value: -2n },
  f32: floatConstant('f32', -0.1),
  f64: floatConstant('f64', -0.1),
} as const

/** What random programs meet too seldom. */
const FIXED_CASES: readonly (readonly [name: string, code: Code])[] = [
  ...STORE_ROWS.filter(({ bytes }) => bytes > 1).map(({ op, type, bytes }) => {
    const store: Instruction = { op, alignLog2: 0, offset: 0 }
    return [`${op} crosses 4096 bytes`, [i32(4_097 - bytes), NUMBERS[type], store]] as const
  }),
  [
    'memory grows',
    [i32(1), { op: 'memory.grow' }, DROP, i32(0x1fffc), i32(-1), { op: 'i32.store', alignLog2: 0, offset: 0 }],
  ],
  ['memory does not grow', [i32(2), { op: 'memory.grow' }, DROP]],
]

describe('runs of random programs', { timeout: TIME_LIMIT }, () => {
  it('have the same hash at every step in the exact machine and in the fast run, over a clean stack', () => {
    const below = wholePrograms(WHOLE_PROGRAMS).map((program) =>
      agreeAtEveryStep(lowerRandom(program, SMALL_STACK), program.input, `seed ${program.seed}`),
    )
    const sum = below.reduce((all, steps) => all + steps)
    console.log(`seeds from ${TEST_SEED}: ${sum} steps with slots above sp that were in use before`)
    expect(sum).toBeGreaterThan(WHOLE_PROGRAMS * 50)
  })

  it.each(FIXED_CASES)('have the same hash at every step where %s', (name, code) => {
    const program = lowerTask(mainModule(code, { memory: { minimum: 1, maximum: 2 } }))
    agreeAtEveryStep(program, new Uint8Array(), name)
  })

  it('replay from witnesses alone, every substep of every step', () => {
    for (const program of wholePrograms(4)) {
      const fast = start(program)
      const exact = start(program).exact()
      let hash: Hash | undefined = fast.stateHash()
      while (!fast.stopped && hash) {
        hash = hashAfter(replayStep(exact, hash))
        fast.step()
        expect(hash, `seed ${program.seed}, step ${fast.steps}`).toBe(fast.stateHash())
      }
    }
  })

  it('replay from witnesses alone for every kind of step, in the Solidity stepper too', async () => {
    const kinds = new Set<string>()
    const programs = [SMALL, HAZARDOUS].flatMap((profile) =>
      seeds(KINDS_PROGRAMS).map((seed) => randomProgram(seed, profile)),
    )
    const judged = programs.flatMap((program) => replayNewKinds(program, kinds))
    const answers = await (await SolidityStepper.create()).judge(judged.map(({ words }) => words))
    expect(answers).toEqual(judged.map(({ judgement }) => judgement))
    const ops = new Set([...kinds].map((kind) => kind.split(' ')[0]))
    expect(STEPPING_OPS.filter((op) => !ops.has(op))).toEqual([])
    console.log(`seeds from ${TEST_SEED}: ${answers.length} substeps of ${kinds.size} kinds judged in Solidity`)
  })

  it('have a hash that does not depend on when it was asked before', () => {
    for (const seed of seeds(ASKED_PROGRAMS)) {
      const program = randomProgram(seed, SMALL)
      const random = createRandom(seed)
      const once = start(program)
      once.runTo(MAX_STEPS)
      const often = start(program)
      for (let step = 0; step < once.steps; step += 1 + random.below(once.steps / 4)) {
        often.runTo(step)
        often.stateHash()
      }
      often.runTo(MAX_STEPS)
      expect(often.stateHash(), `seed ${seed}`).toBe(once.stateHash())
    }
  })

  it('exhaust the stack where a function is entered, for its operands too', () => {
    const stackLimit = 4_096
    const operands = 1_000
    const pushes = Array<Instruction>(operands).fill(i32(-1))
    const drops = pushes.map(() => DROP)
    const program = lowerTask(mainModule([...pushes, { op: 'call', index: 0 }, ...drops]), { stackLimit })
    const fast = new Machine(program, new Uint8Array())
    while (program.origins[fast.store.pc]?.instruction !== 'enter' || fast.store.sp + operands < stackLimit) fast.step()
    expect(fast.store.sp).toBe(1 + 4 * (operands + 1))
    const judged = replayStep(fast.exact(), fast.stateHash())
    fast.step()
    expect(fast.outcome()).toMatchObject({ outcome: 'trapped', trap: TRAP.STACK_EXHAUSTED })
    expect(hashAfter(judged)).toBe(fast.stateHash())
  })
})
