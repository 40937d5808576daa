import type { Address } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { pathTo, rootOf } from '../../protocol/bisection.ts'
import { deadlineOf, decodeTurn, encodeTurn, type Seat } from '../../protocol/turns.ts'
import { encode, eventsOf, type Receipt } from './evm.ts'
import type { ToyMarket } from './toy-market.ts'
import { follow, pretend, type Standing, type Strategy, type ToyMove } from './toy-players.ts'
import type { ToyClaim, ToyTask } from './toy-task.ts'

/** What happened in a game: who won, and every transaction on the way. */
export interface Played {
  readonly winner: Seat
  readonly receipts: readonly Receipt[]
  readonly standings: readonly Standing[]
}

/** The game's id and its standing assertion, read from the events of an opening or a move. */
export function standingOf(market: ToyMarket, receipt: Receipt): { game: Hash; standing: Standing } {
  const moved = eventsOf(market.games, receipt, 'Moved')[0]
  if (moved === undefined) throw new Error('no Moved event')
  return { game: moved.args.game, standing: { turn: decodeTurn(moved.args.turn), sequence: moved.args.sequence } }
}

/** Arguments of `bisect` for a move. */
export function bisectArgs(game: Hash, { turn, sequence }: Standing, segment: number, mine: readonly Hash[]) {
  const [start, end] = sequence.slice(segment, segment + 2) as [Hash, Hash]
  return [game, encodeTurn(turn), BigInt(segment), start, end, pathTo(sequence, segment), mine] as const
}

/** Arguments of `prove` for a move. */
export function proveArgs(game: Hash, { turn, sequence }: Standing, substep: number, witness: readonly Hash[]) {
  const end = sequence[substep + 1] as Hash
  return [game, encodeTurn(turn), BigInt(substep), end, pathTo(sequence, substep), witness] as const
}

/** Calldata of a move. */
export function moveData(market: ToyMarket, game: Hash, standing: Standing, move: ToyMove) {
  return move.kind === 'bisect'
    ? encode(market.games, 'bisect', bisectArgs(game, standing, move.segment, move.mine))
    : encode(market.games, 'prove', proveArgs(game, standing, move.substep, move.witness))
}

/** Sends a move of the player on move, by itself or by an operator. */
export const sendMove = (
  market: ToyMarket,
  game: Hash,
  standing: Standing,
  move: ToyMove,
  by: Address = standing.turn.mover.player,
): Promise<Receipt> => market.evm.sendData(by, market.games, moveData(market, game, standing, move))

/** Ends a game whose mover is late; by an account that has nothing to do with it. */
export const sendTimeout = (market: ToyMarket, game: Hash, { turn, sequence }: Standing): Promise<Receipt> =>
  market.evm.send(market.stranger, market.games, 'timeout', [game, encodeTurn(turn), rootOf(sequence)])

/** Who won a finished game. */
export async function winnerOf(market: ToyMarket, game: Hash): Promise<Seat> {
  const body = BigInt.asUintN(208, BigInt(await market.evm.read(market.games, 'standing', [game])))
  if (body !== 1n && body !== 2n) throw new Error(`game ${game} is not over`)
  return Number(body - 1n) as Seat
}

/** Plays an opened game to its end; `strategies` by seat, `thinks` gives the seconds before a move. */
export async function play(
  market: ToyMarket,
  opening: Receipt,
  strategies: readonly [Strategy, Strategy],
  thinks: () => bigint = () => 1n,
): Promise<Played> {
  let { game, standing } = standingOf(market, opening)
  const standings = [standing]
  const receipts = [opening]
  for (;;) {
    const move = strategies[standing.turn.mover.seat](standing, market.rules.arity)
    if (move === undefined) {
      await market.evm.at(deadlineOf(standing.turn) + 1n)
      receipts.push(await sendTimeout(market, game, standing))
      break
    }
    await market.evm.at(standing.turn.moved + thinks())
    receipts.push(await sendMove(market, game, standing, move))
    if (move.kind === 'prove') break
    ;({ game, standing } = standingOf(market, receipts.at(-1) as Receipt))
    standings.push(standing)
  }
  return { winner: await winnerOf(market, game), receipts, standings }
}

/** Opens a game between two entered claims and plays it; strategies by claim. */
export async function playBetween(
  market: ToyMarket,
  opener: ToyClaim,
  target: ToyClaim,
  strategies: { readonly opener: Strategy; readonly target: Strategy },
  thinks?: () => bigint,
): Promise<Played & { readonly openerWon: boolean }> {
  const openerFirst = BigInt(opener.entry) < BigInt(target.entry)
  const bySeat: [Strategy, Strategy] = openerFirst
    ? [strategies.opener, strategies.target]
    : [strategies.target, strategies.opener]
  const played = await play(market, await market.open(opener, target), bySeat, thinks)
  return { ...played, openerWon: played.winner === (openerFirst ? 0 : 1) }
}

/** A claim whose root is off from one substep on. */
export const lying = (market: ToyMarket, task: ToyTask, owner: Address, substep: bigint, by = substep): ToyClaim =>
  market.claim(task, owner, { ...task.truth, lie: { substep, by } })

/** Neither side moves: whoever is on move first loses. */
export const SILENCE = { opener: () => undefined, target: () => undefined } as const

/** Opens a game, lets the loser pretend until it has nothing to prove, and buries it. */
export async function defeat(market: ToyMarket, winner: ToyClaim, loser: ToyClaim): Promise<Played> {
  const strategies = { opener: follow(winner.machine), target: pretend(loser.machine) }
  return buryAfter(market, winner, loser, strategies)
}

/** Opens a game, lets the loser's clock run out, and buries it: so a lie can win. */
export const outlast = (market: ToyMarket, winner: ToyClaim, loser: ToyClaim): Promise<Played> =>
  buryAfter(market, winner, loser, SILENCE)

async function buryAfter(
  market: ToyMarket,
  winner: ToyClaim,
  loser: ToyClaim,
  strategies: { readonly opener: Strategy; readonly target: Strategy },
): Promise<Played> {
  const played = await playBetween(market, winner, loser, strategies)
  if (!played.openerWon) throw new Error(`${winner.entry} did not win`)
  await market.bury(winner, loser)
  return played
}
