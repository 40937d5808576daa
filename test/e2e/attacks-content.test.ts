import { describe, expect, it } from 'vitest'
import { lowerTask, StateOracle } from '../../interpreter/index.ts'
import { callOf, createPrograms, type Finalise, playedTrace } from '../../protocol/index.ts'
import { idleSolver, solve } from '../../solver/index.ts'
import { idleVerifier, verify } from '../../verifier/index.ts'
import { computing, flipping } from '../adversaries/computing.ts'
import { FlippedTrace } from '../adversaries/flipped-trace.ts'
import { entering, without } from '../adversaries/strategies.ts'
import { Consumer } from '../helpers/consumers.ts'
import { BOND, ORDER, START_ETHER, START_STAKE } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { seat, type TestPlayer } from '../helpers/players.ts'
import { Scenario } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
/** Only the requester and its friend have it. */
const SECRET = Uint8Array.of(1, 2, 3)
const STEPS = 1_000_000
const REWARD = BOND / 2n

describe('withheld root', () => {
  const market = useMarket({ arity: 16 })
  const lie = playedTrace(new FlippedTrace(lowerTask(SMALL_TASK), SECRET, STEPS, FLIP))
  const truth = playedTrace(new StateOracle(lowerTask(SMALL_TASK), SECRET, STEPS))

  async function askSecretly() {
    const program = await market.current.publish(SMALL_TASK)
    return market.current.askByReference(program, SECRET, ['https://nowhere.invalid/input'])
  }

  it('keeps honest players out: they stake nothing on what they cannot compute', async () => {
    const task = await askSecretly()
    const settings = { strategy: entering(solve), programs: computing(lie) }
    const liar = await seat(market.current, 'liar', await market.current.account('liar'), settings)
    const honest = [
      { name: 'solver', strategy: solve, idle: idleSolver },
      { name: 'verifier', strategy: verify, idle: idleVerifier },
    ]
    const players: TestPlayer[] = []
    for (const { name, ...play } of honest) {
      players.push(await seat(market.current, name, await market.current.account(name), play))
    }
    const everyone = async () => {
      for (const player of [...players, liar, ...players]) await player.poll()
    }
    for (let i = 0; i < 3; i++) await everyone()
    const { phases } = await market.current.task(task)
    await market.current.advanceTo(phases?.challenge ?? 0n)
    await everyone()
    for (const { owner, outcomes, lines } of players) {
      expect(outcomes).toEqual([])
      expect(lines.join('')).toContain('unknownInput')
      expect(await market.current.accountOf(owner)).toEqual({ free: START_STAKE, locked: 0n, ether: START_ETHER })
    }
    // Nobody could check it, and its outcome says so.
    const { status, result } = await market.current.task(task)
    expect({ status, ...result?.outcome }).toMatchObject({ status: 'final', inputByReference: true })
  })

  it('is refused by a consumer that did not opt in, before anybody pays', async () => {
    const consumer = await Consumer.deploy(market.current, 'ConsumerHarness')
    const program = await market.current.publish(SMALL_TASK)
    await expect(consumer.askByReference(program, SECRET)).rejects.toThrow('reverted')
  })

  it('is no shield where the input can be had', async () => {
    const scenario = await Scenario.of(market.current, await askSecretly(), truth)
    const liar = await scenario.liar('liar', { programs: computing(lie) })
    const honest = await scenario.verifier('honest', {
      programs: createPrograms([SMALL_TASK], { inputOf: () => SECRET }),
    })
    expect((await scenario.finish()).result?.value).toBe(truth.final.value)
    expect([await scenario.gainOf(liar), await scenario.gainOf(honest)]).toEqual([-BOND, REWARD])
  })
})

describe('withheld output', () => {
  const market = useMarket({ arity: 16 })

  it('stops no result: whoever has the bytes opens it, and nobody without them', async () => {
    const scenario = await Scenario.small(market.current)
    // It posts the truth, and neither fights for it nor opens it.
    const lazy = await scenario.liar('lazy solver', {
      strategy: without(solve, 'open', 'bisect', 'prove', 'timeout', 'bury', 'finalise'),
    })
    for (let i = 0; i < 2; i++) await lazy.poll()
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: without(entering(solve), 'open') })
    await liar.poll()
    const { phases } = await scenario.view()
    await market.current.advanceTo(phases?.challenge ?? 0n)
    const honest = await scenario.verifier('honest')
    await scenario.rest()
    await market.current.advanceTo(phases?.opening ?? 0n)
    const { verdict, request } = await scenario.view()
    expect(verdict).toBe('settled')

    const { output, path } = scenario.truth.result()
    const named = { kind: 'finalise', reason: 'nobodyFinalised', task: scenario.task, request } as const
    const opening = { ...named, path, followedBy: [] }
    const finalise = (change: Partial<Finalise>) =>
      market.current.force(
        liar.signer,
        callOf({ ...opening, regs: scenario.truth.final.regs, output, ...change }, market.current.rules),
      )
    const forged = [new Uint8Array(), output.slice(1), Uint8Array.of(...output, 0), output.map((byte) => byte ^ 1)]
    for (const bytes of forged) expect(await finalise({ output: bytes })).toBe('reverted')
    expect(await finalise({ regs: scenario.truth.final.regs + 1n })).toBe('reverted')
    const lie = flippedResult()
    expect(await finalise({ output: lie.output, path: lie.path, regs: lie.regs })).toBe('reverted')
    expect((await scenario.view()).status).toBe('posted')

    const { status, result } = await scenario.finish()
    expect({ status, output: result?.output }).toEqual({ status: 'final', output })
    const opened = honest.outcomes.find(({ action }) => action.kind === 'finalise')
    expect(opened).toMatchObject({ kind: 'mined', action: { reason: 'nobodyFinalised' } })
    // The price is the first one's all the same.
    expect(await scenario.etherGainOf(lazy)).toBe(ORDER.maxPrice)
    expect([await scenario.gainOf(liar), await scenario.gainOf(honest)]).toEqual([-BOND, REWARD])
  })

  function flippedResult() {
    const trace = playedTrace(new FlippedTrace(lowerTask(SMALL_TASK), new Uint8Array(0), STEPS, FLIP))
    return { ...trace.result(), regs: trace.final.regs }
  }
})
