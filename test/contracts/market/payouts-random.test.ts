import type { Address } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import type { Receipt } from '../../helpers/evm.ts'
import { expectConserved, type Gain, gains } from '../../helpers/market-money.ts'
import { claimOfEnding } from '../../helpers/market-steps.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import { sendTimeout, standingOf } from '../../helpers/toy-game.ts'
import { ToyMarket, VERDICT } from '../../helpers/toy-market.ts'
import type { Opening, ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const TASKS = 40
/** Each of these happens among them. */
const ENDS = ['paid at once', 'price due', 'void'] as const
type End = (typeof ENDS)[number]

const GWEI = 10n ** 9n
const TERMS = { minPrice: 2n * GWEI, maxPrice: 9n * GWEI, ramp: 1000 }

/** An entry as this test keeps account of it. */
interface Kept {
  readonly claim: ToyClaim
  readonly opening: Opening
  /** Which of the values, 0 to 2. */
  readonly value: number
  /** Whom it played, in the order of opening. */
  readonly opponents: Kept[]
  alive: boolean
}

interface Game {
  readonly winner: Kept
  readonly loser: Kept
  readonly opened: Receipt
}

let market: ToyMarket
let requester: Address
let players: readonly Address[]

beforeAll(async () => {
  market = await ToyMarket.create()
  requester = market.account(0)
  players = market.evm.accounts.slice(1, 9)
})

function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)[0] as Item)
}

/** Up to eight entries of up to three values; the first is the solver's. */
async function enterAll(random: Random, task: ToyTask): Promise<Kept[]> {
  const kept: Kept[] = []
  for (let left = 1 + random.below(8); left > 0; left--) {
    const [value, owner] = [random.below(3), random.pick(players)]
    if (kept.some((other) => other.value === value && other.claim.owner === owner)) continue
    const ending = claimOfEnding(market, task, owner, { output: `0x0${value}` })
    if (kept.length === 0) await market.takeAndPost(ending.claim)
    else await market.enter(ending.claim)
    kept.push({ ...ending, value, opponents: [], alive: true })
  }
  return kept
}

/** Opens some of the games that could be, in any order and direction; each target will be late. */
async function openSome(random: Random, entries: readonly Kept[]): Promise<Game[]> {
  const pairs = entries.flatMap((a, i) => entries.slice(i + 1).map((b) => [a, b] as const))
  const games: Game[] = []
  for (const pair of shuffled(random, pairs)) {
    if (pair[0].value === pair[1].value || random.chance(0.2)) continue
    const [winner, loser] = random.chance(0.5) ? pair : ([pair[1], pair[0]] as const)
    games.push({ winner, loser, opened: await market.open(winner.claim, loser.claim) })
    winner.opponents.push(loser)
    loser.opponents.push(winner)
  }
  return games
}

/** Ends all games and buries who can be buried, in any order. */
async function buryAll(random: Random, games: readonly Game[]): Promise<void> {
  await market.evm.advanceTo((await market.evm.now()) + market.rules.budget + 3n)
  for (const { opened } of games) {
    const { game, standing } = standingOf(market, opened)
    await sendTimeout(market, game, standing)
  }
  for (const { winner, loser } of shuffled(random, games)) {
    if (!winner.alive || !loser.alive) continue
    await market.bury(winner.claim, loser.claim)
    loser.alive = false
  }
}

/** The value that settled, undefined if none did. */
function settledValue(entries: readonly Kept[]): number | undefined {
  const values = new Set(entries.filter(({ alive }) => alive).map(({ value }) => value))
  return values.size === 1 ? [...values][0] : undefined
}

/** All that there is to be paid, as calls, each of which may be several. */
function payments(random: Random, task: ToyTask, entries: readonly Kept[]): (() => Promise<void>)[] {
  const final = settledValue(entries)
  const holders = entries.filter(({ value }) => value === final)
  const close = async () => {
    const [first, ...later] = holders
    if (first === undefined) {
      await market.close(task, 'voidTask')
      return
    }
    await market.finalise(first.claim, first.opening)
    if (first.alive) return
    const owners = later.slice(0, later.findIndex(({ alive }) => alive) + 1).map(({ claim }) => claim.owner)
    const cut = random.below(owners.length)
    if (cut > 0) await market.payPrice(first.claim, owners.slice(0, cut))
    await market.payPrice(first.claim, owners.slice(cut))
  }
  const stakes = entries.map((entry) => async () => {
    if (entry.alive) await releaseOnce(entry)
    else await payInPieces(random, entry, final === undefined)
  })
  return [close, ...stakes]
}

/** The first entry of the final value has its stake back already where the price was paid before. */
async function releaseOnce({ claim }: Kept): Promise<void> {
  const { status } = await market.entry(claim)
  if (status === 1) await market.release(claim)
}

async function payInPieces(random: Random, { claim, opponents }: Kept, isVoid: boolean): Promise<void> {
  const living = opponents.map(({ alive }, i) => (alive ? i : -1)).filter((i) => i >= 0)
  const last = living.length < 4 ? opponents.length : (living[3] as number) + 1
  const walk = isVoid ? [] : opponents.slice(0, last)
  const cut = random.below(walk.length + 1)
  if (cut > 0 && cut < walk.length) {
    await market.payDead(
      claim,
      walk.slice(0, cut).map((opponent) => opponent.claim),
    )
  }
  await market.payDead(
    claim,
    walk.slice(cut === walk.length ? 0 : cut).map((opponent) => opponent.claim),
  )
}

/** What docs/protocol.md says that everybody gains once all is paid. */
function expected(entries: readonly Kept[], price: bigint, deposit: bigint): Map<Address, Required<Gain>> {
  const { bond } = market.rules
  const sums = new Map([requester, ...players].map((owner) => [owner, { free: 0n, locked: 0n, wei: 0n }]))
  const give = (owner: Address, { free = 0n, locked = 0n, wei = 0n }: Gain) => {
    const sum = sums.get(owner) as Required<Gain>
    sums.set(owner, { free: sum.free + free, locked: sum.locked + locked, wei: sum.wei + wei })
  }
  const final = settledValue(entries)
  const solver = entries.find(({ value, alive }) => value === final && alive)
  if (solver === undefined) give(requester, { wei: TERMS.maxPrice })
  else {
    give(solver.claim.owner, { wei: price })
    give(requester, { wei: TERMS.maxPrice - price })
  }
  for (const { claim, alive, opponents } of entries) {
    if (alive) give(claim.owner, { free: bond, locked: -bond, wei: deposit })
    else {
      give(claim.owner, { locked: -bond })
      const paid = final === undefined ? [] : opponents.filter((opponent) => opponent.alive).slice(0, 4)
      for (const opponent of paid) give(opponent.claim.owner, { wei: deposit / 4n })
      if (paid[0] !== undefined) give(paid[0].claim.owner, { free: bond / 2n })
      give(requester, { wei: deposit - BigInt(paid.length) * (deposit / 4n) })
    }
  }
  return sums
}

async function playTask(random: Random): Promise<End> {
  const task = await market.createTask(1000n, 10n, TERMS)
  const entries = await enterAll(random, task)
  const price = await market.evm.read(market.contract, 'priceAt', [
    task.request,
    BigInt((await market.stored(task)).takenAt),
  ])
  await buryAll(random, await openSome(random, entries))
  await market.evm.advanceTo((await market.phases(task)).end)
  const final = settledValue(entries)
  expect(await market.verdict(task)).toBe(final === undefined ? VERDICT.VOID : VERDICT.SETTLED)
  const deposit = await market.deposit(task)
  const owners = Object.fromEntries([requester, ...players].map((owner) => [owner, owner]))
  const { gained } = await gains(market, owners, async () => {
    for (const pay of shuffled(random, payments(random, task, entries))) await pay()
  })
  for (const [owner, sum] of expected(entries, price, deposit)) {
    expect({ free: 0n, locked: 0n, wei: 0n, ...gained[owner] }).toEqual(sum)
  }
  await expectConserved(market, 0n)
  if (final === undefined) return 'void'
  return entries.find(({ value }) => value === final)?.alive ? 'paid at once' : 'price due'
}

test('random arenas are paid as the rules say, in any order and in pieces, to the last token and wei', async () => {
  console.log(`seed ${TEST_SEED}`)
  const ends: End[] = []
  for (let n = 0; n < TASKS; n++) ends.push(await playTask(createRandom(TEST_SEED + n)))
  for (const end of ENDS) expect(ends).toContain(end)
})
