import { hexToBytes, stringToBytes, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { programIdOf } from '../../interpreter/commit/index.ts'
import { type Action, createReader, type Outcome, type Strategy } from '../../protocol/index.ts'
import { solve } from '../../solver/index.ts'
import { SUBSTEPS } from '../../spec/index.ts'
import { computing } from '../adversaries/computing.ts'
import { entering, whenever } from '../adversaries/strategies.ts'
import { BOND, type Hash } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { type Cast, Scenario } from '../helpers/scenario.ts'
import { type ToyMachine, toyStartRegs } from '../helpers/toy-machine.ts'
import { initialRoot, rootsFor } from '../helpers/toy-task.ts'
import { toyResult, toyTrace } from '../helpers/toy-trace.ts'

const SYBILS = 20
const STEPS = 250n
const MAX_STEPS = 1_000n
const REWARD = BOND / 2n
const MOVES: readonly Action['kind'][] = ['enter', 'open', 'enterAndOpen', 'bisect', 'prove', 'timeout', 'bury']

describe('20 Sybils in each phase beside one honest verifier', () => {
  const market = useMarket({ arity: 16, stepper: 'ToyStepper' })

  /** A task of a toy machine, so that a run takes no time. */
  async function toyScenario(): Promise<{ scenario: Scenario; machine: ToyMachine }> {
    const [roots, regs, input] = [rootsFor(1n), toyStartRegs(STEPS), stringToBytes('toy')]
    const id = programIdOf(
      roots.map((root) => hexToBytes(root)),
      regs,
    )
    await market.current.publishRoots(id, roots, regs)
    const task: Hash = await market.current.ask(id, input, { maxSteps: MAX_STEPS })
    const machine = { root: initialRoot(roots, toHex(input)), haltAt: STEPS }
    const { request, origin } = await market.current.task(task)
    const program = { id, roots, haltAt: STEPS }
    const toy = { id: task, maxSteps: MAX_STEPS, request, origin, truth: machine, program }
    const truth = toyTrace(machine, MAX_STEPS, () => toyResult(toy))
    return { scenario: await Scenario.of(market.current, task, truth), machine }
  }

  /** The lie of one Sybil; each tells another one from another substep on. */
  const lie = (machine: ToyMachine, n: number) =>
    toyTrace({ ...machine, lie: { substep: BigInt(n * 7 * SUBSTEPS + n), by: BigInt(n + 1) } }, MAX_STEPS)

  /** Plays for a lie, but not against other lies: that would only do the honest one's work. */
  const ganging =
    (honest: () => Cast, strategy: Strategy): Strategy =>
    (situation) => {
      const { actions, skips } = strategy(situation)
      const isOther = (action: Action) => 'target' in action && action.target.owner !== honest().owner
      return { actions: actions.filter((action) => !isOther(action)), skips }
    }

  const gasOf = (players: readonly Cast[]): bigint =>
    players
      .flatMap(({ outcomes }) => outcomes as Outcome[])
      .reduce(
        (sum, outcome) =>
          outcome.kind === 'mined' && MOVES.includes(outcome.action.kind) ? sum + outcome.gasUsed : sum,
        0n,
      )

  /** The truth is final by the end that one liar would have had, and each Sybil has paid for that. */
  async function expectEnd(phase: string, scenario: Scenario, honest: Cast, liars: readonly Cast[]): Promise<void> {
    const started = performance.now()
    const { phases, postedAt = 0n, status, result } = await scenario.finish()
    const now = await market.current.now()
    expect({ status, value: result?.value }).toEqual({ status: 'final', value: scenario.truth.final.value })
    expect(now).toBeLessThanOrEqual(phases?.end ?? 0n)
    for (const liar of liars) expect(await scenario.gainOf(liar)).toBe(-BOND)
    expect(await scenario.gainOf(honest)).toBe(BigInt(liars.length) * REWARD)
    const refunds = (await scenario.refund()) * BigInt(liars.length)
    expect(await scenario.etherGainOf(honest)).toBeGreaterThanOrEqual(refunds)
    const gas = [gasOf([honest]), gasOf(liars)]
    console.log(
      `${liars.length} Sybils in the ${phase} phase: final ${now - postedAt} s after the post, at most ` +
        `${(phases?.end ?? 0n) - postedAt} s; gas of the honest one ${gas[0]}, of the Sybils ${gas[1]}; ` +
        `played in ${Math.round(performance.now() - started)} ms`,
    )
  }

  it('changes nothing when they enter different lies in the challenge phase', async () => {
    const { scenario, machine } = await toyScenario()
    const reader = await createReader(market.current.client, market.current.rules.market)
    const liars: Cast[] = []
    for (let n = 0; n < SYBILS; n++) {
      const strategy = ganging(() => honest, entering(solve))
      liars.push(await scenario.liar(`sybil ${n}`, { programs: computing(lie(machine, n)), strategy, reader }))
    }
    const honest = await scenario.verifier('honest', { programs: computing(scenario.truth) })
    await expectEnd('challenge', scenario, honest, liars)
  })

  it('changes nothing when they copy a lie in the support phase', async () => {
    const { scenario, machine } = await toyScenario()
    const reader = await createReader(market.current.client, market.current.rules.market)
    const programs = computing(lie(machine, 1))
    const liar = await scenario.liar('liar', { programs, strategy: entering(solve) })
    const honest = await scenario.verifier('honest', { programs: computing(scenario.truth) })
    await scenario.rest()
    await market.current.advanceTo((await scenario.view()).phases?.challenge ?? 0n)
    const copies: Cast[] = []
    for (let n = 1; n < SYBILS; n++) {
      copies.push(await scenario.liar(`copy ${n}`, { programs, strategy: entering(solve), reader }))
    }
    await expectEnd('support', scenario, honest, [liar, ...copies])
    for (const copy of copies) expect(copy.outcomes[0]).toMatchObject({ kind: 'mined', action: { kind: 'enter' } })
  })

  it('changes nothing when they open their games in the opening phase', async () => {
    const { scenario, machine } = await toyScenario()
    const reader = await createReader(market.current.client, market.current.rules.market)
    const isOpening: Strategy = whenever(solve, ({ task, now }) => now >= (task.phases?.support ?? 0n))
    const liars: Cast[] = []
    for (let n = 0; n < SYBILS; n++) {
      const strategy = ganging(() => honest, entering(isOpening))
      liars.push(await scenario.liar(`sybil ${n}`, { programs: computing(lie(machine, n)), strategy, reader }))
    }
    const honest = await scenario.verifier('honest', { programs: computing(scenario.truth) })
    // The honest one enters as soon as there is a lie, and is away while the others come and open against it.
    const [first, ...others] = liars as [Cast, ...Cast[]]
    for (const player of [first, first, honest, ...others]) await player.poll()
    await market.current.advanceTo((await scenario.view()).phases?.support ?? 0n)
    for (const player of others) await player.poll()
    await expectEnd('opening', scenario, honest, liars)
    const opened = liars.flatMap(({ outcomes }) => outcomes).filter(({ action }) => action.kind === 'open')
    expect(opened.length).toBe(SYBILS - 1)
  })
})
