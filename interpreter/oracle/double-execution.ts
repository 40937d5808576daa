import { TRAP } from '../../spec/index.ts'
import { concatWords } from '../commit/bits.ts'
import { keccak256 } from '../commit/hash.ts'
import type { Program } from '../lower/program.ts'
import { MemoryExhausted } from '../machine/bytes.ts'
import { unpackRegisters } from '../machine/registers.ts'
import { makesNan } from '../native/operands.ts'
import { type RawRun, runRaw, type TaskModules } from './raw-run.ts'
import { type OracleOptions, StateOracle } from './state-oracle.ts'

/**
 * A run by the engine is only believed if a second execution, by other means, says the same. Two are made. States in
 * the middle of the run, all of them hashed anew, are gone on from by the interpreter for a stretch: that is how the
 * engine's code, its counting and the marks of what it stored to are tried. And the task as its author made it is run
 * by the engine without anything of ours, for its end and its output: that is how the whole of the run is tried.
 *
 * Who decides: the interpreter is what the machine's document means. Where a second execution differs, or can say
 * nothing, the interpreter runs all of it (`arbitrate`), and what it says is what is claimed.
 */
export type Verdict =
  | { readonly verdict: 'agrees' }
  | { readonly verdict: 'differs'; readonly where: string }
  | { readonly verdict: 'inconclusive'; readonly why: string }

export interface Sampling {
  /** States that are gone on from, besides one close to the end. */
  readonly samples?: number
  /** Steps by which each is gone on from. */
  readonly stretch?: number
}

const SAMPLES = 4
const STRETCH = 2e6

const AGREES: Verdict = { verdict: 'agrees' }
const differs = (where: string): Verdict => ({ verdict: 'differs', where })
const inconclusive = (why: string): Verdict => ({ verdict: 'inconclusive', why })

/** Steps anywhere in a run, the same for everybody: the hash of its end says which. */
const sampledSteps = ({ final: { stateHash, steps } }: StateOracle, samples: number, stretch: number): number[] => {
  const last = Math.max(0, steps - stretch)
  const random = (i: number): number => {
    const digest = keccak256(concatWords([BigInt(stateHash), BigInt(i)]))
    return Number(new DataView(digest.buffer, digest.byteOffset).getBigUint64(0) % BigInt(last + 1))
  }
  return [...new Set([...Array.from({ length: samples }, (_, i) => random(i)), last])].sort((a, b) => a - b)
}

/** Whether the interpreter, from states in the middle of a run on, comes to the states that the oracle names. */
export function compareStates(oracle: StateOracle, { samples = SAMPLES, stretch = STRETCH }: Sampling = {}): Verdict {
  try {
    for (const from of sampledSteps(oracle, samples, stretch)) {
      const to = Math.min(from + stretch, oracle.final.steps)
      const machine = oracle.machineAt(from)
      if (machine.stateHash() !== oracle.hashAt(from)) return differs(`the hash of the state at step ${from}`)
      machine.runTo(to)
      if (machine.stateHash() !== oracle.hashAt(to)) return differs(`the state at step ${to}, from step ${from} on`)
    }
    return AGREES
  } catch (failure) {
    if (!(failure instanceof MemoryExhausted)) throw failure
    return inconclusive('there is no memory for a second machine')
  }
}

const ENDS: Readonly<Record<string, RawRun['end']>> = { halted: 'returned', trapped: 'trapped' }

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** What the engine may do otherwise than the machine, and what may so have come of it; undefined if there is nothing. */
function freedomOf({ outcome, final }: StateOracle, { end, pages, modules }: RawRun): string | undefined {
  const uses = (isOne: (op: string) => boolean) =>
    modules.some(({ functions }) => functions.some(({ body }) => body.some(({ op }) => isOne(op))))
  if (end === 'refused') return 'the engine does not take the module'
  if (end === 'exhausted' || outcome.trap === TRAP.STACK_EXHAUSTED) return 'the stack of the engine is another'
  if (uses((op) => op === 'memory.grow') && pages !== unpackRegisters(final.regs).pages) return 'memory grew otherwise'
  if (uses((op) => op === 'table.grow')) return 'tables may have grown otherwise'
  if (uses(makesNan)) return 'NaNs may have other bits'
  return undefined
}

/** Whether the task as it is comes to the same end and output. Takes as long as the task does in the engine. */
export function compareRaw(oracle: StateOracle, task: TaskModules, input: Uint8Array): Verdict {
  const { outcome, output } = oracle
  if (outcome.outcome === 'outOfSteps') return inconclusive('the run is cut at its last step')
  const { pages } = unpackRegisters(oracle.final.regs)
  const raw = runRaw(task, input, { outputLength: output.length, pages })
  const where = raw.end !== ENDS[outcome.outcome] ? 'the end' : equal(raw.output, output) ? undefined : 'the output'
  if (where === undefined) return AGREES
  const why = freedomOf(oracle, raw)
  return why === undefined ? differs(where) : inconclusive(`${where} differs, but ${why}`)
}

/**
 * A second opinion on a run. Where all of it was interpreted there is nothing to compare.
 * @throws what `lowerTask` throws, if it was not lowered before
 */
export function executeTwice(
  oracle: StateOracle,
  task: TaskModules,
  input: Uint8Array,
  sampling: Sampling = {},
): Verdict {
  if (oracle.report.nativeSteps === 0) return AGREES
  const states = compareStates(oracle, sampling)
  return states.verdict === 'agrees' ? compareRaw(oracle, task, input) : states
}

/** The run by the interpreter alone, whose word is the last. */
export const arbitrate = (
  program: Program,
  input: Uint8Array,
  maxSteps: number,
  options: Pick<OracleOptions, 'maxBytes' | 'budgetBytes'> = {},
): StateOracle => new StateOracle(program, input, maxSteps, { ...options, tier: 'interpreter' })
