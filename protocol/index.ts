export type {
  Action,
  Approve,
  Bisect,
  Bury,
  Claim,
  Decision,
  Divide,
  Enter,
  EnterAndOpen,
  EnterReason,
  Open,
  Prove,
  Settle,
  Skip,
  SkipReason,
  Subject,
  Timeout,
  VoidTask,
  Withdraw,
} from './actions.ts'
export { answer, disputedSegment, ownSequence, type Range, segmentRange } from './answer.ts'
export { cut, maxMoves, pair, pathTo, rootFrom, rootOf, segments } from './bisection.ts'
export { type Call, callOf } from './calls.ts'
export { ProtocolError } from './errors.ts'
export { entryId, gameId, type Place, seatOf, type TaskParts, taskId } from './game-ids.ts'
export { arenaAbi, stepperAbi } from './generated/abi.ts'
export { agree, expectedLedger, isAtStake, type Ledger } from './ledger.ts'
export type { ArenaEvent } from './logs.ts'
export {
  concerns,
  enter,
  type Glance,
  type Idle,
  idle,
  type Me,
  nextActions,
  type Situation,
  type Strategy,
} from './next-actions.ts'
export {
  type FinalClaim,
  MAX_PLAYED_STEPS,
  type PlayedTrace,
  playedTrace,
  StepTooLarge,
} from './played-trace.ts'
export {
  type Compute,
  type Computed,
  createPrograms,
  type ProgramOptions,
  type Programs,
  type Refusal,
} from './programs.ts'
export {
  createReader,
  type Funds,
  type Head,
  HeadWentBack,
  type Reader,
  type ReaderOptions,
  ReorganisedWhileReading,
  type Snapshot,
} from './reader.ts'
export { type Told, toldBy } from './refusals.ts'
export { type ArenaRules, type Phases, phasesOf } from './rules.ts'
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
  type TurnRules,
} from './turns.ts'
export {
  type ArenaView,
  type EntryStatus,
  type EntryView,
  type GameView,
  IncompleteHistory,
  type TaskStatus,
  type TaskView,
  viewOf,
} from './view.ts'
export { createWriter, type Outcome, type Signer, type Writer, type WriterOptions } from './writer.ts'
export {
  failureOf,
  NodeFailed,
  NotEnoughEther,
  SimulationRefused,
  TransactionNotMined,
  TransactionReverted,
  UnknownRevert,
  type WriterError,
} from './writer-errors.ts'
