import { beforeAll, describe, expect, it } from 'vitest'
import type { Program } from '../../interpreter/lower/index.ts'
import { Machine } from '../../interpreter/machine/index.ts'
import { TRAP, TRAP_NAMES } from '../../spec/index.ts'
import { differences, lowerRandom, MAX_STEPS, opAt, outcomeOf, STEPPING_OPS } from '../helpers/programs.ts'
import { TEST_SEED } from '../helpers/random.ts'
import { HAZARDOUS, MEDIUM, type ProgramProfile, randomProgram, SMALL } from '../helpers/random-program.ts'
import { runInEngine } from '../helpers/v8.ts'
import type { Code } from '../helpers/wasm-builder.ts'
import { OPCODES } from '../helpers/wasm-opcodes.ts'

/** Milliseconds, for a machine that is busy with other things. */
const TIME_LIMIT = 300_000

/** How many programs of each profile, all from the same seed on. */
const RUNS: readonly (readonly [profile: ProgramProfile, programs: number])[] = [
  [SMALL, 800],
  [MEDIUM, 600],
  [HAZARDOUS, 900],
]

/** Every trap that a program of WebAssembly can have. */
const TRAPS = Object.values(TRAP).filter((trap) => trap !== TRAP.NONE && trap !== TRAP.ILLEGAL)

/** What happened over many programs. */
interface Tally {
  readonly failures: string[]
  readonly endings: Map<string, number>
  readonly steps: number[]
  /** Machine steps by the WebAssembly instruction that they belong to. */
  readonly executed: Map<string, number>
  /** Instructions in the modules, executed or not. */
  readonly present: Set<string>
}

const count = (counts: Map<string, number>, key: string, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by)

function addOps(code: Code, ops: Set<string>): void {
  for (const instruction of code) {
    ops.add(instruction.op)
    if ('body' in instruction) addOps(instruction.body, ops)
    if (instruction.op === 'if') addOps(instruction.otherwise ?? [], ops)
  }
}

/** Runs to the end step by step and counts the instructions. */
function runCounting(machine: Machine, program: Program, executed: Tally['executed']): void {
  const visits = new Map<number, number>()
  while (!machine.stopped && machine.steps < MAX_STEPS) {
    const { pc } = machine.store
    visits.set(pc, (visits.get(pc) ?? 0) + 1)
    machine.step()
  }
  for (const [pc, times] of visits) count(executed, opAt(program, pc), times)
}

function compare(seed: number, profile: ProgramProfile, tally: Tally): void {
  const program = randomProgram(seed, profile)
  const expected = runInEngine(program.spec, program.input)
  const lowered = lowerRandom(program)
  const machine = new Machine(lowered, program.input)
  if (profile === SMALL) runCounting(machine, lowered, tally.executed)
  else machine.runTo(MAX_STEPS)
  const differing = machine.stopped ? differences(outcomeOf(machine, program, lowered), expected) : ['it does not end']
  if (differing.length > 0)
    tally.failures.push(`seed ${seed}, ${profile.instructions} instructions: ${differing.join(', ')}`)
  count(tally.endings, expected.trap === TRAP.NONE ? 'halted' : (TRAP_NAMES[expected.trap] ?? 'unknown'))
  tally.steps.push(machine.steps)
  for (const { code } of program.spec.functions) addOps(code, tally.present)
}

const quantiles = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b)
  return [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map((q) => sorted[Math.floor(q * (sorted.length - 1))]).join(' ')
}

describe('random programs', () => {
  const tally: Tally = { failures: [], endings: new Map(), steps: [], executed: new Map(), present: new Set() }

  beforeAll(() => {
    for (const [profile, programs] of RUNS) for (let i = 0; i < programs; i++) compare(TEST_SEED + i, profile, tally)
    const rarest = [...tally.executed].sort(([, a], [, b]) => a - b).slice(0, 8)
    console.log(`seeds from ${TEST_SEED}: ${tally.steps.length} programs`)
    console.log(`endings: ${[...tally.endings].map(([ending, n]) => `${ending} ${n}`).join(', ')}`)
    console.log(`steps at 0, 10, 25, 50, 75, 90, 100 %: ${quantiles(tally.steps)}`)
    console.log(`executed least: ${rarest.map(([op, n]) => `${op} ${n}`).join(', ')}`)
  }, TIME_LIMIT)

  it("agree with the host's engine on trap, output, memory, globals and tables", () => {
    expect(tally.failures).toEqual([])
  })

  it('execute every instruction', () => {
    for (const op of Object.keys(OPCODES)) expect(tally.present).toContain(op)
    for (const op of STEPPING_OPS) expect(tally.executed.get(op) ?? 0, op).toBeGreaterThan(20)
  })

  it('halt, and trap in every way', () => {
    expect(tally.endings.get('halted')).toBeGreaterThan(tally.steps.length / 3)
    for (const trap of TRAPS)
      expect(tally.endings.get(TRAP_NAMES[trap] ?? '') ?? 0, TRAP_NAMES[trap]).toBeGreaterThan(3)
  })
})
