import { type Compute, createPrograms, type PlayedTrace, type Programs } from '../../protocol/index.ts'
import { shared } from '../helpers/shared-traces.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'
import { type Flip, FlippedTrace } from './flipped-trace.ts'

/** Whatever the task is, this is its computation. */
export const computing = (trace: PlayedTrace): Programs => ({
  ...{ ids: [], learn: () => undefined, ask: () => undefined, drop: () => undefined },
  compute: () => ({ trace }),
})

/** The small task, computed by a machine in which one bit flips. */
export const flipping = (flip: Flip): Programs => {
  const compute: Compute = (program, input, maxSteps) => new FlippedTrace(program, input, maxSteps, flip)
  return createPrograms([SMALL_TASK], { compute: shared(compute, JSON.stringify(flip)) })
}
