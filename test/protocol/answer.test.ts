import { describe, expect, it } from 'vitest'
import {
  answer,
  disputedSegment,
  maxMoves,
  ownSequence,
  pair,
  rootFrom,
  rootOf,
  segmentRange,
} from '../../protocol/index.ts'
import { SUBSTEPS } from '../../spec/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { FALSE, gameOf, LIE, MINE, TRUTH } from '../helpers/situations.ts'
import { toyTrace } from '../helpers/toy-trace.ts'

const TASK = FALSE.id
const LENGTHS = [1n, 2n, 3n, 15n, 16n, 17n, 1_000n, 2n ** 32n, 2n ** 63n]

describe('ownSequence', () => {
  it.each(LENGTHS)('has the hashes at the cuts of %d steps, both ends included', (len) => {
    const trace = toyTrace({ root: 5n, haltAt: 0n }, 2n ** 63n)
    const sequence = ownSequence(trace, { lo: 0n, len }, 16)
    expect([sequence[0], sequence.at(-1)]).toEqual([trace.hashAt(0n), trace.hashAt(len)])
    expect(sequence.length).toBe(len === 1n ? SUBSTEPS + 1 : 1 + Math.ceil(Number(len) / Math.ceil(Number(len) / 16)))
  })
})

describe('segmentRange', () => {
  it.each([2, 3, 16, 32])('cuts a range into segments that meet and lose nothing, at arity %i', (arity) => {
    for (const len of LENGTHS.slice(1)) {
      const range = { lo: 7n, len }
      let at = range.lo
      for (let j = 0; at < range.lo + len; j++) {
        const part = segmentRange(range, arity, j)
        expect(part.lo).toBe(at)
        expect(part.len > 0n && part.len < len).toBe(true)
        at += part.len
      }
      expect(at).toBe(range.lo + len)
    }
  })
})

describe('disputedSegment', () => {
  it('finds the first pair that goes from an own state to a foreign one', () => {
    expect(disputedSegment(['0x1', '0x2', '0x9', '0x4', '0x9'], ['0x1', '0x2', '0x3', '0x4', '0x5'])).toBe(1)
  })

  it('finds none where the end is an own state, or the start is not', () => {
    expect(disputedSegment(['0x1', '0x2'], ['0x1', '0x2'])).toBe(-1)
    expect(disputedSegment(['0x9', '0x8'], ['0x1', '0x2'])).toBe(-1)
  })
})

describe('answer', () => {
  it('names the pair that it disputes by a path to the standing root', () => {
    const game = gameOf(MINE, FALSE, LIE, 0n, 8n)
    const move = answer(TASK, game, TRUTH, 2)
    if (typeof move === 'string' || move.kind !== 'bisect') throw new Error(`unexpected ${JSON.stringify(move)}`)
    expect(rootFrom(pair(move.start, move.end), move.segment, move.path)).toBe(rootOf(game.sequence))
    expect(move.mine).toEqual(ownSequence(TRUTH, { lo: 4n, len: 4n }, 2).slice(1))
  })

  it('proves the first wrong substep of a single step', () => {
    const move = answer(TASK, gameOf(MINE, FALSE, LIE, 5n, 1n), TRUTH, 2)
    expect(move).toMatchObject({ kind: 'prove', substep: 0, witness: TRUTH.witness(5n, 0) })
  })

  it('gives none to a sequence that begins in a foreign state', () => {
    expect(answer(TASK, gameOf(MINE, FALSE, LIE, 6n, 2n), TRUTH, 2)).toBe('standingStartForeign')
  })

  it('gives none to a sequence that ends in an own state', () => {
    expect(answer(TASK, gameOf(MINE, FALSE, TRUTH, 0n, 8n), TRUTH, 2)).toBe('nothingToDispute')
  })

  it('always exists for the truth, and wins, whoever answers and however the other lies', () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < 300; i++) {
      const arity = random.pick([2, 3, 16])
      const len = random.chance(0.5)
        ? BigInt(1 + random.below(40))
        : BigInt(random.uint32()) << BigInt(random.below(31))
      if (len > 0n)
        expect(
          playOut(len, arity, () => random.uint32(), random.chance(0.5)),
          `game ${i}`,
        ).toBe(true)
    }
  })
})

/** Plays the moves alone, without a chain: whether the truth never lacked an answer, and the liar lost. */
function playOut(len: bigint, arity: number, uint32: () => number, liarOnMove: boolean): boolean {
  const machine = { root: 9n, haltAt: 0n }
  const at = ((BigInt(uint32()) << 32n) | BigInt(uint32())) % (len * BigInt(SUBSTEPS))
  const traces = [toyTrace(machine, len), toyTrace({ ...machine, lie: { substep: at, by: 1n } }, len)] as const
  let mover = liarOnMove ? 1 : 0
  let game = gameOf(MINE, FALSE, traces[1 - mover] ?? traces[0], 0n, len)
  game = { ...game, sequence: ownSequence(traces[1 - mover] ?? traces[0], { lo: 0n, len }, arity) }
  for (let moves = 0; moves <= maxMoves(len, arity); moves++) {
    const move = answer(TASK, game, traces[mover] ?? traces[0], arity)
    if (typeof move === 'string') return false
    // The liar's proof would show that its own substep does not follow; the truth's shows that the liar's does not.
    if (move.kind === 'prove') return game.turn.lo * BigInt(SUBSTEPS) + BigInt(move.substep) === at
    game = {
      ...game,
      sequence: [move.start, ...move.mine],
      turn: { ...game.turn, ...segmentRange(game.turn, arity, move.segment) },
    }
    mover = 1 - mover
  }
  return false
}
