import { isAddressEqual } from 'viem'
import type { Evidence } from './evidence.ts'
import type { EventName, Transaction } from './history.ts'
import { ADDRESSES, type Party, type Role } from './parties.ts'

/** What players pay for, in the order of a task. */
export const PURPOSES = ['taking', 'answer', 'moves', 'proof', 'verdict', 'callback'] as const
export type Purpose = (typeof PURPOSES)[number]

/** An entry that opens a game tells of its first assertion too: the first purpose that fits counts. */
const EVENTS: readonly (readonly [Purpose, readonly EventName[]])[] = [
  ['taking', ['Taken']],
  ['answer', ['Entered']],
  ['moves', ['Moved']],
  ['proof', ['Proved']],
  ['verdict', ['TimedOut', 'Buried', 'Finalised', 'PricePaid', 'EntryReleased', 'EntryDivided']],
  ['callback', ['Delivered']],
]

const purposeOf = ({ events }: Transaction): Purpose | undefined =>
  EVENTS.find(([, names]) => events.some(({ eventName }) => names.includes(eventName)))?.[0]

export const gasIn = (transactions: readonly Transaction[]): number =>
  Number(transactions.reduce((total, { gas }) => total + gas, 0n))

const sentBy = (history: readonly Transaction[], party: Party) =>
  history.filter(({ from }) => isAddressEqual(from, ADDRESSES[party]))

function partsOf(history: readonly Transaction[], role: Role): Readonly<Record<Purpose, number>> {
  const own = sentBy(history, role)
  const of = (purpose: Purpose) => gasIn(own.filter((transaction) => purposeOf(transaction) === purpose))
  return Object.fromEntries(PURPOSES.map((purpose) => [purpose, of(purpose)])) as Record<Purpose, number>
}

/** Gas of the moves and the proof, of all that each party sent, and of what each player sent by its purpose. */
export function gasOf({ history, dispute }: Evidence) {
  const moves = dispute?.moves.slice(1).map(({ transaction }) => transaction) ?? []
  const proof = dispute === undefined ? [] : [dispute.judged.transaction]
  return {
    game: gasIn([...moves, ...proof]),
    requester: gasIn(sentBy(history, 'payer')),
    solver: gasIn(sentBy(history, 'solver')),
    verifier: gasIn(sentBy(history, 'verifier')),
    parts: { solver: partsOf(history, 'solver'), verifier: partsOf(history, 'verifier') },
  }
}
