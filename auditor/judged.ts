import { hexToBytes, type PublicClient } from 'viem'
import { type Hash, judge, type Place, placeOf, unpackRegisters } from '../interpreter/index.ts'
import { stepperAbi } from '../protocol/index.ts'
import { SUBSTEP_ROWS } from '../spec/index.ts'
import { ForgedHistory } from './errors.ts'
import type { Audit, Game, Proof } from './state.ts'
import type { Truth } from './truth.ts'

/** The one substep of a game that the chain executed, executed again. */
export interface Judged {
  readonly step: bigint
  readonly substep: number
  /** What the substep does, in words. */
  readonly name: string
  readonly does: string
  /** State before, on which both sides agreed; after it as the loser claimed, and as the judge computed. */
  readonly pre: Hash
  readonly claimed: Hash
  readonly computed: Hash
  /** Whether the state before is one of the true run: else both sides had left it. */
  readonly isOnTruePath: boolean
  /** The instruction in WebAssembly terms; undefined where the state is none of the program's. */
  readonly place: Place | undefined
  /** Who computed the state after the substep again: this program always, the contract where a node was asked. */
  readonly judges: { readonly typescript: Hash; readonly stepper: Hash | undefined }
}

/** Executes the judged substep of a game again, here and, with a client, on the contract. */
export async function judgedIn(
  { rules }: Audit,
  { proof }: Game,
  { program, trace }: Truth,
  client: PublicClient | undefined,
): Promise<Judged | undefined> {
  if (proof === undefined) return undefined
  const { step, substep, pre, claimed, post: computed, witness, event } = proof
  const { post: typescript } = judge(witness.map((word) => hexToBytes(word)))
  const stepper = client === undefined ? undefined : await askStepper(client, rules.stepper, proof)
  if (stepper !== undefined && stepper !== computed) {
    throw new ForgedHistory('judgement', event, `the contract makes ${stepper} of the witness, not ${computed}`)
  }
  const isOnTruePath = trace.substepHashes(step)[substep] === pre
  const row = SUBSTEP_ROWS[substep]
  const { pc } = unpackRegisters(BigInt(witness[0] ?? '0x0'))
  return {
    ...{ step, substep, name: row?.name ?? '', does: row?.does ?? '', pre, claimed, computed, isOnTruePath },
    place: (isOnTruePath ? placeOf(program, pc) : null) ?? undefined,
    judges: { typescript, stepper },
  }
}

async function askStepper(client: PublicClient, address: MarketStepper, { witness }: Proof): Promise<Hash> {
  const call = { address, abi: stepperAbi, functionName: 'step', args: [witness] } as const
  const [, post] = await client.readContract(call)
  return post
}

type MarketStepper = Audit['rules']['stepper']
