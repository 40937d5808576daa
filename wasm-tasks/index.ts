import { nbody } from './nbody/reference.ts'
import { scryptProofOfWork } from './scrypt/reference.ts'
import { sha256 } from './sha256/reference.ts'
import { sortU32 } from './sort/reference.ts'
import { sudoku } from './sudoku/reference.ts'

export { InputRefused } from './input-refused.ts'
export { nbody } from './nbody/reference.ts'
export { PROOF_OF_WORK, type ScryptParameters, scrypt, scryptProofOfWork } from './scrypt/reference.ts'
export { sha256 } from './sha256/reference.ts'
export { sortU32 } from './sort/reference.ts'
export { sudoku } from './sudoku/reference.ts'

export interface Task {
  /** Folder of the task, and of its binary: build/<name>.wasm. */
  readonly name: string
  /**
   * The same computation in plain TypeScript, from the whole input to the whole output.
   * @throws InputRefused where the task aborts, with the same message
   */
  readonly reference: (input: Uint8Array) => Uint8Array
}

/** The tasks whose binaries are checked in. Reading those is the caller's part: a file in Node, a download in a browser. */
export const TASKS: readonly Task[] = [
  { name: 'nbody', reference: nbody },
  { name: 'scrypt', reference: scryptProofOfWork },
  { name: 'sha256', reference: sha256 },
  { name: 'sort', reference: sortU32 },
  { name: 'sudoku', reference: sudoku },
]

/** Place of a task's binary, from this file's folder. */
export const taskBinary = (name: string) => `build/${name}.wasm`
