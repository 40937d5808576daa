import type { Action, Funds, Outcome, Programs, Reader, Skip, Strategy, TaskView, Writer } from '../protocol/index.ts'
import { failureFields, outcomeFields } from './describe.ts'
import { type Level, type Log, onceUntilChanged } from './log.ts'
import { createWatcher } from './watcher.ts'

export interface PlayerParts {
  readonly reader: Reader
  readonly writer: Writer
  readonly programs: Programs
  readonly strategy: Strategy
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

export function createPlayer({ reader, writer, programs, strategy, log }: PlayerParts): Player {
  const { rules } = reader
  const { address } = writer.account
  const watcher = createWatcher(reader, address, log)
  const tellOnce = onceUntilChanged(log)

  const tellSkip = ({ task, subject, reason, id }: Skip) =>
    tellOnce(`${task} ${subject} ${id}`, 'skipped', { task, subject, reason, id })

  function decide(task: TaskView, now: bigint, funds: Funds): readonly Action[] {
    const computed = programs.compute(rules, task)
    if ('refused' in computed) {
      tellOnce(task.id, 'refused', { task: task.id, program: task.program, reason: computed.refused })
      return []
    }
    const { actions, skips } = strategy({ rules, task, trace: computed.trace, me: { address, ...funds }, now })
    skips.forEach(tellSkip)
    return actions
  }

  /** A task that cannot be computed is no reason to let another one's clock run out. */
  function decideAlone(task: TaskView, now: bigint, funds: Funds): readonly Action[] {
    try {
      return decide(task, now, funds)
    } catch (error) {
      log('error', 'taskFailed', { task: task.id, ...failureFields(error) })
      return []
    }
  }

  return {
    async poll() {
      const sight = await watcher.look()
      if (sight === undefined) return []
      const actions: Action[] = []
      let funds = await reader.funds(address)
      for (const task of sight.tasks) {
        const decided = decideAlone(task, sight.head.timestamp, funds)
        actions.push(...decided)
        funds = afterwards(funds, decided, rules.bond)
      }
      const outcomes = actions.length === 0 ? [] : await writer.send(actions)
      for (const outcome of outcomes) log(LEVEL_OF[outcome.kind], outcome.kind, outcomeFields(outcome, rules))
      if (outcomes.some(({ kind }) => kind === 'staleView')) watcher.doubt()
      return outcomes
    },
  }
}

/** What is left for other tasks once these actions have locked their bonds. */
function afterwards({ balance, allowance }: Funds, actions: readonly Action[], bond: bigint): Funds {
  const entries = actions.filter(({ kind }) => kind === 'enter' || kind === 'enterAndOpen').length
  const locked = bond * BigInt(entries)
  return { balance: balance - locked, allowance: allowance - locked }
}
