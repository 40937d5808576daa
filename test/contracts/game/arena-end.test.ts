import { beforeEach, describe, expect, test } from 'vitest'
import { eventsOf, revertsWith } from '../../helpers/evm.ts'
import { RULES, ToyArena, type ToyClaim, type ToyTask } from '../../helpers/toy-arena.ts'
import { playBetween, sendTimeout, standingOf } from '../../helpers/toy-game.ts'
import { follow, pretend } from '../../helpers/toy-players.ts'
import { hashOf } from '../../helpers/twins.ts'

const STEPS = 64n
const BURN = '0x000000000000000000000000000000000000dEaD'

let arena: ToyArena
let task: ToyTask
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  arena = await ToyArena.create({ arity: 4 })
  task = await arena.createTask(STEPS)
  honest = arena.claim(task, arena.account(1))
  liar = lying(2, 100n)
})

const lying = (account: number, substep: bigint): ToyClaim =>
  arena.claim(task, arena.account(account), { ...task.truth, lie: { substep, by: substep } })

const silent = () => undefined

/** Lets `loser` lose by its clock. */
async function bury(winner: ToyClaim, loser: ToyClaim): Promise<void> {
  const { openerWon } = await playBetween(arena, winner, loser, { opener: silent, target: silent })
  expect(openerWon).toBe(true)
  await arena.bury(winner, loser)
}

const goTo = async (phase: 'challenge' | 'support' | 'opening' | 'end', plus = 0n) =>
  arena.evm.at((await arena.phases(task))[phase] + plus)

describe('settle', () => {
  test('one value only: from the end of the challenge phase on', async () => {
    await arena.enter(honest)
    await arena.enter(arena.claim(task, arena.account(3)))
    const { challenge } = await arena.phases(task)
    await arena.evm.at(challenge - 1n)
    await revertsWith(arena.settle(honest), 'TooEarlyToSettle', [challenge])
    await goTo('challenge')
    const receipt = await arena.settle(honest)
    const settled = eventsOf(arena.contract, receipt, 'Settled').map(({ args }) => args)
    expect(settled).toEqual([{ task: task.id, value: honest.value }])
    await revertsWith(arena.settle(honest), 'TaskOver', [task.id])
    await revertsWith(arena.enter(arena.claim(task, arena.account(4))), 'TaskOver', [task.id])
  })

  test('two values seen: from the end of the opening phase on, if one is left', async () => {
    await arena.enter(honest)
    await arena.enter(liar)
    await bury(honest, liar)
    const { opening } = await arena.phases(task)
    await arena.evm.at(opening - 1n)
    await revertsWith(arena.settle(honest), 'TooEarlyToSettle', [opening])
    await arena.evm.at(opening)
    await revertsWith(arena.settle(liar), 'NotAlive', [liar.entry])
    await arena.settle(honest)
  })

  test('not while two values live', async () => {
    await arena.enter(honest)
    await arena.enter(liar)
    await goTo('opening')
    await revertsWith(arena.settle(honest), 'NotUnanimous', [2n])
  })

  test('not an unknown task, nor one without entries', async () => {
    await revertsWith(arena.settle({ ...honest, task: { ...task, id: hashOf(1n) } }), 'UnknownTask', [hashOf(1n)])
    await revertsWith(arena.settle(honest), 'NoEntries', [task.id])
  })

  test('still after the end, so that nobody needs to hurry', async () => {
    await arena.enter(honest)
    await arena.enter(liar)
    await bury(honest, liar)
    await goTo('end', 1_000_000n)
    await arena.settle(honest)
  })
})

describe('voidTask', () => {
  test('only from the end on, only without unanimity, only once', async () => {
    await arena.enter(honest)
    await arena.enter(liar)
    const { end } = await arena.phases(task)
    await arena.evm.at(end - 1n)
    await revertsWith(arena.voidTask(task), 'TooEarlyToVoid', [end])
    await arena.evm.at(end)
    const receipt = await arena.voidTask(task)
    expect(eventsOf(arena.contract, receipt, 'Voided').map(({ args }) => args)).toEqual([{ task: task.id }])
    await revertsWith(arena.voidTask(task), 'TaskOver', [task.id])
    await revertsWith(arena.settle(honest), 'TaskOver', [task.id])
  })

  test('not a task with one value left', async () => {
    await arena.enter(honest)
    await goTo('end')
    await revertsWith(arena.voidTask(task), 'Unanimous')
  })

  test('not an unknown task, nor one without entries', async () => {
    await revertsWith(arena.voidTask({ ...task, id: hashOf(1n) }), 'UnknownTask', [hashOf(1n)])
    await revertsWith(arena.voidTask(task), 'NoEntries', [task.id])
  })

  test('gives the living their bonds back and burns those of the dead', async () => {
    const third = lying(3, 90n)
    for (const claim of [honest, liar, third]) await arena.enter(claim)
    await bury(honest, third)
    await goTo('end')
    await arena.voidTask(task)
    const before = await arena.balance(honest.owner)
    for (const claim of [honest, liar]) await arena.withdraw(claim)
    const receipt = await arena.divide(third, honest)
    expect(await arena.balance(honest.owner)).toBe(before + RULES.bond)
    expect(await arena.balance(BURN)).toBe(RULES.bond)
    expect(await arena.balance(arena.contract.address)).toBe(0n)
    expect(eventsOf(arena.contract, receipt, 'BondSlashed')[0]?.args).toMatchObject({ reward: 0n, burned: RULES.bond })
  })
})

describe('withdraw and divide', () => {
  test('the winner has its bond back and half of the loser’s, the rest is burned, each once', async () => {
    await arena.enter(honest)
    await arena.enter(liar)
    await playBetween(arena, honest, liar, { opener: follow(honest.machine), target: pretend(liar.machine) })
    await arena.bury(honest, liar)
    await revertsWith(arena.withdraw(honest), 'TaskStillLive', [task.id])
    await revertsWith(arena.divide(liar, honest), 'TaskStillLive', [task.id])
    await goTo('opening')
    await arena.settle(honest)
    const before = await arena.balance(honest.owner)
    const paid = await arena.withdraw(honest)
    expect(eventsOf(arena.contract, paid, 'BondPaid').map(({ args }) => args)).toEqual([
      { entry: honest.entry, owner: honest.owner, amount: RULES.bond },
    ])
    const slashed = await arena.divide(liar, honest)
    expect(eventsOf(arena.contract, slashed, 'BondSlashed').map(({ args }) => args)).toEqual([
      { entry: liar.entry, winner: honest.owner, reward: 50n, burned: 51n },
    ])
    expect(await arena.balance(honest.owner)).toBe(before + RULES.bond + 50n)
    expect(await arena.balance(BURN)).toBe(51n)
    expect(await arena.balance(arena.contract.address)).toBe(0n)
    await revertsWith(arena.withdraw(honest), 'NotAlive', [honest.entry])
    await revertsWith(arena.divide(liar, honest), 'NotDead', [liar.entry])
    await revertsWith(arena.withdraw(liar), 'NotAlive', [liar.entry])
  })

  test('only the entry that buried it shares in a bond, and only while it lives itself', async () => {
    const third = lying(3, 90n)
    for (const claim of [honest, liar, third]) await arena.enter(claim)
    await bury(liar, third)
    await bury(honest, liar)
    await goTo('opening')
    await arena.settle(honest)
    await revertsWith(arena.divide(third, honest), 'NotBuriedBy', [third.entry, liar.entry])
    await revertsWith(arena.divide(honest, liar), 'NotDead', [honest.entry])
    await arena.divide(third, liar)
    expect(await arena.balance(BURN)).toBe(RULES.bond)
    await arena.divide(liar, honest)
    expect(await arena.balance(BURN)).toBe(RULES.bond + 51n)
  })

  test('conceding to oneself burns half a bond', async () => {
    const self = arena.claim(task, liar.owner)
    await arena.enter(liar)
    await arena.enter(self)
    const before = await arena.balance(liar.owner)
    await bury(self, liar)
    await goTo('opening')
    await arena.settle(self)
    await arena.divide(liar, self)
    await arena.withdraw(self)
    expect(await arena.balance(liar.owner)).toBe(before + RULES.bond + 50n)
  })

  test('not in an unknown task', async () => {
    const nowhere = { ...honest, task: { ...task, id: hashOf(1n) } }
    await revertsWith(arena.withdraw(nowhere), 'UnknownTask', [hashOf(1n)])
    await revertsWith(arena.divide(nowhere, nowhere), 'UnknownTask', [hashOf(1n)])
  })
})

describe('an honest watcher against a crowd', () => {
  test('one living truth beats six liars who never answer, all at once, and a traitor who throws it', async () => {
    const traitor = arena.claim(task, arena.account(7))
    const liars = Array.from({ length: 6 }, (_, i) => lying(2 + (i % 5), 100n + BigInt(i)))
    for (const claim of [traitor, ...liars]) await arena.enter(claim)
    const [first] = liars as [ToyClaim, ...ToyClaim[]]
    await bury(first, traitor)
    await goTo('challenge')
    await arena.enter(honest)
    const games = []
    for (const rival of liars) games.push(standingOf(arena, await arena.open(honest, rival)))
    await arena.evm.advanceTo((await arena.evm.now()) + RULES.budget + 1n)
    for (const { game, standing } of games) await sendTimeout(arena, game, standing)
    for (const rival of liars) await arena.bury(honest, rival)
    await goTo('opening')
    await arena.settle(honest)
    await arena.withdraw(honest)
    for (const rival of liars) await arena.divide(rival, honest)
    await arena.divide(traitor, first)
    expect(await arena.balance(arena.contract.address)).toBe(0n)
  })

  test('is not hurt by being attacked by all of them at once: one bond backs all its games', async () => {
    await arena.enter(honest)
    const liars = Array.from({ length: 5 }, (_, i) => lying(2 + i, 100n + BigInt(i)))
    for (const rival of liars) {
      await arena.enter(rival)
      const played = { opener: pretend(rival.machine), target: follow(honest.machine) }
      expect((await playBetween(arena, rival, honest, played)).openerWon).toBe(false)
      await arena.bury(honest, rival)
    }
    await goTo('opening')
    await arena.settle(honest)
    expect(await arena.balance(arena.contract.address)).toBe(6n * RULES.bond)
  })
})
