import type { Command } from 'commander'
import { encodeFunctionData, type Hex, parseAbiItem, toHex } from 'viem'
import { lowerTask, programHeader, toHex as wordToHex } from '../interpreter/index.ts'
import { registryAbi } from '../protocol/index.ts'
import { connectToSign, type SigningConnection } from './chain/connection.ts'
import { NothingToDo } from './chain/errors.ts'
import { sinceDeployment } from './chain/logs.ts'
import { type SignerOptions, signing } from './chain/options.ts'
import { isPublished, toldOf } from './chain/programs.ts'
import { printReport } from './chain/report.ts'
import { send } from './chain/sending.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { readFile } from './files.ts'
import { FILE } from './options.ts'
import { byteCount } from './text.ts'

/** Of a piece of a module, in bytes: a log of this size is still found and passed on by every node. */
const PIECE_BYTES = 24_000
/** In one transaction: nodes pass on transactions of at most 128 KiB. */
const PIECES_AT_ONCE = 4

const MODULE_PIECE = parseAbiItem(
  'event ModulePiece(bytes32 indexed program, address indexed publisher, uint256 index, uint256 total, bytes piece)',
)

interface PublishOptions extends SignerOptions {
  readonly uri?: readonly string[]
}

/** What is to be published. */
interface Publication {
  readonly programId: Hex
  readonly roots: Roots
  readonly regs: bigint
  readonly pieces: readonly Hex[]
}

type Roots = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex]

export function addPublish(parent: Command, finish: (code: ExitCode) => void): void {
  signing(parent.command('publish'))
    .summary('publish a program and its module')
    .description(
      'Publishes a program, and its module in pieces; adds the pieces that are missing of one published before.',
    )
    .argument(...FILE)
    .option('--uri <uri...>', 'where the module can be had as well')
    .action(async (file: string, options: PublishOptions) => finish(await publish(file, options)))
}

async function publish(file: string, options: PublishOptions): Promise<ExitCode> {
  const module = readFile(file)
  const publication = publicationFrom(module)
  const { programId, pieces } = publication
  const connection = await connectToSign(options)
  const isNew = !(await isPublished(connection, programId))
  const missing = isNew ? indexesOf(pieces) : await missingPieces(connection, publication, module)
  const calls = callsFor(publication, isNew, missing, options.uri ?? [])
  if (calls.length === 0)
    throw new NothingToDo(
      `program ${programId} was published before, and its module is on the chain`,
      `substep program show ${programId} tells by whom`,
    )
  const hashes = await sendAll(connection, calls)
  await printReport(options.json, { programId, published: isNew, pieces: missing.length, transactions: hashes }, [
    ['program', programId],
    ['published', isNew ? 'now' : 'before'],
    ['module', `${byteCount(module.length)}, ${missing.length} of ${pieces.length} pieces told now`],
    ...hashes.map((hash) => ['done', hash] as const),
  ])
  return EXIT.OK
}

function publicationFrom(module: Uint8Array): Publication {
  const { programId, regionRoots, regs } = programHeader(lowerTask(module))
  const pieces: Hex[] = []
  for (let at = 0; at < module.length; at += PIECE_BYTES) pieces.push(toHex(module.subarray(at, at + PIECE_BYTES)))
  return { programId, roots: regionRoots.map((root) => wordToHex(root)) as unknown as Roots, regs, pieces }
}

const indexesOf = (pieces: readonly Hex[]): readonly number[] => pieces.map((_, index) => index)

/** Pieces that the chain does not have yet; none where somebody has told the whole module. */
async function missingPieces(
  { client, deployment, wallet }: SigningConnection,
  { programId, pieces }: Publication,
  module: Uint8Array,
): Promise<readonly number[]> {
  const { candidates } = await toldOf({ client, deployment }, programId)
  if (candidates.some((candidate) => Buffer.from(candidate.module).equals(module))) return []
  const args = { program: programId, publisher: wallet.account.address }
  const query = { address: deployment.addresses.registry, event: MODULE_PIECE, args, strict: true } as const
  const told = new Map<bigint, Hex>()
  const logs = await sinceDeployment({ client, deployment }, (fromBlock, toBlock) =>
    client.getLogs({ ...query, fromBlock, toBlock }),
  )
  for (const { args } of logs) {
    if (args.total === BigInt(pieces.length)) told.set(args.index, args.piece)
  }
  return indexesOf(pieces).filter((index) => told.get(BigInt(index)) !== pieces[index])
}

function callsFor(
  { programId, roots, regs, pieces }: Publication,
  isNew: boolean,
  missing: readonly number[],
  uris: readonly string[],
): readonly Hex[] {
  const abi = registryAbi
  const total = BigInt(pieces.length)
  return [
    ...(isNew ? [encodeFunctionData({ abi, functionName: 'publish', args: [roots, regs] })] : []),
    ...uris.map((uri) => encodeFunctionData({ abi, functionName: 'locate', args: [programId, uri] })),
    ...missing.map((index) => {
      const args = [programId, BigInt(index), total, pieces[index] ?? '0x'] as const
      return encodeFunctionData({ abi, functionName: 'tell', args })
    }),
  ]
}

/** One after the other: the first one publishes what the others tell about. */
async function sendAll(connection: SigningConnection, calls: readonly Hex[]): Promise<readonly Hex[]> {
  const to = connection.deployment.addresses.registry
  const hashes: Hex[] = []
  for (let at = 0; at < calls.length; at += PIECES_AT_ONCE) {
    const args = [calls.slice(at, at + PIECES_AT_ONCE)] as const
    const data = encodeFunctionData({ abi: registryAbi, functionName: 'multicall', args })
    hashes.push((await send(connection, 'the publication', { to, data })).transactionHash)
  }
  return hashes
}
