import { beforeAll, describe, expect, test } from 'vitest'
import { Evm, revertsWith } from '../../helpers/evm.ts'
import { RULES, ToyArena } from '../../helpers/toy-arena.ts'

const MAX_CODE = 24_576

let evm: Evm

beforeAll(async () => {
  evm = await Evm.create()
})

const deploy = (changes: Partial<typeof RULES>) => ToyArena.create(changes, evm)

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

  test.each(['challenge', 'support', 'opening'])('is refused with an empty %s phase', async (phase) => {
    await revertsWith(deploy({ [phase]: 0n }), 'EmptyPhase')
  })

  test('is refused with a bond that has no two halves', async () => {
    await revertsWith(deploy({ bond: 1n }), 'BondTooSmall', [1n])
    await deploy({ bond: 2n })
  })

  test('is one contract below the size limit, and says its token and bond', async () => {
    const arena = await deploy({})
    const size = await evm.codeSize(arena.contract.address)
    console.log(`BondedArena: ${size} bytes`)
    expect(size).toBeLessThan(MAX_CODE)
    expect(await evm.read(arena.contract, 'token', [])).toBe(arena.token.address)
    expect(await evm.read(arena.contract, 'bond', [])).toBe(RULES.bond)
  })
})

describe('the escrow', () => {
  test('refuses a token that takes a fee on transfer', async () => {
    const arena = await ToyArena.create({}, evm, 3n)
    const task = await arena.createTask(10n)
    const entering = arena.enter(arena.claim(task, arena.account(1)))
    await revertsWith(entering, 'BondNotReceived', [RULES.bond - 3n, RULES.bond])
  })

  test('refuses an owner without the tokens', async () => {
    const arena = await deploy({ bond: 10n ** 9n + 1n })
    const task = await arena.createTask(10n)
    await revertsWith(arena.enter(arena.claim(task, arena.account(1))), 'ERC20InsufficientBalance')
  })
})
