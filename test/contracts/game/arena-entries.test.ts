import type { Address, Hex } from 'viem'
import { numberToHex } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { entryId, gameId, originOf, taskId } from '../../../protocol/game-ids.ts'
import { REGS, STATUS } from '../../../spec/index.ts'
import { eventsOf, revertsWith } from '../../helpers/evm.ts'
import { defeat, lying, outlast } from '../../helpers/toy-game.ts'
import { ENTRY, RULES, ToyMarket } from '../../helpers/toy-market.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'
import { hashOf } from '../../helpers/twins.ts'

const STEPS = 64n
const GWEI = 10n ** 9n

let market: ToyMarket
let task: ToyTask
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  market = await ToyMarket.create({ arity: 4 })
  task = await market.createTask(STEPS, 50n)
  honest = truth(1)
  liar = lie(2, 100n)
})

const truth = (account: number): ToyClaim => market.claim(task, market.account(account))
const lie = (account: number, substep: bigint): ToyClaim => lying(market, task, market.account(account), substep)

/** Free and locked tokens, and free ether in gwei. */
async function funds(owner: Address): Promise<readonly [free: bigint, locked: bigint, gweiFree: bigint]> {
  const { free, locked, gweiFree } = await market.funds(owner)
  return [free, locked, gweiFree]
}

const regsOf = (steps: bigint, status: number): bigint =>
  (steps << BigInt(REGS.steps[0])) | (BigInt(status) << BigInt(REGS.status[0]))

describe('the first entry', () => {
  test('is the solver’s: it emits the claim and begins the phases, and its stake is locked already', async () => {
    await market.take(task, honest.owner)
    const before = await funds(honest.owner)
    const receipt = await market.post(honest)
    const { root, regs, value, owner, entry } = honest
    expect(eventsOf(market.contract, receipt, 'Entered').map(({ args }) => args)).toEqual([
      { task: task.id, entry, owner, value, root, regs },
    ])
    expect(eventsOf(market.vault, receipt, 'Locked')).toEqual([])
    expect(await funds(honest.owner)).toEqual(before)
    const { postedAt, valuesSeen, valuesAlive } = await market.stored(task)
    expect([BigInt(postedAt), valuesSeen, valuesAlive]).toEqual([await market.evm.now(), 1, 1])
  })

  test('does not go before the post: nobody enters a task that is open or taken', async () => {
    await revertsWith(market.enter(liar), 'NotPosted', [task.id])
    await market.take(task, honest.owner)
    await revertsWith(market.enter(liar), 'NotPosted', [task.id])
    await revertsWith(market.enter(honest), 'NotPosted', [task.id])
    await revertsWith(market.enterAndOpen(liar, honest), 'NotPosted', [task.id])
    await revertsWith(market.open(liar, honest), 'NotAlive', [honest.entry])
    await revertsWith(market.bury(liar, honest), 'NotPosted', [task.id])
    await revertsWith(market.phases(task), 'NotPosted', [task.id])
    await revertsWith(market.verdict(task), 'NotPosted', [task.id])
    await revertsWith(market.release(honest), 'NotPosted', [task.id])
    await revertsWith(market.payDead(honest, []), 'NotPosted', [task.id])
  })
})

describe('enter', () => {
  beforeEach(() => market.takeAndPost(liar))

  const enterWith = (regs: bigint) =>
    market.enter(market.claimOf(task, honest.owner, { root: numberToHex(7, { size: 32 }), regs }))

  test('locks bond and deposit and emits the claim', async () => {
    const [free, locked, gweiFree] = await funds(honest.owner)
    const deposit = await market.deposit(task)
    const receipt = await market.enter(honest)
    expect(await funds(honest.owner)).toEqual([free - RULES.bond, locked + RULES.bond, gweiFree - deposit / GWEI])
    const { root, regs, value, owner, entry } = honest
    expect(eventsOf(market.contract, receipt, 'Entered').map(({ args }) => args)).toEqual([
      { task: task.id, entry, owner, value, root, regs },
    ])
    expect(eventsOf(market.vault, receipt, 'Locked').map(({ args }) => args)).toEqual([
      { subject: entry, owner, tokens: RULES.bond, amount: deposit },
    ])
  })

  test('enters once for each owner and value', async () => {
    await market.enter(honest)
    await market.enter(truth(4))
    await market.enter(lie(1, 100n))
    for (const claim of [liar, honest, truth(4), lie(1, 100n)]) {
      await revertsWith(market.enter(claim), 'EntryExists', [claim.entry])
    }
    expect(await market.value(honest)).toMatchObject({ alive: 2, count: 2 })
    expect(await market.value(liar)).toMatchObject({ alive: 2, count: 2 })
    expect(await market.stored(task)).toMatchObject({ valuesSeen: 2, valuesAlive: 2 })
  })

  test('refuses ill-formed claims: steps 0 or too many, a prefix still running, a status or bits that do not exist', async () => {
    await revertsWith(enterWith(regsOf(0n, STATUS.HALTED)), 'StepsOutOfRange', [0n, STEPS])
    await revertsWith(enterWith(regsOf(STEPS + 1n, STATUS.HALTED)), 'StepsOutOfRange', [STEPS + 1n, STEPS])
    await revertsWith(enterWith(regsOf(2n ** 63n, STATUS.HALTED)), 'StepsOutOfRange', [2n ** 63n, STEPS])
    await revertsWith(enterWith(regsOf(STEPS - 1n, STATUS.RUNNING)), 'NotFinal', [0n, STEPS - 1n, STEPS])
    await revertsWith(enterWith(regsOf(STEPS, 3)), 'NotFinal', [3n, STEPS, STEPS])
    const wide = regsOf(STEPS, STATUS.HALTED) | (1n << 200n)
    await revertsWith(enterWith(wide), 'RegistersTooWide', [wide])
  })

  test.each([
    [1n, STATUS.HALTED],
    [STEPS, STATUS.HALTED],
    [1n, STATUS.TRAPPED],
    [STEPS, STATUS.TRAPPED],
    [STEPS, STATUS.RUNNING],
  ])('takes a claim of %i steps with status %i', async (steps, status) => {
    await enterWith(regsOf(steps, status))
  })

  test('refuses a task that was never requested, or is named by other terms', async () => {
    const { origin } = task
    const others = [
      { ...origin, terms: hashOf(3n) },
      { ...origin, initial: hashOf(3n) },
      { ...origin, maxSteps: origin.maxSteps + 1n },
    ]
    for (const other of others) {
      const elsewhere = { ...honest, task: { ...task, origin: other } }
      await revertsWith(market.enter(elsewhere), 'UnknownTask', [taskId(market.rules, other)])
    }
  })

  test('reverts whole where the stake does not suffice', async () => {
    const [poor, bare] = [truth(12), truth(13)]
    await revertsWith(market.enter(poor), 'NotEnoughStake', [poor.owner, 0n, RULES.bond])
    await market.fund(bare.owner, RULES.bond, 0n)
    await revertsWith(market.enter(bare), 'NotEnoughEther', [bare.owner, 0n, await market.deposit(task)])
    expect(await market.entry(poor)).toEqual({ status: ENTRY.NONE, games: 0, ordinal: 0 })
    expect(await market.value(poor)).toMatchObject({ alive: 0, count: 0 })
    expect(await market.stored(task)).toMatchObject({ valuesSeen: 1, valuesAlive: 1 })
  })

  test('and open and enterAndOpen are for the owner and its operators', async () => {
    const [operator, stranger] = [market.account(10), market.account(11)]
    await market.evm.send(honest.owner, market.vault, 'setOperator', [operator, RULES.bond])
    await revertsWith(market.enter(honest, stranger), 'NotAnOperator', [honest.owner, stranger])
    await revertsWith(market.enterAndOpen(honest, liar, stranger), 'NotAnOperator', [honest.owner, stranger])
    await market.enter(honest, operator)
    await revertsWith(market.open(honest, liar, stranger), 'NotAuthorised', [stranger, honest.owner])
    await revertsWith(market.open(honest, liar, liar.owner), 'NotAuthorised', [liar.owner, honest.owner])
    await market.open(honest, liar, operator)
    const more = lie(1, 90n)
    const used = 2n * RULES.bond
    await revertsWith(market.enter(more, operator), 'CapExceeded', [honest.owner, operator, used, RULES.bond])
    await market.enter(more)
    await market.evm.send(honest.owner, market.vault, 'setOperator', [operator, 0n])
    await revertsWith(market.open(more, liar, operator), 'NotAuthorised', [operator, honest.owner])
  })
})

describe('entries in storage', () => {
  /** Status, games and ordinal, as the views tell. */
  const entry = async (claim: ToyClaim) => Object.values(await market.entry(claim))

  test('the first of a value lies in its slot, the second and third elsewhere, and all are told alike', async () => {
    await market.takeAndPost(honest)
    const [second, third] = [truth(3), truth(4)]
    await market.enter(second)
    await market.enter(third)
    expect(await entry(honest)).toEqual([ENTRY.ALIVE, 0, 0])
    expect(await entry(second)).toEqual([ENTRY.ALIVE, 0, 1])
    expect(await entry(third)).toEqual([ENTRY.ALIVE, 0, 2])
    expect(await market.value(honest)).toEqual({
      first: honest.owner,
      firstStatus: ENTRY.ALIVE,
      firstGames: 0,
      alive: 3,
      count: 3,
    })
  })

  test.each([0, 1, 2])('entry %i of a value dies alone, and its value with the last of them', async (dying) => {
    await market.takeAndPost(liar)
    const owners = [truth(3), truth(4), truth(5)]
    for (const claim of owners) await market.enter(claim)
    const order = [owners[dying], ...owners.filter((_, i) => i !== dying)] as ToyClaim[]
    for (const [dead, claim] of order.entries()) {
      expect((await market.stored(task)).valuesAlive).toBe(2)
      await outlast(market, liar, claim)
      expect(await market.value(claim)).toMatchObject({ alive: 2 - dead, count: 3, first: owners[0]?.owner })
      const isDead = await Promise.all(owners.map(async (other) => (await market.entry(other)).status === ENTRY.DEAD))
      expect(isDead).toEqual(owners.map((other) => order.indexOf(other) <= dead))
    }
    expect(await market.stored(task)).toMatchObject({ valuesSeen: 2, valuesAlive: 1 })
  })

  test('one owner may be the first of one value and not of another, in any order', async () => {
    await market.takeAndPost(honest)
    await market.enter(liar)
    const [honestLater, liarLater] = [lie(1, 100n), truth(2)]
    await market.enter(honestLater)
    await market.enter(liarLater)
    expect(await entry(honest)).toEqual([ENTRY.ALIVE, 0, 0])
    expect(await entry(liarLater)).toEqual([ENTRY.ALIVE, 0, 1])
    expect(await entry(liar)).toEqual([ENTRY.ALIVE, 0, 0])
    expect(await entry(honestLater)).toEqual([ENTRY.ALIVE, 0, 1])
    await market.open(honestLater, liarLater)
    await defeat(market, honest, liar)
    expect(await entry(liar)).toEqual([ENTRY.DEAD, 1, 0])
    expect(await entry(honestLater)).toEqual([ENTRY.ALIVE, 1, 1])
    expect(await entry(liarLater)).toEqual([ENTRY.ALIVE, 1, 1])
    expect(await entry(honest)).toEqual([ENTRY.ALIVE, 1, 0])
  })

  test('a second entry of a value whose first died lives in its own slot', async () => {
    await market.takeAndPost(liar)
    await market.enter(honest)
    await outlast(market, liar, honest)
    expect(await market.stored(task)).toMatchObject({ valuesSeen: 2, valuesAlive: 1 })
    const second = truth(4)
    await market.enter(second)
    expect(await market.stored(task)).toMatchObject({ valuesSeen: 2, valuesAlive: 2 })
    expect(await market.value(honest)).toEqual({
      first: honest.owner,
      firstStatus: ENTRY.DEAD,
      firstGames: 1,
      alive: 1,
      count: 2,
    })
    expect(await entry(second)).toEqual([ENTRY.ALIVE, 0, 1])
    await revertsWith(market.enter(honest), 'EntryExists', [honest.entry])
  })
})

describe('ids', () => {
  test('the views agree with the twins, and bind the whole request', async () => {
    const read = <Name extends 'taskId' | 'originOf' | 'entryId' | 'gameId'>(name: Name, args: readonly unknown[]) =>
      market.evm.read(market.contract, name, args as never) as Promise<Hex>
    expect(await read('originOf', [task.request])).toEqual(originOf(task.request))
    expect(await read('taskId', [task.origin])).toBe(task.id)
    expect(await read('entryId', [task.id, honest.owner, honest.value])).toBe(
      entryId(market.rules, task.id, honest.owner, honest.value),
    )
    expect(await read('gameId', [honest.entry, liar.entry])).toBe(gameId(liar.entry, honest.entry))
    const { request } = task
    const { order } = request
    const changed = [
      { ...request, requester: market.account(5) },
      { ...request, inputRoot: hashOf(1n) },
      { ...request, byReference: true },
      ...[
        { program: hashOf(1n) },
        { minPrice: 0n },
        { maxPrice: 1n },
        { ramp: 1 },
        { expires: 1 },
        { tip: 1n },
        { callbackGas: 1 },
        { salt: hashOf(1n) },
      ].map((change) => ({ ...request, order: { ...order, ...change } })),
    ]
    const ids = new Set([task.id])
    for (const other of changed) {
      const origin = originOf(other)
      expect(await read('originOf', [other])).toEqual(origin)
      ids.add(taskId(market.rules, origin))
    }
    expect(ids.size).toBe(changed.length + 1)
  })
})
