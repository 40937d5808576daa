import { describe, expect, it } from 'vitest'
import { TEST_SEED } from '../../helpers/random.ts'
import { MEDIUM, randomProgram } from '../../helpers/random-program.ts'
import { readTask } from '../../helpers/raw-task.ts'
import { stackFaults } from '../../helpers/stack-walk.ts'
import { encodeModule } from '../../helpers/wasm-builder.ts'

/**
 * A walk along all paths: every word is reached, at one height, writes below the sp that it leaves, stays in its
 * frame, and leaves that as its type says; ENTER asks for what is used.
 */
describe('the stack of lowered functions is as it should be', () => {
  it.each(['sha256', 'scrypt', 'sort', 'sudoku', 'nbody'])('in the task %s', (name) => {
    expect(stackFaults(readTask(name))).toEqual([])
  })

  it(`in random programs, seed ${TEST_SEED}`, () => {
    for (let k = 0; k < 60; k++) {
      const { spec } = randomProgram(TEST_SEED + k, MEDIUM)
      expect(stackFaults(encodeModule(spec)), `seed ${TEST_SEED + k}`).toEqual([])
    }
  })
})
