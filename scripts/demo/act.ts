import { setTimeout as sleep } from 'node:timers/promises'
import { type Phases, phasesOf } from '../../protocol/index.ts'
import type { PlayerProcess } from './cast.ts'
import type { Chain } from './chain.ts'
import { type Computation, MAX_STEPS } from './computation.ts'
import { DemoFailed, present } from './failure.ts'
import { follow, NothingMined, type Transaction, told, toldFirst } from './history.ts'
import { judgedFrom } from './judged.ts'
import type { Market, Sender } from './market.ts'
import { movesOf } from './moves.ts'
import type { ActStory } from './story/index.ts'

/** What an act is played with. */
export interface Scenery {
  readonly chain: Chain
  readonly market: Market
  readonly sender: Sender
  readonly computation: Computation
  readonly players: readonly PlayerProcess[]
  readonly story: ActStory
  /** Longest wait for the next transaction, in milliseconds. */
  readonly patienceMs: number
  /** How the clock is turned when all that is left to do is to wait. */
  readonly turnClock: TurnClock
}

/** After a transaction: the time to which the clock is to be turned, if any. */
export type TurnClock = (last: Transaction, phases: Phases) => Promise<bigint | undefined>

const POLL_MS = 25

/** Plays from the question until every stake is paid out and the consumer is called back. */
export async function playAct(scenery: Scenery, fromBlock: bigint): Promise<Transaction[]> {
  const { chain, market, sender, computation, players, story, patienceMs } = scenery
  const assertAlive = () => players.forEach((player) => void player.assertAlive())
  const history: Transaction[] = []
  story.players(players)
  await sender.ask(market, computation.input)
  try {
    for await (const transaction of follow({ client: chain.client, market, fromBlock, assertAlive, patienceMs })) {
      history.push(transaction)
      await tell(scenery, history, transaction)
      if (isOver(history)) return history
    }
    return history
  } catch (error) {
    throw error instanceof NothingMined ? stuck(error, players) : error
  }
}

async function tell(scenery: Scenery, history: readonly Transaction[], last: Transaction): Promise<void> {
  const { chain, market, computation, story, turnClock } = scenery
  story.transaction(last)
  for (const proved of told([last], 'Proved')) {
    const lastMove = present('judged', 'move before the proof', movesOf(history).at(-1))
    story.judged(judgedFrom(proved, lastMove, computation))
  }
  if (told(history, 'Entered').length === 0) return
  const posted = toldFirst(history, 'Entered').transaction.time
  const time = await turnClock(last, phasesOf(market.rules, posted, MAX_STEPS))
  if (time === undefined) return
  story.clock(time - last.time)
  await chain.advanceTo(time)
}

/** Every stake that was locked is paid back or slashed, and the consumer was called back. */
function isOver(history: readonly Transaction[]): boolean {
  const ended = told(history, 'Released').length + told(history, 'Slashed').length
  return told(history, 'Delivered').length > 0 && ended >= told(history, 'Locked').length
}

/** Waits until a player has said something in its log. */
export async function untilSaid(
  player: PlayerProcess,
  fields: Readonly<Record<string, string>>,
  patienceMs: number,
): Promise<void> {
  const end = performance.now() + patienceMs
  while (!player.said(fields)) {
    player.assertAlive()
    if (performance.now() > end) {
      throw new DemoFailed('progress', `the ${player.role} never said ${JSON.stringify(fields)}\n${player.tail()}`)
    }
    await sleep(POLL_MS)
  }
}

const stuck = (error: NothingMined, players: readonly PlayerProcess[]): DemoFailed =>
  new DemoFailed('progress', [error.message, ...players.map(({ role, tail }) => `${role}:\n${tail()}`)].join('\n'))
