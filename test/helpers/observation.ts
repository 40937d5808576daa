import type { Address } from 'viem'
import { arenaAbi, type Phases, type PlayedTrace, type TaskView, viewOf } from '../../protocol/index.ts'
import { BURN, type Hash, type LocalArena } from './local-arena.ts'

/** All that the safety rules look at, after one action. */
export interface Observation {
  readonly arity: number
  readonly task: TaskView
  readonly now: bigint
  /** The computation as it truly is. */
  readonly truth: PlayedTrace
  /** Accounts that enter only the truth, and answer in time. */
  readonly honest: readonly Address[]
  /** Tokens of every account of the scenario. */
  readonly balances: ReadonlyMap<Address, bigint>
  readonly escrow: bigint
  readonly burned: bigint
  /** Tokens that no account of the scenario had at the start, and none has now. */
  readonly elsewhere: bigint
  readonly chain: ChainSide
}

/** What the contract's storage says, for comparison with the view that the events tell. */
export interface ChainSide {
  readonly status: number
  readonly valuesSeen: bigint
  readonly valuesAlive: bigint
  readonly phases: Phases | undefined
  readonly entries: ReadonlyMap<Hash, { status: number; buriedBy: Hash }>
  readonly standings: ReadonlyMap<Hash, Hash>
}

export interface Observed {
  readonly arena: LocalArena
  readonly task: Hash
  readonly truth: PlayedTrace
  readonly honest: readonly Address[]
  readonly accounts: ReadonlySet<Address>
}

/** Looks at a task and at all its money. */
export async function observe({ arena, task: id, truth, honest, accounts }: Observed): Promise<Observation> {
  const { tasks, head } = viewOf(await arena.reader.read())
  const task = tasks.get(id)
  if (task === undefined) throw new Error(`no task ${id}`)
  const balances = new Map<Address, bigint>()
  for (const account of accounts) balances.set(account, await arena.balanceOf(account))
  const [escrow, burned] = [await arena.balanceOf(arena.rules.arena), await arena.balanceOf(BURN)]
  const held = [...balances.values()].reduce((sum, balance) => sum + balance, escrow + burned)
  const elsewhere = (await arena.totalSupply()) - held
  const chain = await chainSide(arena, task)
  const { arity } = arena.rules
  return { arity, task, now: head.timestamp, truth, honest, balances, escrow, burned, elsewhere, chain }
}

async function chainSide({ client, rules }: LocalArena, task: TaskView): Promise<ChainSide> {
  const arena = { address: rules.arena, abi: arenaAbi } as const
  const { status, valuesSeen, valuesAlive } = await client.readContract({
    ...arena,
    functionName: 'taskOf',
    args: [task.id],
  })
  const entries = new Map<Hash, { status: number; buriedBy: Hash }>()
  for (const id of task.entries.keys()) {
    entries.set(id, await client.readContract({ ...arena, functionName: 'entryOf', args: [id] }))
  }
  const standings = new Map<Hash, Hash>()
  for (const id of task.games.keys()) {
    standings.set(id, await client.readContract({ ...arena, functionName: 'standing', args: [id] }))
  }
  const begun = task.phases !== undefined
  const phases = begun ? await client.readContract({ ...arena, functionName: 'phasesOf', args: [task.id] }) : undefined
  return { status, valuesSeen, valuesAlive, phases, entries, standings }
}
