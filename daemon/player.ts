import type { Address, Hash } from 'viem'
import {
  type Action,
  type Idle,
  type Me,
  type Outcome,
  type Programs,
  type Reader,
  reserveOf,
  type Strategy,
  type Writer,
} from '../protocol/index.ts'
import type { Content } from './content.ts'
import { createDecider } from './decider.ts'
import { createFunds } from './funds.ts'
import { afterwards, mayHaveLocked } from './locks.ts'
import type { Log } from './log.ts'
import { createSending } from './sending.ts'
import { byUrgency } from './urgency.ts'
import { createWatcher, type Sight } from './watcher.ts'

export interface PlayerParts {
  readonly reader: Reader
  readonly writer: Writer
  readonly programs: Programs
  /** Where missing programs and inputs come from; absent: nowhere. */
  readonly content?: Content | undefined
  /** Whose stake is played with; absent: the writer's own. */
  readonly owner?: Address | undefined
  readonly strategy: Strategy
  /** When a task need not be computed; absent: never. */
  readonly idle?: Idle | undefined
  readonly log: Log
}

/** A player in a market. It keeps nothing that it could not read or compute again. */
export interface Player {
  /** Reads the chain, decides, and does what was decided; returns what became of it. */
  poll(): Promise<readonly Outcome[]>
  /** Tasks in which a stake could be lost, as far as the last poll knows. */
  atStake(): readonly Hash[]
}

export function createPlayer(parts: PlayerParts): Player {
  const { reader, writer, programs, content, log } = parts
  const { rules } = reader
  const { owner = writer.account.address } = parts
  const watcher = createWatcher(reader, owner, log)
  const decide = createDecider(parts)
  const sending = createSending(writer, rules, log)
  const fundsNow = createFunds(reader, owner, writer.account.address, log)
  let atStake: readonly Hash[] = []

  async function send(actions: readonly Action[]): Promise<readonly Outcome[]> {
    const outcomes = await sending(actions)
    if (outcomes.some(({ kind }) => kind === 'staleView')) watcher.doubt()
    return outcomes
  }

  /** Where a stake can be lost first: what is decided there is sent before the others are looked at. */
  async function play({ head, tasks, staked }: Sight): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    const { timestamp: now, baseFee } = head
    let me: Me = { owner, ...(await fundsNow()), reserved: reserveOf(rules, staked, owner) }
    for (const group of byUrgency(rules, tasks, owner, now)) {
      const decided: Action[] = []
      for (const task of group) {
        const actions = decide({ rules, task, me, now, baseFee })
        me = afterwards(me, rules, task, actions)
        decided.push(...actions)
      }
      outcomes.push(...(await send(decided)))
    }
    return outcomes
  }

  return {
    async poll() {
      const sight = await watcher.look()
      if (sight === undefined) return []
      programs.drop(sight.over)
      content?.retain(sight.inputs)
      const outcomes = await play(sight)
      atStake = [...new Set([...sight.staked.map(({ id }) => id), ...outcomes.filter(mayHaveLocked).map(taskOf)])]
      return outcomes
    },
    atStake: () => atStake,
  }
}

const taskOf = ({ action }: Outcome) => action.task
