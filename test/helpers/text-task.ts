import { expect } from 'vitest'
import { Machine, type Outcome } from '../../interpreter/machine/index.ts'
import { lowerTask } from '../../interpreter/task.ts'
import { PAGE_BITS } from '../../spec/index.ts'
import { wasmOf } from './wat.ts'

/** Tasks as text modules that export `main` and `memory` and import nothing. */

const ENOUGH_STEPS = 2e8

export const HALTED: Outcome = { outcome: 'halted', exitCode: 0, trap: null }
export const trapped = (trap: number): Outcome => ({ outcome: 'trapped', exitCode: null, trap })

export interface MachineRun {
  readonly outcome: Outcome
  readonly memory: Uint8Array
  readonly machine: Machine
}

export function inMachine(text: string, stackLimit?: number): MachineRun {
  const program = lowerTask(wasmOf(text), stackLimit === undefined ? {} : { stackLimit })
  const machine = new Machine(program, new Uint8Array(0))
  machine.runTo(ENOUGH_STEPS)
  const memory = machine.store.memory.bytes.slice(0, machine.registers.pages * 2 ** PAGE_BITS)
  return { outcome: machine.outcome(), memory, machine }
}

/** Whether the host's engine traps, and the memory that it leaves. */
export function inEngine(text: string): { trapped: boolean; memory: Uint8Array } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasmOf(text)))
  const memory = () => new Uint8Array((exports.memory as WebAssembly.Memory).buffer)
  try {
    ;(exports.main as () => void)()
    return { trapped: false, memory: memory() }
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return { trapped: true, memory: memory() }
    throw error
  }
}

/** Expects this outcome and, byte for byte, the engine's memory. */
export function expectAsEngine(text: string, outcome: Outcome = HALTED): MachineRun {
  const run = inMachine(text)
  const engine = inEngine(text)
  expect(run.outcome).toEqual(outcome)
  expect(engine.trapped).toBe(outcome.outcome === 'trapped')
  expect(Buffer.compare(run.memory, engine.memory)).toBe(0)
  return run
}

/** The first numbers of a memory. */
export const i32sOf = ({ memory }: MachineRun, count: number): number[] => {
  const view = new DataView(memory.buffer)
  return Array.from({ length: count }, (_, k) => view.getInt32(4 * k, true))
}
