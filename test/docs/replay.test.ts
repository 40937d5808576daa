import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleText } from '../../auditor/index.ts'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT, substep } from '../helpers/command.ts'
import { LocalMarket } from '../helpers/local-market.ts'
import { flippedModule, historyOf, type Story } from '../helpers/stories.ts'
import { filesOf, rerun, shellLinesOf } from '../helpers/transcript.ts'

const DOCUMENT = join(ROOT, 'docs', 'replay.md')
const EXAMPLE = join(ROOT, 'examples', 'dispute.json')
const WASM = readFileSync(join(ROOT, 'wasm-tasks', 'build', 'sha256.wasm'))
/** Of a word of the message schedule, while it is stored. */
const FLIP = { step: 3038, substep: 8, address: 1470, bit: 3 }

let market: LocalMarket
let place: Checkout
let story: Story

beforeAll(async () => {
  place = checkout()
  market = await LocalMarket.create({ arity: 8, chain: 'served' })
  story = await flippedModule(market, WASM, new TextEncoder().encode('abc'), FLIP)
  // Deleted, it is made anew; the document then needs its hashes.
  if (!existsSync(EXAMPLE)) writeFileSync(EXAMPLE, bundleText(await historyOf(market, story)))
})

afterAll(async () => {
  place?.remove()
  await market?.close()
})

describe('docs/replay.md', () => {
  it('shows what its commands print; `npx vitest run test/docs/replay.test.ts --update` brings it up to date', async () => {
    const document = readFileSync(DOCUMENT, 'utf8')
    for (const { name, text } of filesOf(document)) place.write(name, text)
    await expect(rerun(document, place.output)).toMatchFileSnapshot(DOCUMENT)
  })

  it('leads from a task on a chain to its replay, and to a bundle that says the same', async () => {
    const [line = ''] = shellLinesOf(readFileSync(DOCUMENT, 'utf8'))
    const bundle = join(place.folder, 'dispute.json')
    const filled = [
      ['TASK', story.scenario.task],
      ['MARKET', market.rules.market],
      ['http://127.0.0.1:8545', market.url],
      ['dispute.json', bundle],
    ].reduce((command, [from = '', to = '']) => command.replace(from, to), line)
    const [, , ...args] = filled.split(' ')
    const online = await substep(args)
    expect(online.stderr).toBe('')
    expect(online.stdout).toContain('again here and on the contract')
    const offline = await substep(['replay', '--bundle', bundle])
    expect(offline.stdout).toBe(online.stdout.replace('again here and on the contract', 'again here'))
  })
})
