import { type Address, type Block, BlockNotFoundError, getAddress, type PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { type Funds, readFunds, readRules } from './deployed.ts'
import { ProtocolError } from './errors.ts'
import { type Ledger, readLedger } from './ledger.ts'
import { type BlockRange, type MarketEvent, readEvents, readUris } from './logs.ts'
import { type ModuleSources, readModuleSources } from './modules.ts'
import type { MarketRules } from './rules.ts'

/** The block up to which the chain was read. Its time is the player's clock. */
export interface Head {
  readonly number: bigint
  readonly hash: Hash
  readonly timestamp: bigint
  /** Wei for a unit of gas. */
  readonly baseFee: bigint
}

/** Everything a market has told until a block. */
export interface Snapshot {
  readonly rules: MarketRules
  readonly head: Head
  /** In chain order. */
  readonly events: readonly MarketEvent[]
  /** Times of the blocks, by hash, in which tasks were requested, taken or posted. */
  readonly times: ReadonlyMap<Hash, bigint>
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
  /** The block of the market's deployment, or one before it. */
  readonly fromBlock?: bigint
  /** The same for the registry, which may be older; by default that of the market. */
  readonly registryFromBlock?: bigint
  /** Blocks that one query of logs spans at most; fewer where the node refuses so many. */
  readonly blocksPerQuery?: bigint
}

export interface Reader {
  readonly rules: MarketRules
  /**
   * @throws HeadWentBack once; an older head that is shown twice is believed
   * @throws ReorganisedWhileReading
   */
  read(): Promise<Snapshot>
  /** Drops what was read: the next read takes everything from the node. */
  forget(): void
  /** What the storage holds of a task, at a block. */
  ledger(task: Hash, expected: Ledger, head: Head): Promise<Ledger>
  /** What `signer` can lock and spend for `owner`; by default the owner signs itself. */
  funds(owner: Address, signer?: Address): Promise<Funds>
  /** Where the request of a task that was read says that its input can be had. */
  readUris(task: Hash): Promise<readonly string[]>
  /** What was told of a program's module; unchecked. */
  readModule(program: Hash): Promise<ModuleSources>
}

const BLOCKS_PER_QUERY = 2000n

/** The newest blocks are read anew each time: a node may show a block before it shows the block's logs. */
const REREAD_BLOCKS = 64n

/** Events of blocks that are not read again, up to a block that must still be in the chain. */
interface Kept {
  readonly upTo: Head
  readonly events: readonly MarketEvent[]
}

/** Reads a market. Between two reads it keeps the events of all but the newest blocks, as long as their last is there. */
export async function createReader(
  client: PublicClient,
  market: Address,
  { fromBlock = 0n, registryFromBlock = fromBlock, blocksPerQuery = BLOCKS_PER_QUERY }: ReaderOptions = {},
): Promise<Reader> {
  const rules = await readRules(client, getAddress(market))
  const known = new Map<Hash, bigint>()
  let kept: Kept | undefined
  let highest = 0n
  let seen: readonly MarketEvent[] = []

  const isInChain = async (head: Head): Promise<boolean> => (await headAt(client, head.number))?.hash === head.hash

  const rangeTo = (from: bigint, to: bigint): BlockRange => ({ from, to, perQuery: blocksPerQuery })

  async function read(): Promise<Snapshot> {
    const head = headOf(await client.getBlock())
    const before = highest
    highest = head.number
    if (head.number < before) throw new HeadWentBack(head.number, before)
    if (kept !== undefined && !(await isInChain(kept.upTo))) kept = undefined
    const { events: old, upTo } = kept ?? { events: [] }
    const start = upTo === undefined ? fromBlock : upTo.number + 1n
    const events = [...old, ...(await readEvents(client, rules, rangeTo(start, head.number)))]
    const times = await readTimes(client, events, known)
    const last = await headAt(client, head.number - REREAD_BLOCKS)
    if (!(await isInChain(head))) throw new ReorganisedWhileReading(head)
    if (last !== undefined && last.number >= start) {
      kept = { upTo: last, events: events.filter(({ blockNumber }) => blockNumber <= last.number) }
    }
    seen = events
    return { rules, head, events, times }
  }

  return {
    ...{ rules, read },
    forget: () => {
      kept = undefined
    },
    ledger: (task, expected, head) => readLedger(client, rules, task, expected, head),
    funds: (owner, signer = owner) => readFunds(client, rules, owner, signer),
    async readUris(task) {
      const requested = seen.find(({ eventName, args }) => eventName === 'TaskRequested' && args.task === task)
      return requested === undefined ? [] : readUris(client, rules, task, requested.blockNumber)
    },
    async readModule(program) {
      const { number } = await client.getBlock()
      return readModuleSources(client, rules.registry, program, rangeTo(registryFromBlock, number))
    },
  }
}

const headOf = ({ number, hash, timestamp, baseFeePerGas }: Block<bigint, false, 'latest'>): Head => ({
  ...{ number, hash, timestamp },
  baseFee: baseFeePerGas ?? 0n,
})

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

/** Times of the blocks from which prices, posting ends and phases count: of entries only a task's first is such a one. */
async function readTimes(
  client: PublicClient,
  events: readonly MarketEvent[],
  known: Map<Hash, bigint>,
): Promise<Map<Hash, bigint>> {
  const times = new Map<Hash, bigint>()
  const posted = new Set<Hash>()
  for (const event of events) {
    if (!isTimed(event, posted) || times.has(event.blockHash)) continue
    const { blockHash } = event
    const time = known.get(blockHash) ?? (await client.getBlock({ blockHash })).timestamp
    known.set(blockHash, time)
    times.set(blockHash, time)
  }
  return times
}

function isTimed({ eventName, args }: MarketEvent, posted: Set<Hash>): boolean {
  if (eventName === 'TaskRequested' || eventName === 'Taken') return true
  if (eventName !== 'Entered' || posted.has(args.task)) return false
  posted.add(args.task)
  return true
}
