import { hexToBytes, stringToBytes, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { programIdOf } from '../../interpreter/commit/index.ts'
import { packRegisters, unpackRegisters } from '../../interpreter/index.ts'
import { callOf, maxMoves, type PlayedTrace } from '../../protocol/index.ts'
import { solve } from '../../solver/index.ts'
import { STATUS, SUBSTEP, SUBSTEPS } from '../../spec/index.ts'
import { computing, flipping } from '../adversaries/computing.ts'
import { claimOf, forgedTrace } from '../adversaries/forged-trace.ts'
import { entering } from '../adversaries/strategies.ts'
import { BOND } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { type Cast, Scenario } from '../helpers/scenario.ts'
import { type ToyMachine, toyStartRegs } from '../helpers/toy-machine.ts'
import { initialRoot, rootsFor } from '../helpers/toy-task.ts'
import { toyResult, toyTrace } from '../helpers/toy-trace.ts'

const REWARD = BOND / 2n
const LONGEST = 2n ** 63n
const SHORT_RUN = 5n

const random = createRandom(TEST_SEED)
console.log(`seed ${TEST_SEED}`)

/** The truth has settled, and the liar's bond is all that was lost. */
async function expectTruthWins(scenario: Scenario, honest: Cast, liar: Cast): Promise<void> {
  const { verdict, values } = await scenario.view()
  const living = [...values].filter(([, alive]) => alive > 0).map(([value]) => value)
  expect({ verdict, living }).toEqual({ verdict: 'settled', living: [scenario.truth.final.value] })
  expect([await scenario.gainOf(honest), await scenario.gainOf(liar)]).toEqual([REWARD, -BOND])
  expect(await scenario.market.burned()).toBe(BOND - REWARD)
}

describe.each([2, 16])('a dispute at arity %i', (arity) => {
  const market = useMarket({ arity })

  for (const steps of [1, 2, 3, 15, 16, 17]) {
    it.each(['the liar answers', 'the liar challenges'])(
      `over ${steps} steps is won by the truth when %s`,
      async (who) => {
        const scenario = await Scenario.small(market.current, { maxSteps: BigInt(steps) })
        const flip = { step: random.below(steps), substep: random.below(SUBSTEPS), address: 999, bit: random.below(8) }
        const first = who === 'the liar challenges' ? await scenario.solver('honest') : undefined
        const liar = await scenario.liar('liar', { programs: flipping(flip) })
        const honest = first ?? (await scenario.verifier('honest'))
        expect((await scenario.finish()).status).toBe('final')
        await expectTruthWins(scenario, honest, liar)
      },
    )
  }
})

describe.each([2, 16])('a dispute of the toy machine at arity %i', (arity) => {
  const market = useMarket({ arity, stepper: 'ToyStepper' })
  const input = stringToBytes('toy')
  const roots = rootsFor(1n)

  async function toyScenario(haltAt: bigint): Promise<{ scenario: Scenario; machine: ToyMachine }> {
    const regs = toyStartRegs(haltAt)
    const id = programIdOf(
      roots.map((root) => hexToBytes(root)),
      regs,
    )
    await market.current.publishRoots(id, roots, regs)
    const task = await market.current.ask(id, input, { maxSteps: LONGEST })
    const machine = { root: initialRoot(roots, toHex(input)), haltAt }
    const { request, origin } = await market.current.task(task)
    const result = () =>
      toyResult({ id: task, maxSteps: LONGEST, request, origin, truth: machine, program: { id, roots, haltAt } })
    return { scenario: await Scenario.of(market.current, task, toyTrace(machine, LONGEST, result)), machine }
  }

  /** The liar answers, the truth challenges. */
  async function play(scenario: Scenario, lie: PlayedTrace): Promise<void> {
    // What the liar claims is no state whose output it could weigh against the price.
    const liar = await scenario.liar('liar', { programs: computing(lie), strategy: entering(solve) })
    const honest = await scenario.verifier('honest', { programs: computing(scenario.truth) })
    const { status, origin } = await scenario.finish()
    // A running toy machine has no output that could be opened, so its stake is not released with its result.
    const isOpen = scenario.truth.final.steps < LONGEST
    expect(status).toBe(isOpen ? 'final' : 'posted')
    if (!isOpen) {
      const claim = { owner: honest.owner, value: scenario.truth.final.value }
      const release = { kind: 'release', reason: 'stakeDue', task: scenario.task, origin, claim } as const
      await market.current.force(honest.signer, callOf(release, market.current.rules))
      await scenario.check('the release')
    }
    await expectTruthWins(scenario, honest, liar)
  }

  it('over 2^63 steps is won by the truth', async () => {
    const { scenario, machine } = await toyScenario(0n)
    const substep = (BigInt(random.uint32()) << 31n) * BigInt(SUBSTEPS) + BigInt(random.below(SUBSTEPS))
    await play(scenario, toyTrace({ ...machine, lie: { substep, by: 1n } }, LONGEST))
    // All levels were played: the last turn is the one before the last move.
    const [game] = await scenario.games()
    expect(game?.turn).toMatchObject({ len: 1n, ply: BigInt(maxMoves(LONGEST, arity)) - 1n })
  })

  it('is won by the truth of 5 steps against a claim of 2^63', async () => {
    const { scenario } = await toyScenario(SHORT_RUN)
    const running = { ...unpackRegisters(scenario.truth.final.regs), status: STATUS.RUNNING, steps: LONGEST }
    const final = claimOf(scenario.truth.final.root, packRegisters(running))
    await play(scenario, forgedTrace(scenario.truth, { step: SHORT_RUN - 1n, substep: SUBSTEP.RETIRE }, final))
  })

  it('is won by the truth of 2^63 steps against a claim of 5', async () => {
    const { scenario } = await toyScenario(0n)
    const halted = { ...unpackRegisters(scenario.truth.final.regs), status: STATUS.HALTED, steps: SHORT_RUN }
    const final = claimOf(scenario.truth.final.root, packRegisters(halted))
    await play(scenario, forgedTrace(scenario.truth, { step: SHORT_RUN - 1n, substep: SUBSTEP.RETIRE }, final))
  })
})
