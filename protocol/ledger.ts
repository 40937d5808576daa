import { type Address, type PublicClient, zeroHash } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { rootOf } from './bisection.ts'
import { type Claim, gameId } from './game-ids.ts'
import { gamesAbi, marketAbi } from './generated/abi.ts'
import type { Head } from './reader.ts'
import type { MarketRules } from './rules.ts'
import { standing, withOrdinals, won } from './slots.ts'
import { commitment, type Seat } from './turns.ts'
import type { EntryStatus, EntryView, GameView, TaskStatus, TaskView } from './view.ts'

/** What the storage holds of a task: what its events must add up to. */
export interface Ledger {
  readonly status: TaskStatus | 'none'
  /** Times of the last take and of the post; 0 = never. */
  readonly takenAt: bigint
  readonly postedAt: bigint
  readonly valuesSeen: number
  readonly valuesAlive: number
  /** Entries of each value: those that did not die, and all. */
  readonly values: ReadonlyMap<Hash, { readonly alive: number; readonly count: number }>
  /** One's own entries. */
  readonly entries: ReadonlyMap<Hash, LedgerEntry>
  /** What the slot of each game holds, also of one that was never opened. */
  readonly standings: ReadonlyMap<Hash, Hash>
}

export interface LedgerEntry extends Claim {
  readonly status: EntryStatus | 'none'
  readonly games: number
  readonly ordinal: number
}

/** As TaskStatus and EntryStatus of contracts/interfaces/Task.sol. */
const TASK_STATUS = [
  'none',
  'open',
  'taken',
  'posted',
  'final',
  'void',
  'cancelled',
  'expired',
  'abandoned',
] as const satisfies readonly Ledger['status'][]
const ENTRY_STATUS = [
  'none',
  'alive',
  'dead',
  'released',
  'divided',
] as const satisfies readonly LedgerEntry['status'][]

/** In these nobody has taken the task. */
const UNTAKEN: readonly Ledger['status'][] = ['none', 'open', 'cancelled', 'expired']

/** Reads the storage as it is at the block `head`, for the values, entries and games of `expected`. */
export async function readLedger(
  client: PublicClient,
  { market: address, games }: MarketRules,
  task: Hash,
  expected: Ledger,
  { number: blockNumber }: Head,
): Promise<Ledger> {
  const market = { address, abi: marketAbi, blockNumber } as const
  const board = { address: games, abi: gamesAbi, blockNumber } as const
  const slot = async (game: Hash) =>
    [game, await client.readContract({ ...board, functionName: 'standing', args: [game] })] as const
  const value = async (id: Hash) => {
    const { alive, count } = await client.readContract({ ...market, functionName: 'valueOf', args: [task, id] })
    return [id, { alive, count }] as const
  }
  const entry = async ([id, { owner, value }]: readonly [Hash, LedgerEntry]) => {
    const args = [task, { owner, value }] as const
    const { status, games, ordinal } = await client.readContract({ ...market, functionName: 'entryOf', args })
    return [id, { owner, value, status: ENTRY_STATUS[status] ?? 'none', games, ordinal }] as const
  }
  const [{ status, takenAt, postedAt, valuesSeen, valuesAlive }, values, entries, standings] = await Promise.all([
    client.readContract({ ...market, functionName: 'taskOf', args: [task] }),
    Promise.all([...expected.values.keys()].map(value)),
    Promise.all([...expected.entries].map(entry)),
    Promise.all([...expected.standings.keys()].map(slot)),
  ])
  const stands = TASK_STATUS[status] ?? 'none'
  return {
    status: stands,
    // After a no-show the time of the last take lies about.
    takenAt: UNTAKEN.includes(stands) ? 0n : BigInt(takenAt),
    ...{ postedAt: BigInt(postedAt), valuesSeen, valuesAlive },
    values: new Map(values),
    entries: new Map(entries),
    standings: new Map(standings),
  }
}

/**
 * What the storage must hold if a task's events are complete as far as the entries and games of `owner` go: each game
 * that it may have with a living rival, opened or not.
 */
export function expectedLedger(task: TaskView, owner: Address): Ledger {
  const { status, takenAt = 0n, postedAt = 0n } = task
  const all = [...task.entries.values()]
  const mine = all.filter((entry) => entry.owner === owner)
  const standings = new Map<Hash, Hash>()
  for (const { id, value } of mine.filter(isAlive)) {
    for (const rival of all.filter((entry) => isAlive(entry) && entry.value !== value)) {
      const game = gameId(id, rival.id)
      standings.set(game, expectedSlot(task.games.get(game)))
    }
  }
  const count = (value: Hash) => all.filter((entry) => entry.value === value).length
  return {
    ...{ status, takenAt, postedAt, standings },
    valuesSeen: task.values.size,
    valuesAlive: [...task.values.values()].filter((alive) => alive > 0).length,
    values: new Map([...task.values].map(([value, alive]) => [value, { alive, count: count(value) }])),
    entries: new Map(mine.map((entry) => [entry.id, ledgerEntry(entry)])),
  }
}

const isAlive = ({ status }: EntryView): boolean => status === 'alive'

const ledgerEntry = ({ owner, value, status, ordinal, opponents }: EntryView): LedgerEntry => ({
  ...{ owner, value, status, ordinal },
  games: opponents.length,
})

function expectedSlot(game: GameView | undefined): Hash {
  if (game === undefined) return zeroHash
  const { ordinals, seats, winner, turn, sequence } = game
  const word = withOrdinals(...ordinals)
  if (winner !== undefined) return won(word, seats.indexOf(winner) as Seat)
  return standing(word, commitment(turn, rootOf(sequence)))
}

/** Whether two ledgers hold the same. */
export const agree = (a: Ledger, b: Ledger): boolean =>
  a.status === b.status &&
  a.takenAt === b.takenAt &&
  a.postedAt === b.postedAt &&
  a.valuesSeen === b.valuesSeen &&
  a.valuesAlive === b.valuesAlive &&
  [...a.values].every(([value, { alive, count }]) => {
    const other = b.values.get(value)
    return other?.alive === alive && other.count === count
  }) &&
  [...a.entries].every(([id, { status, games, ordinal }]) => {
    const other = b.entries.get(id)
    return other?.status === status && other.games === games && other.ordinal === ordinal
  }) &&
  [...a.standings].every(([game, word]) => b.standings.get(game) === word)

/** Whether a stake of `owner` can be lost in a task: it took it and has not posted, or has an entry before the verdict. */
export function isAtStake({ status, solver, verdict, entries }: TaskView, owner: Address): boolean {
  if (status === 'taken') return solver === owner
  if (status !== 'posted' || verdict !== 'pending') return false
  return [...entries.values()].some((entry) => entry.owner === owner && isAlive(entry))
}
