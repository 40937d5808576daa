import type { Address, PublicClient } from 'viem'
import { type Hash, toHex } from '../interpreter/index.ts'
import { rootOf } from './bisection.ts'
import { gameId } from './game-ids.ts'
import { arenaAbi } from './generated/abi.ts'
import type { Head } from './reader.ts'
import type { ArenaRules } from './rules.ts'
import { commitment } from './turns.ts'
import type { EntryView, GameView, TaskView } from './view.ts'

/** What the arena's storage holds of a task: what its events must add up to. */
export interface Ledger {
  /** Time of the first entry. */
  readonly posted: bigint
  readonly valuesSeen: number
  readonly valuesAlive: number
  /** Living entries of each value. */
  readonly entriesAlive: ReadonlyMap<Hash, number>
  /** What the slot of each game holds, also of one that was never opened. */
  readonly standings: ReadonlyMap<Hash, Hash>
}

const NEVER_OPENED = toHex(new Uint8Array(32))

/** Reads the storage as it is at the block `head`, for the values and games of `expected`. */
export async function readLedger(
  client: PublicClient,
  { arena: address }: ArenaRules,
  task: Hash,
  expected: Ledger,
  { number: blockNumber }: Head,
): Promise<Ledger> {
  const arena = { address, abi: arenaAbi, blockNumber } as const
  const standing = async (game: Hash) =>
    [game, await client.readContract({ ...arena, functionName: 'standing', args: [game] })] as const
  const living = async (value: Hash) => {
    const [alive] = await client.readContract({ ...arena, functionName: 'valueOf', args: [task, value] })
    return [value, Number(alive)] as const
  }
  const [{ posted, valuesSeen, valuesAlive }, entriesAlive, standings] = await Promise.all([
    client.readContract({ ...arena, functionName: 'taskOf', args: [task] }),
    Promise.all([...expected.entriesAlive.keys()].map(living)),
    Promise.all([...expected.standings.keys()].map(standing)),
  ])
  return {
    posted,
    valuesSeen: Number(valuesSeen),
    valuesAlive: Number(valuesAlive),
    entriesAlive: new Map(entriesAlive),
    standings: new Map(standings),
  }
}

/**
 * What the storage must hold if a task's events are complete as far as the games of `owner` go: each game that
 * it may have with a living rival, opened or not.
 */
export function expectedLedger(rules: ArenaRules, task: TaskView, owner: Address): Ledger {
  const { phases, values, games } = task
  const alive = [...task.entries.values()].filter(({ status }) => status === 'alive')
  const standings = new Map<Hash, Hash>()
  for (const mine of alive.filter((entry) => entry.owner === owner)) {
    for (const rival of alive.filter(({ value }) => value !== mine.value)) {
      const id = gameId(mine.id, rival.id)
      standings.set(id, expectedStanding(games.get(id)))
    }
  }
  return {
    posted: phases === undefined ? 0n : phases.challenge - rules.challenge,
    valuesSeen: values.size,
    valuesAlive: [...values.values()].filter((count) => count > 0).length,
    entriesAlive: values,
    standings,
  }
}

function expectedStanding(game: GameView | undefined): Hash {
  if (game === undefined) return NEVER_OPENED
  if (game.winner === undefined) return commitment(game.turn, rootOf(game.sequence))
  return wonBy(game.seats.indexOf(game.winner))
}

const wonBy = (seat: number): Hash => `0x${(seat + 1).toString(16).padStart(64, '0')}`

/** Whether two ledgers hold the same. */
export const agree = (a: Ledger, b: Ledger): boolean =>
  a.posted === b.posted &&
  a.valuesSeen === b.valuesSeen &&
  a.valuesAlive === b.valuesAlive &&
  [...a.entriesAlive].every(([value, alive]) => b.entriesAlive.get(value) === alive) &&
  [...a.standings].every(([game, standing]) => b.standings.get(game) === standing)

/** Whether an entry of `owner` is at stake in a task. */
export const isAtStake = ({ status, entries }: TaskView, owner: Address): boolean =>
  status === 'live' &&
  [...entries.values()].some((entry: EntryView) => entry.owner === owner && entry.status === 'alive')
