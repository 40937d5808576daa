import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { rerun, shellLinesOf } from '../helpers/transcript.ts'
import { stop, Walk, type WalkedPlayer } from '../helpers/walk.ts'

const DOCUMENT = join(ROOT, 'docs', 'players.md')
const DAEMON = /substep (solve|verify)/
const NODE = /hardhat node/
const TASK_LINE = /^task +(0x[0-9a-f]{64})$/m

const document = readFileSync(DOCUMENT, 'utf8')
const lines = shellLinesOf(document)

let place: Checkout
let walk: Walk
let task: string | undefined

beforeAll(async () => {
  place = checkout()
  walk = new Walk(place)
  await walk.chain(lines.find((line) => NODE.test(line)) ?? '')
})

afterAll(() => {
  walk?.end()
  place?.remove()
})

describe('docs/players.md', () => {
  it('leads from a fresh chain to an answer that is settled, paid and opened', { timeout: 60_000 }, async () => {
    const players = new Map<string, WalkedPlayer>()
    for (const line of lines.filter((line) => !NODE.test(line))) {
      const role = line.match(DAEMON)?.[1]
      if (role !== undefined) {
        players.set(role, walk.player(line))
        await players.get(role)?.until('started')
        continue
      }
      const printed = walk.run(line)
      const asked = printed.match(TASK_LINE)?.[1]
      if (asked !== undefined && task === undefined) {
        task = asked
        walk.replace('TASK', task)
        await players.get('solve')?.until('mined', 'post')
      }
      if (line.startsWith('curl')) await players.get('solve')?.until('mined', 'finalise')
      if (line.includes('stake status')) expect(printed).toMatch(/^ether +1\.01 ETH$/m)
    }
    expect(place.output('od -An -tx1 answer.bin').replace(/\s/g, '')).toMatch(/^ba7816bf8f01cfea.*f20015ad$/)
    expect(place.output('ls solver-content/programs')).toMatch(/^0x[0-9a-f]{64}\.wasm$/m)
    for (const { child } of players.values()) {
      const ended = once(child, 'exit')
      stop(child)
      await ended
    }
  })

  it('shows the help as it is; `npx vitest run test/docs/players.test.ts --update` brings it up to date', async () => {
    await expect(rerun(document, place.output)).toMatchFileSnapshot(DOCUMENT)
  })
})
