import { type Address, type Block, BlockNotFoundError, erc20Abi, getAddress, type PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from './errors.ts'
import { arenaAbi } from './generated/abi.ts'
import { type Ledger, readLedger } from './ledger.ts'
import { type ArenaEvent, readEvents } from './logs.ts'
import type { ArenaRules } from './rules.ts'

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

/** The node shows an older head than before: it lags behind the one that answered last, or the chain was cut short. */
export class HeadWentBack extends ProtocolError {
  override readonly name = 'HeadWentBack'
  readonly head: bigint
  readonly before: bigint
  constructor(head: bigint, before: bigint) {
    super(`the head is block ${head}; it was ${before}`)
    this.head = head
    this.before = before
  }
}

export interface ReaderOptions {
  /** The block of the arena's deployment, or one before it. */
  readonly fromBlock?: bigint
  /** Blocks that one query of logs spans at most; fewer where the node refuses so many. */
  readonly blocksPerQuery?: bigint
}

export interface Reader {
  readonly rules: ArenaRules
  /**
   * @throws HeadWentBack once; an older head that is shown twice is believed
   * @throws ReorganisedWhileReading
   */
  read(): Promise<Snapshot>
  /** Drops what was read: the next read takes everything from the node. */
  forget(): void
  /** What the arena's storage holds of a task, at a block. */
  ledger(task: Hash, expected: Ledger, head: Head): Promise<Ledger>
  funds(owner: Address): Promise<Funds>
}

const BLOCKS_PER_QUERY = 2000n

/** The newest blocks are read anew each time: a node may show a block before it shows the block's logs. */
const REREAD_BLOCKS = 64n

/** Events of blocks that are not read again, up to a block that must still be in the chain. */
interface Kept {
  readonly upTo: Head
  readonly events: readonly ArenaEvent[]
}

/** Reads an arena. Between two reads it keeps the events of all but the newest blocks, as long as their last is there. */
export async function createReader(
  client: PublicClient,
  arena: Address,
  { fromBlock = 0n, blocksPerQuery = BLOCKS_PER_QUERY }: ReaderOptions = {},
): Promise<Reader> {
  const rules = await readRules(client, arena)
  const timestamps = new Map<Hash, bigint>()
  let kept: Kept | undefined
  let highest = 0n

  const isInChain = async (head: Head): Promise<boolean> => (await headAt(client, head.number))?.hash === head.hash

  async function read(): Promise<Snapshot> {
    const head = headOf(await client.getBlock())
    const before = highest
    highest = head.number
    if (head.number < before) throw new HeadWentBack(head.number, before)
    if (kept !== undefined && !(await isInChain(kept.upTo))) kept = undefined
    const { events: old, upTo } = kept ?? { events: [] }
    const start = upTo === undefined ? fromBlock : upTo.number + 1n
    const events = [...old, ...(await readEvents(client, arena, start, head.number, blocksPerQuery))]
    const postedAt = await readPostedAt(client, events, timestamps)
    const last = await headAt(client, head.number - REREAD_BLOCKS)
    if (!(await isInChain(head))) throw new ReorganisedWhileReading(head)
    if (last !== undefined && last.number >= start) {
      kept = { upTo: last, events: events.filter(({ blockNumber }) => blockNumber <= last.number) }
    }
    return { rules, head, events, postedAt }
  }

  return {
    ...{ rules, read },
    forget: () => {
      kept = undefined
    },
    ledger: (task, expected, head) => readLedger(client, rules, task, expected, head),
    funds: (owner) => readFunds(client, rules, owner),
  }
}

const headOf = ({ number, hash, timestamp }: Block<bigint, false, 'latest'>): Head => ({ number, hash, timestamp })

/** The block at a height, if the chain that the node shows has one. */
async function headAt(client: PublicClient, blockNumber: bigint): Promise<Head | undefined> {
  if (blockNumber < 0n) return undefined
  try {
    return headOf(await client.getBlock({ blockNumber }))
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined
    throw error
  }
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
