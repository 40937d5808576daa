import {
  type Address,
  type Block,
  type ContractEventName,
  erc20Abi,
  getAddress,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
} from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from './errors.ts'
import { arenaAbi } from './generated/abi.ts'
import type { ArenaRules } from './rules.ts'

type ArenaAbi = typeof arenaAbi

/** An event of an arena, its games or its escrow. */
export type ArenaEvent = ParseEventLogsReturnType<ArenaAbi, ContractEventName<ArenaAbi>, true>[number]

/** The block up to which the chain was read. Its time is the player's clock. */
export interface Head {
  readonly number: bigint
  readonly hash: Hash
  readonly timestamp: bigint
}

/** Everything an arena has told until a block. */
export interface Snapshot {
  readonly rules: ArenaRules
  readonly head: Head
  /** In chain order. */
  readonly events: readonly ArenaEvent[]
  /** Time of the first entry of each task that has one. */
  readonly postedAt: ReadonlyMap<Hash, bigint>
}

/** What an account can lock. */
export interface Funds {
  readonly balance: bigint
  /** What the arena may take of it. */
  readonly allowance: bigint
}

/** The chain changed while it was being read; reading again is the cure. */
export class ReorganisedWhileReading extends ProtocolError {
  override readonly name = 'ReorganisedWhileReading'
  readonly head: Head
  constructor(head: Head) {
    super(`block ${head.number} is no longer ${head.hash}`)
    this.head = head
  }
}

export interface ReaderOptions {
  /** The block of the arena's deployment, or one before it. */
  readonly fromBlock?: bigint
  /** Nodes limit how many blocks one query of logs may span. */
  readonly blocksPerQuery?: bigint
}

export interface Reader {
  readonly rules: ArenaRules
  /** @throws ReorganisedWhileReading */
  read(): Promise<Snapshot>
  funds(owner: Address): Promise<Funds>
}

const BLOCKS_PER_QUERY = 2000n

/**
 * Reads an arena. What is kept between two reads are answers for a block hash, which name their whole
 * past: when that block is no longer in the chain, everything is read again.
 */
export async function createReader(
  client: PublicClient,
  arena: Address,
  { fromBlock = 0n, blocksPerQuery = BLOCKS_PER_QUERY }: ReaderOptions = {},
): Promise<Reader> {
  const rules = await readRules(client, arena)
  const timestamps = new Map<Hash, bigint>()
  let known: { head: Head; events: readonly ArenaEvent[] } | undefined

  const isInChain = async (head: Head): Promise<boolean> => (await headAt(client, head.number))?.hash === head.hash

  async function read(): Promise<Snapshot> {
    const head = headOf(await client.getBlock())
    const before = known !== undefined && known.head.number <= head.number && (await isInChain(known.head))
    const start = before && known ? known.head.number + 1n : fromBlock
    const fresh = await readEvents(client, arena, start, head.number, blocksPerQuery)
    const events = before && known ? [...known.events, ...fresh] : fresh
    const postedAt = await readPostedAt(client, events, timestamps)
    if (!(await isInChain(head))) throw new ReorganisedWhileReading(head)
    known = { head, events }
    return { rules, head, events, postedAt }
  }

  return { rules, read, funds: (owner) => readFunds(client, rules, owner) }
}

const headOf = ({ number, hash, timestamp }: Block<bigint, false, 'latest'>): Head => ({ number, hash, timestamp })

/** The block at a height, if the chain has grown that far. */
async function headAt(client: PublicClient, blockNumber: bigint): Promise<Head | undefined> {
  if ((await client.getBlockNumber({ cacheTime: 0 })) < blockNumber) return undefined
  return headOf(await client.getBlock({ blockNumber }))
}

async function readEvents(
  client: PublicClient,
  address: Address,
  fromBlock: bigint,
  toBlock: bigint,
  blocksPerQuery: bigint,
): Promise<ArenaEvent[]> {
  const events: ArenaEvent[] = []
  for (let from = fromBlock; from <= toBlock; from += blocksPerQuery) {
    const last = from + blocksPerQuery - 1n
    const logs = await client.getLogs({ address, fromBlock: from, toBlock: last < toBlock ? last : toBlock })
    for (const event of parseEventLogs({ abi: arenaAbi, logs, strict: true })) events.push(event)
  }
  return events
}

async function readPostedAt(
  client: PublicClient,
  events: readonly ArenaEvent[],
  timestamps: Map<Hash, bigint>,
): Promise<Map<Hash, bigint>> {
  const postedAt = new Map<Hash, bigint>()
  for (const event of events) {
    if (event.eventName !== 'Entered' || postedAt.has(event.args.task)) continue
    const { blockHash } = event
    const known = timestamps.get(blockHash) ?? (await client.getBlock({ blockHash })).timestamp
    timestamps.set(blockHash, known)
    postedAt.set(event.args.task, known)
  }
  return postedAt
}

async function readRules(client: PublicClient, address: Address): Promise<ArenaRules> {
  const arena = { address, abi: arenaAbi } as const
  const [chainId, [stepper, arity, budget, minimum], [challenge, support, opening], token, bond] = await Promise.all([
    client.getChainId(),
    client.readContract({ ...arena, functionName: 'rules' }),
    client.readContract({ ...arena, functionName: 'phaseLengths' }),
    client.readContract({ ...arena, functionName: 'token' }),
    client.readContract({ ...arena, functionName: 'bond' }),
  ])
  const lengths = { budget, minimum, challenge, support, opening }
  return {
    chainId: BigInt(chainId),
    arena: getAddress(address),
    stepper,
    arity: Number(arity),
    ...lengths,
    token,
    bond,
  }
}

async function readFunds(client: PublicClient, { token, arena }: ArenaRules, owner: Address): Promise<Funds> {
  const contract = { address: token, abi: erc20Abi } as const
  const [balance, allowance] = await Promise.all([
    client.readContract({ ...contract, functionName: 'balanceOf', args: [owner] }),
    client.readContract({ ...contract, functionName: 'allowance', args: [owner, arena] }),
  ])
  return { balance, allowance }
}
