import { describe, expect, it } from 'vitest'
import { TASKS } from '../../wasm-tasks/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { answerOf, answerWanted, readTask } from '../helpers/raw-task.ts'

/** Around the sizes where padding, blocks and input chunks begin and end. */
const BORDERS = [0, 1, 55, 56, 57, 63, 64, 65, 80, 111, 112, 119, 120, 127, 128, 129, 4095, 4096, 4097, 8192, 8200]
const RANDOM_CASES = 40
const LONGEST = 10_000

describe.each(TASKS)('the task $name', ({ name, reference }) => {
  const binary = readTask(name)

  it.each(BORDERS)('agrees with its reference on %i bytes', (length) => {
    const input = createRandom(TEST_SEED + length).bytes(length)
    expect(answerOf(binary, input)).toEqual(answerWanted(reference, input))
  })

  it(`agrees with its reference on random inputs, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < RANDOM_CASES; i++) {
      const input = random.bytes(random.below(LONGEST))
      expect(answerOf(binary, input), `case ${i}`).toEqual(answerWanted(reference, input))
    }
  })
})
