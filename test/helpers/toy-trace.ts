import type { PlayedTrace } from '../../protocol/index.ts'
import { SUBSTEPS } from '../../spec/index.ts'
import type { Hash } from './local-arena.ts'
import { type ToyMachine, toyFinal, toyHash, toyState, toyWitness } from './toy-machine.ts'

/** The computation of a toy machine, cut off after `maxSteps`, as a player has it. */
export function toyTrace(machine: ToyMachine, maxSteps: bigint): PlayedTrace {
  const final = toyFinal(machine, maxSteps)
  const hashAt = (step: bigint): Hash => toyHash(toyState(machine, step < final.steps ? step : final.steps))
  return {
    final,
    hashAt,
    substepHashes: (step) => [
      ...Array.from({ length: SUBSTEPS }, (_, n) => toyHash(toyState(machine, step, n))),
      hashAt(step + 1n),
    ],
    witness: (step, substep) => toyWitness(toyState(machine, step, substep)),
  }
}
