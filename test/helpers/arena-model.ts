import type { Address } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { cut, maxMoves, segments } from '../../protocol/bisection.ts'
import type { Action, ModelClaim, ModelEntry, ModelGame, ModelRules, Verdict } from './arena-actions.ts'
import { type Account, Ledger, refuse } from './arena-ledger.ts'
import { toyNext } from './toy-machine.ts'
import { type Standing, sequenceOf } from './toy-players.ts'

/**
 * The arena of one posted task as docs/protocol.md tells it, kept as lists of what happened: nothing is packed, counted
 * beforehand or stored twice. It says of every action whether it succeeds, or with which error it is refused.
 */

const seatOf = (entry: Hash, rival: Hash): 0 | 1 => (entry < rival ? 0 : 1)

export class ArenaModel {
  readonly rules: ModelRules
  readonly phases: { readonly e1: bigint; readonly e2: bigint; readonly e3: bigint; readonly end: bigint }
  readonly entries = new Map<Hash, ModelEntry>()
  readonly games = new Map<Hash, ModelGame>()
  readonly money: Ledger

  /** The task was posted at `posted`; `accounts` are as before its request. */
  constructor(rules: ModelRules, posted: bigint, first: ModelClaim, accounts: ReadonlyMap<Address, Account>) {
    this.rules = rules
    const e1 = posted + rules.challenge
    const e2 = e1 + rules.support
    const e3 = e2 + rules.opening
    const moves = BigInt(maxMoves(rules.maxSteps, rules.arity))
    this.phases = { e1, e2, e3, end: e3 + 2n * rules.budget + moves * rules.least }
    this.money = new Ledger(accounts, rules.bond, 4n * rules.refund)
    this.money.escrowFrom(rules.requester, rules.price)
    this.money.lock(first.owner)
    this.record(first)
  }

  verdict(time: bigint): Verdict {
    const alive = this.valuesAlive()
    if (this.valuesSeen() === 1) return time < this.phases.e1 ? 'pending' : 'settled'
    if (alive === 1 && time >= this.phases.e3) return 'settled'
    return time < this.phases.end ? 'pending' : 'void'
  }

  /** Entries of a value, in order. */
  of(value: Hash): ModelEntry[] {
    return [...this.entries.values()].filter(({ claim }) => claim.value === value)
  }

  valuesSeen(): number {
    return new Set([...this.entries.values()].map(({ claim }) => claim.value)).size
  }

  valuesAlive(): number {
    return new Set([...this.entries.values()].filter(hasLived).map(({ claim }) => claim.value)).size
  }

  isAlive({ entry }: ModelClaim): boolean {
    return this.entries.get(entry)?.status === 'alive'
  }

  protected record(claim: ModelClaim): void {
    const payout = { cursor: 0, refunds: 0, rewarded: false }
    this.entries.set(claim.entry, { claim, status: 'alive', games: [], payout })
  }

  protected requireEnter(claim: ModelClaim, by: Address, time: bigint): void {
    const { e1, e2 } = this.phases
    if (this.entries.has(claim.entry)) refuse('EntryExists', claim.entry)
    if (time >= e2) refuse('EnteringClosed', e2)
    if (time >= e1 && this.valuesSeen() < 2) refuse('NothingToSupport')
    if (time >= e1 && this.of(claim.value).length === 0) refuse('ValueNotSeen', claim.value)
    if (by !== claim.owner && by !== this.rules.operator) refuse('NotAnOperator', claim.owner, by)
    this.money.requireStake(claim.owner)
  }

  protected enter(claim: ModelClaim, by: Address, time: bigint): void {
    this.requireEnter(claim, by, time)
    this.money.lock(claim.owner)
    this.record(claim)
  }

  protected requireAlive(claim: ModelClaim): ModelEntry {
    const entry = this.entries.get(claim.entry)
    if (entry?.status !== 'alive') refuse('NotAlive', claim.entry)
    return entry as ModelEntry
  }

  protected open(opener: ModelClaim, target: ModelClaim, by: Address, time: bigint): void {
    if (by !== opener.owner && by !== this.rules.operator) refuse('NotAuthorised', by, opener.owner)
    this.requireAlive(target)
    if (time >= this.phases.e3) refuse('OpeningClosed', this.phases.e3)
    this.requireAlive(opener)
    if (opener.value === target.value) refuse('SameValue', opener.value)
    const id = this.rules.gameId(opener.entry, target.entry)
    if (this.games.has(id)) refuse('GameExists', id)
    this.begin(id, opener, target, time)
  }

  protected enterAndOpen(opener: ModelClaim, target: ModelClaim, by: Address, time: bigint): void {
    this.requireEnter(opener, by, time)
    const rival = this.entries.get(target.entry)
    const isDead = rival?.status === 'dead'
    if (opener.entry !== target.entry && !isDead) this.requireAlive(target)
    if (opener.value === target.value && !isDead) refuse('SameValue', opener.value)
    this.enter(opener, by, time)
    if (!isDead) this.begin(this.rules.gameId(opener.entry, target.entry), opener, target, time)
  }

  protected begin(id: Hash, opener: ModelClaim, target: ModelClaim, time: bigint): void {
    const { arity, budget, least, initial, naming } = this.rules
    const len = opener.steps > target.steps ? opener.steps : target.steps
    const side = (claim: ModelClaim, rival: ModelClaim) => ({
      player: claim.owner,
      left: budget,
      seat: seatOf(claim.entry, rival.entry),
    })
    const mover = side(target, opener)
    const turn = { mover, waiter: side(opener, target), lo: 0n, len, moved: time, least, ply: 0n }
    const inner = sequenceOf(opener.machine, 0n, len, arity, naming).slice(1, -1)
    const sequence = [initial, ...inner, opener.value]
    const game: ModelGame = { id, opener, target, standings: [{ turn, sequence }] }
    this.games.set(id, game)
    for (const { entry } of [opener, target]) this.entries.get(entry)?.games.push(game)
  }

  protected requireMove(
    { game, standing, by }: Extract<Action, { kind: 'bisect' | 'prove' }>,
    time: bigint,
    answers: boolean,
  ): void {
    const { turn } = standing
    if (!answers || !isStanding(game, standing)) refuse('NotTheStandingAssertion', undefined, undefined)
    if (by !== turn.mover.player && by !== this.rules.operator) refuse('NotYourTurn', turn.mover.player)
    const deadline = turn.moved + turn.mover.left
    if (time > deadline) refuse('ClockRanOut', deadline)
  }

  protected bisect(action: Extract<Action, { kind: 'bisect' }>, time: bigint): void {
    const { game, standing, segment, mine } = action
    const { turn, sequence } = standing
    const { arity, least } = this.rules
    if (turn.len === 1n) refuse('NothingToBisect')
    if (segment >= sequence.length - 1) refuse('SegmentOutOfRange', segment, sequence.length - 1)
    this.requireMove(action, time, true)
    const { from, steps } = cut(turn.len, arity, segment)
    const n = segments(steps, arity)
    if (mine.length !== n) refuse('SequenceLength', mine.length, n)
    const end = sequence[segment + 1] as Hash
    if (mine.at(-1) === end) refuse('EndNotDisputed', end)
    const left = turn.mover.left - (time - turn.moved)
    const next = {
      mover: { ...turn.waiter, left: turn.waiter.left > least ? turn.waiter.left : least },
      waiter: { ...turn.mover, left },
      lo: turn.lo + from,
      len: steps,
      moved: time,
      least,
      ply: turn.ply + 1n,
    }
    game.standings.push({ turn: next, sequence: [sequence[segment] as Hash, ...mine] })
  }

  protected prove(action: Extract<Action, { kind: 'prove' }>, time: bigint): void {
    const { game, standing, substep, state } = action
    const { turn, sequence } = standing
    const { naming } = this.rules
    if (turn.len !== 1n) refuse('NotOneStep', turn.len)
    if (substep >= sequence.length - 1) refuse('SegmentOutOfRange', substep, sequence.length - 1)
    this.requireMove(action, time, naming(state) === sequence[substep])
    const end = sequence[substep + 1] as Hash
    if (naming(toyNext(state)) === end) refuse('SubstepHolds', end)
    game.winner = claimAt(game, turn.mover.seat)
  }

  protected timeout({ game, standing }: Extract<Action, { kind: 'timeout' }>, time: bigint): void {
    if (!isStanding(game, standing)) refuse('NotTheStandingAssertion', undefined, undefined)
    const { mover, waiter, moved } = standing.turn
    if (time <= moved + mover.left) refuse('ClockStillRuns', moved + mover.left)
    game.winner = claimAt(game, waiter.seat)
  }

  protected bury(winner: ModelClaim, loser: ModelClaim, time: bigint): void {
    if (time >= this.phases.end) refuse('BuryingClosed', this.phases.end)
    this.requireAlive(winner)
    const dying = this.requireAlive(loser)
    const id = this.rules.gameId(winner.entry, loser.entry)
    if (this.games.get(id)?.winner !== winner) refuse('NotWonBySeat', id, seatOf(winner.entry, loser.entry))
    dying.status = 'dead'
  }
}

/** Whether an entry lived to the verdict, before which this means nothing. */
export const hasLived = ({ status }: ModelEntry): boolean => status === 'alive' || status === 'released'

/** Whether `standing` is what a running game's mover answers. */
const isStanding = (game: ModelGame, standing: Standing): boolean =>
  game.winner === undefined && game.standings.at(-1) === standing

/** The claim of the player at a seat. */
const claimAt = ({ opener, target }: ModelGame, seat: 0 | 1): ModelClaim =>
  seatOf(opener.entry, target.entry) === seat ? opener : target
