import type { Account, Chain, PublicClient, Transport, WalletClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Action } from './actions.ts'
import { type Call, followersOf } from './calls.ts'
import { fromCursor } from './price-cursor.ts'
import { createPurser } from './purse.ts'
import { type Told, toldBy } from './refusals.ts'
import type { MarketRules } from './rules.ts'
import { createSubmitter, type Sent } from './submitter.ts'
import {
  failureOf,
  SimulationRefused,
  TransactionNotMined,
  TransactionReverted,
  WaitsAtFeeLimit,
  type WriterError,
} from './writer-errors.ts'

/** What became of an action. */
export type Outcome =
  | { readonly kind: 'mined'; readonly action: Action; readonly hash: Hash; readonly gasUsed: bigint }
  /** Refused, as the chain is further on than the player knew; `told` is the error that says so. */
  | { readonly kind: Told; readonly action: Action; readonly told: string }
  | { readonly kind: 'failed'; readonly action: Action; readonly error: WriterError }

export interface Writer {
  readonly account: Account
  /**
   * Does the actions that can be done, each in one transaction with what follows it; a failure of one does not stop the
   * others. What followed has an outcome of its own, without gas.
   */
  send(actions: readonly Action[]): Promise<readonly Outcome[]>
}

export type Signer = WalletClient<Transport, Chain | undefined, Account>

export interface WriterOptions {
  /** How long to wait for a transaction to be mined, in milliseconds; it counts as under way after that. */
  readonly patience?: number
  /** The most that a transaction may offer for a unit of gas, in wei. */
  readonly maxFeePerGas?: bigint
}

/** A block of the slowest chain in view. */
const LONGEST_PATIENCE_MS = 15_000

/** Who waits does not see the other clocks that run: it must cost a small part of the least that they have. */
const PATIENCE_PER_CLOCK = 20n

const UNLIMITED = 2n ** 256n - 1n

/**
 * Sends actions. Each is simulated first and, if the simulation refuses it, not sent. Nonce, gas and fees are explicit;
 * all are sent before the first is waited for. What waits already is not sent again, unless block after block passes
 * it over: then it is replaced, for more.
 */
export function createWriter(
  client: PublicClient,
  signer: Signer,
  rules: MarketRules,
  { patience = patienceFor(rules), maxFeePerGas = UNLIMITED }: WriterOptions = {},
): Writer {
  const { account } = signer
  const purser = createPurser(client, account.address, maxFeePerGas)
  const submit = createSubmitter(client, signer, rules, purser)

  async function mined(action: Action, call: Call, hash: Hash): Promise<Outcome> {
    const receipt = await client.waitForTransactionReceipt({ hash, timeout: patience }).catch(() => undefined)
    if (receipt === undefined) return { kind: 'failed', action, error: waits(hash, call) }
    purser.mined(call.data)
    if (receipt.status === 'success') return { kind: 'mined', action, hash, gasUsed: receipt.gasUsed }
    const why = await client.call({ account, ...call }).then(() => undefined, failureOf)
    return judged(action, why ?? new TransactionReverted(hash))
  }

  const waits = (hash: Hash, { data }: Call): WriterError =>
    purser.isAtLimit(data) ? new WaitsAtFeeLimit(hash, maxFeePerGas) : new TransactionNotMined(hash)

  async function send(actions: readonly Action[]): Promise<readonly Outcome[]> {
    const outcomes: (readonly Outcome[] | Promise<readonly Outcome[]>)[] = []
    let purse = await purser.open()
    const queue = [...actions]
    for (let action = queue.shift(); action !== undefined; action = queue.shift()) {
      const sent = await submit(await fromCursor(client, rules, action), purse).catch(failureOf)
      outcomes.push(sent instanceof Error ? [judged(action, sent)] : withFollowers(action, sent))
      if (sent instanceof Error || sent.followers.length === 0) queue.push(...followersOf(action).filter(needsNoLeader))
      // A node may tell of a failure and have taken the transaction all the same.
      if (sent instanceof Error && !purse.replaces) purse = await purser.open()
    }
    return (await Promise.all(outcomes)).flat()
  }

  /** What follows an action shares its end; the gas is told once. */
  async function withFollowers(action: Action, { call, hash, followers }: Sent): Promise<readonly Outcome[]> {
    const outcome = await mined(action, call, hash)
    if (outcome.kind !== 'mined') return [outcome]
    return [outcome, ...followers.map((follower) => ({ ...outcome, action: follower, gasUsed: 0n }))]
  }

  return { account, send }
}

function patienceFor({ minimum }: MarketRules): number {
  const share = Number((minimum * 1000n) / PATIENCE_PER_CLOCK)
  return Math.min(share, LONGEST_PATIENCE_MS)
}

/** What is due is due, whether the result is open or not. */
const needsNoLeader = ({ kind }: Action): boolean => kind === 'release' || kind === 'payDead'

function judged(action: Action, error: WriterError): Outcome {
  if (!(error instanceof SimulationRefused)) return { kind: 'failed', action, error }
  const { errorName: told } = error
  const kind = toldBy(action.kind, told)
  return kind === undefined ? { kind: 'failed', action, error } : { kind, action, told }
}
