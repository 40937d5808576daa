import { executeTwice, NativeMachine, type Program, StateOracle } from '../../interpreter/index.ts'
import { type Agreement, type PlayedTrace, playedTrace } from '../../protocol/index.ts'
import type { Effort, RunOrder } from './messages.ts'

/** A task that was run to its end. */
export interface Execution {
  readonly trace: Omit<PlayedTrace, 'agreement'>
  /** Executes it a second time, by other means; where that does not agree, it says why. */
  agreement(): { readonly verdict: Agreement; readonly doubt?: string }
  /** How it has run so far. */
  report(): Omit<Effort, 'seconds' | 'cpuSeconds' | 'peakRss'>
}

/** @throws MemoryTooLarge, MemoryExhausted, TooSlow */
export type Execute = (program: Program, order: RunOrder) => Execution

/** The engine does not take a program, and the interpreter would need more time for it than the clocks give. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow'
  readonly fallback: string
  constructor(fallback: string) {
    super(`only the interpreter can run the program: ${fallback}`)
    this.fallback = fallback
  }
}

/** Enough for the engine to have compiled the program, or refused to. */
const FIRST_STEPS = 1_000

/** Runs a task as players do: by the engine where it can, else, and where that is asked for, by the interpreter. */
export const execute: Execute = (program, { module: wasm, input, maxSteps, tier, limits, budgetBytes }) => {
  const maxBytes = limits?.maxBytes
  if (limits?.mayInterpret === false) requireEngine(program, input, Math.min(maxSteps, FIRST_STEPS), maxBytes)
  const oracle = new StateOracle(program, input, maxSteps, { tier, maxBytes, budgetBytes })
  return {
    trace: playedTrace(oracle),
    report() {
      const { checkpoints: _, ...report } = oracle.report
      return report
    },
    agreement() {
      const said = executeTwice(oracle, { wasm }, input)
      if (said.verdict === 'agrees') return said
      return { verdict: said.verdict, doubt: said.verdict === 'differs' ? said.where : said.why }
    },
  }
}

/** @throws TooSlow */
function requireEngine(program: Program, input: Uint8Array, steps: number, maxBytes: number | undefined): void {
  const machine = new NativeMachine(program, input, { maxBytes, fewSteps: 0, budgetBytes: 0 })
  machine.runTo(steps)
  if (machine.report.fallback !== null) throw new TooSlow(machine.report.fallback)
}
