import type { Hash } from '../interpreter/index.ts'
import type { PlayedTrace } from './played-trace.ts'

/** A computation that can do without its machine until it is asked for more than is known. */
export interface RestingTrace {
  readonly trace: PlayedTrace
  /** Lets go of the machine and of the output; what they are asked for next makes them again. */
  rest(): void
}

/** The computation that is there, and how to make it again; its end and the hashes once given are remembered. */
export function restingTrace(first: PlayedTrace, make: () => PlayedTrace): RestingTrace {
  const { final } = first
  const hashes = new Map<bigint, Hash>([[final.steps, final.value]])
  let awake: PlayedTrace | undefined = first

  function now(): PlayedTrace {
    awake ??= make()
    return awake
  }

  function hashAt(step: bigint): Hash {
    const at = step < final.steps ? step : final.steps
    const hash = hashes.get(at) ?? now().hashAt(at)
    hashes.set(at, hash)
    return hash
  }

  /** Those that are not known yet in one pass. */
  function hashesAt(steps: readonly bigint[]): Hash[] {
    const unknown = [...new Set(steps)].filter((step) => step < final.steps && !hashes.has(step))
    if (unknown.length > 0) {
      const found = now().hashesAt(unknown)
      unknown.forEach((step, i) => {
        hashes.set(step, found[i] as Hash)
      })
    }
    return steps.map(hashAt)
  }

  return {
    trace: {
      ...{ final, hashAt, hashesAt },
      result: () => now().result(),
      substepHashes: (step) => now().substepHashes(step),
      witness: (step, substep) => now().witness(step, substep),
      agreement: () => now().agreement(),
    },
    rest() {
      awake = undefined
    },
  }
}
