import { type Hex, hexToBytes } from 'viem'
import { type Hash, type Judgement, judge, unpackRegisters } from '../interpreter/index.ts'
import {
  answered,
  clocksOf,
  commitment,
  cut,
  deadlineOf,
  decodeTurn,
  encodeTurn,
  gamesAbi,
  type PackedTurn,
  pair,
  rootFrom,
  rootOf,
  type Side,
  segments,
  type Turn,
} from '../protocol/index.ts'
import { callsIn } from './calls.ts'
import type { ArgsOf } from './history.ts'
import { type Audit, type Game, holds, type Move, present, refuse, requestOf, same, timeOf } from './state.ts'

/** Moves of the games. Twin: contracts/game/Games.sol. */

export function moved(audit: Audit, { game: id, turn, sequence }: ArgsOf<'Moved'>): void {
  const { opening } = audit
  audit.opening = undefined
  if (opening !== undefined) {
    same(audit, 'turn', 'the game', id, opening.id)
    begin(audit, opening, turn, sequence)
    return
  }
  const game = running(audit, id)
  const last = lastOf(audit, game)
  const { segment, named, start, end, path, mine } = bisectCall(audit, game, last, turn)
  requireStanding(audit, last, named, segment, start, end, path)
  holds(audit, 'turn', last.turn.len > 1n, 'a range of one step cannot be cut')
  const next = answered(last.turn, segment, timeOf(audit), audit.rules.arity)
  same(audit, 'turn', 'the turn', turn, encodeTurn(next))
  same(audit, 'sequence', 'the sequence', sequence, [start, ...mine])
  same(audit, 'sequence', 'its length', mine.length, segments(next.len, audit.rules.arity))
  holds(audit, 'sequence', mine.at(-1) !== end, 'it ends in the state that it disputes')
  record(audit, game, next, sequence, segment)
}

/** The opener's first sequence, over the whole range. */
function begin(audit: Audit, game: Game, turn: PackedTurn, sequence: readonly Hash[]): void {
  const { opener, target, entries } = game
  const { initial, order } = requestOf(audit)
  const { budget: left, least } = clocksOf(audit.rules, order.maxSteps)
  const sideOf = (entry: typeof opener): Side => ({
    ...{ player: entry.owner, left, seat: entries[0] === entry ? 0 : 1 },
  })
  const len = larger(unpackRegisters(opener.regs).steps, unpackRegisters(target.regs).steps)
  const moved = timeOf(audit)
  const first: Turn = { mover: sideOf(target), waiter: sideOf(opener), lo: 0n, len, moved, least, ply: 0n }
  same(audit, 'turn', 'the turn', turn, encodeTurn(first))
  same(audit, 'sequence', 'its length', sequence.length, segments(len, audit.rules.arity) + 1)
  same(audit, 'sequence', 'its ends', [sequence[0], sequence.at(-1)], [initial, opener.value])
  record(audit, game, first, sequence, undefined)
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)

function record(audit: Audit, game: Game, turn: Turn, sequence: readonly Hash[], segment: number | undefined): void {
  const event = present(audit, 'order', 'event', audit.event)
  const { player: by, seat } = turn.waiter
  game.moves.push({ event, by, seat, segment, turn, sequence })
}

export function proved(audit: Audit, args: ArgsOf<'Proved'>): void {
  const game = running(audit, args.game)
  const last = lastOf(audit, game)
  const { turn, sequence } = last
  const substep = Number(args.substep)
  same(audit, 'turn', 'the range', turn.len, 1n)
  same(audit, 'judgement', 'the step', args.step, turn.lo)
  const claimed = present(audit, 'judgement', `substep ${substep}`, sequence[substep + 1])
  same(audit, 'judgement', 'the state before', args.pre, sequence[substep])
  const { path, witness, named, end } = proveCall(audit, game, last, args.substep)
  requireStanding(audit, last, named, substep, args.pre, end, path)
  const made = judgedHere(audit, witness)
  same(audit, 'judgement', 'what the judge makes of the witness', [args.pre, args.post], [made.pre, made.post])
  holds(audit, 'judgement', args.post !== claimed, 'the substep leads to the claimed state')
  const event = present(audit, 'order', 'event', audit.event)
  game.proof = { event, step: args.step, substep, pre: args.pre, post: args.post, claimed, witness }
  win(audit, game, args.seat, turn.mover.seat)
}

/** What the judge makes of a witness; the contract would have refused one that describes no state. */
function judgedHere(audit: Audit, witness: readonly Hash[]): Judgement {
  try {
    return judge(witness.map((word) => hexToBytes(word)))
  } catch (error) {
    return refuse(audit, 'judgement', error instanceof Error ? error.message : String(error))
  }
}

export function timedOut(audit: Audit, args: ArgsOf<'TimedOut'>): void {
  const game = running(audit, args.game)
  const last = lastOf(audit, game)
  const root = rootOf(last.sequence)
  const called = calls(audit, 'timeout', game.id).some(([, named, told]) => isTurn(named, last.turn) && told === root)
  holds(audit, 'call', called, 'no call ends the game with the sequence that stood')
  const deadline = deadlineOf(last.turn)
  holds(audit, 'time', timeOf(audit) > deadline, `the clock ran until ${deadline}`)
  win(audit, game, args.seat, last.turn.waiter.seat)
}

function win(audit: Audit, game: Game, seat: bigint, winner: Move['seat']): void {
  same(audit, 'winner', 'the seat that won', seat, winner)
  game.winner = winner
  game.end = audit.event
}

function running(audit: Audit, id: Hash): Game {
  const game = present(audit, 'turn', `game ${id}`, audit.games.get(id))
  holds(audit, 'turn', game.winner === undefined, 'the game is over')
  return game
}

const lastOf = (audit: Audit, { moves }: Game): Move => present(audit, 'turn', 'move before it', moves.at(-1))

/** A move answers the turn that stood, in time, and opens the pair that it disputes out of the sequence that stood. */
function requireStanding(
  audit: Audit,
  { turn, sequence }: Move,
  named: unknown,
  segment: number,
  start: Hash,
  end: Hash,
  path: readonly Hash[],
): void {
  const deadline = deadlineOf(turn)
  holds(audit, 'time', timeOf(audit) <= deadline, `the clock ran out after ${deadline}`)
  same(audit, 'turn', 'the turn answered', named, encodeTurn(turn))
  same(audit, 'call', 'the pair opened', [start, end], [sequence[segment], sequence[segment + 1]])
  const root = rootFrom(pair(start, end), segment, path)
  same(audit, 'call', 'the root of the sequence opened', root, rootOf(sequence))
}

type BisectArgs = readonly [Hash, PackedTurn, bigint, Hash, Hash, readonly Hash[], readonly Hash[]]
type ProveArgs = readonly [Hash, PackedTurn, bigint, Hash, readonly Hash[], readonly Hash[]]

/** The call that made a move: the one that leads to the turn told. */
function bisectCall(audit: Audit, game: Game, last: Move, told: PackedTurn) {
  const { lo, len } = decodeTurn(told)
  const count = segments(last.turn.len, audit.rules.arity)
  const isTold = (segment: bigint) => {
    if (segment >= BigInt(count)) return false
    const { from, steps } = cut(last.turn.len, audit.rules.arity, Number(segment))
    return last.turn.lo + from === lo && steps === len
  }
  const found = (calls(audit, 'bisect', game.id) as readonly BisectArgs[]).find(
    ([, named, segment]) => isTurn(named, last.turn) && isTold(segment),
  )
  if (found === undefined) refuse(audit, 'call', 'no call in the transaction makes this move')
  const [, named, segment, start, end, path, mine] = found
  return { named, segment: Number(segment), start, end, path, mine }
}

function proveCall(audit: Audit, game: Game, last: Move, told: bigint) {
  const found = (calls(audit, 'prove', game.id) as readonly ProveArgs[]).find(
    ([, named, substep]) => isTurn(named, last.turn) && substep === told,
  )
  if (found === undefined) refuse(audit, 'call', 'no call in the transaction makes this proof')
  const [, named, , end, path, witness] = found
  return { named, end, path, witness }
}

function calls(audit: Audit, name: 'bisect' | 'prove' | 'timeout', game: Hash): readonly (readonly unknown[])[] {
  return callsIn(inputOf(audit), gamesAbi, name, game)
}

/** The input of the transaction of the event that is looked at. */
export function inputOf(audit: Audit): Hex {
  const transaction = present(audit, 'order', 'event', audit.event).transaction
  return present(audit, 'call', `transaction ${transaction}`, audit.history.transactions.get(transaction)).input
}

function isTurn(named: unknown, turn: Turn): boolean {
  const { mover, waiter, position } = named as PackedTurn
  const packed = encodeTurn(turn)
  return mover === packed.mover && waiter === packed.waiter && position === packed.position
}

/** What the slot of a running game commits to. */
export const standingOf = (audit: Audit, game: Game): Hash => {
  const { turn, sequence } = lastOf(audit, game)
  return commitment(turn, rootOf(sequence))
}
