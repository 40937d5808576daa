import { enter, type Idle, idle, nextActions, type Strategy } from '../protocol/index.ts'

/** Answers a task that has no answer yet; from then on plays as everybody honest does. */
export const solve: Strategy = (situation) =>
  situation.task.status === 'open' ? enter(situation, 'noAnswer') : nextActions(situation)

/** A solver that has a bond to lock computes what nobody has answered yet. */
export const idleSolver: Idle = (glance) => {
  const { task, me, rules } = glance
  if (task.status !== 'open') return idle(glance)
  return me.balance < rules.bond ? { task: task.id, subject: 'enter', reason: 'balanceTooSmall' } : undefined
}
