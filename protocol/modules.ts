import { type Address, concatHex, type Hex, hexToBytes, type PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { registryAbi } from './generated/abi.ts'
import { type BlockRange, inPieces } from './logs.ts'

/** What the registry's events tell of a program's module. Nothing of it is checked: whoever lowers it sees. */
export interface ModuleSources {
  /** A module that somebody told whole, piece by piece. */
  readonly candidates: readonly { readonly publisher: Address; readonly module: Uint8Array }[]
  /** Where somebody says that it can be had. */
  readonly uris: readonly { readonly publisher: Address; readonly uri: string }[]
}

interface Piece {
  readonly publisher: Address
  readonly index: bigint
  readonly total: bigint
  readonly piece: Hex
}

const eventOf = <Name extends 'ModulePiece' | 'ModuleLocated'>(name: Name) =>
  registryAbi.find((item) => item.type === 'event' && item.name === name) as Extract<
    (typeof registryAbi)[number],
    { type: 'event'; name: Name }
  >

/** Reads what was told of a program's module in a range of blocks. */
export async function readModuleSources(
  client: PublicClient,
  registry: Address,
  program: Hash,
  range: BlockRange,
): Promise<ModuleSources> {
  const query = { address: registry, args: { program }, strict: true } as const
  const [pieces, places] = await Promise.all([
    inPieces(range, (fromBlock, toBlock) =>
      client.getLogs({ ...query, event: eventOf('ModulePiece'), fromBlock, toBlock }),
    ),
    inPieces(range, (fromBlock, toBlock) =>
      client.getLogs({ ...query, event: eventOf('ModuleLocated'), fromBlock, toBlock }),
    ),
  ])
  return {
    candidates: candidatesOf(pieces.map(({ args }) => args)),
    uris: places.map(({ args: { publisher, uri } }) => ({ publisher, uri })),
  }
}

/** The pieces of one publisher and one total are one module: the last of each index, if none is missing. */
export function candidatesOf(pieces: readonly Piece[]): ModuleSources['candidates'] {
  const told = new Map<string, { publisher: Address; total: bigint; byIndex: Map<bigint, Hex> }>()
  for (const { publisher, index, total, piece } of pieces) {
    const key = `${publisher} ${total}`
    const module = told.get(key) ?? { publisher, total, byIndex: new Map<bigint, Hex>() }
    module.byIndex.set(index, piece)
    told.set(key, module)
  }
  return [...told.values()]
    .filter(({ total, byIndex }) => BigInt(byIndex.size) === total)
    .map(({ publisher, byIndex }) => ({ publisher, module: joined(byIndex) }))
}

const joined = (byIndex: ReadonlyMap<bigint, Hex>): Uint8Array =>
  hexToBytes(concatHex([...byIndex].sort(([a], [b]) => Number(a - b)).map(([, piece]) => piece)))
