import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Address, type Hex, hexToBytes, toHex } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lowerTask, Machine, programHeader } from '../../../interpreter/index.ts'
import { STATUS as MACHINE_STATUS } from '../../../spec/index.ts'
import { scryptProofOfWork, sha256 } from '../../../wasm-tasks/index.ts'
import { argsOf, deployed } from '../../helpers/artifact.ts'
import { type Contract, Evm, type Receipt, revertsWith } from '../../helpers/evm.ts'
import { type Asked, askedIn, GWEI, HALTED, isRefused, KIND, mockMarket, STATUS } from '../../helpers/mock-market.ts'
import { readTask } from '../../helpers/raw-task.ts'

const WORK = { UNKNOWN: 0, VALID: 1, INVALID: 2, FAILED: 3 } as const
const PAID = 1600n * GWEI
const GENESIS_BITS = 0x1e0ffff0
const BITS_AT = 72

const header = new Uint8Array(readFileSync(join(import.meta.dirname, '../../../examples/litecoin-genesis.bin')))
const program = lowerTask(readTask('scrypt'))
const scrypt = programHeader(program).programId
const blockHash = toHex(sha256(sha256(header)))

let evm: Evm
let market: Contract
let vault: Contract
let dapp: Contract
let payer: Address
let solver: Address
let fresh: unknown

beforeAll(async () => {
  evm = await Evm.create()
  ;({ market, vault } = await mockMarket(evm))
  dapp = await deployed(evm, 'LitecoinProofOfWork', [market.address, scrypt], ['MockMarket', 'StakeVault'])
  ;[payer, solver] = evm.accounts.slice(1) as [Address, Address]
  fresh = await evm.snapshot()
})

beforeEach(async () => {
  await evm.restore(fresh)
  fresh = await evm.snapshot()
})

const check = (bytes: Uint8Array = header, value = PAID) => evm.send(payer, dapp, 'check', [toHex(bytes)], value)
const checked = async (bytes?: Uint8Array): Promise<Asked> => askedIn(market, await check(bytes))
const answer = ({ request }: Asked, output: Uint8Array | Hex, outcome: object = {}): Promise<Receipt> =>
  evm.send(solver, market, 'answer', [request, { ...HALTED, ...outcome }, toHex(bytesOf(output))])
const bytesOf = (output: Uint8Array | Hex) => (typeof output === 'string' ? hexToBytes(output) : output)
const reclaim = ({ request }: Asked, from = payer) => evm.send(from, dapp, 'reclaim', [request])
const workOf = (hash = blockHash) => evm.read(dapp, 'workOf', [hash])
const targetOf = (bits: number) => evm.read(dapp, 'targetOf', [bits])

/** A number as 32 bytes, lowest first. */
const littleEndian = (value: bigint): Uint8Array => hexToBytes(toHex(value, { size: 32 })).reverse()

/** The header with another target. */
function withBits(bits: number): Uint8Array {
  const changed = header.slice()
  new DataView(changed.buffer).setUint32(BITS_AT, bits, true)
  return changed
}

describe('the pinned program', () => {
  test('is the scrypt task as built, and takes a header in fewer steps than are asked for', async () => {
    expect(await evm.read(dapp, 'program', [])).toBe(scrypt)
    const { request } = await checked()
    const { order } = request as unknown as { order: { program: Hex; maxSteps: bigint } }
    expect(order.program).toBe(scrypt)
    const machine = new Machine(program, header)
    machine.runTo(Number(order.maxSteps))
    expect(machine.registers.status).toBe(MACHINE_STATUS.HALTED)
    expect(machine.output()).toEqual(scryptProofOfWork(header))
  })
})

describe('check', () => {
  test('asks for the scrypt hash of the header and escrows price and tip', async () => {
    const receipt = await check()
    const { task, request, input } = askedIn(market, receipt)
    expect(argsOf(dapp, receipt, 'CheckRequested')).toEqual([{ blockHash, task, payer }])
    expect(input).toBe(toHex(header))
    const [minPrice, tip] = [(PAID * 15n) / 16n, PAID / 16n]
    expect(request.order).toMatchObject({ minPrice, maxPrice: minPrice, ramp: 0, tip })
    expect(await evm.balanceOf(vault.address)).toBe(PAID)
    const waiting = { payer, gweiPaid: PAID / GWEI, bits: GENESIS_BITS, blockHash }
    expect(await evm.read(dapp, 'checkOf', [task])).toEqual(waiting)
    expect(await workOf()).toBe(WORK.UNKNOWN)
  })

  test('refuses what is no header', async () => {
    await revertsWith(check(header.slice(1)), 'NotAHeader', [79n])
    await revertsWith(check(Uint8Array.of(...header, 0)), 'NotAHeader', [81n])
  })

  test('takes whole gwei only', async () => {
    await isRefused(check(header, PAID + 1n), 'PriceNotWholeGwei', [(PAID * 15n) / 16n + 1n])
    await check(header, 17n * GWEI)
    await check(header, 0n)
  })

  test('may be asked twice, but not once it is answered', async () => {
    const [first, second] = [await checked(), await checked()]
    expect(first.task).not.toBe(second.task)
    await answer(first, scryptProofOfWork(header))
    await revertsWith(check(), 'AlreadyChecked', [blockHash, WORK.VALID])
    await answer(second, scryptProofOfWork(header))
    expect(await workOf()).toBe(WORK.VALID)
  })
})

describe('an answer', () => {
  test('finds the first block of Litecoin valid, within the gas of its order', async () => {
    const asked = await checked()
    const receipt = await answer(asked, scryptProofOfWork(header))
    expect(argsOf(dapp, receipt, 'Valid')).toEqual([{ blockHash }])
    expect(argsOf(market, receipt, 'Delivered')).toEqual([{ task: asked.task, by: solver, success: true }])
    expect(await workOf()).toBe(WORK.VALID)
    expect(await evm.read(dapp, 'checkOf', [asked.task])).toMatchObject({ gweiPaid: 0n })
    expect(await evm.read(vault, 'accountOf', [solver])).toMatchObject({ gweiFree: PAID / GWEI })
  })

  test('finds it invalid one above the target, and valid at the target', async () => {
    const target = (await targetOf(GENESIS_BITS)) as bigint
    const receipt = await answer(await checked(), littleEndian(target + 1n))
    expect(argsOf(dapp, receipt, 'Invalid')).toEqual([{ blockHash }])
    expect(await workOf()).toBe(WORK.INVALID)
    const other = withBits(0x1e0fffff)
    const hash = toHex(sha256(sha256(other)))
    const easy = await answer(await checked(other), littleEndian((await targetOf(0x1e0fffff)) as bigint))
    expect(argsOf(dapp, easy, 'Valid')).toEqual([{ blockHash: hash }])
    expect(await workOf(hash)).toBe(WORK.VALID)
  })

  test.each([
    ['traps', { kind: KIND.TRAPPED, code: 1 }, '0x'],
    ['runs out of steps', { kind: KIND.OUT_OF_STEPS }, '0x'],
    ['exits with a code', { code: 1 }, toHex(scryptProofOfWork(header))],
    ['gives no hash', {}, '0x00'],
  ] as const)('is recorded as failed if the program %s', async (_, outcome, output) => {
    const receipt = await answer(await checked(), output, outcome)
    expect(argsOf(dapp, receipt, 'Failed')).toEqual([{ blockHash, outcome: { ...HALTED, ...outcome } }])
    expect(await workOf()).toBe(WORK.FAILED)
    await revertsWith(check(), 'AlreadyChecked', [blockHash, WORK.FAILED])
  })
})

describe('reclaim', () => {
  test('cancels what nobody took, for the payer only', async () => {
    const asked = await checked()
    await revertsWith(reclaim(asked, solver), 'NotThePayer', [payer])
    const before = await evm.balanceOf(payer)
    const receipt = await reclaim(asked)
    const event = { blockHash, task: asked.task, payer, amount: PAID }
    expect(argsOf(dapp, receipt, 'Reclaimed')).toEqual([event])
    expect((await evm.balanceOf(payer)) - before).toBeGreaterThan(PAID - 10n ** 15n)
    expect(await evm.balanceOf(vault.address)).toBe(0n)
    await revertsWith(reclaim(asked), 'NothingToReclaim', [asked.task])
    await check()
  })

  test.each(['VOID', 'EXPIRED', 'ABANDONED'] as const)('pays back a task that is %s, by anyone', async (name) => {
    const asked = await checked()
    await evm.send(solver, market, 'move', [asked.request, STATUS[name]])
    const before = await evm.balanceOf(payer)
    await reclaim(asked, solver)
    expect(await evm.balanceOf(payer)).toBe(before + PAID)
  })

  test('pays back nothing that is taken, answered or unknown', async () => {
    const asked = await checked()
    await evm.send(solver, market, 'move', [asked.request, STATUS.TAKEN])
    await revertsWith(reclaim(asked), 'NothingToReclaim', [asked.task])
    await answer(asked, scryptProofOfWork(header))
    await revertsWith(reclaim(asked), 'NothingToReclaim', [asked.task])
    const foreign = { ...asked, request: { ...asked.request, requester: payer } }
    await revertsWith(reclaim(foreign), 'NothingToReclaim')
  })

  test('pays one payer nothing of another', async () => {
    const [first] = [await checked(), await checked()]
    await reclaim(first)
    expect(await evm.balanceOf(vault.address)).toBe(PAID)
    await revertsWith(reclaim(first), 'NothingToReclaim', [first.task])
    expect(await evm.balanceOf(vault.address)).toBe(PAID)
  })
})

describe('targetOf', () => {
  // Results worked out by hand from the meaning: mantissa * 256^(exponent - 3).
  test.each<[bits: number, target: bigint]>([
    [GENESIS_BITS, 0x0ffff0n << 216n],
    [0x1e0fffff, 0x0fffffn << 216n],
    [0x1d00ffff, 0xffffn << 208n],
    [0x1f0000ff, 0xffn << 224n],
    [0x2000000f, 0xfn << 232n],
    [0x04123456, 0x12345600n],
    [0x03123456, 0x123456n],
    [0x02123456, 0x1234n],
    [0x01123456, 0x12n],
    [0x017fffff, 0x7fn],
  ])('reads %s', async (bits, target) => {
    expect(await targetOf(bits)).toBe(target)
  })

  test.each<[what: string, bits: number]>([
    ['negative', 0x1e8ffff0],
    ['negative, however small', 0x01ff0000],
    ['zero', 0x1e000000],
    ['zero once it is shifted', 0x01003456],
    ['zero at exponent zero', 0x00123456],
    ['zero at a great exponent', 0xff000000],
    ['easier than Litecoin allows', 0x1e100000],
    ['just easier than Litecoin allows', 0x20000010],
    ['above 2^240', 0x21000001],
    ['above 2^256', 0x22000100],
    ['far above 2^256', 0xff123456],
  ])('refuses what is %s', async (_, bits) => {
    await revertsWith(targetOf(bits), 'TargetOutOfRange', [bits])
    await revertsWith(check(withBits(bits)), 'TargetOutOfRange', [bits])
  })
})
