import { describe, expect, it } from 'vitest'
import type { Action, Outcome } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { Consumer } from '../helpers/consumers.ts'
import { Forks } from '../helpers/forks.ts'
import type { Hash } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { MAX_STEPS, NO_INPUT, Scenario, smallTruth } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
/** Blocks of the set-up that no re-organisation reaches. */
const QUIET_BLOCKS = 8
const MAX_TURNS = 300
/** Rounds without an action before time goes by: a player lets an older head pass once before it believes it. */
const PATIENCE = 2

/** The stages of a task, by the transaction after which the chain throws blocks away. */
const STAGES = ['request', 'take', 'post', 'enterAndOpen', 'bisect', 'prove', 'finalise'] as const satisfies readonly (
  | 'request'
  | Action['kind']
)[]

describe('re-orgs of 1 to 5 blocks', () => {
  const market = useMarket({ arity: 16 })

  /** A dispute from request to delivery, in which the chain is thrown back after the first transaction of each stage. */
  async function play(depth: number) {
    const consumer = await Consumer.deploy(market.current, 'ConsumerHarness')
    const program = await market.current.publish(SMALL_TASK)
    for (const name of ['liar', 'honest']) await market.current.account(name)
    await market.current.mine(QUIET_BLOCKS)
    const forks = new Forks(market.current)
    const dropped: number[] = []
    const waiting: string[] = depth === 0 ? [] : [...STAGES]
    const reorganise = async (kinds: readonly string[]) => {
      if (!kinds.includes(waiting[0] ?? '')) return
      waiting.shift()
      dropped.push(await forks.drop(depth))
    }

    /** What the requester's wallet does: it sends the same request again as long as it is not in the chain. */
    const ask = async (): Promise<Hash> => {
      await forks.mark()
      const task = await consumer.ask(program, NO_INPUT, { maxSteps: MAX_STEPS })
      await reorganise(['request'])
      return task
    }
    const isThere = (task: Hash) =>
      market.current.task(task).then(
        () => true,
        () => false,
      )
    for (let i = 0; i < QUIET_BLOCKS; i++) {
      await forks.mark()
      await market.current.mine()
    }
    const task = await ask()
    expect(await isThere(task)).toBe(depth === 0)
    if (!(await isThere(task))) expect(await ask()).toBe(task)

    const scenario = await Scenario.of(market.current, task, smallTruth())
    scenario.count((await market.current.keyHolder('user of a consumer')).account.address)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest')
    let idle = 0
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      let happened = false
      for (const player of scenario.cast) {
        if (!(await isThere(task))) expect(await ask()).toBe(task)
        await forks.mark()
        const outcomes: readonly Outcome[] = await player.poll()
        happened ||= outcomes.some(({ kind }) => kind !== 'failed')
        await reorganise(outcomes.filter(({ kind }) => kind === 'mined').map(({ action }) => action.kind))
        if (await isThere(task)) await scenario.check(`the turn of ${player.name}`)
      }
      idle = happened ? 0 : idle + 1
      if (idle < PATIENCE) continue
      idle = 0
      await forks.mark()
      if (!(await scenario.jump())) break
    }
    expect(waiting).toEqual([])
    const { status, result, delivered } = await scenario.view()
    const accounts = [liar, honest].map(({ owner }) => market.current.accountOf(owner))
    const outcome = { status, delivered, value: result?.value, told: (await consumer.told()).length }
    return { dropped, outcome: { ...outcome, accounts: await Promise.all(accounts) } }
  }

  let quiet: Awaited<ReturnType<typeof play>> | undefined

  it.each([1, 2, 3, 4, 5])('%i deep, after each stage in turn, change nothing of how it ends', async (depth) => {
    const clean = await market.current.snapshot()
    quiet ??= await play(0)
    await market.current.restore(clean)
    expect(quiet.outcome).toMatchObject({ status: 'final', delivered: true, told: 1 })
    const { dropped, outcome } = await play(depth)
    expect(outcome).toEqual(quiet.outcome)
    expect(dropped.length).toBe(STAGES.length)
    for (const blocks of dropped) expect(blocks).toBeGreaterThanOrEqual(depth)
  })
})
