import { encodeAbiParameters, encodeFunctionResult, type Hex, pad, zeroAddress, zeroHash } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { marketAbi, standing, withOrdinals, won } from '../protocol/index.ts'
import { ForgedHistory } from './errors.ts'
import type { Storage } from './history.ts'
import { standingOf } from './moving.ts'
import { KIND } from './results.ts'
import { type Audit, aliveOf, type Entry, type Game, requestOf, STATUS } from './state.ts'

/** Bits of Task.flags. */
const FLAG = { BY_REFERENCE: 1, OUTPUT_OMITTED: 2, PRICE_DUE: 4, TIP_PAID: 8, DELIVERED: 16 } as const
const GAS_PRICE_UNIT = 10n ** 7n

/**
 * The contracts must keep what the events add up to.
 * @throws ForgedHistory
 */
export function requireStored(audit: Audit): void {
  const told = audit.history.storage
  const made = storageOf(audit)
  requireWord('the task', told.task, made.task)
  for (const part of ['values', 'entries', 'payouts', 'games'] as const) {
    const ids = new Set([...Object.keys(told[part]), ...Object.keys(made[part])] as Hash[])
    for (const id of ids) requireWord(`${part} ${id}`, told[part][id], made[part][id])
  }
}

function requireWord(what: string, told: Hex | undefined, made: Hex | undefined): void {
  if (told?.toLowerCase() === made?.toLowerCase()) return
  throw new ForgedHistory('storage', undefined, `the contracts keep ${told} of ${what}, the events make it ${made}`)
}

/** What the contracts must keep, as they return it. */
function storageOf(audit: Audit): Storage {
  const entries = [...audit.entries.values()]
  const games = [...audit.games.values()]
  return {
    task: taskOf(audit),
    values: Object.fromEntries([...audit.values].map(([value, held]) => [value, wordOf(held)])),
    entries: Object.fromEntries(entries.map((entry) => [entry.id, entryOf(entry)])),
    payouts: Object.fromEntries(entries.map((entry) => [entry.id, payoutOf(entry)])),
    games: Object.fromEntries(games.map((game) => [game.id, slotOf(audit, game)])),
  }
}

function taskOf(audit: Audit): Hex {
  const { values, flags, status } = audit
  const final = audit.result?.outcome
  const held = [...values.values()]
  const result = {
    ...{ requestedAt: Number(audit.requestedAt), takenAt: Number(audit.takenAt), postedAt: Number(audit.postedAt) },
    valuesSeen: held.length,
    valuesAlive: held.filter((entries) => aliveOf(entries).length > 0).length,
    gasPrice: Number(audit.gasPrice / GAS_PRICE_UNIT),
    ...{ status, noShows: audit.noShows },
    ...{ kind: final?.kind ?? KIND.NONE, code: final?.code ?? 0 },
    flags: flagsOf(audit, flags),
    subject: status === STATUS.FINAL ? (final?.outputRoot ?? zeroHash) : pad(audit.solver ?? zeroAddress),
  }
  return encodeFunctionResult({ abi: marketAbi, functionName: 'taskOf', result })
}

function flagsOf(audit: Audit, { priceDue, tipPaid, delivered }: Audit['flags']): number {
  const set: readonly (readonly [boolean, number])[] = [
    [requestOf(audit).byReference, FLAG.BY_REFERENCE],
    [audit.result?.outcome.outputOmitted === true, FLAG.OUTPUT_OMITTED],
    [priceDue, FLAG.PRICE_DUE],
    [tipPaid, FLAG.TIP_PAID],
    [delivered, FLAG.DELIVERED],
  ]
  return set.reduce((bits, [isSet, flag]) => (isSet ? bits | flag : bits), 0)
}

function wordOf(entries: readonly Entry[]): Hex {
  const [first] = entries
  return encodeFunctionResult({
    ...{ abi: marketAbi, functionName: 'valueOf' },
    result: {
      first: first?.owner ?? zeroAddress,
      firstStatus: first?.status ?? 0,
      firstGames: first?.games.length ?? 0,
      alive: aliveOf(entries).length,
      count: entries.length,
    },
  })
}

const entryOf = ({ status, games, ordinal }: Entry): Hex =>
  encodeFunctionResult({
    ...{ abi: marketAbi, functionName: 'entryOf', result: { status, games: games.length, ordinal } },
  })

const payoutOf = ({ payout }: Entry): Hex =>
  encodeFunctionResult({ ...{ abi: marketAbi, functionName: 'payoutOf', result: payout } })

function slotOf(audit: Audit, game: Game): Hex {
  const slot = withOrdinals(...game.ordinals)
  const word = game.winner === undefined ? standing(slot, standingOf(audit, game)) : won(slot, game.winner)
  return encodeAbiParameters([{ type: 'bytes32' }], [word])
}
