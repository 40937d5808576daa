import { beforeAll, describe, expect, test } from 'vitest'
import { maxMoves } from '../../../protocol/bisection.ts'
import { type ArenaRules, ToyArena, type ToyClaim } from '../../helpers/toy-arena.ts'
import { type Played, playBetween } from '../../helpers/toy-game.ts'
import { follow, pretend } from '../../helpers/toy-players.ts'

interface Measured {
  readonly arity: number
  readonly open: bigint
  /** The dearest move at STEP level, its event included. */
  readonly move: bigint
  /** The move that names the thirteen hashes around the substeps. */
  readonly substepMove: bigint
  readonly prove: bigint
  readonly moves: number
  /** Moves and proof of both sides, without the opening. */
  readonly total: bigint
}

const STEPS = 2n ** 32n
/** A lie in the last step leads through the last segment of every sequence: the longest way. */
const LIE = { substep: STEPS * 12n - 2n, by: 1n }

const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n)
const max = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b), 0n)

async function claims(arena: ToyArena): Promise<[ToyClaim, ToyClaim]> {
  const task = await arena.createTask(STEPS)
  const liar = arena.claim(task, arena.account(1), { ...task.truth, lie: LIE })
  const honest = arena.claim(task, arena.account(2))
  await arena.enter(liar)
  await arena.enter(honest)
  return [liar, honest]
}

/** Lets that side open which makes the honest player's last move the proof. */
function playToProof(arena: ToyArena, honest: ToyClaim, liar: ToyClaim): Promise<Played> {
  const [tell, lie] = [follow(honest.machine), pretend(liar.machine)]
  return maxMoves(STEPS, arena.rules.arity) % 2 === 0
    ? playBetween(arena, honest, liar, { opener: tell, target: lie })
    : playBetween(arena, liar, honest, { opener: lie, target: tell })
}

async function measure(changes: Partial<ArenaRules>): Promise<Measured> {
  const arena = await ToyArena.create(changes)
  const [liar, honest] = await claims(arena)
  const { receipts } = await playToProof(arena, honest, liar)
  const gas = receipts.map(({ gasUsed }) => gasUsed)
  return {
    arity: arena.rules.arity,
    open: gas[0] as bigint,
    move: max(gas.slice(1, -2)),
    substepMove: gas.at(-2) as bigint,
    prove: gas.at(-1) as bigint,
    moves: gas.length - 1,
    total: sum(gas.slice(1)),
  }
}

describe('gas of a dispute over 2^32 steps, judged by the toy machine', () => {
  const rows: Measured[] = []

  beforeAll(async () => {
    for (const arity of [2, 4, 8, 16, 32]) rows.push(await measure({ arity }))
    console.table(rows)
  })

  const row = (arity: number): Measured => rows.find((measured) => measured.arity === arity) as Measured

  test('a move at arity 2 costs at most 40k', () => expect(row(2).move).toBeLessThanOrEqual(40_000n))
  test('a move at arity 16 costs at most 58k', () => expect(row(16).move).toBeLessThanOrEqual(58_000n))
})
