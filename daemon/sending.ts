import type { Action, MarketRules, Outcome, Writer } from '../protocol/index.ts'
import { actionFields, outcomeFields } from './describe.ts'
import { createTeller, type Level, type Log } from './log.ts'

/** Does actions, and tells what became of each. */
export type Sending = (actions: readonly Action[]) => Promise<readonly Outcome[]>

const LEVEL_OF: Readonly<Record<Outcome['kind'], Level>> = {
  mined: 'info',
  alreadyDone: 'info',
  staleView: 'warn',
  failed: 'warn',
}

/** A writer that logs. What fails at every look is told once; what is mined always. */
export function createSending(writer: Writer, rules: MarketRules, log: Log): Sending {
  const teller = createTeller(log)

  function tell(outcome: Outcome): void {
    const subject = Object.values(actionFields(outcome.action, rules)).join(' ')
    if (outcome.kind === 'mined') teller.clear(subject)
    teller.once(subject, LEVEL_OF[outcome.kind], outcome.kind, outcomeFields(outcome, rules))
  }

  return async (actions) => {
    if (actions.length === 0) return []
    const outcomes = await writer.send(actions)
    outcomes.forEach(tell)
    return outcomes
  }
}
