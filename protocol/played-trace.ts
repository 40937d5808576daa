import { encodeWitnessHex, type Hash, lengthPath, type Trace, toHex } from '../interpreter/index.ts'
import { REGION } from '../spec/index.ts'
import type { OutputPath } from './actions.ts'
import { hashPair } from './bisection.ts'
import { ProtocolError } from './errors.ts'

/** What a player claims as the end of a task: the two words that are entered, and their hash. */
export interface FinalClaim {
  readonly root: Hash
  readonly regs: bigint
  readonly steps: bigint
  readonly value: Hash
}

/** What opens the result in a final state. */
export interface FinalOutput {
  /** Bytes of the output. */
  readonly length: number
  /** Empty where it is longer than the market takes, and was left where it was computed. */
  readonly output: Uint8Array
  /** Root of the OUTPUT region, and its siblings up to the root of the state, lowest first. */
  readonly root: Hash
  readonly path: OutputPath
  /** Siblings of the region's first leaf, which holds the length. */
  readonly lengthPath: readonly Hash[]
}

/** How a second execution, by other means, compares with a computation. */
export type Agreement =
  | 'agrees'
  | 'differs'
  /** It could not be made, or not far enough. */
  | 'inconclusive'

/**
 * The computation as the game sees it: states by number, as wide as on chain, and witnesses as words.
 * So the game knows no machine, as its contract knows none. Where it is made elsewhere, what is not known here yet is
 * thrown as Unanswered.
 */
export interface PlayedTrace {
  readonly final: FinalClaim
  /** What opens the result of the final state. */
  result(): FinalOutput
  /** State after `step` steps; at and after the last step the final state. */
  hashAt(step: bigint): Hash
  /** The states after these steps, in whatever order: one pass over the run. */
  hashesAt(steps: readonly bigint[]): Hash[]
  /** The hashes around the substeps of the step that begins at `step`. */
  substepHashes(step: bigint): Hash[]
  /** The words from which the judge executes a substep of that step. */
  witness(step: bigint, substep: number): Hash[]
  /** Whether a second execution says the same; the interpreter needs none. */
  agreement(): Agreement
}

/** A step number that this machine's plain numbers cannot hold. */
export class StepTooLarge extends ProtocolError {
  override readonly name = 'StepTooLarge'
  readonly step: bigint
  constructor(step: bigint) {
    super(`step ${step} is beyond ${MAX_PLAYED_STEPS}, the last that can be played`)
    this.step = step
  }
}

/** Steps of the interpreter are plain numbers, exact up to here. */
export const MAX_PLAYED_STEPS = BigInt(Number.MAX_SAFE_INTEGER)

function stepNumber(step: bigint): number {
  if (step > MAX_PLAYED_STEPS) throw new StepTooLarge(step)
  return Number(step)
}

/** A run as the game sees it. @param agreement how a second execution of it compares */
export const playedTrace = (trace: Trace, agreement: () => Agreement = () => 'agrees'): PlayedTrace => ({
  final: {
    root: toHex(trace.final.root),
    regs: trace.final.regs,
    steps: BigInt(trace.final.steps),
    value: trace.final.stateHash,
  },
  result: () => resultOf(trace),
  hashAt: (step) => trace.hashAt(stepNumber(step)),
  hashesAt: (steps) => trace.hashesAt(steps.map(stepNumber)),
  substepHashes: (step) => trace.substepHashes(stepNumber(step)),
  witness: (step, substep) => encodeWitnessHex(trace.witnessAt(stepNumber(step), substep)),
  agreement,
})

function resultOf({ final: { output, regionRoots } }: Trace): FinalOutput {
  const roots = regionRoots.map((root) => toHex(root))
  const at = (region: number): Hash => roots[region] as Hash
  const pair = (left: number): Hash => hashPair(at(left), at(left + 1))
  return {
    length: output.length,
    output,
    root: at(REGION.OUTPUT),
    path: [at(REGION.INPUT), pair(REGION.TABLES), hashPair(pair(REGION.CODE), pair(REGION.STACK))],
    lengthPath: lengthPath(output).map((node) => toHex(node)),
  }
}
