import { type Address, concatHex, type Hex, hexToBytes, type PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { registryAbi } from './generated/abi.ts'
import { type BlockRange, inPieces, isRefusal } from './logs.ts'

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

const eventOf = <Name extends 'ProgramPublished' | 'ModulePiece' | 'ModuleLocated'>(name: Name) =>
  registryAbi.find((item) => item.type === 'event' && item.name === name) as Extract<
    (typeof registryAbi)[number],
    { type: 'event'; name: Name }
  >

/**
 * Reads what was told of a program's module in a range of blocks. Anybody may tell anything of it: where the node refuses
 * all that was told in one block, only what the program's publisher told there counts, if that is not too much either.
 */
export async function readModuleSources(
  client: PublicClient,
  registry: Address,
  program: Hash,
  range: BlockRange,
): Promise<ModuleSources> {
  const query = { address: registry, strict: true } as const
  type Told = { readonly program: Hash; readonly publisher?: Address }
  const publisherOf = once(() => readPublisher(client, registry, program, range))

  function told<T>(ask: (args: Told, fromBlock: bigint, toBlock: bigint) => Promise<readonly T[]>): Promise<T[]> {
    const ofBlock = async (block: bigint) => {
      const publisher = await publisherOf()
      if (publisher === undefined) return []
      return ask({ program, publisher }, block, block).catch((error: unknown) => {
        if (isRefusal(error)) return []
        throw error
      })
    }
    return inPieces(range, (from, to) => ask({ program }, from, to), ofBlock)
  }

  const [pieces, places] = await Promise.all([
    told((args, fromBlock, toBlock) =>
      client.getLogs({ ...query, args, event: eventOf('ModulePiece'), fromBlock, toBlock }),
    ),
    told((args, fromBlock, toBlock) =>
      client.getLogs({ ...query, args, event: eventOf('ModuleLocated'), fromBlock, toBlock }),
    ),
  ])
  return {
    candidates: candidatesOf(pieces.map(({ args }) => args)),
    uris: places.map(({ args: { publisher, uri } }) => ({ publisher, uri })),
  }
}

/** Who published a program; a program is published once. */
async function readPublisher(
  client: PublicClient,
  address: Address,
  program: Hash,
  range: BlockRange,
): Promise<Address | undefined> {
  const query = { address, event: eventOf('ProgramPublished'), args: { program }, strict: true } as const
  const published = await inPieces(range, (fromBlock, toBlock) => client.getLogs({ ...query, fromBlock, toBlock }))
  return published[0]?.args.publisher
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
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
