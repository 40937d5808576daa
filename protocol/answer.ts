import type { Hash } from '../interpreter/index.ts'
import type { Bisect, Prove, SkipReason } from './actions.ts'
import { cut, pathTo, segments } from './bisection.ts'
import type { PlayedTrace } from './played-trace.ts'
import type { GameView } from './view.ts'

/** A range of a game: `len` steps from step `lo`; one step is the twelve substeps of it. */
export interface Range {
  readonly lo: bigint
  readonly len: bigint
}

/** A range of one step is cut into its substeps. */
const STEP_LEVEL = 1n

/** The steps at the cuts of a range. */
function cutsOf({ lo, len }: Range, arity: number): bigint[] {
  const starts = Array.from({ length: segments(len, arity) }, (_, j) => lo + cut(len, arity, j).from)
  return [...starts, lo + len]
}

/** One's own sequence for a range: n+1 hashes. */
export function ownSequence(trace: PlayedTrace, { lo, len }: Range, arity: number): Hash[] {
  if (len === STEP_LEVEL) return trace.substepHashes(lo)
  return trace.hashesAt(cutsOf({ lo, len }, arity))
}

/** The range of one segment. */
export function segmentRange({ lo, len }: Range, arity: number, segment: number): Range {
  const { from, steps } = cut(len, arity, segment)
  return { lo: lo + from, len: steps }
}

/** Index of the first segment whose start is one's own state and whose end is not; -1 if there is none. */
export const disputedSegment = (standing: readonly Hash[], own: readonly Hash[]): number =>
  standing.findIndex((hash, j) => hash === own[j] && j + 1 < standing.length && standing[j + 1] !== own[j + 1])

/**
 * The move by which the owner of `trace` answers the standing sequence of a game.
 *
 * For one who asserted nothing but its own trace there always is one. The start of the sequence is its own state:
 * the initial one, which the contract computes, or the start of the pair that the rival accepted out of this
 * player's last sequence. The end is not: the rival's value, or the state that the rival put in the place of a
 * disputed one, which the contract requires to differ. So somewhere between the two a pair goes from an own
 * state to a foreign one. Only an account that asserted something else, by another program or a broken machine,
 * can meet a foreign start (it accepted or asserted a state that is not in its trace) or an own end; it has no
 * true answer then, and gives none.
 */
export function answer(task: Hash, game: GameView, trace: PlayedTrace, arity: number): Bisect | Prove | SkipReason {
  const { turn, sequence } = game
  const own = ownSequence(trace, turn, arity)
  if (sequence[0] !== own[0]) return 'standingStartForeign'
  const segment = disputedSegment(sequence, own)
  if (segment < 0) return 'nothingToDispute'
  const start = sequence[segment] as Hash
  const end = sequence[segment + 1] as Hash
  const named = { task, game: game.id, turn, end, path: pathTo(sequence, segment) }
  if (turn.len === STEP_LEVEL) {
    const witness = trace.witness(turn.lo, segment)
    return { kind: 'prove', reason: 'substepDisputed', ...named, substep: segment, witness, followedBy: [] }
  }
  const mine = ownSequence(trace, segmentRange(turn, arity, segment), arity).slice(1)
  return { kind: 'bisect', reason: 'segmentDisputed', ...named, segment, start, mine }
}
