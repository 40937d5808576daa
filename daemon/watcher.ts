import type { Address, Hash } from 'viem'
import {
  agree,
  concerns,
  expectedLedger,
  type Head,
  HeadWentBack,
  isAtStake,
  type MarketView,
  type Reader,
  type TaskView,
  viewOf,
} from '../protocol/index.ts'
import { failureFields } from './describe.ts'
import { createTeller, type Log, type Teller } from './log.ts'

/** What can be played upon. */
export interface Sight {
  readonly head: Head
  /** Tasks that may ask something of the player, each with its whole history. */
  readonly tasks: readonly TaskView[]
  /** Tasks in which a stake of the player can be lost, whether their history is whole or not. */
  readonly staked: readonly TaskView[]
  /** Roots of the inputs of all tasks that may, whether their history is whole or not. */
  readonly inputs: ReadonlySet<Hash>
  /** Tasks that ask nothing of it any more. */
  readonly over: readonly Hash[]
}

export interface Watcher {
  /** What the node shows; nothing if it shows an older chain than before. */
  look(): Promise<Sight | undefined>
  /** Called after a contract told that what was seen is not all. */
  doubt(): void
}

type WatchedReader = Pick<Reader, 'read' | 'forget' | 'ledger'>

/** Chains make blocks every few seconds; a head that is older, in seconds, is perhaps not the chain's. */
const HEAD_MAX_AGE = 300

/**
 * Looks at a market for `owner`, and plays on nothing that the node showed only in part.
 * @param clock milliseconds since 1970
 */
export function createWatcher(reader: WatchedReader, owner: Address, log: Log, clock = Date.now): Watcher {
  const teller = createTeller(log)
  const tellAge = ageTeller(teller, clock)
  const forgetAtTimes = doubling(() => reader.forget())
  let isDoubtful = false

  async function read(): Promise<MarketView | undefined> {
    try {
      return viewOf(await reader.read())
    } catch (error) {
      if (!(error instanceof HeadWentBack)) throw error
      log('info', 'pollSkipped', { reason: 'headWentBack', head: error.head, before: error.before })
      return undefined
    }
  }

  /** The storage of a task in which a stake can be lost must be what its events add up to. */
  async function isWhole(task: TaskView, { head }: MarketView): Promise<boolean> {
    if (!isAtStake(task, owner)) return true
    const expected = expectedLedger(task, owner)
    try {
      if (agree(expected, await reader.ledger(task.id, expected, head))) {
        teller.clear(task.id)
        return true
      }
    } catch (error) {
      // A move on a view that is not all is refused or right; no move at all loses by the clock.
      teller.once(task.id, 'warn', 'unchecked', { task: task.id, ...failureFields(error) })
      return true
    }
    teller.once(task.id, 'warn', 'skipped', { task: task.id, subject: 'task', reason: 'staleView' })
    return false
  }

  return {
    async look() {
      forgetAtTimes(isDoubtful)
      isDoubtful = false
      const view = await read()
      if (view === undefined) return undefined
      tellAge(view.head)
      tellIncomplete(teller, view)
      const all = [...view.tasks.values()]
      const { head } = view
      const mine = all.filter((task) => concerns(task, owner, head.timestamp))
      const over = all.filter((task) => !concerns(task, owner, head.timestamp)).map(({ id }) => id)
      const whole = await Promise.all(mine.map((task) => isWhole(task, view)))
      isDoubtful = whole.includes(false) || view.incomplete.size > 0
      const staked = all.filter((task) => isAtStake(task, owner))
      const inputs = new Set(mine.map(({ request }) => request.inputRoot))
      return { head, tasks: mine.filter((_, i) => whole[i]), staked, inputs, over }
    },
    doubt() {
      isDoubtful = true
    },
  }
}

function tellIncomplete(teller: Teller, { incomplete }: MarketView): void {
  for (const [task, { message }] of incomplete) {
    teller.once(task, 'warn', 'skipped', { task, subject: 'task', reason: 'incompleteHistory', message })
  }
}

/** A node that has lost its peers answers as ever, while clocks run out that it does not show. */
function ageTeller(teller: Teller, clock: () => number): (head: Head) => void {
  return ({ number, timestamp }) => {
    const seconds = Math.floor(clock() / 1_000) - Number(timestamp)
    if (seconds <= HEAD_MAX_AGE) teller.clear('head')
    else teller.once('head', 'warn', 'headStandsStill', { head: number, seconds })
  }
}

/** Does something the first, second, fourth, eighth time in a row that it is wanted: what does not help becomes rare. */
function doubling(act: () => void): (isWanted: boolean) => void {
  let row = 0
  return (isWanted) => {
    row = isWanted ? row + 1 : 0
    if (isWanted && Number.isInteger(Math.log2(row))) act()
  }
}
