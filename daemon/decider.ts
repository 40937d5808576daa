import type { Address } from 'viem'
import {
  type Action,
  type ArenaRules,
  type Funds,
  type Idle,
  isAtStake,
  type Programs,
  type Skip,
  type Strategy,
  type TaskView,
} from '../protocol/index.ts'
import { failureFields } from './describe.ts'
import { type Log, onceUntilChanged } from './log.ts'

export interface DeciderParts {
  readonly rules: ArenaRules
  readonly address: Address
  readonly programs: Programs
  readonly strategy: Strategy
  readonly idle?: Idle | undefined
  readonly log: Log
}

/** What to do in a task; why nothing is done goes to the log. */
export type Decide = (task: TaskView, now: bigint, funds: Funds) => readonly Action[]

/** Computes a task where that is of use, and lets the strategy decide. */
export function createDecider({ rules, address, programs, strategy, idle, log }: DeciderParts): Decide {
  const tellOnce = onceUntilChanged(log)

  const tellSkip = ({ task, subject, reason, id }: Skip) =>
    tellOnce(`${task} ${subject} ${id}`, 'skipped', { task, subject, reason, id })

  const decide: Decide = (task, now, funds) => {
    const glance = { rules, task, me: { address, ...funds }, now }
    const skip = idle?.(glance)
    if (skip !== undefined) {
      tellSkip(skip)
      return []
    }
    const isStaked = isAtStake(task, address)
    const computed = programs.compute(rules, task, isStaked)
    if ('refused' in computed) {
      const { refused: reason, message } = computed
      const fields = { task: task.id, program: task.program, reason, message }
      tellOnce(task.id, 'refused', fields, isStaked ? 'error' : 'info')
      return []
    }
    const { actions, skips } = strategy({ ...glance, trace: computed.trace })
    skips.forEach(tellSkip)
    return actions
  }

  /** A task that fails is no reason to let another one's clock run out. */
  return (task, now, funds) => {
    try {
      return decide(task, now, funds)
    } catch (error) {
      const { error: reason, message } = failureFields(error)
      tellOnce(task.id, 'taskFailed', { task: task.id, reason: String(reason), message }, 'error')
      return []
    }
  }
}
