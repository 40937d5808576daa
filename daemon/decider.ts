import {
  type Action,
  type Glance,
  type Idle,
  type Programs,
  type Skip,
  type Strategy,
  whenKnown,
  withoutTrace,
} from '../protocol/index.ts'
import { createComputing } from './computing.ts'
import { type Content, isSearching } from './content.ts'
import { failureFields } from './describe.ts'
import { createTeller, type Fields, type Level, type Log } from './log.ts'
import { pressureOn } from './urgency.ts'

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

  /** Whoever does not know how a task ends does not know its truth, so does only what needs none. */
  function ignorant(glance: Glance, level: Level, event: string, fields: Fields): readonly Action[] {
    const { id, request } = glance.task
    teller.once(id, level, event, { task: id, program: request.order.program, ...fields })
    return untraced(glance)
  }

  const decide: Decide = (glance) => {
    const { rules, task, me, now } = glance
    const skip = idle?.(glance)
    if (skip !== undefined) {
      tellSkip(skip)
      return []
    }
    const pressure = pressureOn(rules, task, me.owner, now)
    const computed = computing(rules, task, pressure)
    if ('waits' in computed) return ignorant(glance, 'info', 'computing', {})
    if (!('trace' in computed)) {
      const reason = 'lacks' in computed ? computed.lacks : computed.refused
      const level = pressure === 'none' || isSearching(reason) ? 'info' : 'error'
      return ignorant(glance, level, 'refused', { reason, message: computed.message })
    }
    teller.clear(task.id)
    const situation = { ...glance, trace: computed.trace }
    const { actions, skips, questions = [] } = whenKnown(situation, 'task', undefined, () => strategy(situation))
    skips.forEach(tellSkip)
    if (questions.length > 0) programs.ask(task.id, questions)
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
