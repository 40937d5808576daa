import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TaskView } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { BOND, START_BALANCE } from '../helpers/local-arena.ts'
import { type LogLine, PlayerProcess } from '../helpers/player-process.ts'
import { Scenario } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'
import { nothing } from '../helpers/small-tasks.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
const REWARD = BOND / 2n

const isMined = ({ event }: LogLine) => event === 'mined'
/** Whether every bond of a task has been shared out. */
const isShared = ({ entries }: TaskView): boolean =>
  entries.size > 0 && [...entries.values()].every(({ status }) => status === 'withdrawn' || status === 'divided')

describe('a player as a process, over HTTP', () => {
  const arena = useArena({ arity: 16, http: true })
  let folder: string
  let wasm: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'substep-'))
    wasm = join(folder, 'small.wasm')
    writeFileSync(wasm, SMALL_TASK)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('that is killed after each of its transactions and started again wins all the same', async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const { account } = await scenario.enlist('honest', true)
    await scenario.rest()
    const actions: string[] = []
    while (!isShared(await scenario.view())) {
      const player = new PlayerProcess(arena.current, 'verifier/main.ts', 'honest', wasm)
      actions.push((await player.until(isMined)).action ?? '')
      expect(await player.end('SIGKILL')).toBe(null)
      await scenario.check(`the player's ${actions.at(-1)}`)
      await scenario.rest()
      const { phases } = await scenario.view()
      if (actions.at(-1) === 'bury') await arena.current.advanceTo(phases?.opening ?? 0n)
    }
    // The last two are sent together.
    expect(actions.slice(0, 7)).toEqual(['approve', 'enterAndOpen', 'bisect', 'prove', 'bury', 'settle', 'withdraw'])
    expect(await arena.current.balanceOf(account.address)).toBe(START_BALANCE + REWARD)
    expect(await scenario.gainOf(liar)).toBe(-BOND)
  })

  it.each([0, 4, 7, 8, 11])('wins against a process whose machine flips one bit in substep %i', async (substep) => {
    const scenario = await Scenario.small(arena.current)
    const { account } = await scenario.enlist('liar', false)
    await scenario.enlist('honest', true)
    const flip = Object.entries({ ...FLIP, substep }).flatMap(([name, value]) => [`--flip-${name}`, `${value}`])
    const liar = new PlayerProcess(arena.current, 'test/adversaries/corrupt-player.ts', 'liar', wasm, flip)
    const honest = new PlayerProcess(arena.current, 'verifier/main.ts', 'honest', wasm)
    const proof = await honest.until(({ action }) => action === 'prove')
    expect(proof).toMatchObject({ from: `${FLIP.step}`, substep })
    await honest.until(({ action }) => action === 'bury')
    await scenario.check('the burial')
    const entries = [...(await scenario.view()).entries.values()]
    expect(entries.map(({ owner, status }) => [owner === account.address, status])).toEqual([
      [true, 'dead'],
      [false, 'alive'],
    ])
    expect([await liar.end('SIGTERM'), await honest.end('SIGTERM')]).toEqual([0, 0])
  })

  it('finishes its moves and says goodbye when told to stop', async () => {
    await Scenario.small(arena.current)
    await arena.current.account('honest')
    const player = new PlayerProcess(arena.current, 'solver/main.ts', 'honest', wasm)
    await player.until(({ event, action }) => event === 'mined' && action === 'enter')
    const stopped = player.until(({ event }) => event === 'stopped')
    expect(await player.end('SIGTERM')).toBe(0)
    await stopped
  })

  it('plays on when nobody reads its log any more', async () => {
    await arena.current.account('honest')
    const player = new PlayerProcess(arena.current, 'solver/main.ts', 'honest', wasm)
    await player.until(({ event }) => event === 'started')
    player.stopReading()
    const scenario = await Scenario.small(arena.current)
    await expect.poll(async () => (await scenario.view()).status, { timeout: 20_000 }).toBe('live')
    expect(await player.end('SIGTERM')).toBe(0)
  })

  it('tells what it refuses, and why', async () => {
    await Scenario.small(arena.current)
    await arena.current.account('honest')
    const other = join(folder, 'other.wasm')
    writeFileSync(other, nothing())
    const player = new PlayerProcess(arena.current, 'solver/main.ts', 'honest', other)
    const line = await player.until(({ event }) => event === 'refused')
    expect(line.reason).toBe('unknownProgram')
    await player.end('SIGTERM')
  })
})
