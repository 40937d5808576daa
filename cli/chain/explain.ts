import { BaseError } from 'viem'
import { BundleIllFormed, ContentDiffers, ContentMissing, ForgedHistory, NothingToReplay } from '../../auditor/index.ts'
import { NothingToRefund, RequestReverted, TaskWithoutResult, UnknownTask } from '../../client/index.ts'
import {
  CodeMissing,
  DeploymentError,
  DeploymentMissing,
  FieldRefused,
  FileIllFormed,
  NotDeployed,
  RuleRefused,
  WrongChain,
} from '../../deployment/index.ts'
import {
  failureOf,
  NotEnoughEther,
  ProtocolError,
  SimulationRefused,
  TransactionReverted,
  UnknownRevert,
} from '../../protocol/index.ts'
import { etherText, timeText } from '../amounts.ts'
import { Interrupted } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Explanation } from '../explanation.ts'
import {
  DeploymentExists,
  KeyIllFormed,
  KeyMissing,
  NodeUnreachable,
  NotEnough,
  NothingToDo,
  OutputOmitted,
  Reverted,
  Unconfirmed,
  UnknownProgram,
  WaitFailed,
} from './errors.ts'
import { KEY_VARIABLE } from './key.ts'

interface Row {
  readonly matches: (error: Error) => boolean
  readonly explain: (error: Error) => Explanation
}

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E

/** `next` is fixed, or found in the error. */
const row = <E extends Error>(type: ErrorClass<E>, code: ExitCode, next: string | ((error: E) => string)): Row => ({
  matches: (error) => error instanceof type,
  explain: (error) => ({
    code,
    what: error.message,
    next: typeof next === 'string' ? next : next(error as E),
  }),
})

/** What helps against errors of the contracts, by their name. */
const ADVICE: Readonly<Record<string, string>> = {
  OrderExpired: 'give a later --expires',
  NotEnoughStake: 'substep stake deposit puts tokens in',
  NotEnoughEther: 'substep stake deposit --ether puts ether in',
  UnknownProgram: 'substep program publish publishes it',
  TaskExists: 'ask with another --expires, or wait for the task that there is',
  MaxStepsOutOfRange: 'ask for fewer steps',
  PricesReversed: 'give a --min-price of at most --max-price',
  PriceNotWholeGwei: 'round prices and tip to whole gwei',
  CallbackGasOutOfRange: 'ask for less --callback-gas',
  TipWithoutCallback: 'give --callback-gas, or no --tip',
  NotTheRequester: 'use the key of the requester',
  WrongStatus: 'substep task show tells how the task stands',
}

const NODE = 'check the node, and try again'
const RULES = 'docs/protocol.md tells when it is allowed'

/** The first row that matches counts. */
const ROWS: readonly Row[] = [
  row(KeyMissing, EXIT.NOT_SET_UP, `put the private key into ${KEY_VARIABLE}, or give --key-file`),
  row(KeyIllFormed, EXIT.NOT_SET_UP, 'check it; it is not shown here'),
  row(NodeUnreachable, EXIT.UNAVAILABLE, 'check --rpc, and that the node runs'),
  row(DeploymentExists, EXIT.NOT_SET_UP, 'give another --out, or move it away'),
  row(DeploymentMissing, EXIT.NOT_SET_UP, 'give --deployment, or deploy a market: substep deploy'),
  row(WrongChain, EXIT.NOT_SET_UP, 'give the deployment of this chain, or a node of the other'),
  row(FileIllFormed, EXIT.UNREADABLE, 'check the file'),
  row(FieldRefused, EXIT.REFUSED, 'correct the file; docs/cli.md shows one'),
  row(RuleRefused, EXIT.USAGE, 'give rules that a market takes'),
  row(NotDeployed, EXIT.NOT_NOW, 'look at the transaction, and try again'),
  row(CodeMissing, EXIT.NOT_SET_UP, 'check the address and the chain'),
  row(DeploymentError, EXIT.NOT_SET_UP, 'do not use this deployment: it is not what its file says'),
  row(NotEnough, EXIT.NOT_NOW, ({ next }) => next),
  row(NothingToDo, EXIT.NOT_NOW, ({ next }) => next),
  row(Reverted, EXIT.NOT_NOW, 'look at the transaction, and try again'),
  row(RequestReverted, EXIT.NOT_NOW, 'look at the transaction, and try again'),
  row(TransactionReverted, EXIT.NOT_NOW, 'look at the transaction, and try again'),
  {
    matches: (error) => error instanceof Unconfirmed,
    explain: (error) => {
      const { sending, cause } = error as Unconfirmed
      const code = cause instanceof Interrupted ? EXIT.INTERRUPTED : EXIT.UNAVAILABLE
      return { code, what: error.message, next: sending.next }
    },
  },
  row(
    OutputOmitted,
    EXIT.OUTPUT_OMITTED,
    'substep run --output on its module and input writes it; the state hash has to be the same',
  ),
  row(WaitFailed, EXIT.UNAVAILABLE, ({ task }) => `substep task watch ${task} waits on`),
  row(UnknownProgram, EXIT.NOT_NOW, 'check the id; substep program publish publishes a program'),
  row(UnknownTask, EXIT.NOT_NOW, 'check the id, the chain and the deployment'),
  row(NothingToReplay, EXIT.NOT_NOW, 'check the id, the chain and the deployment'),
  row(ContentMissing, EXIT.UNREADABLE, ({ what }) => (what === 'module' ? 'give --wasm' : 'give --input')),
  row(ContentDiffers, EXIT.REFUSED, 'give the module and the input of this task'),
  row(BundleIllFormed, EXIT.REFUSED, 'give a file that replay --save-bundle wrote'),
  row(ForgedHistory, EXIT.REFUSED, 'do not believe where it came from; another node may tell the truth'),
  {
    matches: (error) => error instanceof NothingToRefund,
    explain: (error) => {
      const { task, status, until } = error as NothingToRefund
      const next = until === undefined ? 'substep task show tells how it stands' : `try again after ${timeText(until)}`
      return { code: EXIT.NOT_NOW, what: `nothing of task ${task} is to be refunded now: it is ${status}`, next }
    },
  },
  row(
    TaskWithoutResult,
    EXIT.NO_RESULT,
    'the requester has everything back in the vault: substep stake withdraw --ether',
  ),
  {
    matches: (error) => error instanceof NotEnoughEther,
    explain: (error) => {
      const { has, needs } = error as NotEnoughEther
      const what = `the account has ${etherText(has)}, ${etherText(needs)} are needed`
      return { code: EXIT.NOT_NOW, what, next: 'send it some ether' }
    },
  },
  {
    matches: (error) => error instanceof SimulationRefused,
    explain: (error) => {
      const { errorName, message } = error as SimulationRefused
      return { code: EXIT.NOT_NOW, what: `the chain would have ${message}`, next: ADVICE[errorName] ?? RULES }
    },
  },
  row(UnknownRevert, EXIT.NOT_NOW, RULES),
  row(ProtocolError, EXIT.UNAVAILABLE, NODE),
]

/** What to tell of a failure that has to do with a chain; undefined for any other. */
export function explainChain(error: Error): Explanation | undefined {
  // What viem throws may be the refusal of a contract.
  const meant = error instanceof BaseError ? failureOf(error) : error
  return ROWS.find(({ matches }) => matches(meant))?.explain(meant)
}
