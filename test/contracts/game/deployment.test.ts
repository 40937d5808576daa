import { beforeAll, describe, expect, test } from 'vitest'
import { Evm, revertsWith } from '../../helpers/evm.ts'
import { RULES, ToyMarket, type ToyRules } from '../../helpers/toy-market.ts'

const MAX_CODE = 24_576
/** No length may reach this many seconds. */
const LONGEST = 2n ** 32n
const MOST_GAS_PRICE = 10n ** 13n
/** What 2^64 - 1 steps add to the longest lengths, at the speed of RULES. */
const RUNS = 4n

let evm: Evm

beforeAll(async () => {
  evm = await Evm.create()
})

const deploy = (changes: Partial<ToyRules>) => ToyMarket.create(changes, evm)

describe('a deployment', () => {
  test('is refused with an arity outside 2 to 32', async () => {
    await revertsWith(deploy({ arity: 1 }), 'ArityOutOfRange', [1n])
    await revertsWith(deploy({ arity: 33 }), 'ArityOutOfRange', [33n])
    await deploy({ arity: 2 })
    await deploy({ arity: 32 })
  })

  test('is refused with a clock below the minimum, or with none', async () => {
    await revertsWith(deploy({ budget: 49n }), 'ClockTooShort', [49n, 50n])
    await revertsWith(deploy({ budget: 0n, minimum: 0n }), 'ClockTooShort', [0n, 0n])
    await deploy({ budget: 50n })
  })

  test.each(['challenge', 'support', 'opening', 'speed'])('is refused with %s 0', async (rule) => {
    await revertsWith(deploy({ [rule]: 0n }), 'EmptyPhase')
  })

  test.each([
    [0n, { bond: 0n }],
    [0n, { bond: 1n }],
    [1n, { maxSteps: 0n }],
    [2n, { solving: 0n }],
    [2n, { finalising: 0n }],
    [3n, { gasPriceFloor: 0n }],
    [3n, { gasPriceFloor: MOST_GAS_PRICE + 1n }],
    [4n, { enterGas: 0n }],
    [4n, { moveGas: 0n }],
    [5n, { challenge: LONGEST - RUNS }],
    [5n, { support: LONGEST - RUNS }],
    [5n, { opening: LONGEST - RUNS }],
    [5n, { speed: 1n }],
    [6n, { budget: LONGEST - RUNS }],
    [6n, { solving: LONGEST - RUNS }],
    [6n, { finalising: LONGEST - RUNS }],
  ])('is refused by rule %i with %o', async (index, changes) => {
    await revertsWith(deploy(changes), 'RuleOutOfRange', [index])
  })

  test('takes every rule at its limit', async () => {
    const long = LONGEST - RUNS - 1n
    const longest = { challenge: long, support: long, opening: long, budget: long, solving: long, finalising: long }
    await deploy({ ...longest, bond: 2n, gasPriceFloor: MOST_GAS_PRICE, enterGas: 1n, moveGas: 1n })
    await deploy({ gasPriceFloor: 1n, maxSteps: 1n, speed: 1n })
    await deploy({ challenge: 1n, support: 1n, opening: 1n, budget: 1n, minimum: 1n, solving: 1n, finalising: 1n })
  })

  test('tells its rules and the contracts that belong to it', async () => {
    const market = await deploy({})
    const { arity: _, unbonding, ...rules } = RULES
    const told = await evm.read(market.contract, 'rules', [])
    expect(Object.fromEntries(Object.entries(told).map(([name, value]) => [name, BigInt(value)]))).toEqual(rules)
    expect(await evm.read(market.contract, 'registry', [])).toBe(market.registry.address)
    expect(await evm.read(market.vault, 'market', [])).toBe(market.contract.address)
    expect(await evm.read(market.vault, 'token', [])).toBe(market.token.address)
    expect(await evm.read(market.vault, 'unbondingTime', [])).toBe(unbonding)
    const [, , arena, operators] = await evm.read(market.games, 'setting', [])
    expect([arena, operators]).toEqual([market.contract.address, market.vault.address])
  })

  test('is three contracts below the size limit', async () => {
    const { contract, games, vault } = await deploy({})
    for (const [name, { address }] of Object.entries({ TaskMarket: contract, Games: games, StakeVault: vault })) {
      const size = await evm.codeSize(address)
      console.log(`${name}: ${size} bytes`)
      expect(size).toBeLessThan(MAX_CODE)
    }
  })
})
