import { Machine } from '../../interpreter/index.ts'
import { STATUS } from '../../spec/index.ts'
import { type Computation, type Ending, MAX_STEPS } from './computation.ts'
import { DemoFailed } from './failure.ts'
import type { Flip } from './flip.ts'
import { storeAt } from './store.ts'

/** A store of this kind is corrupted: the first one in the second half of the run. */
const CORRUPTED_INSTRUCTION = /^i32\.store/
const CORRUPTED_BIT = 5

/** What is broken in a player's machine, and how its run ends by that. */
export interface Sabotage {
  readonly flip: Flip
  readonly corrupted: Ending
}

export function sabotage(computation: Computation): Sabotage {
  const flip = chooseFlip(computation)
  return { flip, corrupted: corruptedEnding(computation, flip) }
}

/** The first byte of the first number that is stored in the second half of the run. */
function chooseFlip({ program, input, trace }: Computation): Flip {
  const machine = new Machine(program, input)
  machine.runTo(Math.floor(trace.final.steps / 2))
  while (!CORRUPTED_INSTRUCTION.test(program.origins[machine.registers.pc]?.instruction ?? '')) {
    if (machine.stopped) throw new DemoFailed('flip', 'nothing is stored in the second half of the run')
    machine.step()
  }
  return { step: machine.steps, address: storeAt(trace, machine.steps).address, bit: CORRUPTED_BIT }
}

function corruptedEnding({ program, input }: Computation, { step, address, bit }: Flip): Ending {
  const machine = new Machine(program, input)
  machine.runTo(step + 1)
  const { memory } = machine.store
  memory.bytes[address] = (memory.bytes[address] ?? 0) ^ (1 << bit)
  memory.dirty.fill(1)
  machine.runTo(Number(MAX_STEPS))
  if (machine.store.status !== STATUS.HALTED) throw new DemoFailed('flip', 'the corrupted run does not halt')
  return { value: machine.stateHash(), output: machine.output(), steps: machine.steps }
}
