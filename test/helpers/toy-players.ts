import type { Hex } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { cut, segments } from '../../protocol/bisection.ts'
import type { Turn } from '../../protocol/turns.ts'
import type { Random } from './random.ts'
import { type ToyMachine, type ToyState, toyHash, toyState, toyWitness } from './toy-machine.ts'

/** A game as its last event tells it. */
export interface Standing {
  readonly turn: Turn
  readonly sequence: readonly Hash[]
}

export type ToyMove =
  | { readonly kind: 'bisect'; readonly segment: number; readonly mine: readonly Hash[] }
  | { readonly kind: 'prove'; readonly substep: number; readonly witness: readonly Hex[] }

/** Decides on a move; undefined = lets its clock run out. */
export type Strategy = (standing: Standing, arity: number) => ToyMove | undefined

/** Names a state; a hash, unless only equality matters. */
export type Naming = (state: ToyState) => Hash

/** The sequence over a range as a machine runs. */
export function sequenceOf(
  machine: ToyMachine,
  lo: bigint,
  len: bigint,
  arity: number,
  naming: Naming = toyHash,
): Hash[] {
  const n = segments(len, arity)
  return Array.from({ length: n + 1 }, (_, i) => {
    if (i === n) return naming(toyState(machine, lo + len))
    return naming(len > 1n ? toyState(machine, lo + cut(len, arity, i).from) : toyState(machine, lo, i))
  })
}

/** What a machine says of segment `segment`: the hashes after its start. */
export function answer(
  machine: ToyMachine,
  { turn }: Standing,
  arity: number,
  segment: number,
  naming: Naming = toyHash,
): Hash[] {
  const { from, steps } = cut(turn.len, arity, segment)
  return sequenceOf(machine, turn.lo + from, steps, arity, naming).slice(1)
}

/** First segment on which a machine disagrees with a sequence; -1 if there is none. */
export function disputed(
  machine: ToyMachine,
  { turn, sequence }: Standing,
  arity: number,
  naming: Naming = toyHash,
): number {
  return sequenceOf(machine, turn.lo, turn.len, arity, naming).findIndex((hash, i) => hash !== sequence[i]) - 1
}

/** Disputes the first hash that differs from its own machine's. */
export const follow =
  (machine: ToyMachine): Strategy =>
  (standing, arity) => {
    const { turn } = standing
    const index = disputed(machine, standing, arity)
    if (index < 0) return undefined
    if (turn.len === 1n)
      return { kind: 'prove', substep: index, witness: toyWitness(toyState(machine, turn.lo, index)) }
    return { kind: 'bisect', segment: index, mine: answer(machine, standing, arity, index) }
  }

/** Follows a dishonest machine as far as hashes go; there is no substep to prove it by. */
export const pretend =
  (machine: ToyMachine): Strategy =>
  (standing, arity) =>
    standing.turn.len === 1n ? undefined : follow(machine)(standing, arity)

const randomHash = (random: Random): Hash => `0x${Buffer.from(random.bytes(32)).toString('hex')}`

/** Disputes any segment with any hashes, some of them true, and has nothing to prove. */
export const babble =
  (random: Random, truth: ToyMachine): Strategy =>
  (standing, arity) => {
    const { turn, sequence } = standing
    if (turn.len === 1n) return undefined
    const segment = random.below(sequence.length - 1)
    const mixed = answer(truth, standing, arity, segment).map((hash) =>
      random.chance(0.5) ? hash : randomHash(random),
    )
    mixed[mixed.length - 1] = randomHash(random)
    return { kind: 'bisect', segment, mine: mixed }
  }
