import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Hash, lowerTask, type Program, StateOracle } from '../../interpreter/index.ts'
import { type PlayedTrace, playedTrace } from '../../protocol/index.ts'
import type { Question } from './questions.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const PROGRAM_FILE = 'wasm-tasks/build/scrypt.wasm'

/** What the consumer asks for; the task's maxSteps is checked to be this. */
export const MAX_STEPS = 6_000_000n

/** How a run ends. */
export interface Ending {
  readonly value: Hash
  readonly output: Uint8Array
  readonly steps: number
}

/** The program, as this process reads and lowers it. */
export interface Module {
  readonly wasm: Uint8Array
  readonly program: Program
}

/** A question, and what this process computes about it by itself. */
export interface Computation extends Module {
  readonly question: Question
  /** The block header. */
  readonly input: Uint8Array
  /** The true run. */
  readonly trace: StateOracle
  readonly played: PlayedTrace
  readonly truth: Ending
}

const readBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(`${ROOT}/${file}`))

export function readModule(): Module {
  const wasm = readBytes(PROGRAM_FILE)
  return { wasm, program: lowerTask(wasm) }
}

export function compute(module: Module, question: Question): Computation {
  const input = readBytes(question.file)
  const trace = new StateOracle(module.program, input, Number(MAX_STEPS))
  const { stateHash, steps } = trace.final
  const truth = { value: stateHash, output: trace.output, steps }
  return { ...module, question, input, trace, played: playedTrace(trace), truth }
}
