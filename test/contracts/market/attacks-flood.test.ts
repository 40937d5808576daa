import type { Address } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import type { Hash } from '../../../interpreter/index.ts'
import { deadlineOf } from '../../../protocol/turns.ts'
import type { Receipt } from '../../helpers/evm.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { lying, sendMove, sendTimeout, standingOf } from '../../helpers/toy-game.ts'
import { ENTRY, ToyMarket, VERDICT } from '../../helpers/toy-market.ts'
import { follow, pretend, type Standing } from '../../helpers/toy-players.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const FLOOD = 20
const GWEI = 10n ** 9n

/** A game between the honest entry and a Sybil's. */
interface Live {
  readonly sybil: ToyClaim
  readonly game: Hash
  readonly standing: Standing
}

let market: ToyMarket
let task: ToyTask
let truth: ToyClaim
let honest: Address
let sybils: readonly Address[]
/** Gas that each side paid for. */
const spent = { honest: 0n, sybils: 0n }

beforeAll(async () => {
  market = await ToyMarket.create()
  honest = market.account(1)
  sybils = market.evm.accounts.slice(2)
  for (const sybil of sybils) await market.fund(sybil)
  task = await market.createTask(1000n, 900n, { minPrice: GWEI, maxPrice: GWEI })
  truth = market.claim(task, honest)
})

async function pays(side: keyof typeof spent, sent: Promise<Receipt>): Promise<Receipt> {
  const receipt = await sent
  spent[side] += receipt.gasUsed
  return receipt
}

/** Twenty lies of the Sybils; copies of the same lies by other owners where `shift` is another. */
const lies = (shift: number): ToyClaim[] =>
  Array.from({ length: FLOOD }, (_, i) =>
    lying(market, task, sybils[(i + shift) % sybils.length] as Address, BigInt(100 + 500 * i), BigInt(1 + i)),
  )

const liveIn = (sybil: ToyClaim, receipt: Receipt): Live => ({ sybil, ...standingOf(market, receipt) })

/** The move of whoever is on move; nothing is left of the game if that was its proof, or there is none. */
async function moved(live: Live, late: Live[]): Promise<Live | undefined> {
  const { sybil, game, standing } = live
  const side = standing.turn.mover.player === honest ? 'honest' : 'sybils'
  const strategy = side === 'honest' ? follow(truth.machine) : pretend(sybil.machine)
  const move = strategy(standing, market.rules.arity)
  if (move === undefined) {
    late.push(live)
    return undefined
  }
  const receipt = await pays(side, sendMove(market, game, standing, move))
  return move.kind === 'prove' ? undefined : liveIn(sybil, receipt)
}

/** Plays all games at once, move by move, then ends those whose Sybil has nothing to say, and buries the losers. */
async function playAll(games: readonly Live[]): Promise<void> {
  const late: Live[] = []
  for (let running = [...games]; running.length > 0; ) {
    const next: Live[] = []
    for (const live of running) {
      const after = await moved(live, late)
      if (after !== undefined) next.push(after)
    }
    running = next
  }
  for (const { game, standing } of late) {
    expect(standing.turn.mover.player).not.toBe(honest)
    const end = deadlineOf(standing.turn)
    if ((await market.evm.now()) < end) await market.evm.advanceTo(end)
    await pays('honest', sendTimeout(market, game, standing))
  }
  for (const { sybil } of games) await pays('honest', market.bury(truth, sybil))
}

/** The honest one opens against all of them. */
async function fendOff(all: readonly ToyClaim[]): Promise<void> {
  const games: Live[] = []
  for (const sybil of all) games.push(liveIn(sybil, await pays('honest', market.open(truth, sybil))))
  await playAll(games)
}

test('challenger flood: twenty Sybils in each phase lose to one honest verifier, and pay for its gas', async () => {
  const [posted, ...others] = lies(0) as [ToyClaim, ...ToyClaim[]]
  const extra = lying(market, task, sybils[0] as Address, 7n)
  const first = [posted, ...others, extra]
  const [second, third] = [lies(1), lies(2)]
  await market.take(task, posted.owner)
  await market.post(posted)
  const { challenge, support, opening } = await market.phases(task)

  for (const sybil of [...others, extra]) await pays('sybils', market.enter(sybil))
  const stake = { bond: market.rules.bond, deposit: await market.deposit(task) }
  await pays('honest', market.enter(truth))
  await fendOff(first)
  expect(await market.evm.now()).toBeLessThan(challenge)

  await market.evm.advanceTo(challenge)
  for (const sybil of [...second, ...third]) await pays('sybils', market.enter(sybil))
  await fendOff(second)
  expect(await market.evm.now()).toBeLessThan(support)

  await market.evm.advanceTo(opening - 2n * BigInt(FLOOD))
  const games: Live[] = []
  for (const sybil of third) games.push(liveIn(sybil, await pays('sybils', market.open(sybil, truth))))
  expect(await market.evm.now()).toBeLessThan(opening)
  await playAll(games)

  const dead = [...first, ...second, ...third]
  expect(dead).toHaveLength(3 * FLOOD + 1)
  expect(await market.verdict(task)).toBe(VERDICT.SETTLED)
  for (const sybil of dead) expect(await market.entry(sybil)).toMatchObject({ status: ENTRY.DEAD })
  const { gained } = await gains(market, { honest }, async () => {
    await pays('honest', market.finalise(truth))
    for (const sybil of dead) await pays('honest', market.payDead(sybil, [truth]))
  })
  const [count, refund] = [BigInt(dead.length), stake.deposit / 4n]
  const { bond } = stake
  expect(gained.honest).toEqual({
    free: bond + count * (bond / 2n),
    locked: -bond,
    wei: GWEI + stake.deposit + count * refund,
  })
  await expectConserved(market, 0n)

  const each = (gas: bigint) => `${gas} gas, ${gas / count} for each of ${count} games`
  console.log(`honest: ${each(spent.honest)}\nSybils: ${each(spent.sybils)}`)
  const gasPrice = BigInt((await market.stored(task)).gasPrice) * 10n ** 7n
  expect(count * refund).toBeGreaterThan(spent.honest * gasPrice)
})
