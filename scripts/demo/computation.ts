import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ExecutionTrace, type Hash, lowerTask, Machine, type Program } from '../../interpreter/index.ts'
import { type PlayedTrace, playedTrace } from '../../protocol/index.ts'
import { STATUS } from '../../spec/index.ts'
import { DemoFailed } from './failure.ts'
import type { Flip } from './flip.ts'
import { storeAt } from './store.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const PROGRAM_FILE = 'wasm-tasks/build/scrypt.wasm'
export const INPUT_FILE = 'examples/litecoin-genesis.bin'
export const MAX_STEPS = 10_000_000n

/** A store of this kind is corrupted: the first one in the second half of the run. */
const CORRUPTED_INSTRUCTION = /^i32\.store/
const CORRUPTED_BIT = 5

/** How a run ends. */
export interface Ending {
  readonly value: Hash
  readonly output: Uint8Array
  readonly steps: number
}

/** The question, and what this process computes about it by itself. */
export interface Computation {
  readonly wasm: Uint8Array
  readonly program: Program
  readonly input: Uint8Array
  /** The true run. */
  readonly trace: ExecutionTrace
  readonly played: PlayedTrace
  readonly truth: Ending
  readonly flip: Flip
  /** What the run becomes by the flip. */
  readonly corrupted: Ending
}

const readBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(`${ROOT}/${file}`))

export function compute(): Computation {
  const [wasm, input] = [readBytes(PROGRAM_FILE), readBytes(INPUT_FILE)]
  const program = lowerTask(wasm)
  const trace = new ExecutionTrace(program, input, Number(MAX_STEPS))
  const { stateHash, steps } = trace.final
  const flip = chooseFlip(program, input, trace)
  const corrupted = corruptedEnding(program, input, flip)
  const truth = { value: stateHash, output: trace.output, steps }
  return { wasm, program, input, trace, played: playedTrace(trace), truth, flip, corrupted }
}

/** The first byte of the first number that is stored in the second half of the run. */
function chooseFlip(program: Program, input: Uint8Array, trace: ExecutionTrace): Flip {
  const machine = new Machine(program, input)
  machine.runTo(Math.floor(trace.final.steps / 2))
  while (!CORRUPTED_INSTRUCTION.test(program.origins[machine.registers.pc]?.instruction ?? '')) {
    if (machine.stopped) throw new DemoFailed('flip', 'nothing is stored in the second half of the run')
    machine.step()
  }
  return { step: machine.steps, address: storeAt(trace, machine.steps).address, bit: CORRUPTED_BIT }
}

function corruptedEnding(program: Program, input: Uint8Array, { step, address, bit }: Flip): Ending {
  const machine = new Machine(program, input)
  machine.runTo(step + 1)
  const { memory } = machine.store
  memory.bytes[address] = (memory.bytes[address] ?? 0) ^ (1 << bit)
  memory.dirty.fill(1)
  machine.runTo(Number(MAX_STEPS))
  if (machine.store.status !== STATUS.HALTED) throw new DemoFailed('flip', 'the corrupted run does not halt')
  return { value: machine.stateHash(), output: machine.output(), steps: machine.steps }
}
