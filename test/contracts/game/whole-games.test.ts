import { beforeAll, describe, expect, test } from 'vitest'
import { maxMoves } from '../../../protocol/bisection.ts'
import { eventsOf, type Receipt } from '../../helpers/evm.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import { type Played, playBetween } from '../../helpers/toy-game.ts'
import type { ToyMachine } from '../../helpers/toy-machine.ts'
import { RULES, ToyMarket } from '../../helpers/toy-market.ts'
import { babble, follow, pretend, type Strategy } from '../../helpers/toy-players.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const GAMES = 40
const SUBSTEPS = 12n

type OpenedBy = 'liar' | 'honest'

/** A number from 1 to 2^bits. */
const upTo = (random: Random, bits: number): bigint =>
  (((BigInt(random.uint32()) << 32n) | BigInt(random.uint32())) % 2n ** BigInt(bits)) + 1n

/** Some way of not telling the truth about a machine's run. */
function randomLie(random: Random, { truth, maxSteps }: ToyTask): ToyMachine {
  const steps = truth.haltAt !== 0n && truth.haltAt < maxSteps ? truth.haltAt : maxSteps
  const substep = upTo(random, 64) % (steps * SUBSTEPS)
  const kind = random.below(3)
  if (kind === 0 && steps > 1n) return { ...truth, stopsAt: 1n + (upTo(random, 64) % (steps - 1n)) }
  if (kind === 1 && steps < maxSteps) return { ...truth, stopsAt: 0n }
  return { ...truth, lie: { substep, by: upTo(random, 32) } }
}

async function playOne(
  market: ToyMarket,
  task: ToyTask,
  lie: ToyMachine,
  strategy: Strategy,
  openedBy: OpenedBy,
  thinks?: () => bigint,
): Promise<Played & { readonly honestWon: boolean }> {
  const liar = market.claim(task, market.account(1), lie)
  const honest = market.claim(task, market.account(2))
  await market.takeAndPost(liar)
  await market.enter(honest)
  const tell = follow(task.truth)
  const [opener, target]: [ToyClaim, ToyClaim] = openedBy === 'liar' ? [liar, honest] : [honest, liar]
  const strategies = openedBy === 'liar' ? { opener: strategy, target: tell } : { opener: tell, target: strategy }
  const played = await playBetween(market, opener, target, strategies, thinks)
  return { ...played, honestWon: played.openerWon === (openedBy === 'honest') }
}

describe.each([2, 4, 16])('whole games at arity %i', (arity) => {
  let market: ToyMarket

  beforeAll(async () => {
    market = await ToyMarket.create({ arity, bond: 2n })
  })

  test('the truth wins against random lies and random play, whoever opens', async () => {
    const random = createRandom(TEST_SEED + arity)
    console.log(`seed ${random.seed}`)
    const endings = { proved: 0, timedOut: 0 }
    for (let game = 0; game < GAMES; game++) {
      const maxSteps = upTo(random, 1 + random.below(40))
      const task = await market.createTask(maxSteps, random.chance(0.5) ? upTo(random, 31) % maxSteps : 0n)
      const lie = randomLie(random, task)
      const strategy = random.chance(0.3) ? babble(random, task.truth) : pretend(lie)
      const thinks = () => BigInt(1 + random.below(Number(RULES.minimum)))
      const played = await playOne(market, task, lie, strategy, random.pick(['liar', 'honest'] as const), thinks)
      expect(played.honestWon, `game ${game}`).toBe(true)
      expect(played.receipts.length - 1).toBeLessThanOrEqual(maxMoves(maxSteps, arity))
      const proofs = eventsOf(market.games, played.receipts.at(-1) as Receipt, 'Proved')
      expect(played.standings.at(-1)?.turn.len).toBe(1n)
      endings[proofs.length === 1 ? 'proved' : 'timedOut']++
    }
    console.log(`arity ${arity}: ${endings.proved} lies refuted by the stepper, ${endings.timedOut} given up before it`)
    expect(Math.min(endings.proved, endings.timedOut)).toBeGreaterThan(GAMES / 10)
  })

  const edge = BigInt(arity)
  const ranges = [1n, 2n, edge - 1n, edge, edge + 1n, 2n ** 63n, 2n ** 63n + 1n, 2n ** 64n - 1n].filter(
    (len) => len > 0n,
  )

  test.each([...new Set(ranges)])(
    'a range of %i steps ends at the first, a middle and the last substep',
    async (len) => {
      for (const substep of [0n, (len * SUBSTEPS) / 2n, len * SUBSTEPS - 1n]) {
        for (const openedBy of ['liar', 'honest'] as const) {
          const task = await market.createTask(len)
          const lie = { ...task.truth, lie: { substep, by: 1n } }
          const played = await playOne(market, task, lie, pretend(lie), openedBy)
          expect(played.honestWon).toBe(true)
          const last = played.standings.at(-1)?.turn
          expect([last?.lo, last?.len]).toEqual([substep / SUBSTEPS, 1n])
        }
      }
    },
  )

  test('a machine that stopped steps to itself: a claim that it runs on is refuted', async () => {
    const task = await market.createTask(1000n, 10n)
    const played = await playOne(
      market,
      task,
      { ...task.truth, stopsAt: 0n },
      pretend({ ...task.truth, stopsAt: 0n }),
      'liar',
    )
    expect(played.honestWon).toBe(true)
    expect(played.standings[0]?.turn.len).toBe(1000n)
  })
})

describe('a wrong path', () => {
  test('loses the game although its end is right', async () => {
    const market = await ToyMarket.create({ arity: 2 })
    const task = await market.createTask(64n)
    const honest = market.claim(task, market.account(1))
    const rival = market.claim(task, market.account(2), { ...task.truth, lie: { substep: 700n, by: 1n } })
    await market.takeAndPost(honest)
    await market.enter(rival)
    const wrongPath = { ...task.truth, lie: { substep: 5n, by: 9n } }
    const openedWrongly = { ...honest, machine: wrongPath }
    const strategies = { opener: pretend(wrongPath), target: follow(rival.machine) }
    const { openerWon } = await playBetween(market, openedWrongly, rival, strategies)
    expect(openerWon).toBe(false)
  })
})
