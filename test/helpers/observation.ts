import type { Address, PublicClient } from 'viem'
import type { PlayedTrace } from '../../protocol/index.ts'
import {
  gamesAbi,
  type MarketRules,
  marketAbi,
  type Phases,
  type TaskView,
  tokenAbi,
  vaultAbi,
  viewOf,
} from '../../protocol/index.ts'
import { BURN, type Hash, type LocalMarket } from './local-market.ts'

/** All that the safety rules look at, after one action. */
export interface Observation {
  readonly rules: MarketRules
  readonly task: TaskView
  /** All tasks of the market, the observed one among them. */
  readonly tasks: readonly TaskView[]
  readonly now: bigint
  /** The computation as it truly is. */
  readonly truth: PlayedTrace
  /** Owners that enter only the truth, and answer in time. */
  readonly honest: readonly Address[]
  /** Every account of the scenario. */
  readonly purses: ReadonlyMap<Address, Purse>
  readonly vault: Vault
  /** Tokens at the burn address. */
  readonly burned: bigint
  /** Tokens that no account of the scenario had at the start, and none has now. */
  readonly elsewhere: bigint
  /** Who was paid the price of the observed task, each time that it was paid. */
  readonly paid: readonly Address[]
  readonly chain: ChainSide
}

/** Tokens and wei that an account has in the vault, and tokens that it has outside. */
export interface Purse {
  readonly free: bigint
  readonly locked: bigint
  readonly ether: bigint
  readonly outside: bigint
}

/** What lies in the vault. */
export interface Vault {
  readonly tokens: bigint
  readonly ether: bigint
  readonly toBurn: bigint
}

/** What the contracts' storage says, for comparison with the view that the events tell. */
export interface ChainSide {
  readonly status: number
  readonly noShows: number
  readonly valuesSeen: number
  readonly valuesAlive: number
  readonly verdict: number
  readonly phases: Phases | undefined
  readonly entries: ReadonlyMap<Hash, { status: number; games: number; ordinal: number }>
  readonly standings: ReadonlyMap<Hash, Hash>
}

export interface Observed {
  readonly market: LocalMarket
  readonly task: Hash
  readonly truth: PlayedTrace
  readonly honest: readonly Address[]
  readonly accounts: ReadonlySet<Address>
}

const GWEI = 10n ** 9n

/** A client that reads the chain as it was at one block, whatever happens meanwhile. */
interface At {
  readonly client: PublicClient
  readonly blockNumber: bigint
}

/** Looks at a task and at all the money of its market. */
export async function observe({ market, task: id, truth, honest, accounts }: Observed): Promise<Observation> {
  const snapshot = await market.reader.read()
  const { tasks, head, rules } = viewOf(snapshot)
  const task = tasks.get(id)
  if (task === undefined) throw new Error(`no task ${id}`)
  const at = { client: market.observer, blockNumber: head.number }
  const [purses, vault, burned, reserve, supply, chain] = await Promise.all([
    pursesOf(at, rules, [...accounts]),
    vaultOf(at, rules),
    tokensOf(at, rules, BURN),
    tokensOf(at, rules, market.treasury),
    at.client.readContract({ ...pinned(at), address: rules.token, abi: tokenAbi, functionName: 'totalSupply' }),
    chainSide(at, rules, task),
  ])
  const outside = [...purses.values()].reduce((sum, purse) => sum + purse.outside, 0n)
  const paid = snapshot.events.flatMap(({ eventName, args }) =>
    eventName === 'PricePaid' && args.task === id ? [args.solver] : [],
  )
  return {
    ...{ rules, task, truth, honest, purses, vault, burned, paid, chain },
    tasks: [...tasks.values()],
    now: head.timestamp,
    elsewhere: supply - reserve - vault.tokens - burned - outside,
  }
}

const pinned = ({ blockNumber }: At) => ({ blockNumber }) as const

const tokensOf = (at: At, { token: address }: MarketRules, owner: Address): Promise<bigint> =>
  at.client.readContract({ ...pinned(at), address, abi: tokenAbi, functionName: 'balanceOf', args: [owner] })

async function pursesOf(at: At, rules: MarketRules, owners: readonly Address[]): Promise<Map<Address, Purse>> {
  const vault = { ...pinned(at), address: rules.vault, abi: vaultAbi } as const
  const purse = async (owner: Address): Promise<[Address, Purse]> => {
    const [{ free, locked, gweiFree }, outside] = await Promise.all([
      at.client.readContract({ ...vault, functionName: 'accountOf', args: [owner] }),
      tokensOf(at, rules, owner),
    ])
    return [owner, { free, locked, ether: gweiFree * GWEI, outside }]
  }
  return new Map(await Promise.all(owners.map(purse)))
}

async function vaultOf(at: At, rules: MarketRules): Promise<Vault> {
  const { vault: address } = rules
  const [tokens, ether, toBurn] = await Promise.all([
    tokensOf(at, rules, address),
    at.client.getBalance({ ...pinned(at), address }),
    at.client.readContract({ ...pinned(at), address, abi: vaultAbi, functionName: 'toBurn' }),
  ])
  return { tokens, ether, toBurn }
}

async function chainSide(at: At, rules: MarketRules, task: TaskView): Promise<ChainSide> {
  const { client } = at
  const market = { ...pinned(at), address: rules.market, abi: marketAbi } as const
  const games = { ...pinned(at), address: rules.games, abi: gamesAbi } as const
  const isPosted = task.phases !== undefined
  const origin = { ...market, args: [task.origin] } as const
  const [{ status, noShows, valuesSeen, valuesAlive }, verdict, phases, entries, standings] = await Promise.all([
    client.readContract({ ...market, functionName: 'taskOf', args: [task.id] }),
    isPosted ? client.readContract({ ...origin, functionName: 'verdictOf' }) : 0,
    isPosted ? client.readContract({ ...origin, functionName: 'phasesOf' }) : undefined,
    each(task.entries, (claim) => client.readContract({ ...market, functionName: 'entryOf', args: [task.id, claim] })),
    each(task.games, ({ id }) => client.readContract({ ...games, functionName: 'standing', args: [id] })),
  ])
  return { status, noShows, valuesSeen, valuesAlive, verdict, phases, entries, standings }
}

const each = async <Key, From, To>(
  map: ReadonlyMap<Key, From>,
  read: (from: From) => Promise<To>,
): Promise<ReadonlyMap<Key, To>> =>
  new Map(await Promise.all([...map].map(async ([key, from]) => [key, await read(from)] as const)))
