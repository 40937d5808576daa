import { type Hex, numberToHex, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { byteTreeRoot, lowerTask, type Program, programHeader, StateOracle } from '../../../interpreter/index.ts'
import { REGION } from '../../../spec/index.ts'
import { argsOf, deployed } from '../../helpers/artifact.ts'
import { type Contract, Evm, encode, revertsWith } from '../../helpers/evm.ts'
import { readTask } from '../../helpers/raw-task.ts'
import { SMALL_TASK } from '../../helpers/small-task.ts'

const UNKNOWN = numberToHex(1, { size: 32 })

let evm: Evm
let registry: Contract

beforeAll(async () => {
  evm = await Evm.create()
  registry = await deployed(evm, 'ProgramRegistry')
})

/** Arguments of `publish`. */
function headerOf(program: Program): [roots: Hex[], regs: bigint] {
  const { regionRoots, regs } = programHeader(program)
  return [regionRoots.map((root) => toHex(root)), regs]
}

const account = (index: number) => evm.accounts[index] as Hex
const send = (name: string, args: readonly unknown[], from = account(1)) => evm.send(from, registry, name, args)

/** A program that no other test has: the small task with another CODE root. */
function variant(code: number): [roots: Hex[], regs: bigint] {
  const [roots, regs] = headerOf(lowerTask(SMALL_TASK))
  return [roots.map((root, region) => (region === REGION.CODE ? numberToHex(code, { size: 32 }) : root)), regs]
}

async function publish(code: number): Promise<Hex> {
  const args = variant(code)
  const program = (await evm.read(registry, 'publish', args)) as Hex
  await send('publish', args)
  return program
}

describe('publish', () => {
  test.each(['scrypt', 'sha256'])('names %s as the interpreter does, and starts it in the same state', async (name) => {
    const program = lowerTask(readTask(name))
    const [regionRoots, regs] = headerOf(program)
    const { programId } = programHeader(program)
    expect(await evm.read(registry, 'isPublished', [programId])).toBe(false)
    const receipt = await send('publish', [regionRoots, regs])
    const event = { program: programId, publisher: account(1), regionRoots, regs }
    expect(argsOf(registry, receipt, 'ProgramPublished')).toEqual([event])
    expect(await evm.read(registry, 'isPublished', [programId])).toBe(true)
    for (const length of [0, 1, 80, 1000]) {
      const input = Uint8Array.from({ length }, (_, i) => i)
      const initial = await evm.read(registry, 'initialOf', [programId, toHex(byteTreeRoot(input))])
      expect(initial).toBe(new StateOracle(program, input, 0).hashAt(0))
    }
  })

  test('is refused a second time', async () => {
    const program = await publish(1)
    await revertsWith(send('publish', variant(1), account(2)), 'ProgramExists', [program])
  })

  test('takes a program whose start registers are all zero', async () => {
    const [roots] = variant(2)
    const program = (await evm.read(registry, 'publish', [roots, 0n])) as Hex
    await send('publish', [roots, 0n])
    expect(await evm.read(registry, 'isPublished', [program])).toBe(true)
    await revertsWith(send('publish', [roots, 0n]), 'ProgramExists', [program])
  })

  test('refuses a machine that has run, or that has input or output', async () => {
    const [roots, regs] = variant(3)
    const started = regs | (1n << 136n)
    await revertsWith(send('publish', [roots, started]), 'ProgramAlreadyStarted', [started])
    for (const region of [REGION.INPUT, REGION.OUTPUT]) {
      const filled = roots.map((root, i) => (i === region ? UNKNOWN : root))
      await revertsWith(send('publish', [filled, regs]), 'ProgramRegionNotEmpty', [BigInt(region), UNKNOWN])
    }
  })
})

describe('initialOf', () => {
  test('is refused for a program that was not published', async () => {
    await revertsWith(evm.read(registry, 'initialOf', [UNKNOWN, UNKNOWN]), 'UnknownProgram', [UNKNOWN])
  })
})

describe('tell', () => {
  test('emits a piece of the module', async () => {
    const program = await publish(4)
    const receipt = await send('tell', [program, 1n, 2n, '0x0061736d'], account(3))
    const event = { program, publisher: account(3), index: 1n, total: 2n, piece: '0x0061736d' }
    expect(argsOf(registry, receipt, 'ModulePiece')).toEqual([event])
  })

  test('is refused for no such piece, and for no such program', async () => {
    const program = await publish(5)
    await revertsWith(send('tell', [program, 2n, 2n, '0x']), 'PieceOutOfRange', [2n, 2n])
    await revertsWith(send('tell', [program, 0n, 0n, '0x']), 'PieceOutOfRange', [0n, 0n])
    await revertsWith(send('tell', [UNKNOWN, 0n, 1n, '0x']), 'UnknownProgram', [UNKNOWN])
  })
})

describe('locate', () => {
  test('emits where the module can be had', async () => {
    const program = await publish(6)
    const receipt = await send('locate', [program, 'ipfs://module'])
    const event = { program, publisher: account(1), uri: 'ipfs://module' }
    expect(argsOf(registry, receipt, 'ModuleLocated')).toEqual([event])
    await revertsWith(send('locate', [UNKNOWN, '']), 'UnknownProgram', [UNKNOWN])
  })
})

describe('multicall', () => {
  test('publishes a program and tells its module in one transaction, all or nothing', async () => {
    const args = variant(7)
    const program = (await evm.read(registry, 'publish', args)) as Hex
    const wasm = toHex(readTask('scrypt'))
    const half = 2 + 2 * Math.floor((wasm.length - 2) / 4)
    const pieces = [wasm.slice(0, half) as Hex, `0x${wasm.slice(half)}` as const]
    const tell = (index: bigint, total: bigint) =>
      encode(registry, 'tell', [program, index, total, pieces[Number(index)]])
    const calls = [encode(registry, 'publish', args), tell(0n, 2n), tell(1n, 2n)]
    await revertsWith(send('multicall', [[...calls, tell(1n, 1n)]]), 'PieceOutOfRange', [1n, 1n])
    expect(await evm.read(registry, 'isPublished', [program])).toBe(false)
    const receipt = await send('multicall', [calls])
    const published = argsOf(registry, receipt, 'ProgramPublished')
    expect(published).toMatchObject([{ program, publisher: account(1) }])
    const told = argsOf(registry, receipt, 'ModulePiece') as readonly { publisher: Hex; piece: Hex }[]
    expect(told.map(({ publisher }) => publisher)).toEqual([account(1), account(1)])
    expect(`0x${told.map(({ piece }) => piece.slice(2)).join('')}`).toBe(wasm)
    console.log(`publish scrypt with its module: ${receipt.gasUsed} gas`)
  })
})
