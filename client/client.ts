import { type Address, getAddress, type PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { createReader, type MarketRules } from '../protocol/index.ts'
import {
  cancel,
  deliver,
  getAccount,
  getTask,
  refund,
  type VaultAccount,
  type Withdrawal,
  withdraw,
} from './closing.ts'
import type { Context, Wallet } from './context.ts'
import type { TaskEvent } from './history.ts'
import { type OrderedByReference, type OrderedInput, type Prepared, prepare } from './orders.ts'
import type { WaitOptions } from './polling.ts'
import { type Quote, type QuoteOptions, quote } from './quote.ts'
import { type Payment, type Requested, request } from './requesting.ts'
import { type TaskResult, waitForResult } from './result.ts'
import type { Sent } from './sending.ts'
import type { TaskInfo } from './tasks.ts'
import { type WatchOptions, watchTask } from './watching.ts'

export interface SubstepClientOptions {
  readonly publicClient: PublicClient
  /** Needed by what sends transactions only. */
  readonly walletClient?: Wallet | undefined
  readonly market: Address
  /** The block of the market's deployment, or one before it; the later, the less has to be searched. */
  readonly fromBlock?: bigint
  /** Blocks that one query of logs spans at most; fewer where the node refuses so many. */
  readonly blocksPerQuery?: bigint
}

interface OfTask {
  readonly task: Hash
}

/** All that a dapp does with a market. Nothing is kept between two calls but the market's rules. */
export interface SubstepClient {
  readonly market: Address
  /** What the deployment fixes for good. */
  rules(): Promise<MarketRules>
  /** What a task takes: stake, price, time. */
  quote(options: QuoteOptions): Promise<Quote>
  /** The request that `requester` would make with these terms, and its task's id; nothing is sent. */
  prepare(ordered: (OrderedInput | OrderedByReference) & { readonly requester: Address }): Promise<Prepared>
  /** Asks for a computation, once: the same request again finds the task. */
  request(ordered: OrderedInput & Payment): Promise<Requested>
  /** The same with an input that is named by its root. */
  requestByReference(ordered: OrderedByReference & Payment): Promise<Requested>
  getTask(options: OfTask): Promise<TaskInfo>
  waitForResult(options: OfTask & WaitOptions): Promise<TaskResult>
  watchTask(options: OfTask & WatchOptions): AsyncGenerator<TaskEvent, void>
  cancel(options: OfTask): Promise<Sent>
  refund(options: OfTask): Promise<Sent>
  deliver(options: OfTask): Promise<Sent>
  /** What an owner, by default the wallet's account, has in the vault. */
  getAccount(options?: { readonly owner?: Address }): Promise<VaultAccount>
  withdraw(options?: Withdrawal): Promise<Sent>
}

/** Providers commonly take this many. */
const BLOCKS_PER_QUERY = 2000n

/** A client of a market, over clients of viem. */
export function createSubstepClient(options: SubstepClientOptions): SubstepClient {
  const { publicClient, walletClient, fromBlock = 0n, blocksPerQuery = BLOCKS_PER_QUERY } = options
  const market = getAddress(options.market)
  let known: Promise<MarketRules> | undefined
  const rules = () => {
    known ??= createReader(publicClient, market).then(
      (reader) => reader.rules,
      (error: unknown) => {
        known = undefined
        throw error
      },
    )
    return known
  }
  const context: Context = { publicClient, walletClient, market, fromBlock, blocksPerQuery, rules }
  return {
    ...{ market, rules },
    quote: (asked) => quote(context, asked),
    prepare: ({ requester, ...ordered }) => prepare(context, getAddress(requester), ordered),
    request: (ordered) => request(context, ordered),
    requestByReference: (ordered) => request(context, ordered),
    getTask: ({ task }) => getTask(context, task),
    waitForResult: ({ task, ...waiting }) => waitForResult(context, task, waiting),
    watchTask: ({ task, ...watching }) => watchTask(context, task, watching),
    cancel: ({ task }) => cancel(context, task),
    refund: ({ task }) => refund(context, task),
    deliver: ({ task }) => deliver(context, task),
    getAccount: ({ owner } = {}) => getAccount(context, owner),
    withdraw: (withdrawal = {}) => withdraw(context, withdrawal),
  }
}
