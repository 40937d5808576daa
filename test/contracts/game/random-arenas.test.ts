import { describe, expect, test } from 'vitest'
import { ArenaSimulation, honestPlayer, type Player, randomLiar, traitor } from '../../helpers/arena-simulation.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import { ToyArena, type ToyClaim } from '../../helpers/toy-arena.ts'

const ARENAS = 10
const LIARS = 4
const HONEST = 1
const RULES = { arity: 4, budget: 300n, minimum: 40n, challenge: 400n, support: 150n, opening: 300n, bond: 101n }
const BURN = '0x000000000000000000000000000000000000dEaD'

/** Bonds paid out or slashed so far, kept by the test. */
interface Ledger {
  readonly minted: bigint
  gone: bigint
  actions: number
}

async function checkMoney(arena: ToyArena, ledger: Ledger, locked: number): Promise<void> {
  const escrow = await arena.balance(arena.contract.address)
  expect(escrow).toBe(BigInt(locked) * arena.rules.bond - ledger.gone)
  let total = escrow + (await arena.balance(BURN))
  for (let account = 0; account < 8; account++) total += await arena.balance(arena.account(account))
  expect(total).toBe(ledger.minted)
}

/** Money is conserved, and the counters of the contract are those of the model, after every action. */
function checker(ledger: Ledger) {
  return async (simulation: ArenaSimulation): Promise<void> => {
    ledger.actions++
    const { arena, task, entries } = simulation
    const { seen, alive } = simulation.values()
    const stored = await arena.evm.read(arena.contract, 'taskOf', [task.id])
    expect([stored.valuesSeen, stored.valuesAlive]).toEqual([BigInt(seen), BigInt(alive)])
    expect(alive).toBeGreaterThan(0)
    await checkMoney(arena, ledger, entries.size)
  }
}

/** What a liar may do now: enter, open, play, bury. */
async function actLiar(simulation: ArenaSimulation, player: Player, random: Random, phase: Phase): Promise<void> {
  const { claim, zeal } = player
  const seen = [...simulation.entries.keys()].some(({ value }) => value === claim.value)
  const mayEnter = phase === 'challenge' || (phase === 'support' && seen && simulation.values().seen > 1)
  if (!simulation.entries.has(claim) && mayEnter && random.chance(0.1)) await simulation.enter(claim)
  for (const rival of phase === 'end' || !simulation.isAlive(claim) ? [] : simulation.rivals(claim)) {
    if (random.chance(0.2 * zeal)) await simulation.open(claim, rival)
  }
  await simulation.play(player)
  await simulation.buryLosers(player)
}

/** The watcher's strategy: the truth is entered, every rival is challenged, every move is answered. */
async function actHonest(simulation: ArenaSimulation, player: Player, phase: Phase, waits: boolean): Promise<void> {
  const { claim } = player
  const now: Phase = waits ? 'support' : 'challenge'
  if (!simulation.entries.has(claim) && phase === now && simulation.entries.size > 0) await simulation.enter(claim)
  for (const rival of phase === 'end' || !simulation.isAlive(claim) ? [] : simulation.rivals(claim)) {
    await simulation.open(claim, rival)
  }
  await simulation.play(player)
  await simulation.buryLosers(player)
}

type Phase = 'challenge' | 'support' | 'opening' | 'end' | 'over'

async function phaseNow({ arena, task, entries }: ArenaSimulation): Promise<Phase> {
  if (entries.size === 0) return 'challenge'
  const now = (await arena.evm.now()) + 30n // the next round of actions is over by then
  const ends = await arena.phases(task)
  const names = ['challenge', 'support', 'opening', 'end'] as const
  return names.find((name) => now < ends[name]) ?? 'over'
}

async function runArena(arena: ToyArena, random: Random, ledger: Ledger): Promise<void> {
  const task = await arena.createTask(BigInt(1 + random.below(4096)))
  const simulation = new ArenaSimulation(arena, task, random, checker(ledger))
  const honest = honestPlayer(arena, task, HONEST)
  const liars = Array.from({ length: LIARS }, (_, i) => randomLiar(arena, task, random, 2 + i))
  const throwing = random.chance(0.5)
  if (throwing) liars.push(traitor(arena, task, 6))
  const [first] = liars as [Player, ...Player[]]
  await simulation.enter(first.claim)
  if (throwing) await simulation.enter((liars.at(-1) as Player).claim)
  for (let phase = await phaseNow(simulation); phase !== 'over'; phase = await phaseNow(simulation)) {
    await arena.evm.advanceTo((await arena.evm.now()) + BigInt(1 + random.below(15)))
    for (const liar of liars) await actLiar(simulation, liar, random, phase)
    await actHonest(simulation, honest, phase, throwing)
  }
  await settleAndPay(simulation, honest.claim, ledger)
}

async function settleAndPay(simulation: ArenaSimulation, honest: ToyClaim, ledger: Ledger): Promise<void> {
  const { arena } = simulation
  expect(simulation.isAlive(honest)).toBe(true)
  expect(simulation.values().alive).toBe(1)
  await arena.settle(honest)
  for (const [claim, life] of simulation.entries) {
    if (life === 'alive') await arena.withdraw(claim)
    else await arena.divide(claim, simulation.buriedBy.get(claim) as ToyClaim)
    ledger.gone += arena.rules.bond
    await checkMoney(arena, ledger, simulation.entries.size)
  }
  expect(await arena.balance(arena.contract.address)).toBe(0n)
  ledger.gone = 0n
}

describe('random arenas', () => {
  test('the truth settles, the honest lose nothing, and money is conserved after every action', async () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    const arena = await ToyArena.create(RULES)
    const ledger: Ledger = { minted: 8n * 10n ** 9n, gone: 0n, actions: 0 }
    for (let round = 0; round < ARENAS; round++) {
      const before = await arena.balance(arena.account(HONEST))
      await runArena(arena, random, ledger)
      expect(await arena.balance(arena.account(HONEST))).toBeGreaterThanOrEqual(before)
    }
    console.log(`${ARENAS} arenas, ${ledger.actions} actions`)
  }, 120_000)
})
