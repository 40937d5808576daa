import { type Action, type ArenaRules, type Outcome, type Range, segmentRange } from '../protocol/index.ts'
import type { Fields } from './log.ts'

/** What became of an action, as the fields of a line. */
export function outcomeFields(outcome: Outcome, rules: ArenaRules): Fields {
  const fields = actionFields(outcome.action, rules)
  if (outcome.kind === 'mined') return { ...fields, gas: outcome.gasUsed, transaction: outcome.hash }
  if (outcome.kind !== 'failed') return { ...fields, told: outcome.told }
  return { ...fields, ...failureFields(outcome.error) }
}

/** A failure as the fields of a line. */
export const failureFields = (error: unknown): Fields =>
  error instanceof Error ? { error: error.name, message: error.message } : { error: 'unknown', message: String(error) }

function actionFields(action: Action, { arity }: ArenaRules): Fields {
  const fields = { action: action.kind, reason: action.reason, task: action.task }
  if (action.kind === 'bisect') {
    return { ...fields, game: action.game, ...steps(segmentRange(action.turn, arity, action.segment)) }
  }
  if (action.kind === 'prove') {
    return { ...fields, game: action.game, ...steps(action.turn), substep: action.substep }
  }
  if (action.kind === 'timeout') return { ...fields, game: action.game }
  if (action.kind === 'enter') return { ...fields, value: action.value }
  if (action.kind === 'open' || action.kind === 'enterAndOpen') {
    return { ...fields, value: action.value, target: action.target.owner, rival: action.target.value }
  }
  return fields
}

const steps = ({ lo, len }: Range): Fields => ({ from: lo, to: lo + len })
