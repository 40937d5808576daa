export { bundleText, parseBundle } from './bundle.ts'
export { type CollectOptions, collect } from './collect.ts'
export {
  type Breach,
  BundleIllFormed,
  ContentDiffers,
  ContentMissing,
  ForgedHistory,
  NothingToReplay,
  type Where,
} from './errors.ts'
export type { History, RawLog, Storage, Transaction } from './history.ts'
export type { Judged } from './judged.ts'
export { type ReplayOptions, replay } from './replay.ts'
export type { At, Ending, EntryReport, GameReport, MoveReport, PaymentReport, Report } from './report.ts'
export { reportJson, reportText } from './text.ts'
export type { Content } from './truth.ts'
