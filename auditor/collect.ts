import { type Address, getAddress, numberToHex, type PublicClient, type RpcLog } from 'viem'
import { type Hash, lowerTask, programHeader } from '../interpreter/index.ts'
import { createReader, inPieces, marketAbi, ReorganisedWhileReading } from '../protocol/index.ts'
import { NothingToReplay } from './errors.ts'
import { type ArgsOf, decodedBy, type History, type RawLog } from './history.ts'
import { type Ids, type Source, storageOf, timesOf, transactionsOf } from './source.ts'

export interface CollectOptions {
  readonly client: PublicClient
  readonly market: Address
  /** Id of a task, or of one of its games. */
  readonly taskOrGame: Hash
  /** The block of the market's deployment, or one before it. */
  readonly fromBlock?: bigint
  /** The same for the registry; by default that of the market. */
  readonly registryFromBlock?: bigint
  /** Blocks that one query of logs spans at most; fewer where the node refuses so many. */
  readonly blocksPerQuery?: bigint
}

const BLOCKS_PER_QUERY = 2000n
/** Ids that one query names at most. */
const IDS_PER_QUERY = 100

/**
 * Reads all that a chain knows of a task; nothing of it is checked.
 * @throws NothingToReplay, ReorganisedWhileReading
 */
export async function collect(options: CollectOptions): Promise<History> {
  const { client, fromBlock = 0n, blocksPerQuery = BLOCKS_PER_QUERY } = options
  const market = getAddress(options.market)
  const reader = await createReader(client, market, { ...options, fromBlock, blocksPerQuery })
  const { number, hash, timestamp, baseFeePerGas } = await client.getBlock()
  const head = { number, hash, timestamp }
  const { rules } = reader
  const source: Source = {
    client,
    reader,
    rules,
    head,
    range: { from: fromBlock, to: number, perQuery: blocksPerQuery },
  }
  const history = await read(source, await taskOf(source, options.taskOrGame))
  const after = await client.getBlock({ blockNumber: number })
  if (after.hash !== hash) throw new ReorganisedWhileReading({ ...head, baseFee: baseFeePerGas ?? 0n })
  return history
}

async function read(source: Source, task: Hash): Promise<History> {
  const { rules, head } = source
  const own = await logsOf(source, rules.market, [task])
  if (own.length === 0) throw new NothingToReplay(task)
  const ids = idsIn(own)
  const played = await logsOf(source, rules.games, ids.games)
  const paid = await logsOf(source, rules.vault, [task, ...ids.entries])
  const logs = [...own, ...played, ...paid].sort((a, b) => Number(a.block - b.block) || a.index - b.index)
  return {
    ...{ rules, task, head, logs },
    times: await timesOf(source, logs),
    transactions: await transactionsOf(source, logs),
    storage: await storageOf(source, task, ids),
    module: await moduleOf(source, own),
  }
}

/** The task itself, or the task of a game: its first move stands in the transaction that opened it. */
async function taskOf(source: Source, id: Hash): Promise<Hash> {
  const [first] = await logsOf(source, source.rules.games, [id])
  if (first === undefined) return id
  const { logs } = await source.client.getTransactionReceipt({ hash: first.transaction })
  for (const log of logs) {
    if (getAddress(log.address) !== source.rules.market) continue
    const raw = rawOf({ ...log, blockNumber: numberToHex(log.blockNumber), logIndex: numberToHex(log.logIndex) })
    if (isNamed('Opened')(raw) && argsOf<'Opened'>(raw).game === id) return argsOf<'Opened'>(raw).task
  }
  throw new NothingToReplay(id)
}

/** The logs of a contract whose first indexed argument is one of these ids. */
async function logsOf({ client, range }: Source, address: Address, ids: readonly Hash[]): Promise<RawLog[]> {
  const found: RawLog[] = []
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) {
    const topics = [null, ids.slice(at, at + IDS_PER_QUERY)]
    const logs = await inPieces(range, (first, last): Promise<RpcLog[]> => {
      const blocks = { fromBlock: numberToHex(first), toBlock: numberToHex(last) }
      return client.request({ method: 'eth_getLogs', params: [{ address, topics, ...blocks }] })
    })
    for (const log of logs) found.push(rawOf(log))
  }
  return found
}

const rawOf = ({ address, topics, data, blockNumber, logIndex, transactionHash }: MinedLog): RawLog => ({
  ...{ address: getAddress(address), topics, data },
  ...{ block: BigInt(blockNumber ?? 0), index: Number(logIndex ?? 0), transaction: transactionHash ?? '0x' },
})

type MinedLog = Pick<RpcLog, 'address' | 'topics' | 'data' | 'blockNumber' | 'logIndex' | 'transactionHash'>

const nameOf = (log: RawLog) => decodedBy(marketAbi, log, { name: 'a log', block: log.block, index: log.index }).name
const isNamed = (name: string) => (log: RawLog) => nameOf(log) === name
const argsOf = <Name extends 'Entered' | 'Opened' | 'TaskRequested'>(log: RawLog) =>
  decodedBy(marketAbi, log, { name: 'a log', block: log.block, index: log.index }).args as unknown as ArgsOf<Name>

/** What a task's own events speak of. */
function idsIn(logs: readonly RawLog[]): Ids {
  const entered = logs.filter(isNamed('Entered')).map((log) => argsOf<'Entered'>(log))
  return {
    values: [...new Set(entered.map(({ value }) => value))],
    entries: entered.map(({ entry }) => entry),
    owners: new Map(entered.map(({ entry, owner, value }) => [entry, { owner, value }])),
    games: logs.filter(isNamed('Opened')).map((log) => argsOf<'Opened'>(log).game),
  }
}

/** The module that somebody told of the task's program, if it is that. */
async function moduleOf({ reader }: Source, logs: readonly RawLog[]): Promise<Uint8Array | undefined> {
  const [requested] = logs.filter(isNamed('TaskRequested'))
  if (requested === undefined) return undefined
  const { program } = argsOf<'TaskRequested'>(requested)
  const { candidates } = await reader.readModule(program)
  return candidates.map(({ module }) => module).find((module) => programIdOf(module) === program)
}

/** Id of a module's program; undefined for bytes that are none. */
function programIdOf(module: Uint8Array): Hash | undefined {
  try {
    return programHeader(lowerTask(module)).programId
  } catch {
    return undefined
  }
}
