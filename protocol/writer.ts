import type { Account, Chain, PublicClient, Transport, WalletClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Action } from './actions.ts'
import { isAlreadyDone } from './already-done.ts'
import { type Call, callOf } from './calls.ts'
import type { ArenaRules } from './rules.ts'
import {
  refusalOf,
  SimulationRefused,
  TransactionNotMined,
  TransactionReverted,
  type WriterError,
} from './writer-errors.ts'

/** What became of an action. */
export type Outcome =
  | { readonly kind: 'mined'; readonly action: Action; readonly hash: Hash; readonly gasUsed: bigint }
  /** It had been done before, by this player or another; `told` is the error that says so. */
  | { readonly kind: 'alreadyDone'; readonly action: Action; readonly told: string }
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

const PATIENCE_MS = 120_000

/** Estimates hold for the state they are made on; storage that warms or cools by then moves them by less. */
const GAS_MARGIN_PERCENT = 25n

/**
 * Sends actions. Each is simulated first and, if the simulation refuses it, not sent. Nonce and gas are explicit;
 * all are sent before the first is waited for.
 */
export function createWriter(
  client: PublicClient,
  signer: Signer,
  rules: ArenaRules,
  { patience = PATIENCE_MS }: WriterOptions = {},
): Writer {
  const { account } = signer

  async function submit(call: Call, nonce: number): Promise<Hash> {
    await client.call({ account, ...call })
    const gas = await client.estimateGas({ account, ...call })
    const limit = gas + (gas * GAS_MARGIN_PERCENT) / 100n
    return signer.sendTransaction({ ...call, account, nonce, gas: limit, chain: signer.chain ?? null })
  }

  async function settled(action: Action, call: Call, hash: Hash): Promise<Outcome> {
    const receipt = await client.waitForTransactionReceipt({ hash, timeout: patience }).catch(() => undefined)
    if (receipt === undefined) return { kind: 'failed', action, error: new TransactionNotMined(hash) }
    if (receipt.status === 'success') return { kind: 'mined', action, hash, gasUsed: receipt.gasUsed }
    const why = await client.call({ account, ...call }).then(() => undefined, refusalOf)
    return judged(action, why ?? new TransactionReverted(hash))
  }

  return {
    account,
    async send(actions) {
      const waiting: Promise<Outcome>[] = []
      const nextNonce = () => client.getTransactionCount({ address: account.address, blockTag: 'pending' })
      let nonce = await nextNonce()
      for (const action of actions) {
        const call = callOf(action, rules)
        const hash = await submit(call, nonce).catch(refusalOf)
        const isSent = typeof hash === 'string'
        waiting.push(isSent ? settled(action, call, hash) : Promise.resolve(judged(action, hash)))
        // A node may report a failure and have taken the transaction all the same.
        nonce = isSent ? nonce + 1 : await nextNonce()
      }
      return Promise.all(waiting)
    },
  }
}

function judged(action: Action, error: WriterError): Outcome {
  const done = error instanceof SimulationRefused && isAlreadyDone(action.kind, error.errorName)
  return done ? { kind: 'alreadyDone', action, told: error.errorName } : { kind: 'failed', action, error }
}
