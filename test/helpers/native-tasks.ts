import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/build-tasks/compile.ts'
import { createRandom } from './random.ts'

const random = createRandom(20260504)

/** What the native tier runs the checked-in tasks on. */
export const TASK_INPUTS: Readonly<Record<string, Uint8Array>> = {
  nbody: Uint8Array.of(200, 0, 0, 0),
  scrypt: random.bytes(80),
  sha256: random.bytes(10_000),
  sort: random.bytes(4 * 3000),
  sudoku: new Uint8Array(readFileSync(join(ROOT, 'examples', 'sudoku.txt'))).subarray(0, 81),
}
