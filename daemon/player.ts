import type { Action, Idle, Outcome, Programs, Reader, Strategy, Writer } from '../protocol/index.ts'
import { afterwards, oneApproval } from './bonds.ts'
import { createDecider } from './decider.ts'
import { outcomeFields } from './describe.ts'
import type { Level, Log } from './log.ts'
import { byUrgency } from './urgency.ts'
import { createWatcher, type Sight } from './watcher.ts'

export interface PlayerParts {
  readonly reader: Reader
  readonly writer: Writer
  readonly programs: Programs
  readonly strategy: Strategy
  /** When a task need not be computed; absent: never. */
  readonly idle?: Idle | undefined
  readonly log: Log
}

/** A player of an arena. It keeps nothing that it could not read or compute again. */
export interface Player {
  /** Reads the chain, decides, and does what was decided; returns what became of it. */
  poll(): Promise<readonly Outcome[]>
}

const LEVEL_OF: Readonly<Record<Outcome['kind'], Level>> = {
  mined: 'info',
  alreadyDone: 'info',
  staleView: 'warn',
  failed: 'warn',
}

/** After so long, what was decided is sent before more is computed, and nothing new is begun before the next look. */
const SLICE_MS = 1_000

export function createPlayer({ reader, writer, programs, strategy, idle, log }: PlayerParts): Player {
  const { rules } = reader
  const { address } = writer.account
  const watcher = createWatcher(reader, address, log)
  const decide = createDecider({ rules, address, programs, strategy, idle, log })

  async function send(actions: readonly Action[]): Promise<readonly Outcome[]> {
    const outcomes = actions.length === 0 ? [] : await writer.send(oneApproval(actions, rules.bond))
    for (const outcome of outcomes) log(LEVEL_OF[outcome.kind], outcome.kind, outcomeFields(outcome, rules))
    if (outcomes.some(({ kind }) => kind === 'staleView')) watcher.doubt()
    return outcomes
  }

  /** Where a bond is at stake first. Nothing there waits for what is computed for the sake of a new one. */
  async function play({ head, tasks }: Sight): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    let funds = await reader.funds(address)
    const isOver = slice()
    for (const group of byUrgency(tasks, address, head.timestamp)) {
      let decided: Action[] = []
      for (const task of group) {
        if (isOver() && !programs.knows(task.id)) continue
        const actions = decide(task, head.timestamp, funds)
        funds = afterwards(funds, actions, rules.bond)
        decided.push(...actions)
        if (!isOver()) continue
        outcomes.push(...(await send(decided)))
        decided = []
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
      return play(sight)
    },
  }
}

function slice(): () => boolean {
  const end = performance.now() + SLICE_MS
  return () => performance.now() > end
}
