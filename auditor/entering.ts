import { hexToBytes } from 'viem'
import { type Hash, stateHash, unpackRegisters } from '../interpreter/index.ts'
import { entryId, gameId, phasesOf, seatOf } from '../protocol/index.ts'
import { STATUS as MACHINE, REGS_BITS } from '../spec/index.ts'
import type { ArgsOf } from './history.ts'
import { depositIn, postingEndIn } from './requests.ts'
import {
  type Audit,
  ENTRY,
  type Entry,
  expect,
  type Game,
  holds,
  present,
  requestOf,
  STATUS,
  same,
  timeOf,
} from './state.ts'

/** Entries, and who plays whom. Twin: contracts/game/Arena.sol. */

export function entered(audit: Audit, args: ArgsOf<'Entered'>): void {
  const { owner, value, root, regs } = args
  const event = present(audit, 'order', 'event', audit.event)
  const id = entryId(audit.rules, audit.task, owner, value)
  same(audit, 'entry', 'the id of the entry', args.entry, id)
  same(audit, 'entry', 'the value', value, finalValue(root, regs))
  requireFinal(audit, regs)
  holds(audit, 'entry', !audit.entries.has(id), 'it was entered before')
  const isFirst = audit.status === STATUS.TAKEN
  if (isFirst) post(audit, owner)
  else requireEntering(audit, value)
  const ofValue = audit.values.get(value) ?? []
  const payout = { cursor: 0, refunds: 0, rewarded: false }
  const ordinal = ofValue.length
  const entry: Entry = { id, owner, value, root, regs, ordinal, event, status: ENTRY.ALIVE, games: [], payout }
  audit.entries.set(id, entry)
  audit.values.set(value, [...ofValue, entry])
  if (!isFirst) expect(audit, 'Locked', { subject: id, owner, tokens: audit.rules.bond, amount: depositIn(audit) })
}

/** Hash of a final state. */
const finalValue = (root: Hash, regs: bigint): Hash =>
  stateHash(hexToBytes(root), { regs, misc: 0n, word: 0n, a: 0n, b: 0n, c: 0n, r: 0n })

/** The solver's entry, by which the phases begin. */
function post(audit: Audit, owner: string): void {
  same(audit, 'entry', 'who posted', owner, audit.solver)
  const end = postingEndIn(audit)
  holds(audit, 'time', timeOf(audit) <= end, `the time to post ended at ${end}`)
  const phases = phasesOf(audit.rules, timeOf(audit), requestOf(audit).order.maxSteps)
  Object.assign(audit, { phases, postedAt: timeOf(audit), status: STATUS.POSTED })
}

function requireEntering(audit: Audit, value: Hash): void {
  const phases = present(audit, 'status', 'posted answer', audit.phases)
  const time = timeOf(audit)
  if (time < phases.challenge) return
  holds(audit, 'time', time < phases.support, `entering ended at ${phases.support}`)
  holds(audit, 'time', audit.values.size > 1 && audit.values.has(value), 'only values seen before may be supported')
}

/** A final state is halted or trapped, or it is running and has taken all steps. */
function requireFinal(audit: Audit, regs: bigint): void {
  const { maxSteps } = requestOf(audit).order
  holds(audit, 'entry', regs >> BigInt(REGS_BITS) === 0n, 'its registers are too wide')
  const { steps, status } = unpackRegisters(regs)
  holds(audit, 'entry', steps > 0n && steps <= maxSteps, `it took ${steps} steps of ${maxSteps}`)
  const stopped = status === MACHINE.HALTED || status === MACHINE.TRAPPED
  const outOfSteps = status === MACHINE.RUNNING && steps === maxSteps
  holds(audit, 'entry', stopped || outOfSteps, `status ${status} after ${steps} steps is no end`)
}

/** The living entry with this id. */
function living(audit: Audit, id: Hash): Entry {
  const entry = present(audit, 'entry', `entry ${id}`, audit.entries.get(id))
  same(audit, 'entry', `the status of entry ${id}`, entry.status, ENTRY.ALIVE)
  return entry
}

export function opened(audit: Audit, args: ArgsOf<'Opened'>): void {
  const [opener, target] = [living(audit, args.opener), living(audit, args.target)]
  const phases = present(audit, 'status', 'posted answer', audit.phases)
  holds(audit, 'time', timeOf(audit) < phases.opening, `opening ended at ${phases.opening}`)
  holds(audit, 'entry', opener.value !== target.value, 'both entries hold one value')
  const id = gameId(opener.id, target.id)
  same(audit, 'entry', 'the id of the game', args.game, id)
  holds(audit, 'entry', !audit.games.has(id), 'it was opened before')
  const entries: Game['entries'] = seatOf(opener.id, target.id) === 0 ? [opener, target] : [target, opener]
  const ordinals: Game['ordinals'] = [entries[0].games.length + 1, entries[1].games.length + 1]
  const game: Game = {
    ...{ id, opener, target, entries, ordinals, moves: [] },
    ...{ winner: undefined, end: undefined, proof: undefined },
  }
  for (const entry of entries) entry.games.push(game)
  audit.games.set(id, game)
  audit.opening = game
}

export function buried(audit: Audit, args: ArgsOf<'Buried'>): void {
  const [winner, loser] = [living(audit, args.winner), living(audit, args.loser)]
  const phases = present(audit, 'status', 'posted answer', audit.phases)
  holds(audit, 'time', timeOf(audit) < phases.end, `burying ended at ${phases.end}`)
  const game = present(audit, 'winner', 'game between the two', audit.games.get(gameId(winner.id, loser.id)))
  same(audit, 'winner', 'the winner of their game', game.winner, seatOf(winner.id, loser.id))
  loser.status = ENTRY.DEAD
}
