import { isAddressEqual } from 'viem'
import type { ArenaEvent, ArenaRules } from '../../protocol/index.ts'
import { accountOf, type Role } from './cast.ts'
import type { Evidence } from './evidence.ts'
import type { Transaction } from './history.ts'

/** What players pay for, in the order of a dispute. */
export const PURPOSES = ['approval', 'answer', 'moves', 'proof', 'verdict'] as const
export type Purpose = (typeof PURPOSES)[number]

/** An entry that opens a game tells of its first assertion too: the first purpose that fits counts. */
const EVENTS: readonly (readonly [Purpose, readonly ArenaEvent['eventName'][]])[] = [
  ['answer', ['Entered']],
  ['moves', ['Moved']],
  ['proof', ['Proved']],
  ['verdict', ['TimedOut', 'Buried', 'Settled', 'BondPaid', 'BondSlashed']],
]

function purposeOf({ to, events }: Transaction, { token }: ArenaRules): Purpose | undefined {
  if (to !== null && isAddressEqual(to, token)) return 'approval'
  return EVENTS.find(([, names]) => events.some(({ eventName }) => names.includes(eventName)))?.[0]
}

const sum = (transactions: readonly Transaction[]): number =>
  Number(transactions.reduce((total, { gas }) => total + gas, 0n))

const sentBy = (history: readonly Transaction[], role: Role | 'requester') =>
  history.filter(({ from }) => isAddressEqual(from, accountOf(role).address))

function partsOf({ history, rules }: Evidence, role: Role): Readonly<Record<Purpose, number>> {
  const own = sentBy(history, role)
  const of = (purpose: Purpose) => sum(own.filter((transaction) => purposeOf(transaction, rules) === purpose))
  return Object.fromEntries(PURPOSES.map((purpose) => [purpose, of(purpose)])) as Record<Purpose, number>
}

/** Gas of the moves and the proof, of all that each account sent, and of what each player sent by its purpose. */
export function gasOf(evidence: Evidence) {
  const { history, moves, judged } = evidence
  return {
    game: sum([...moves.slice(1).map(({ transaction }) => transaction), judged.transaction]),
    requester: sum(sentBy(history, 'requester')),
    solver: sum(sentBy(history, 'solver')),
    verifier: sum(sentBy(history, 'verifier')),
    parts: { solver: partsOf(evidence, 'solver'), verifier: partsOf(evidence, 'verifier') },
  }
}
