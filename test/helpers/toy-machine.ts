import { concatHex, type Hex, keccak256, numberToHex } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { type Field, REGS, STATUS, SUBSTEPS } from '../../spec/index.ts'

/**
 * A machine whose every state is known without running: each substep adds 1 to the root. It halts when its step count
 * reaches its pc, and takes the root back to where it began, so that its regions can be opened. Twin:
 * contracts/mocks/ToyStepper.sol.
 */
export interface ToyMachine {
  /** Root of the initial state. */
  readonly root: bigint
  /** Steps until it halts, its pc; 0 = never. */
  readonly haltAt: bigint
  /** What a dishonest player claims of that: it stops after these steps instead; 0 = never. */
  readonly stopsAt?: bigint
  /** What a dishonest player claims: from this substep on, counted from the start, the root is off by `by`. */
  readonly lie?: { readonly substep: bigint; readonly by: bigint }
}

export interface ToyState {
  readonly root: bigint
  readonly regs: bigint
  readonly substep: number
}

const word = (value: bigint): Hex => numberToHex(BigInt.asUintN(256, value), { size: 32 })

/** Registers at the start: only pc is set. */
export const toyStartRegs = (haltAt: bigint): bigint => haltAt << BigInt(REGS.pc[0])

/** Whether it has stopped after `steps` steps or before. */
const isStopped = ({ haltAt, stopsAt = haltAt }: ToyMachine, steps: bigint): boolean =>
  stopsAt !== 0n && steps >= stopsAt

const regsAt = (machine: ToyMachine, steps: bigint): bigint => {
  const status = isStopped(machine, steps) ? STATUS.HALTED : STATUS.RUNNING
  return toyStartRegs(machine.haltAt) | (steps << BigInt(REGS.steps[0])) | (BigInt(status) << BigInt(REGS.status[0]))
}

/** The state after `steps` steps and `substep` substeps. */
export function toyState(machine: ToyMachine, steps: bigint, substep = 0): ToyState {
  const { root, haltAt, stopsAt = haltAt, lie } = machine
  const stopped = isStopped(machine, steps)
  const done = stopped ? stopsAt : steps
  const within = stopped ? 0 : substep
  const position = done * BigInt(SUBSTEPS) + BigInt(within)
  const offset = lie !== undefined && position > lie.substep ? lie.by : 0n
  return {
    root: BigInt.asUintN(256, root + (stopped ? 0n : position) + offset),
    regs: regsAt(machine, done),
    substep: within,
  }
}

/** The state one substep later, as the stepper computes it from a state alone. */
export function toyNext({ root, regs, substep }: ToyState): ToyState {
  const field = ([low, width]: Field): bigint => BigInt.asUintN(width, regs >> BigInt(low))
  if (field(REGS.status) !== BigInt(STATUS.RUNNING)) return { root, regs, substep }
  const next = BigInt.asUintN(256, root + 1n)
  if (substep !== SUBSTEPS - 1) return { root: next, regs, substep: substep + 1 }
  const steps = field(REGS.steps) + 1n
  const retired = regs + (1n << BigInt(REGS.steps[0]))
  if (steps !== field(REGS.pc)) return { root: next, regs: retired, substep: 0 }
  const halted = retired | (BigInt(STATUS.HALTED) << BigInt(REGS.status[0]))
  return { root: BigInt.asUintN(256, next - steps * BigInt(SUBSTEPS)), regs: halted, substep: 0 }
}

export const toyHash = ({ root, regs, substep }: ToyState): Hash =>
  keccak256(concatHex([word(root), word(regs), word(BigInt(substep))]))

export const toyWitness = ({ root, regs, substep }: ToyState): Hex[] => [word(root), word(regs), word(BigInt(substep))]

/** What `enter` takes of a claim that the machine stops after at most `maxSteps` steps. */
export function toyFinal(
  machine: ToyMachine,
  maxSteps: bigint,
): { root: Hex; regs: bigint; value: Hash; steps: bigint } {
  const { haltAt, stopsAt = haltAt } = machine
  const steps = stopsAt !== 0n && stopsAt < maxSteps ? stopsAt : maxSteps
  const state = toyState(machine, steps)
  return { root: word(state.root), regs: state.regs, value: toyHash(state), steps }
}
