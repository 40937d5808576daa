import { type Address, type Hex, parseAbiItem } from 'viem'
import { lowerTask, programHeader } from '../../interpreter/index.ts'
import { createReader, type ModuleSources, registryAbi } from '../../protocol/index.ts'
import type { Connection } from './connection.ts'
import { UnknownProgram } from './errors.ts'
import { sinceDeployment } from './logs.ts'

type Place = Pick<Connection, 'client' | 'deployment'>

const PROGRAM_PUBLISHED = parseAbiItem(
  'event ProgramPublished(bytes32 indexed program, address indexed publisher, bytes32[8] regionRoots, uint256 regs)',
)

/** A module that somebody told, and whether lowering it gives the program. */
export interface ToldModule {
  readonly publisher: Address
  readonly module: Uint8Array
  readonly isProgram: boolean
}

/** What the chain tells of a published program. */
export interface Publication {
  readonly program: Hex
  readonly publisher: Address
  readonly block: bigint
  readonly regionRoots: readonly Hex[]
  readonly regs: bigint
  readonly modules: readonly ToldModule[]
  readonly uris: readonly { readonly publisher: Address; readonly uri: string }[]
}

export const isPublished = ({ client, deployment }: Place, program: Hex): Promise<boolean> =>
  client.readContract({
    ...{ address: deployment.addresses.registry, abi: registryAbi },
    ...({ functionName: 'isPublished', args: [program] } as const),
  })

/** @throws UnknownProgram */
export async function readPublication({ client, deployment }: Place, program: Hex): Promise<Publication> {
  const { registry } = deployment.addresses
  const query = { address: registry, event: PROGRAM_PUBLISHED, args: { program }, strict: true } as const
  const [published] = await sinceDeployment({ client, deployment }, (fromBlock, toBlock) =>
    client.getLogs({ ...query, fromBlock, toBlock }),
  )
  if (published === undefined) throw new UnknownProgram(program, registry)
  const { publisher, regionRoots, regs } = published.args
  const { candidates, uris } = await toldOf({ client, deployment }, program)
  const modules = candidates.map(({ publisher, module }) => ({
    ...{ publisher, module },
    isProgram: leadsTo(program, module),
  }))
  return { program, publisher, block: published.blockNumber, regionRoots, regs, modules, uris }
}

/** What was told of a program's module, unchecked. */
export async function toldOf({ client, deployment }: Place, program: Hex): Promise<ModuleSources> {
  const { addresses, block } = deployment
  return (await createReader(client, addresses.market, { fromBlock: block })).readModule(program)
}

/** Whatever lowering does not take is no module of the program. */
function leadsTo(program: Hex, module: Uint8Array): boolean {
  try {
    return programHeader(lowerTask(module)).programId === program
  } catch {
    return false
  }
}
