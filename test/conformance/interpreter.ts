import { Machine } from '../../interpreter/machine/machine.ts'
import { STACK_LIMIT } from '../../spec/index.ts'
import type { Engine } from './engine.ts'
import { type LinkedInstance, LinkedSession, type Runner } from './linked-session.ts'

/** Programs of the suite read no input. */
export const NO_INPUT = new Uint8Array(0)

/** Enough for every function of the suite, and soon exhausted: what a judge must follow ends early. */
export const FEW_SLOTS = 4096

const FAST: Runner = {
  begin: () => {},
  run: async (program) => {
    const machine = new Machine(program, NO_INPUT)
    machine.runTo(Number.MAX_SAFE_INTEGER)
    return machine
  },
  finish: async () => ({ disagreements: [], work: {} }),
}

/** The machine's fast run, with so many slots of stack. */
export const boundedInterpreter = (stackSlots: number): Engine<LinkedInstance> => ({
  name: 'interpreter',
  open: (group) => new LinkedSession(group, FAST, { stackLimit: stackSlots }),
  close: async () => {},
})

/** The machine's fast run, with all the stack that it has. */
export const interpreterEngine = boundedInterpreter(STACK_LIMIT)
