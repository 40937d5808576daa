import { BaseError } from 'viem'
import {
  type Action,
  type MarketRules,
  type Outcome,
  type Range,
  segmentRange,
  WaitsAtFeeLimit,
} from '../protocol/index.ts'
import type { Fields } from './log.ts'

/** What became of an action, as the fields of a line. */
export function outcomeFields(outcome: Outcome, rules: MarketRules): Fields {
  const fields = actionFields(outcome.action, rules)
  if (outcome.kind === 'mined') return { ...fields, gas: outcome.gasUsed, transaction: outcome.hash }
  if (outcome.kind !== 'failed') return { ...fields, told: outcome.told }
  return { ...fields, ...failureFields(outcome.error) }
}

/** A failure as the fields of a line. */
export function failureFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: 'unknown', message: messageOf(error) }
  const limit = error instanceof WaitsAtFeeLimit ? { maxFeePerGas: error.limit } : {}
  return { error: error.name, message: messageOf(error), ...limit }
}

/** What a failure says. Of URLs only the origin: the rest of a node's may be the key to it, and logs are shown around. */
export function messageOf(error: unknown): string {
  return said(error).replaceAll(HTTP_URL, (url) => URL.parse(url)?.origin ?? '(a URL)')
}

const HTTP_URL = /https?:\/\/[^\s"'`<>]+/gi

/** In full viem repeats the request, too. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof BaseError)) return error.message
  return [error.shortMessage, error.details].filter(Boolean).join(' ')
}

/** What an action is about, as the fields of a line. */
export function actionFields(action: Action, { arity }: MarketRules): Fields {
  const fields = { action: action.kind, reason: action.reason, task: action.task }
  if (action.kind === 'bisect') {
    return { ...fields, game: action.game, ...steps(segmentRange(action.turn, arity, action.segment)) }
  }
  if (action.kind === 'prove') {
    return { ...fields, game: action.game, ...steps(action.turn), substep: action.substep }
  }
  if (action.kind === 'timeout') return { ...fields, game: action.game }
  if (action.kind === 'post' || action.kind === 'enter') return { ...fields, value: action.value }
  if (action.kind === 'open' || action.kind === 'enterAndOpen') {
    return { ...fields, value: action.value, target: action.target.owner, rival: action.target.value }
  }
  if (action.kind === 'payDead') return { ...fields, dead: action.dead.owner }
  return fields
}

const steps = ({ lo, len }: Range): Fields => ({ from: lo, to: lo + len })
