export type {
  Action,
  Bisect,
  Bury,
  Decision,
  Deliver,
  Enter,
  EnterAndOpen,
  EnterReason,
  Finalise,
  FinaliseLarge,
  FinaliseReason,
  NoShow,
  Open,
  OutputPath,
  PayDead,
  PayPrice,
  Post,
  Prove,
  Release,
  Skip,
  SkipReason,
  Subject,
  Take,
  Target,
  Timeout,
  VoidTask,
} from './actions.ts'
export { answer, disputedSegment, ownSequence, type Range, segmentRange } from './answer.ts'
export { AnswerSheet } from './answer-sheet.ts'
export { cut, hashPair, maxMoves, pair, pathTo, rootFrom, rootOf, segments } from './bisection.ts'
export { aloneCallOf, type Call, callOf } from './calls.ts'
export { collect } from './collect.ts'
export { DELIVERY_GAS, OUTPUT_BYTE_GAS, SOLVING_GAS } from './costs.ts'
export type { Funds } from './deployed.ts'
export { ProtocolError } from './errors.ts'
export {
  type Claim,
  entryId,
  type Final,
  gameId,
  type Order,
  type Origin,
  originOf,
  type Place,
  type Request,
  seatOf,
  taskId,
  termsOf,
} from './game-ids.ts'
export {
  consumerAbi,
  gamesAbi,
  marketAbi,
  registryAbi,
  stepperAbi,
  tokenAbi,
  vaultAbi,
} from './generated/abi.ts'
export { agree, expectedLedger, isAtStake, type Ledger, type LedgerEntry } from './ledger.ts'
export { fitsTheClock, type Refusal, reasonToLeave, SPEED, secondsFor } from './limits.ts'
export { type BlockRange, inPieces, type MarketEvent, readEvents } from './logs.ts'
export type { ModuleSources } from './modules.ts'
export { concerns, idle, nextActions } from './next-actions.ts'
export {
  type Agreement,
  type FinalClaim,
  type FinalOutput,
  MAX_PLAYED_STEPS,
  type PlayedTrace,
  playedTrace,
  StepTooLarge,
} from './played-trace.ts'
export {
  type Compute,
  type Computed,
  createPrograms,
  type LocalPrograms,
  type Pressure,
  type ProgramOptions,
  type Programs,
} from './programs.ts'
export { type Answer, answersOf, keyOf, type Question, Unanswered, type Walk } from './questions.ts'
export {
  createReader,
  type Head,
  HeadWentBack,
  type Reader,
  type ReaderOptions,
  ReorganisedWhileReading,
  type Snapshot,
} from './reader.ts'
export { type Told, toldBy } from './refusals.ts'
export {
  type Clocks,
  clocksOf,
  depositOf,
  finalisingEnd,
  gasPriceAt,
  type MarketRules,
  type Phases,
  phasesOf,
  postingEnd,
  priceAt,
  REFUNDS,
  type Rules,
  refundOf,
  runTime,
  type Verdict,
  verdictAt,
  verdictFrom,
} from './rules.ts'
export {
  type Glance,
  type Idle,
  type Me,
  reserveOf,
  type Situation,
  type Strategy,
  whenKnown,
} from './situation.ts'
export { isWonBy, ordinalOf, standing, withOrdinals, won } from './slots.ts'
export { type SolverOptions, solverIdle, solverStrategy } from './solving.ts'
export {
  answered,
  commitment,
  deadlineOf,
  decodeTurn,
  encodeTurn,
  type PackedTurn,
  type Seat,
  type Side,
  type Turn,
} from './turns.ts'
export {
  type EntryStatus,
  type EntryView,
  type GameView,
  IncompleteHistory,
  type MarketView,
  type PayoutView,
  type ResultView,
  type TaskOutcome,
  type TaskStatus,
  type TaskView,
  verdictOf,
} from './view.ts'
export { viewOf } from './view-of.ts'
export { withoutTrace } from './without-trace.ts'
export { createWriter, type Outcome, type Signer, type Writer, type WriterOptions } from './writer.ts'
export {
  failureOf,
  NodeFailed,
  NotEnoughEther,
  refusalOf,
  SimulationRefused,
  TransactionNotMined,
  TransactionReverted,
  UnknownRevert,
  WaitsAtFeeLimit,
  type WriterError,
} from './writer-errors.ts'
