import type { Hash } from '../../interpreter/index.ts'

/** A module does not lower to a program, or to another one than it should. */
export class ModuleRefused extends Error {
  override readonly name = 'ModuleRefused'
  readonly problem: 'notAProgram' | 'otherProgram'
  constructor(problem: ModuleRefused['problem'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}

/** The bytes are not the input that was asked for. */
export class InputRefused extends Error {
  override readonly name = 'InputRefused'
  readonly actual: Hash
  constructor(actual: Hash) {
    super(`the bytes have the root ${actual}`)
    this.actual = actual
  }
}
