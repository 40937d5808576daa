import type { Hash, Tier } from '../../interpreter/index.ts'
import type { Answer, FinalClaim, Question, Refusal } from '../../protocol/index.ts'

/** What a worker thread is told; it does one thing after the other, and says something to each. */
export type Order = LowerOrder | RunOrder | AnswerOrder

/** Tell which program a module is. */
export interface LowerOrder {
  readonly kind: 'lower'
  readonly module: Uint8Array
}

/** Run a task to its end. */
export interface RunOrder {
  readonly kind: 'run'
  readonly module: Uint8Array
  readonly input: Uint8Array
  readonly maxSteps: number
  readonly tier: Tier
  /** What holds where no stake is in. */
  readonly limits: RunLimits | undefined
  /** Bytes for states that are kept, so that later questions need not run from the start. */
  readonly budgetBytes: number
}

export interface RunLimits {
  /** The run is refused when its memory or its output outgrow so many bytes. */
  readonly maxBytes: number
  /** Whether the interpreter would be quick enough, should the engine not take the program. */
  readonly mayInterpret: boolean
}

/** Answer questions about the task that was run. */
export interface AnswerOrder {
  readonly kind: 'answer'
  readonly questions: readonly Question[]
  /** Of a longer output only the length is told. */
  readonly maxOutput: bigint
}

export type Reply =
  | { readonly kind: 'lowered'; readonly program: Hash }
  | { readonly kind: 'ran'; readonly final: FinalClaim; readonly initial: Hash; readonly effort: Effort }
  /** `doubt` says why a second execution did not agree. */
  | {
      readonly kind: 'answered'
      readonly answers: readonly Answer[]
      readonly effort: Effort
      readonly doubt: string | undefined
    }
  /** `refused` is for a task, `error` the name of what was thrown. */
  | { readonly kind: 'failed'; readonly refused: Refusal; readonly error: string; readonly message: string }

/** What a worker needed so far. */
export interface Effort {
  /** `native` if the engine ran any step. */
  readonly tier: Tier
  /** Why the interpreter ran what the engine should have. */
  readonly fallback: string | null
  readonly nativeSteps: number
  readonly interpretedSteps: number
  /** What earlier states are kept in. */
  readonly checkpointBytes: number
  /** Of the clock, and of the processor for this thread where Node tells it, since the worker began with the task. */
  readonly seconds: number
  readonly cpuSeconds: number | undefined
  /** The most that the whole process ever had in memory. */
  readonly peakRss: number
}
