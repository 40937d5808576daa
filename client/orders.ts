import { type Address, zeroHash } from 'viem'
import { byteTreeRoot, type Hash, Machine, type Program, programHeader, toHex } from '../interpreter/index.ts'
import { type Order, originOf, type Request, registryAbi, taskId } from '../protocol/index.ts'
import type { Context } from './context.ts'

/** What is asked for, whatever the input. The same terms for the same input are the same task. */
export interface Terms {
  /** Id of a published program, or the lowered program itself: then nothing that is signed rests on the node's word. */
  readonly program: Hash | Program
  /** Steps after which the task counts as out of steps. */
  readonly maxSteps: bigint
  /** Wei, whole gwei: the price from `ramp` seconds on. It goes into escrow with the tip. */
  readonly maxPrice: bigint
  /** The price at the time of the request; by default the highest. */
  readonly minPrice?: bigint
  /** Seconds in which the price rises; by default none. */
  readonly ramp?: number
  /** Seconds; the last time at which the task may be taken. Part of the task's id, so it has no default. */
  readonly expires: number
  /** Gas of the call that tells the requester, if that is a contract; by default there is none. */
  readonly callbackGas?: number
  /** Wei, whole gwei, to the first who makes that call. */
  readonly tip?: bigint
  /** Tells equal orders of one requester apart. */
  readonly salt?: Hash
}

export interface OrderedInput extends Terms {
  readonly input: Uint8Array
}

/** An input that is named by its root. Whoever can withhold it makes a falsehood uncheckable: the result says so. */
export interface OrderedByReference extends Terms {
  readonly inputRoot: Hash
  /** Where the input can be had. */
  readonly uris: readonly string[]
}

/** A request before it is sent. */
export interface Prepared {
  readonly task: Hash
  readonly request: Request
}

/** The request that `requester` would make, and its id. */
export async function prepare(
  context: Context,
  requester: Address,
  ordered: OrderedInput | OrderedByReference,
): Promise<Prepared> {
  const byReference = !('input' in ordered)
  const inputRoot = byReference ? ordered.inputRoot : toHex(byteTreeRoot(ordered.input))
  const order = orderOf(ordered)
  const rules = await context.rules()
  const initial =
    typeof ordered.program === 'string' || byReference
      ? await initialOf(context, rules.registry, order.program, inputRoot)
      : new Machine(ordered.program, ordered.input).stateHash()
  const request = { initial, requester, inputRoot, byReference, order }
  return { task: taskId(rules, originOf(request)), request }
}

function orderOf(terms: Terms): Order {
  const { program, maxSteps, maxPrice, expires } = terms
  return {
    ...{ maxSteps, maxPrice, expires },
    program: typeof program === 'string' ? program : programHeader(program).programId,
    minPrice: terms.minPrice ?? maxPrice,
    ramp: terms.ramp ?? 0,
    tip: terms.tip ?? 0n,
    callbackGas: terms.callbackGas ?? 0,
    salt: terms.salt ?? zeroHash,
  }
}

/** The state in which a published program starts on an input. */
const initialOf = ({ publicClient }: Context, registry: Address, program: Hash, inputRoot: Hash): Promise<Hash> =>
  publicClient.readContract({
    ...{ address: registry, abi: registryAbi },
    ...({ functionName: 'initialOf', args: [program, inputRoot] } as const),
  })
