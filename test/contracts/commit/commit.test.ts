import createKeccak from 'keccak'
import { MerkleTree } from 'merkletreejs'
import { type Hex, parseAbi } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Contract, Evm, revertsWith } from '../../helpers/evm.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

const abi = parseAbi([
  'function zeroNodes() view returns (bytes)',
  'function emptyRegions() view returns (bytes32[8])',
  'function leafIndex(uint256 region, uint256 index) view returns (uint256)',
  'function byteTreeRoot(bytes data) view returns (bytes32)',
  'function stateHash(bytes32 root, uint256 regs) view returns (bytes32)',
  'function rootOf(bytes32[8] roots) view returns (bytes32)',
  'function programIdOf(bytes32[8] roots, uint256 regs) view returns (bytes32)',
  'function requireProgram(bytes32[8] roots, uint256 regs) view',
  'error ProgramAlreadyStarted(uint256 regs)',
  'error ProgramRegionNotEmpty(uint256 region, bytes32 root)',
])

/** Depths of the eight regions, typed by hand from docs/machine.md, "State". */
const DEPTHS = [24, 27, 20, 16, 24, 27, 27, 27]
const MACHINE_VERSION = 2n

type Roots = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex]

const keccak = (bytes: Uint8Array): Buffer => createKeccak('keccak256').update(Buffer.from(bytes)).digest()
const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`
const word = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const hexWord = (value: bigint): Hex => hex(word(value))

/** Z[0] to Z[30]. */
const ZEROS: Buffer[] = [Buffer.alloc(32)]
for (let i = 0; i < 30; i++) ZEROS.push(keccak(Buffer.concat([ZEROS[i] as Buffer, ZEROS[i] as Buffer])))

let evm: Evm
let harness: Contract<typeof abi>

beforeAll(async () => {
  evm = await Evm.create()
  harness = await evm.deploy('CommitHarness', abi)
})

describe('zero nodes', () => {
  it('are the hashes that the npm keccak package gives, up to the longest path', async () => {
    expect(await evm.read(harness, 'zeroNodes', [])).toBe(hex(Buffer.concat(ZEROS.slice(0, 30))))
  })

  it('have the known value of keccak256 of 64 zero bytes', () => {
    expect(hex(ZEROS[1] as Buffer)).toBe('0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5')
  })

  it('are the roots of the empty regions', async () => {
    const expected = DEPTHS.map((depth) => hex(ZEROS[depth] as Buffer))
    expect(await evm.read(harness, 'emptyRegions', [])).toEqual(expected)
  })
})

describe('leafIndex', () => {
  it.each(DEPTHS.map((depth, region) => [region, depth] as const))(
    'region %i: path 8|region, then %i bits of the index',
    async (region, depth) => {
      const first = BigInt(8 | region) << BigInt(depth)
      const size = 1n << BigInt(depth)
      for (const index of [0n, 1n, size - 1n, size, size + 5n, 2n ** 256n - 1n]) {
        expect(await evm.read(harness, 'leafIndex', [BigInt(region), index])).toBe(first + (index % size))
      }
    },
  )
})

/** The same root, made by another library: the used leaves as a tree of their own, then empty siblings. */
function independentByteTreeRoot(data: Uint8Array): Hex {
  const length = Buffer.alloc(32)
  length.writeBigUInt64LE(BigInt(data.length))
  const leaves = [length]
  for (let i = 0; i < data.length; i += 32) leaves.push(Buffer.concat([data.subarray(i, i + 32), Buffer.alloc(32)], 32))
  const levels = Math.ceil(Math.log2(leaves.length))
  while (leaves.length < 2 ** levels) leaves.push(Buffer.alloc(32))
  let root = leaves.length === 1 ? length : new MerkleTree(leaves, keccak).getRoot()
  for (let level = levels; level < 27; level++) root = keccak(Buffer.concat([root, ZEROS[level] as Buffer]))
  return hex(root)
}

describe('byteTreeRoot', () => {
  it.each([0, 1, 31, 32, 33, 63, 64, 65, 95, 96, 97, 255, 256, 1000, 4096])('of %i bytes', async (length) => {
    const data = createRandom(TEST_SEED).bytes(length)
    expect(await evm.read(harness, 'byteTreeRoot', [hex(data)])).toBe(independentByteTreeRoot(data))
  })

  it('tells trailing zeros from none', async () => {
    const [short, long] = ['0x11', '0x1100'] as const
    const root = await evm.read(harness, 'byteTreeRoot', [short])
    expect(await evm.read(harness, 'byteTreeRoot', [long])).not.toBe(root)
  })
})

const ROOTS = Array.from({ length: 8 }, (_, i) => word(BigInt(1000 + i)))
const ROOTS_HEX = ROOTS.map(hex) as unknown as Roots

describe('stateHash', () => {
  it('hashes root, registers and a zero word at an instruction boundary', async () => {
    const expected = hex(keccak(Buffer.concat([word(5n), word(6n), word(0n)])))
    expect(await evm.read(harness, 'stateHash', [hexWord(5n), 6n])).toBe(expected)
  })
})

describe('rootOf', () => {
  it('is the root of the tree over the eight region roots', async () => {
    expect(await evm.read(harness, 'rootOf', [ROOTS_HEX])).toBe(hex(new MerkleTree(ROOTS, keccak).getRoot()))
  })
})

describe('programIdOf', () => {
  it('hashes ten words: roots, registers, machine version', async () => {
    const expected = hex(keccak(Buffer.concat([...ROOTS, word(17n), word(MACHINE_VERSION)])))
    expect(await evm.read(harness, 'programIdOf', [ROOTS_HEX, 17n])).toBe(expected)
  })
})

describe('requireProgram', () => {
  const EMPTY = hex(ZEROS[27] as Buffer)
  const program = (input: Hex, output: Hex) => [...ROOTS_HEX.slice(0, 6), input, output] as unknown as Roots
  /** pc, sp and pages with all their bits. */
  const STARTABLE = (2n ** 136n - 1n) ^ (2n ** 40n - 1n)

  it('lets a program pass whatever its pc, sp and pages', async () => {
    for (const regs of [0n, STARTABLE]) await evm.read(harness, 'requireProgram', [program(EMPTY, EMPTY), regs])
  })

  it.each([
    ['an exit code', 0n],
    ['an exit code', 31n],
    ['a status', 32n],
    ['a status', 39n],
    ['steps', 136n],
    ['steps', 199n],
    ['an upper bit', 200n],
    ['an upper bit', 255n],
  ])('ProgramAlreadyStarted: %s, bit %i', async (_, bit) => {
    const regs = STARTABLE | (1n << bit)
    const checked = evm.read(harness, 'requireProgram', [program(EMPTY, EMPTY), regs])
    await revertsWith(checked, 'ProgramAlreadyStarted', [regs])
  })

  it('ProgramRegionNotEmpty: input, output', async () => {
    const root = hexWord(9n)
    const withInput = evm.read(harness, 'requireProgram', [program(root, EMPTY), 0n])
    await revertsWith(withInput, 'ProgramRegionNotEmpty', [6n, root])
    const withOutput = evm.read(harness, 'requireProgram', [program(EMPTY, root), 0n])
    await revertsWith(withOutput, 'ProgramRegionNotEmpty', [7n, root])
  })
})
