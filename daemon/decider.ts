import {
  type Action,
  type Glance,
  type Idle,
  isAtStake,
  type Programs,
  type Skip,
  type Strategy,
  withoutTrace,
} from '../protocol/index.ts'
import { createComputing } from './computing.ts'
import type { Content } from './content.ts'
import { failureFields } from './describe.ts'
import { createTeller, type Level, type Log } from './log.ts'

export interface DeciderParts {
  readonly programs: Programs
  /** Where missing programs and inputs come from; absent: nowhere. */
  readonly content?: Content | undefined
  readonly strategy: Strategy
  readonly idle?: Idle | undefined
  readonly log: Log
}

/** What to do in a task; why nothing is done goes to the log. */
export type Decide = (glance: Glance) => readonly Action[]

/** Computes a task where that is of use, and lets the strategy decide. */
export function createDecider({ programs, content, strategy, idle, log }: DeciderParts): Decide {
  const teller = createTeller(log)
  const computing = createComputing(programs, content)

  const tellSkip = ({ task, subject, reason, id }: Skip) =>
    teller.once(`${task} ${subject} ${id}`, 'info', 'skipped', { task, subject, reason, id })

  const untraced = (glance: Glance): readonly Action[] => {
    const { actions, skips } = withoutTrace(glance)
    skips.forEach(tellSkip)
    return actions
  }

  /** Whoever cannot compute a task does not know its truth, so does only what needs none. */
  function refuse(glance: Glance, reason: string, message: string | undefined, level: Level): readonly Action[] {
    const { task } = glance
    const { program } = task.request.order
    teller.once(task.id, level, 'refused', { task: task.id, program, reason, message })
    return untraced(glance)
  }

  const decide: Decide = (glance) => {
    const { rules, task, me } = glance
    const skip = idle?.(glance)
    if (skip !== undefined) {
      tellSkip(skip)
      return []
    }
    const isStaked = isAtStake(task, me.owner)
    const level = isStaked ? 'error' : 'info'
    const computed = computing(rules, task, isStaked)
    if ('lacks' in computed) return refuse(glance, computed.lacks, computed.message, level)
    if ('refused' in computed) return refuse(glance, computed.refused, computed.message, level)
    teller.clear(task.id)
    const { actions, skips } = strategy({ ...glance, trace: computed.trace })
    skips.forEach(tellSkip)
    return actions
  }

  /** A task that fails is no reason to let another one's clock run out. */
  function attempt(glance: Glance, way: Decide): readonly Action[] | undefined {
    try {
      return way(glance)
    } catch (error) {
      const { error: reason, message } = failureFields(error)
      const task = glance.task.id
      teller.once(task, 'error', 'taskFailed', { task, reason, message })
      return undefined
    }
  }

  return (glance) => attempt(glance, decide) ?? attempt(glance, untraced) ?? []
}
