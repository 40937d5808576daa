import { beforeAll, describe, expect, it } from 'vitest'
import { FloatBatch } from '../../helpers/float-batch.ts'
import { floatCases, floatFiles, floatFolder } from '../../helpers/float-vectors.ts'

const files = floatFiles()
const source = floatFolder() === undefined ? 'of the sample, SUBSTEP_TEST_DATA being absent' : 'of all that there are'

let floats: FloatBatch

beforeAll(async () => {
  const count = files.reduce((sum, { lines }) => sum + lines.length, 0)
  console.log(`floats in Solidity: ${count} IEEE vectors ${source}`)
  floats = await FloatBatch.create()
})

describe('Float', () => {
  it.each(files.map((file) => [file.name, file] as const))('gives what IEEE 754 says: %s', async (_, file) => {
    const cases = floatCases(file)
    const outcomes = await floats.run(
      file.row.code,
      cases.map(({ a, b }) => [a, b]),
    )
    const wrong = cases.findIndex(({ r, trap }, i) => outcomes[i]?.r !== r || outcomes[i]?.trap !== trap)
    expect(outcomes[wrong], file.lines[wrong]).toEqual(cases[wrong] && { r: cases[wrong].r, trap: cases[wrong].trap })
    expect(outcomes.length).toBe(cases.length)
  })
})
