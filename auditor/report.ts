import type { Address } from 'viem'
import { type Hash, unpackRegisters } from '../interpreter/index.ts'
import type { Phases, Request, Verdict } from '../protocol/index.ts'
import { STATUS as MACHINE, TRAP_NAMES } from '../spec/index.ts'
import type { HistoryEvent } from './history.ts'
import type { Judged } from './judged.ts'
import { KIND } from './results.ts'
import { type Audit, ENTRY, type Entry, type Game, type Move, requestOf, verdictIn } from './state.ts'
import type { Truth } from './truth.ts'

export interface At {
  readonly block: bigint
  /** Seconds. */
  readonly time: bigint
  readonly transaction: Hash
}

/** How a run ended, in words. */
export interface Ending {
  readonly outcome: 'halted' | 'trapped' | 'outOfSteps'
  readonly exitCode: number | null
  readonly trap: string | null
}

export interface EntryReport extends Ending {
  readonly id: Hash
  readonly owner: Address
  readonly value: Hash
  readonly steps: bigint
  readonly isTrue: boolean
  readonly status: 'alive' | 'dead' | 'released' | 'divided'
  readonly entered: At
}

export interface MoveReport {
  readonly ply: bigint
  readonly by: Address
  /** The segment disputed; null for an opening. */
  readonly segment: number | null
  /** The range that it is about: `len` steps from `lo`; 1 = the substeps of one step. */
  readonly lo: bigint
  readonly len: bigint
  /** Which hashes of its sequence are true. */
  readonly isTrue: readonly boolean[]
  /**
   * `true`: each hash is. `false`: it begins true and ends false. `lost`: it begins with a state that the true run
   * never reaches, on which both had agreed. `mixed`: its ends are true, but not all between.
   */
  readonly says: 'true' | 'false' | 'lost' | 'mixed'
  /** Seconds left on its maker's clock. */
  readonly left: bigint
  readonly gas: bigint | null
  readonly at: At
}

export interface GameReport {
  readonly id: Hash
  readonly opener: Hash
  readonly target: Hash
  readonly moves: readonly MoveReport[]
  readonly end: 'proved' | 'timedOut' | 'unfinished'
  readonly winner: Hash | null
  readonly ended: At | null
  readonly judged: Judged | null
}

/** A transfer in the vault, in tokens and wei. */
export interface PaymentReport {
  readonly kind: 'escrowed' | 'locked' | 'released' | 'slashed' | 'credited'
  /** The task or the entry that it is about. */
  readonly subject: Hash
  readonly owner: Address
  readonly tokens: bigint
  readonly wei: bigint
  /** Of what is slashed: how much of it went to whom; the rest is burned. */
  readonly reward: bigint
  readonly winner: Address | null
  readonly at: At
}

/** A dispute, rebuilt from what a chain told and checked to the last word of it. */
export interface Report {
  readonly task: Hash
  readonly chainId: bigint
  readonly market: Address
  readonly head: Audit['history']['head']
  readonly request: Request
  readonly status: (typeof NAMES)[number]
  readonly phases: Phases | null
  readonly verdict: Verdict
  /** What the run truly comes to. */
  readonly truth: Ending & { readonly value: Hash; readonly steps: bigint; readonly outputBytes: number }
  /** The value that the arena came to; null as long as several live, or if it is void. */
  readonly settled: Hash | null
  /** Whether the arena came to the truth; null as long as it came to nothing. */
  readonly isTruth: boolean | null
  readonly entries: readonly EntryReport[]
  readonly games: readonly GameReport[]
  readonly buried: readonly { readonly winner: Hash; readonly loser: Hash; readonly at: At }[]
  readonly result: (Ending & { readonly value: Hash; readonly outputRoot: Hash; readonly at: At }) | null
  readonly payments: readonly PaymentReport[]
  /** Events that were checked. */
  readonly events: number
}

const NAMES = ['none', 'open', 'taken', 'posted', 'final', 'void', 'cancelled', 'expired', 'abandoned'] as const
const ENTRY_NAMES = { 1: 'alive', 2: 'dead', 3: 'released', 4: 'divided' } as const

/** What an audit and the truth come to. */
export function reportOf(
  audit: Audit,
  events: readonly HistoryEvent[],
  truth: Truth,
  judged: ReadonlyMap<Game, Judged | undefined>,
): Report {
  const { history, rules, task, phases, values } = audit
  const { value, steps, regs } = truth.trace.final
  const verdict = verdictIn(audit, history.head.timestamp)
  const settled = verdict === 'settled' ? ([...values].find(([, held]) => held.some(isLiving))?.[0] ?? null) : null
  return {
    ...{ task, chainId: rules.chainId, market: rules.market, head: history.head, request: requestOf(audit) },
    ...{ status: NAMES[audit.status], phases: phases ?? null, verdict, settled },
    truth: { value, steps, ...endingOf(regs), outputBytes: truth.output.length },
    isTruth: settled === null ? null : settled === value,
    entries: [...audit.entries.values()].map((entry) => entryReport(entry, value)),
    games: [...audit.games.values()].map((game) => gameReport(audit, game, truth, judged.get(game))),
    buried: events.flatMap((event) =>
      event.name === 'Buried' ? [{ winner: event.args.winner, loser: event.args.loser, at: atOf(event) }] : [],
    ),
    result: resultReport(audit),
    payments: events.flatMap(paymentOf),
    events: events.length,
  }
}

const isLiving = ({ status }: Entry): boolean => status === ENTRY.ALIVE || status === ENTRY.RELEASED

const atOf = ({ block, time, transaction }: HistoryEvent): At => ({ block, time, transaction })

function endingOf(regs: bigint): Ending {
  const { status, exit } = unpackRegisters(regs)
  if (status === MACHINE.HALTED) return { outcome: 'halted', exitCode: exit, trap: null }
  if (status === MACHINE.RUNNING) return { outcome: 'outOfSteps', exitCode: null, trap: null }
  return { outcome: 'trapped', exitCode: null, trap: TRAP_NAMES[exit] ?? `trap ${exit}` }
}

const entryReport = ({ id, owner, value, regs, status, event }: Entry, truth: Hash): EntryReport => ({
  ...{ id, owner, value, steps: unpackRegisters(regs).steps, isTrue: value === truth, ...endingOf(regs) },
  ...{ status: ENTRY_NAMES[status as keyof typeof ENTRY_NAMES], entered: atOf(event) },
})

function gameReport(audit: Audit, game: Game, truth: Truth, judged: Judged | undefined): GameReport {
  const { id, opener, target, entries, moves, winner, end, proof } = game
  return {
    ...{ id, opener: opener.id, target: target.id },
    moves: moves.map((move) => moveReport(audit, move, truth.of.get(move) ?? [])),
    end: end === undefined ? 'unfinished' : proof === undefined ? 'timedOut' : 'proved',
    winner: winner === undefined ? null : entries[winner].id,
    ended: end === undefined ? null : atOf(end),
    judged: judged ?? null,
  }
}

function moveReport({ history }: Audit, { event, by, segment, turn }: Move, isTrue: readonly boolean[]): MoveReport {
  const gas = history.transactions.get(event.transaction)?.gas ?? null
  const { ply, lo, len, waiter } = turn
  return {
    ...{ ply, by, segment: segment ?? null, lo, len, isTrue, says: saysOf(isTrue), left: waiter.left, gas },
    at: atOf(event),
  }
}

function saysOf(isTrue: readonly boolean[]): MoveReport['says'] {
  if (isTrue.every((each) => each)) return 'true'
  if (isTrue[0] !== true) return 'lost'
  return isTrue.at(-1) === true ? 'mixed' : 'false'
}

function resultReport({ result }: Audit): Report['result'] {
  if (result === undefined) return null
  const { value, event, outcome } = result
  const { kind, code, outputRoot } = outcome
  const ended = { value, outputRoot, at: atOf(event) }
  if (kind === KIND.HALTED) return { ...ended, outcome: 'halted', exitCode: code, trap: null }
  if (kind === KIND.OUT_OF_STEPS) return { ...ended, outcome: 'outOfSteps', exitCode: null, trap: null }
  return { ...ended, outcome: 'trapped', exitCode: null, trap: TRAP_NAMES[code] ?? `trap ${code}` }
}

function paymentOf(event: HistoryEvent): PaymentReport[] {
  const none = { tokens: 0n, wei: 0n, reward: 0n, winner: null, at: atOf(event) }
  switch (event.name) {
    case 'Escrowed':
    case 'Credited': {
      const { subject, owner, amount: wei } = event.args
      return [{ ...none, kind: event.name === 'Credited' ? 'credited' : 'escrowed', subject, owner, wei }]
    }
    case 'Locked':
    case 'Released': {
      const { subject, owner, tokens, amount: wei } = event.args
      return [{ ...none, kind: event.name === 'Locked' ? 'locked' : 'released', subject, owner, tokens, wei }]
    }
    case 'Slashed': {
      const { subject, owner, tokens, reward, winner } = event.args
      return [{ ...none, kind: 'slashed', subject, owner, tokens, reward, winner: reward === 0n ? null : winner }]
    }
    default:
      return []
  }
}
