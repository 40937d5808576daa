import { type Hash, lengthPath, toHex } from '../../interpreter/index.ts'
import type { FinalOutput, PlayedTrace } from '../../protocol/played-trace.ts'
import { SUBSTEPS } from '../../spec/index.ts'
import { type ToyMachine, toyFinal, toyHash, toyState, toyWitness } from './toy-machine.ts'
import { bytesRootOf, pathOf, type ToyTask } from './toy-task.ts'

/** Opens the state that the true machine of a task halts in: it writes nothing. */
export const toyResult = (task: ToyTask): FinalOutput => ({
  length: 0,
  output: new Uint8Array(),
  root: bytesRootOf('0x'),
  path: pathOf(task),
  lengthPath: lengthPath(new Uint8Array()).map((node) => toHex(node)),
})

function unknown(): never {
  throw new Error('a toy machine does not know the regions of its task')
}

/** The computation of a toy machine, cut off after `maxSteps`, as a player has it; `result` opens its final state. */
export function toyTrace(machine: ToyMachine, maxSteps: bigint, result: () => FinalOutput = unknown): PlayedTrace {
  const final = toyFinal(machine, maxSteps)
  const hashAt = (step: bigint): Hash => toyHash(toyState(machine, step < final.steps ? step : final.steps))
  return {
    final,
    result,
    hashAt,
    hashesAt: (steps) => steps.map(hashAt),
    substepHashes: (step) => [
      ...Array.from({ length: SUBSTEPS }, (_, n) => toyHash(toyState(machine, step, n))),
      hashAt(step + 1n),
    ],
    witness: (step, substep) => toyWitness(toyState(machine, step, substep)),
    agreement: () => 'agrees',
  }
}
