import { type Address, type Hex, hexToBytes, numberToHex } from 'viem'
import { hashPair } from '../../interpreter/commit/hash.ts'
import { ZERO_NODES } from '../../interpreter/commit/merkle.ts'
import { rootOf } from '../../interpreter/commit/state-hash.ts'
import { byteTreeRoot, type Hash, toHex } from '../../interpreter/index.ts'
import type { Origin, Request } from '../../protocol/game-ids.ts'
import { REGION, REGIONS, REGS } from '../../spec/index.ts'
import { type ToyMachine, toyFinal, toyHash, toyStartRegs } from './toy-machine.ts'

export interface ToyProgram {
  readonly id: Hash
  readonly roots: Roots
  /** Steps until it halts; 0 = never. */
  readonly haltAt: bigint
}

/** A requested task. */
export interface ToyTask {
  readonly id: Hash
  readonly maxSteps: bigint
  readonly request: Request
  readonly origin: Origin
  readonly program: ToyProgram
  /** The machine as it truly runs. */
  readonly truth: ToyMachine
}

/** A claim to a task's end, made by running a machine, honest or not. */
export interface ToyClaim {
  readonly task: ToyTask
  readonly owner: Address
  readonly value: Hash
  readonly entry: Hash
  readonly steps: bigint
  readonly machine: ToyMachine
  readonly root: Hash
  readonly regs: bigint
}

/** What `finalise` takes besides the request. */
export interface Opening {
  readonly regs: bigint
  readonly path: readonly [Hash, Hash, Hash]
  readonly output: Hex
}

export type Roots = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex]

/** Region roots of an empty program but for its CODE root, so that programs differ. */
export const rootsFor = (code: bigint): Roots =>
  REGIONS.map(({ index, depth }) =>
    index === REGION.CODE ? numberToHex(code, { size: 32 }) : toHex(ZERO_NODES[depth] as Uint8Array),
  ) as unknown as Roots

/** Region roots of the initial state: the input in its place. */
const nodesOf = (roots: Roots, inputRoot: Hash): Uint8Array[] =>
  roots.map((root, region) => hexToBytes(region === REGION.INPUT ? inputRoot : root))

/** Root of a region that holds these bytes: INPUT or OUTPUT. */
export const bytesRootOf = (input: Hex): Hash => toHex(byteTreeRoot(hexToBytes(input)))

/** Root of the initial state. */
export const initialRoot = (roots: Roots, input: Hex): bigint =>
  BigInt(toHex(rootOf(nodesOf(roots, bytesRootOf(input)))))

/** Hash of the initial state. */
export const initialHash = ({ roots, haltAt }: Pick<ToyProgram, 'roots' | 'haltAt'>, input: Hex): Hash =>
  toyHash({ root: initialRoot(roots, input), regs: toyStartRegs(haltAt), substep: 0 })

/** Siblings from the OUTPUT region's root up, in the state that a toy machine halts in. */
export function pathOf({ program, request }: ToyTask): Opening['path'] {
  const [code, memory, stack, globals, tables, data, input] = nodesOf(program.roots, request.inputRoot) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  const low = hashPair(hashPair(code, memory), hashPair(stack, globals))
  return [toHex(input), toHex(hashPair(tables, data)), toHex(low)]
}

/** The root of a state whose OUTPUT region has the root `outputRoot`. */
export const rootWith = (task: ToyTask, outputRoot: Hash): Hash =>
  toHex(pathOf(task).reduce<Uint8Array>((node, sibling) => hashPair(hexToBytes(sibling), node), hexToBytes(outputRoot)))

/**
 * A machine that claims to have written an output of this root; a lie told in its last substep, as the true machine writes
 * nothing.
 */
export function writing(task: ToyTask, outputRoot: Hash): ToyMachine {
  const { truth, maxSteps } = task
  const { steps, root } = toyFinal(truth, maxSteps)
  const by = BigInt.asUintN(256, BigInt(rootWith(task, outputRoot)) - BigInt(root))
  return { ...truth, lie: { substep: steps * 12n - 1n, by } }
}

/** Any final state, opened: what the market makes of it does not depend on how a machine would come there. */
export interface Ending {
  readonly steps: bigint
  readonly status: number
  readonly code?: number
  readonly output?: Hex
}

/** A claim's final state and its opening; whether it is true does not matter. */
export function endingOf(
  task: ToyTask,
  { steps, status, code = 0, output = '0x' }: Ending,
): { root: Hash; opening: Opening } {
  const regs =
    (steps << BigInt(REGS.steps[0])) |
    (BigInt(status) << BigInt(REGS.status[0])) |
    (BigInt(code) << BigInt(REGS.exit[0]))
  return { root: rootWith(task, bytesRootOf(output)), opening: { regs, path: pathOf(task), output } }
}
