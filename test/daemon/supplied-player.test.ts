import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createContent, createLog, createPlayer } from '../../daemon/index.ts'
import { byteTreeRoot, toHex } from '../../interpreter/index.ts'
import { createPrograms, createReader, createWriter } from '../../protocol/index.ts'
import { idleSolver, solve } from '../../solver/index.ts'
import { identify } from '../helpers/identify.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const INPUT = Uint8Array.of(1, 2, 3)

/** A player as a daemon makes it: it is given no module and no input. */
describe('a player with a content folder', () => {
  const market = useMarket({})
  let folder: string
  let now: number

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'substep-supplied-'))
    now = 0
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  async function solver() {
    const { client, rules } = market.current
    const reader = await createReader(client, rules.market)
    const writer = createWriter(client, await market.current.account('solver'), reader.rules)
    const lines: string[] = []
    const log = createLog('solver', 'info', (line) => lines.push(line))
    const { readModule, readUris } = reader
    const content = createContent({ folder, readModule, readUris, identify, schemes: [], log, clock: () => now })
    const programs = createPrograms([], { inputOf: (root) => content.held(root) })
    const player = createPlayer({ reader, writer, programs, content, strategy: solve, idle: idleSolver, log })
    return {
      /** Looks, waits for what is being sought then, and looks again; the kinds of its actions. */
      async looks(): Promise<string[]> {
        const first = await player.poll()
        await content.atRest()
        return [...first, ...(await player.poll())].map(({ action }) => action.kind)
      },
      reasons: () =>
        lines
          .map((line) => JSON.parse(line))
          .filter(({ event }) => event === 'refused')
          .map(({ reason }) => reason),
    }
  }

  const minute = () => {
    now += 60_000
  }

  it('finds the module on the chain, and plays', async () => {
    const task = await market.current.ask(await market.current.publish(SMALL_TASK), INPUT)
    const { looks, reasons } = await solver()
    expect(await looks()).toEqual(['take'])
    expect(reasons()).toEqual(['programSought'])
    expect(await looks()).toEqual(['post'])
    expect((await market.current.task(task)).status).toBe('posted')
  })

  it('plays no task by reference before it has the input, and then does', async () => {
    const program = await market.current.publish(SMALL_TASK)
    const task = await market.current.askByReference(program, INPUT, ['https://there/input'])
    const { looks, reasons } = await solver()
    for (let i = 0; i < 3; i++) {
      expect(await looks()).toEqual([])
      minute()
    }
    expect(reasons()).toEqual(['programSought', 'inputSought', 'inputMissing'])
    mkdirSync(join(folder, 'inputs'))
    writeFileSync(join(folder, 'inputs', toHex(byteTreeRoot(INPUT))), INPUT)
    minute()
    expect(await looks()).toEqual(['take'])
    expect(await looks()).toEqual(['post'])
    expect((await market.current.task(task)).status).toBe('posted')
  })
})
