import type { Address } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import {
  type Action,
  type ModelClaim,
  type ModelEntry,
  TASK_NUMBER,
  VERDICT_NUMBER,
  type Verdict,
} from './arena-actions.ts'
import { Refusal, refuse } from './arena-ledger.ts'
import { ArenaModel, hasLived } from './arena-model.ts'

const REFUNDS = 4

/** An arena and what happens to its money after the verdict. */
export class MarketModel extends ArenaModel {
  status: keyof typeof TASK_NUMBER = 'posted'
  /** Where the price waits for payPrice: the ordinal of the last entry that was looked at. */
  priceCursor: number | undefined

  /** What the contracts answer: 'ok', or the error with the arguments that are known here. */
  act(action: Action, time: bigint): string {
    try {
      this.perform(action, time)
      return 'ok'
    } catch (error) {
      if (error instanceof Refusal) return error.message
      throw error
    }
  }

  private perform(action: Action, time: bigint): void {
    const { kind, by } = action
    if (kind === 'enter') this.enter(action.claim, by, time)
    else if (kind === 'open') this.open(action.opener, action.target, by, time)
    else if (kind === 'enterAndOpen') this.enterAndOpen(action.opener, action.target, by, time)
    else if (kind === 'bisect') this.bisect(action, time)
    else if (kind === 'prove') this.prove(action, time)
    else if (kind === 'timeout') this.timeout(action, time)
    else if (kind === 'bury') this.bury(action.winner, action.loser, time)
    else if (kind === 'release') this.release(action.claim, time)
    else if (kind === 'payDead') this.payDead(action.dead, action.opponents, time)
    else if (kind === 'finalise') this.finalise(action.claim, time)
    else if (kind === 'payPrice') this.payPrice(action.value, action.claims)
    else this.voidTask(time)
  }

  private requireVerdict(time: bigint, ...wanted: readonly Verdict[]): Verdict {
    const verdict = this.verdict(time)
    if (!wanted.includes(verdict)) refuse('WrongVerdict', VERDICT_NUMBER[verdict])
    return verdict
  }

  private release(claim: ModelClaim, time: bigint): void {
    this.requireVerdict(time, 'settled', 'void')
    const entry = this.requireAlive(claim)
    entry.status = 'released'
    this.money.release(claim.owner)
  }

  private payDead(dead: ModelClaim, opponents: readonly ModelClaim[], time: bigint): void {
    const verdict = this.requireVerdict(time, 'settled', 'void')
    const entry = this.entries.get(dead.entry)
    if (entry?.status !== 'dead') refuse('NotDead', dead.entry)
    const payout = { ...entry.payout }
    const paid: Address[] = []
    for (const opponent of verdict === 'settled' ? opponents : []) {
      if (payout.refunds === REFUNDS) break
      const id = this.rules.gameId(dead.entry, opponent.entry)
      const ordinal = entry.games.findIndex((game) => game.id === id) + 1
      if (ordinal !== ++payout.cursor) refuse('WrongOpponent', id, ordinal, payout.cursor)
      if (!hasLived(this.entries.get(opponent.entry) as ModelEntry)) continue
      payout.refunds++
      paid.push(opponent.owner)
    }
    const { refund, requester } = this.rules
    for (const owner of paid) this.money.payFromDeposit(owner, refund)
    const rewarded = entry.payout.rewarded ? undefined : paid[0]
    if (rewarded !== undefined) this.money.slash(dead.owner, rewarded)
    payout.rewarded ||= rewarded !== undefined
    Object.assign(entry.payout, payout)
    if (verdict === 'settled' && payout.cursor < entry.games.length && payout.refunds < REFUNDS) return
    entry.status = 'divided'
    if (!payout.rewarded) this.money.slash(dead.owner)
    this.money.payFromDeposit(requester, BigInt(REFUNDS - payout.refunds) * refund)
  }

  private requireStatus(status: keyof typeof TASK_NUMBER): void {
    if (this.status !== status) refuse('WrongStatus', undefined, TASK_NUMBER[this.status])
  }

  private finalise({ value }: ModelClaim, time: bigint): void {
    this.requireStatus('posted')
    this.requireVerdict(time, 'settled')
    const entries = this.of(value)
    if (!entries.some(hasLived)) refuse('NotTheFinalValue', value)
    const [first] = entries as [ModelEntry, ...ModelEntry[]]
    this.status = 'final'
    if (!hasLived(first)) {
      this.priceCursor = 0
      return
    }
    this.money.payEscrow(first.claim.owner)
    if (first.status === 'alive') this.money.release(first.claim.owner)
    first.status = 'released'
  }

  private payPrice(value: Hash, claims: readonly ModelClaim[]): void {
    this.requireStatus('final')
    if (this.priceCursor === undefined) refuse('NoPriceDue', undefined)
    const entries = this.of(value)
    if (!entries.some(hasLived)) refuse('NotTheFinalValue', value)
    let cursor = this.priceCursor
    for (const claim of claims) {
      const ordinal = Math.max(
        0,
        entries.findIndex((entry) => entry.claim.entry === claim.entry),
      )
      if (ordinal !== ++cursor) refuse('WrongEntry', claim.entry, ordinal, cursor)
      if (!hasLived(entries[ordinal] as ModelEntry)) continue
      this.priceCursor = undefined
      this.money.payEscrow(claim.owner)
      return
    }
    this.priceCursor = cursor
  }

  private voidTask(time: bigint): void {
    this.requireStatus('posted')
    this.requireVerdict(time, 'void')
    this.status = 'void'
    this.money.payEscrow(this.rules.requester)
  }
}
