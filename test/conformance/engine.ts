import type { NativeWork } from '../helpers/native-work.ts'
import type { SuiteModule } from './prepare.ts'
import type { Argument, HeapType, NumberValue } from './wast/script.ts'

/** What a function returns; a reference to a function is told only from null. */
export type Value =
  | NumberValue
  | { readonly type: 'ref.null'; readonly heap: HeapType }
  | { readonly type: 'ref.extern'; readonly host: number }
  | { readonly type: 'ref.func' }

/** How an action ended. Messages are the suite's; several where the engine does not tell them apart. */
export type Outcome =
  | { readonly kind: 'values'; readonly values: readonly Value[] }
  | { readonly kind: 'trap' | 'exhaustion'; readonly messages: readonly string[] }

/** How an instantiation ended. A module that is refused did not fit its imports, and nothing happened. */
export type Instantiation<I> =
  | { readonly kind: 'instance'; readonly instance: I }
  | { readonly kind: 'trap' | 'exhaustion' | 'refused'; readonly messages: readonly string[] }

/** What an engine did for a script, as far as it counts; substeps are those that the chain's code judged. */
export interface Work {
  readonly steps?: number
  readonly substeps?: number
  readonly native?: NativeWork
}

/** Something that went wrong behind an outcome, and the ordinal of the command that it belongs to. */
export interface Disagreement {
  readonly command: number
  readonly reason: string
}

/** An engine at work on one script; I is what it takes for an instance. */
export interface Session<I> {
  /** What comes next belongs to this command. */
  begin(command: number): void
  /** `registered` gives the instance behind a name, if there is one. */
  instantiate(module: SuiteModule, registered: (name: string) => I | undefined): Promise<Instantiation<I>>
  invoke(instance: I, field: string, args: readonly Argument[]): Promise<Outcome>
  /** Value of an exported global. */
  get(instance: I, field: string): Promise<Value>
  /** Ends the session; tells what did not agree, and what was done. */
  finish(): Promise<{ readonly disagreements: readonly Disagreement[]; readonly work: Work }>
}

/** Instances pass through the runner unseen. */
export interface Engine<I> {
  readonly name: string
  /** `group` tells which modules are linked to one another: those of the same number. */
  open(group: (module: SuiteModule) => number): Session<I>
  close(): Promise<void>
}
