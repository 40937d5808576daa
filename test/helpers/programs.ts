import type { Program } from '../../interpreter/lower/index.ts'
import type { Machine } from '../../interpreter/machine/index.ts'
import { lowerTask, type TaskOptions } from '../../interpreter/task.ts'
import { PAGE_BITS } from '../../spec/index.ts'
import type { RandomProgram } from './random-program.ts'
import type { Outcome } from './v8.ts'
import { encodeModule } from './wasm-builder.ts'

/** Random programs end by their fuel long before this. */
export const MAX_STEPS = 10_000_000

/** A random program as a program of the machine. */
export const lowerRandom = ({ spec }: RandomProgram, options?: TaskOptions): Program =>
  lowerTask(encodeModule(spec), options)

/** What a machine that stopped shows, in the terms of the host's engine. */
export function outcomeOf(machine: Machine, { spec }: RandomProgram): Outcome {
  const { memory, pages, globals } = machine.store
  return {
    trap: machine.outcome().trap ?? 0,
    output: machine.output(),
    memory: memory.bytes.subarray(0, pages * 2 ** PAGE_BITS),
    globals: Array.from(globals.subarray(0, spec.globals.length)),
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Names of what differs. */
export const differences = (a: Outcome, b: Outcome): readonly string[] => [
  ...(a.trap === b.trap ? [] : [`trap ${a.trap} against ${b.trap}`]),
  ...(sameBytes(a.output, b.output) ? [] : ['output']),
  ...(sameBytes(a.memory, b.memory) ? [] : ['memory']),
  ...a.globals.flatMap((value, i) => (value === b.globals[i] ? [] : [`global ${i}`])),
]
