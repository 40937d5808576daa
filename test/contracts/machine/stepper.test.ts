import type { Hex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { stepperAbi } from '../../../protocol/generated/abi.ts'
import { type Contract, Evm, revertsWith } from '../../helpers/evm.ts'
import { hashOf } from '../../helpers/twins.ts'

const SIZE_LIMIT = 12_000

const PC = 1n << 104n
const SP = 1n << 72n
const STEPS = 1n << 136n
const HALTED = 1n << 32n
/** MISC of a step in flight before substep n. */
const at = (n: number): bigint => BigInt(n)

let evm: Evm
let stepper: Contract<typeof stepperAbi>

beforeAll(async () => {
  evm = await Evm.create()
  stepper = await evm.deploy('Stepper', stepperAbi)
})

/** pre and post of a witness. */
const step = (...words: bigint[]): Promise<readonly [Hex, Hex]> => evm.read(stepper, 'step', [words.map(hashOf)])

describe('Stepper', () => {
  it(`has less than ${SIZE_LIMIT} bytes of code`, async () => {
    expect(await evm.codeSize(stepper.address)).toBeLessThan(SIZE_LIMIT)
  })

  it.each([1n, 2n, 3n, 255n])('leaves a machine that stopped with status %i as it is', async (status) => {
    const [pre, post] = await step(STEPS | (status << 32n), 0n, 99n, 0n)
    expect(post).toBe(pre)
  })

  it.each([12n, 13n, 255n])('takes a substep counter of %i for 11', async (counter) => {
    const retired = async (n: bigint) => (await step(STEPS | (10n * SP), n, 1n << 240n, 0n, 0n, 99n, 0n))[1]
    expect(await retired(counter)).toBe(await retired(11n))
  })

  it('changes the state of a running machine', async () => {
    const [pre, post] = await step(STEPS, 0n, 99n, 0n)
    expect(post).not.toBe(pre)
  })

  it('takes the leaf for the root where nothing is touched', async () => {
    const [pre] = await step(STEPS | HALTED, 0n, 99n, 0n)
    const [other] = await step(STEPS | HALTED, 0n, 98n, 0n)
    expect(other).not.toBe(pre)
  })
})

describe('WitnessLength', () => {
  it.each([0, 1, 2, 3])('of a state between steps: %i words are short of 4', async (length) => {
    const words = [0n, 0n, 5n].slice(0, length)
    await revertsWith(step(...words), 'WitnessLength', [BigInt(length), 4n])
  })

  it.each([2, 4, 6])('of a step in flight: %i words are short of 7', async (length) => {
    const words = [10n * SP, at(4), 0n, 0n, 0n, 5n].slice(0, length)
    await revertsWith(step(...words), 'WitnessLength', [BigInt(length), 7n])
  })

  it('refuses a missing and a trailing sibling', async () => {
    const fetch = [10n * SP, 0n, 7n, 0b101n]
    await revertsWith(step(...fetch, 1n), 'WitnessLength', [5n, 6n])
    await revertsWith(step(...fetch, 1n, 2n, 3n), 'WitnessLength', [7n, 6n])
    await step(...fetch, 1n, 2n)
  })

  it('refuses a trailing word where nothing is touched', async () => {
    await revertsWith(step(HALTED, 0n, 7n, 0n, 0n), 'WitnessLength', [5n, 4n])
  })
})

describe('BitmapBeyondDepth', () => {
  /** An instruction that reads a, b and c, loads MEMORY at a and goes on. */
  const LOAD = (3n << 248n) | (1n << 240n) | (9n << 232n) | (3n << 192n) | (2n << 160n) | (1n << 128n)

  it.each([
    ['CODE', 27, [10n * SP + 5n * PC, 0n]],
    ['STACK', 23, [10n * SP, at(1), LOAD, 0n, 0n]],
    ['MEMORY', 30, [10n * SP, at(5), LOAD, 0n, 0n]],
    ['GLOBALS', 19, [10n * SP, at(5), LOAD + (2n << 232n), 0n, 0n]],
    ['TABLES', 27, [10n * SP, at(5), LOAD + (3n << 232n), 0n, 0n]],
  ] as const)('%s: a path has %i levels', async (_, depth, head) => {
    const beyond = 1n << BigInt(depth)
    await revertsWith(step(...head, 1n, beyond, 2n), 'BitmapBeyondDepth', [beyond, BigInt(depth)])
    await revertsWith(step(...head, 1n, 1n << 255n, 2n), 'BitmapBeyondDepth', [1n << 255n, BigInt(depth)])
    await step(...head, 1n, beyond / 2n, 2n)
  })

  it('allows no sibling where nothing is touched', async () => {
    await revertsWith(step(HALTED, 0n, 7n, 1n, 5n), 'BitmapBeyondDepth', [1n, 0n])
    await revertsWith(step(10n * SP, at(4), LOAD, 0n, 0n, 7n, 1n, 5n), 'BitmapBeyondDepth', [1n, 0n])
    await revertsWith(step((1n << 128n) + 10n * SP, 0n, 7n, 1n, 5n), 'BitmapBeyondDepth', [1n, 0n])
  })
})

describe('RegistersTooWide', () => {
  it.each([200n, 201n, 255n])('refuses bit %i', async (bit) => {
    await revertsWith(step(1n << bit, 0n, 7n, 0n), 'RegistersTooWide', [1n << bit])
  })

  it('allows bit 199', async () => {
    await step((1n << 199n) | HALTED, 0n, 7n, 0n)
  })
})
