import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { commandsOf, rerun } from '../helpers/transcript.ts'

const DOCUMENT = join(ROOT, 'docs', 'cli.md')

let place: Checkout

beforeAll(() => {
  place = checkout()
})

afterAll(() => place?.remove())

describe('docs/cli.md', () => {
  it('shows every subcommand, and what its commands print; `vitest run -u` brings it up to date', async () => {
    const document = readFileSync(DOCUMENT, 'utf8')
    const commands = commandsOf(document).join('\n')
    for (const name of ['run', 'hash', 'trace']) expect(commands).toContain(`npx substep ${name} `)
    await expect(rerun(document, place.output)).toMatchFileSnapshot(DOCUMENT)
  })
})
