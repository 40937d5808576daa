import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { Crew, openDesk, ThreadedPrograms, type WorkerFile } from '../../daemon/index.ts'
import { solve } from '../../solver/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { entering } from '../adversaries/strategies.ts'
import { BOND } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { type Cast, NO_INPUT, Scenario } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'
import { wasmOf } from '../helpers/wat.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
const PATIENCE_MS = 60_000
const ENDLESS = wasmOf('(module (func (export "main") (loop (br 0))))')

describe('a player that computes in worker threads', () => {
  const market = useMarket({ arity: 16 })
  let crew: Crew | undefined
  afterEach(() => crew?.close())

  /** Programs of a daemon, with the events that they tell. */
  async function threaded(workers: number, file?: WorkerFile) {
    const events: string[] = []
    crew = new Crew(workers, (listener) => openDesk(listener, file))
    const programs = new ThreadedPrograms({
      ...{ crew, maxSteps: 2n ** 36n, maxMemory: 2 ** 29, budgetBytes: 2 ** 26 },
      ...{ inputOf: () => undefined, onNews: () => undefined, log: (_, event) => void events.push(event) },
    })
    for (const module of [SMALL_TASK, ENDLESS]) programs.learn(await programs.identify(module), module)
    return { programs, events }
  }

  /** Lets all players look, again and again, until something is so. */
  async function until(players: readonly Cast[], isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE_MS
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error('too long')
      for (const player of players) await player.poll()
      await sleep(10)
    }
  }

  const has = (player: Cast, kind: string) =>
    player.outcomes.some((outcome) => outcome.kind === 'mined' && outcome.action.kind === kind)

  it('loses nothing but time where a worker dies in the middle of a dispute', async () => {
    const lives = new SharedArrayBuffer(4)
    new Int32Array(lives)[0] = 1
    const file = { file: new URL('../helpers/mortal-worker.ts', import.meta.url), data: lives }
    const { programs, events } = await threaded(1, file)
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest', { programs })
    await until([liar, honest], () => has(honest, 'prove') || has(honest, 'bury'))
    expect(events.filter((event) => event === 'workerLost').length).toBe(1)
    await scenario.check('the end of the game')
    const statuses = [...(await scenario.view()).entries.values()].map(({ owner, status }) => [owner, status])
    expect(statuses).toContainEqual([liar.owner, 'dead'])
    expect(statuses).toContainEqual([honest.owner, 'alive'])
  })

  it('answers in a game while it computes a task that takes long, with one worker for both', async () => {
    const { programs, events } = await threaded(1)
    const scenario = await Scenario.small(market.current)
    const honest = await scenario.solver('honest', { programs })
    await until([honest], () => has(honest, 'post'))
    await market.current.ask(await market.current.publish(ENDLESS), NO_INPUT, { maxSteps: 2n ** 34n })
    await honest.poll()
    const computed = () => events.filter((event) => event === 'computed').length
    expect(computed()).toBe(1)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: entering(solve) })
    await until([liar, honest], () => has(honest, 'bisect'))
    expect(computed()).toBeLessThanOrEqual(2)
    expect(await scenario.gainOf(honest)).toBe(-BOND)
    await scenario.check('the move')
  })
})
