import type { Account, Chain, PublicClient, Transport, WalletClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Action } from './actions.ts'
import { type Call, callOf } from './calls.ts'
import { type Told, toldBy } from './refusals.ts'
import type { ArenaRules } from './rules.ts'
import {
  failureOf,
  NotEnoughEther,
  SimulationRefused,
  TransactionNotMined,
  TransactionReverted,
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
  /** Does the actions that can be done, one transaction each; a failure of one does not stop the others. */
  send(actions: readonly Action[]): Promise<readonly Outcome[]>
}

export type Signer = WalletClient<Transport, Chain | undefined, Account>

export interface WriterOptions {
  /** How long to wait for a transaction to be mined, in milliseconds. */
  readonly patience?: number
}

/** Five blocks of the slowest chain in view. */
const PATIENCE_MS = 60_000

/** Estimates hold for the state they are made on; storage that warms or cools by then moves them by less. */
const GAS_MARGIN_PERCENT = 25n

/** The base fee grows by an eighth a block at most: a fee of twice the last one stays good for five full blocks. */
const BASE_FEE_FACTOR = 2n

/** What is left to the actions after the ones sent. */
interface Purse {
  nonce: number
  ether: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/**
 * Sends actions. Each is simulated first and, if the simulation refuses it, not sent. Nonce, gas and fees are explicit;
 * all are sent before the first is waited for.
 */
export function createWriter(
  client: PublicClient,
  signer: Signer,
  rules: ArenaRules,
  { patience = PATIENCE_MS }: WriterOptions = {},
): Writer {
  const { account } = signer
  const { address } = account

  async function openPurse(): Promise<Purse> {
    const [nonce, ether, { baseFeePerGas }, maxPriorityFeePerGas] = await Promise.all([
      client.getTransactionCount({ address, blockTag: 'pending' }),
      client.getBalance({ address }),
      client.getBlock(),
      client.estimateMaxPriorityFeePerGas(),
    ])
    const maxFeePerGas = BASE_FEE_FACTOR * (baseFeePerGas ?? 0n) + maxPriorityFeePerGas
    return { nonce, ether, maxFeePerGas, maxPriorityFeePerGas }
  }

  async function submit(call: Call, purse: Purse): Promise<Hash> {
    await client.call({ account, ...call })
    const estimate = await client.estimateGas({ account, ...call })
    const gas = estimate + (estimate * GAS_MARGIN_PERCENT) / 100n
    const { nonce, ether, maxFeePerGas, maxPriorityFeePerGas } = purse
    const cost = gas * maxFeePerGas
    if (cost > ether) throw new NotEnoughEther(ether, cost)
    const fees = { gas, maxFeePerGas, maxPriorityFeePerGas }
    const hash = await signer.sendTransaction({ ...call, ...fees, account, nonce, chain: signer.chain ?? null })
    purse.nonce++
    purse.ether -= cost
    return hash
  }

  async function mined(action: Action, call: Call, hash: Hash): Promise<Outcome> {
    const receipt = await client.waitForTransactionReceipt({ hash, timeout: patience }).catch(() => undefined)
    if (receipt === undefined) return { kind: 'failed', action, error: new TransactionNotMined(hash) }
    if (receipt.status === 'success') return { kind: 'mined', action, hash, gasUsed: receipt.gasUsed }
    const why = await client.call({ account, ...call }).then(() => undefined, failureOf)
    return judged(action, why ?? new TransactionReverted(hash))
  }

  async function send(actions: readonly Action[]): Promise<readonly Outcome[]> {
    const outcomes: (Outcome | Promise<Outcome>)[] = []
    let purse = await openPurse()
    for (const action of actions) {
      const call = callOf(action, rules)
      const hash = await submit(call, purse).catch(failureOf)
      outcomes.push(typeof hash === 'string' ? mined(action, call, hash) : judged(action, hash))
      // A node may tell of a failure and have taken the transaction all the same.
      if (typeof hash !== 'string') purse = await openPurse()
    }
    return Promise.all(outcomes)
  }

  return { account, send }
}

function judged(action: Action, error: WriterError): Outcome {
  if (!(error instanceof SimulationRefused)) return { kind: 'failed', action, error }
  const { errorName: told } = error
  const kind = toldBy(action.kind, told)
  return kind === undefined ? { kind: 'failed', action, error } : { kind, action, told }
}
