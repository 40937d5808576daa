import { createReader, type MarketRules, marketAbi, type Phases, type TaskView, viewOf } from '../../protocol/index.ts'
import type { Chain } from './chain.ts'
import type { Computation } from './computation.ts'
import { dappAbi, WORK, type Work } from './dapp.ts'
import { DemoFailed, present } from './failure.ts'
import { type Args, lastOf, type Told, type Transaction, told, toldFirst } from './history.ts'
import { type Judged, judgedFrom } from './judged.ts'
import type { Market } from './market.ts'
import { type Money, moneyAt } from './money.ts'
import { type Move, movesOf } from './moves.ts'
import { type Role, roleOf } from './parties.ts'
import type { Sabotage } from './sabotage.ts'

/** What an act left behind. */
export interface Sources {
  readonly chain: Chain
  readonly market: Market
  /** All before the first act. */
  readonly setUp: readonly Transaction[]
  readonly computation: Computation
  readonly history: readonly Transaction[]
}

export type Request = Args<'TaskRequested'>['request']

/** All that the chain told of an act, in the terms of the demo. */
export interface Evidence extends Sources {
  readonly asked: Told<'CheckRequested'>
  readonly task: Told<'TaskRequested'>
  readonly request: Request
  readonly taken: Told<'Taken'>
  /** What the solver posted. */
  readonly posted: Told<'Entered'>
  readonly finalised: Told<'Finalised'>
  readonly paid: Told<'PricePaid'>
  readonly delivered: Told<'Delivered'>
  /** Before the question, with all stakes locked, and at the end. */
  readonly money: { readonly before: Money; readonly locked: Money; readonly after: Money }
  /** Rules and task as the protocol reads them from the same chain. */
  readonly read: { readonly rules: MarketRules; readonly view: TaskView }
  /** As the contract says. */
  readonly phases: Phases
  /** What the consumer knows of the block at the end. */
  readonly work: Work | undefined
  /** Undefined where nobody disputed. */
  readonly dispute: Dispute | undefined
}

/** What a dispute left behind besides. */
export interface Dispute {
  readonly sabotage: Sabotage
  readonly entries: Readonly<Record<Role, Told<'Entered'>>>
  readonly opened: Told<'Opened'>
  readonly moves: readonly Move[]
  readonly judged: Judged
  readonly buried: Told<'Buried'>
  readonly slashed: Told<'Slashed'>
  readonly divided: Told<'EntryDivided'>
  readonly burned: Told<'Burned'>
}

export interface DisputedEvidence extends Evidence {
  readonly dispute: Dispute
}

/** @throws DemoFailed where something is missing that every task has, or every dispute */
export async function gather(sources: Sources, sabotage?: Sabotage): Promise<Evidence> {
  const { market, history } = sources
  const { client } = sources.chain
  const asked = toldFirst(history, 'CheckRequested')
  const task = toldFirst(history, 'TaskRequested')
  const { request } = task.args
  const lockings = told(history, 'Locked')
  const at = (block: bigint) => moneyAt(client, market, block)
  const posted = told(history, 'Entered').find(({ args }) => roleOf(args.owner) === 'solver')
  const reader = await createReader(client, market.rules.market)
  const view = viewOf(await reader.read()).tasks.get(task.args.task)
  const contract = { address: market.rules.market, abi: marketAbi } as const
  const consumer = { address: market.consumer, abi: dappAbi } as const
  const origin = await client.readContract({ ...contract, functionName: 'originOf', args: [request] })
  return {
    ...sources,
    asked,
    task,
    request,
    taken: toldFirst(history, 'Taken'),
    posted: present('answers', 'answer of the solver', posted),
    finalised: toldFirst(history, 'Finalised'),
    paid: toldFirst(history, 'PricePaid'),
    delivered: toldFirst(history, 'Delivered'),
    money: {
      before: await at(task.transaction.block - 1n),
      locked: await at(present('money', 'locking', lockings.at(-1)).transaction.block),
      after: await at(lastOf(history).block),
    },
    read: { rules: reader.rules, view: present('events', 'task in the view', view) },
    phases: await client.readContract({ ...contract, functionName: 'phasesOf', args: [origin] }),
    work: WORK[await client.readContract({ ...consumer, functionName: 'workOf', args: [asked.args.blockHash] })],
    dispute: sabotage === undefined ? undefined : disputeIn(sources, sabotage),
  }
}

function disputeIn({ history, computation }: Sources, sabotage: Sabotage): Dispute {
  const moves = movesOf(history)
  const lastMove = present('moves', 'move', moves.at(-1))
  const entered = told(history, 'Entered')
  return {
    sabotage,
    entries: { solver: entryOf(entered, 'solver'), verifier: entryOf(entered, 'verifier') },
    opened: toldFirst(history, 'Opened'),
    moves,
    judged: judgedFrom(toldFirst(history, 'Proved'), lastMove, computation),
    buried: toldFirst(history, 'Buried'),
    slashed: toldFirst(history, 'Slashed'),
    divided: toldFirst(history, 'EntryDivided'),
    burned: toldFirst(history, 'Burned'),
  }
}

function entryOf(entered: readonly Told<'Entered'>[], role: Role): Told<'Entered'> {
  const own = entered.filter(({ args }) => roleOf(args.owner) === role)
  if (own.length > 1) throw new DemoFailed('answers', `the ${role} entered ${own.length} times`)
  return present('answers', `entry of the ${role}`, own[0])
}
