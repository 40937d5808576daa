export { createSubstepClient, type SubstepClient, type SubstepClientOptions } from './client.ts'
export type { VaultAccount, Withdrawal } from './closing.ts'
export type { Head, Wallet } from './context.ts'
export {
  Aborted,
  EventMissing,
  NodeContradictsItself,
  NothingToRefund,
  NoWallet,
  Reorganised,
  RequestReverted,
  TaskAbandoned,
  TaskCancelled,
  TaskExpired,
  TaskIdDiffers,
  TaskVoid,
  TaskWithoutResult,
  UnknownTask,
} from './errors.ts'
export type { TaskEvent } from './history.ts'
export type { OrderedByReference, OrderedInput, Prepared, Terms } from './orders.ts'
export type { WaitOptions } from './polling.ts'
export { type Quote, type QuoteOptions, quoteAt, type Windows } from './quote.ts'
export type { Payment, Requested } from './requesting.ts'
export type { TaskResult, Trap } from './result.ts'
export type { Sent } from './sending.ts'
export type { TaskInfo, TaskStatus } from './tasks.ts'
export type { WatchOptions } from './watching.ts'
