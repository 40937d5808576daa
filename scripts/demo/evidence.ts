import { type ArenaRules, arenaAbi, createReader, type Phases, type TaskView, viewOf } from '../../protocol/index.ts'
import { type Balances, balancesAt } from './bonds.ts'
import type { Role } from './cast.ts'
import { roleOf } from './cast.ts'
import type { Chain } from './chain.ts'
import type { Computation } from './computation.ts'
import { DemoFailed, present } from './failure.ts'
import { type Told, type Transaction, told, toldFirst } from './history.ts'
import { type Judged, judgedFrom } from './judged.ts'
import { type Move, movesOf } from './moves.ts'

/** All that the chain told, in the terms of the demo. */
export interface Evidence {
  readonly chain: Chain
  readonly rules: ArenaRules
  readonly computation: Computation
  readonly history: readonly Transaction[]
  readonly task: Told<'TaskCreated'>
  readonly entries: Readonly<Record<Role, Told<'Entered'>>>
  readonly opened: Told<'Opened'>
  readonly moves: readonly Move[]
  readonly judged: Judged
  readonly buried: Told<'Buried'>
  readonly settled: Told<'Settled'>
  /** Before the first entry, after the last, and at the end. */
  readonly bonds: { readonly before: Balances; readonly locked: Balances; readonly after: Balances }
  /** The task as the protocol reads it from the same events. */
  readonly view: TaskView
  readonly phases: Phases
}

export interface Sources {
  readonly chain: Chain
  readonly rules: ArenaRules
  readonly computation: Computation
  readonly history: readonly Transaction[]
}

/** @throws DemoFailed where something is missing that every dispute has */
export async function gather(sources: Sources): Promise<Evidence> {
  const { rules, computation, history } = sources
  const { client } = sources.chain
  const task = toldFirst(history, 'TaskCreated')
  const moves = movesOf(history)
  const lastMove = present('moves', 'move', moves.at(-1))
  const entered = told(history, 'Entered')
  const at = (block: bigint) => balancesAt(client, rules, block)
  const lastBlock = present('events', 'transaction', history.at(-1)).block
  const view = viewOf(await (await createReader(client, rules.arena)).read()).tasks.get(task.args.task)
  const phases = { address: rules.arena, abi: arenaAbi, functionName: 'phasesOf', args: [task.args.task] } as const
  return {
    ...sources,
    task,
    entries: { solver: entryOf(entered, 'solver'), verifier: entryOf(entered, 'verifier') },
    opened: toldFirst(history, 'Opened'),
    moves,
    judged: judgedFrom(toldFirst(history, 'Proved'), lastMove, computation),
    buried: toldFirst(history, 'Buried'),
    settled: toldFirst(history, 'Settled'),
    bonds: {
      before: await at(task.transaction.block),
      locked: await at(present('answers', 'entry', entered.at(-1)).transaction.block),
      after: await at(lastBlock),
    },
    view: present('events', 'task in the view', view),
    phases: await client.readContract(phases),
  }
}

function entryOf(entered: readonly Told<'Entered'>[], role: Role): Told<'Entered'> {
  const own = entered.filter(({ args }) => roleOf(args.owner) === role)
  if (own.length > 1) throw new DemoFailed('answers', `the ${role} entered ${own.length} times`)
  return present('answers', `entry of the ${role}`, own[0])
}
