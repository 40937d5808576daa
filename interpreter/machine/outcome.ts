import { STATUS } from '../../spec/index.ts'

/** How a run ended. A trap is a result, not a failure. */
export type Outcome =
  | { readonly outcome: 'halted'; readonly exitCode: number; readonly trap: null }
  | { readonly outcome: 'trapped'; readonly exitCode: null; readonly trap: number }
  | { readonly outcome: 'outOfSteps'; readonly exitCode: null; readonly trap: null }

const OUT_OF_STEPS: Outcome = { outcome: 'outOfSteps', exitCode: null, trap: null }

/** How a run ended that goes no further than these registers. */
export function outcomeOf(status: number, exit: number): Outcome {
  if (status === STATUS.HALTED) return { outcome: 'halted', exitCode: exit, trap: null }
  if (status === STATUS.TRAPPED) return { outcome: 'trapped', exitCode: null, trap: exit }
  return OUT_OF_STEPS
}
