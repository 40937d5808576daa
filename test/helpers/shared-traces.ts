import { type Program, programHeader, StateOracle, type Trace } from '../../interpreter/index.ts'
import type { Compute } from '../../protocol/index.ts'

const made = new Map<string, Trace>()
const ids = new WeakMap<Program, string>()

function idOf(program: Program): string {
  const id = ids.get(program) ?? programHeader(program).programId
  ids.set(program, id)
  return id
}

/** Makes each computation once for all players of a process: they would all make the same. */
export const shared =
  (compute: Compute, name: string): Compute =>
  (program, input, maxSteps) => {
    const key = [name, idOf(program), Buffer.from(input).toString('hex'), maxSteps].join()
    const trace = made.get(key) ?? compute(program, input, maxSteps)
    made.set(key, trace)
    return trace
  }

/** The computation as it truly is, made once. */
export const sharedTruth: Compute = shared(
  (program, input, maxSteps) => new StateOracle(program, input, maxSteps),
  'truth',
)
