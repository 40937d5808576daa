import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { commandsOf, filesOf, rerun } from '../helpers/transcript.ts'

const DOCUMENT = join(ROOT, 'spec', 'task-abi.md')

let place: Checkout

beforeAll(() => {
  place = checkout()
})

afterAll(() => place?.remove())

describe('spec/task-abi.md', () => {
  it('shows tasks that compile, and how they run; `npx vitest run test/docs/task-abi.test.ts --update` brings it up to date', async () => {
    const document = readFileSync(DOCUMENT, 'utf8')
    const files = filesOf(document)
    expect(files.map(({ name }) => name)).toEqual(['reverse.ts', 'backwards.wat'])
    for (const { name, text } of files) place.write(name, text)
    const commands = commandsOf(document)
    for (const tool of ['npx asc reverse.ts', 'wat2wasm backwards.wat'])
      expect(commands).toContainEqual(expect.stringContaining(tool))
    const told = rerun(document, place.output)
    expect(told.match(/^ksat a$/gm)).toHaveLength(2)
    expect(told).toContain('abort       the input is longer than 4096 bytes, in reverse.ts, line 10, column 3')
    await expect(told).toMatchFileSnapshot(DOCUMENT)
  })
})
