import { zeroAddress } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { REFUNDS, refundOf } from '../protocol/index.ts'
import type { ArgsOf, EventName } from './history.ts'
import { depositIn } from './requests.ts'
import {
  type Audit,
  ENTRY,
  type Entry,
  expect,
  explain,
  holds,
  lived,
  present,
  requestOf,
  same,
  timeOf,
  verdictIn,
} from './state.ts'

/** What happens to stakes after the verdict. Twin: contracts/market/Payouts.sol. */

export function released(audit: Audit, { entry: id }: ArgsOf<'EntryReleased'>, isExpected: boolean): void {
  const entry = entryIn(audit, id)
  const { owner } = entry
  if (!isExpected) {
    holds(audit, 'time', verdictIn(audit, timeOf(audit)) !== 'pending', 'there was no verdict')
    same(audit, 'payment', 'the status of the entry', entry.status, ENTRY.ALIVE)
    expect(audit, 'Released', { subject: id, owner, tokens: audit.rules.bond, amount: depositIn(audit) })
  }
  entry.status = ENTRY.RELEASED
}

const entryIn = (audit: Audit, id: Hash): Entry => present(audit, 'payment', `entry ${id}`, audit.entries.get(id))

interface Paid {
  readonly name: EventName
  readonly args: object
}

export function divided(audit: Audit, args: ArgsOf<'EntryDivided'>): void {
  const dead = entryIn(audit, args.entry)
  const verdict = verdictIn(audit, timeOf(audit))
  holds(audit, 'time', verdict !== 'pending', 'there was no verdict')
  same(audit, 'payment', 'the status of the entry', dead.status, ENTRY.DEAD)
  const cursor = Number(args.cursor)
  const { paid, rewarded, ...payout } = walk(audit, dead, verdict === 'settled' ? cursor : dead.payout.cursor)
  explain(audit, paid)
  same(audit, 'payment', 'the cursor', cursor, payout.cursor)
  same(audit, 'payment', 'who was rewarded', args.rewarded, rewarded ?? zeroAddress)
  same(audit, 'payment', 'the number of refunds', args.refunds, payout.refunds)
  const isRewarded = dead.payout.rewarded || rewarded !== undefined
  const isDivided = verdict === 'void' || payout.cursor === dead.games.length || payout.refunds === REFUNDS
  same(audit, 'payment', 'whether all is shared out', args.divided, isDivided)
  if (!isDivided) {
    dead.payout = { ...payout, rewarded: isRewarded }
    return
  }
  dead.status = ENTRY.DIVIDED
  payRest(audit, dead, isRewarded, payout.refunds)
}

/** What a call pays that looks at the opponents up to the game with the ordinal `upTo`. */
function walk(audit: Audit, dead: Entry, upTo: number) {
  const { bond } = audit.rules
  const refund = refundIn(audit)
  const paid: Paid[] = []
  let { cursor, refunds } = dead.payout
  let rewarded: Entry['owner'] | undefined
  while (cursor < upTo && cursor < dead.games.length && refunds < REFUNDS) {
    const opponent = opponentOf(audit, dead, cursor++)
    if (!lived(opponent)) continue
    const { owner } = opponent
    if (!dead.payout.rewarded && rewarded === undefined) {
      rewarded = owner
      const args = { subject: dead.id, owner: dead.owner, winner: owner, tokens: bond, reward: bond / 2n }
      paid.push({ name: 'Slashed', args })
    }
    refunds++
    paid.push({ name: 'Credited', args: { subject: dead.id, owner, amount: refund } })
  }
  return { paid, rewarded, cursor, refunds }
}

function opponentOf(audit: Audit, dead: Entry, index: number): Entry {
  const game = present(audit, 'payment', `game ${index + 1} of the entry`, dead.games[index])
  return game.opener === dead ? game.target : game.opener
}

const refundIn = (audit: Audit): bigint => refundOf(audit.rules, audit.gasPrice, requestOf(audit).order.maxSteps)

/** What nobody earned: the bond is burned, the deposit goes to the requester. */
function payRest(audit: Audit, { id, owner }: Entry, isRewarded: boolean, refunds: number): void {
  const { bond } = audit.rules
  if (!isRewarded) expect(audit, 'Slashed', { subject: id, owner, winner: zeroAddress, tokens: bond, reward: 0n })
  if (refunds === REFUNDS) return
  const amount = BigInt(REFUNDS - refunds) * refundIn(audit)
  expect(audit, 'Credited', { subject: id, owner: requestOf(audit).requester, amount })
}
