import { describe, expect, it } from 'vitest'
import { type Action, nextActions, type Outcome } from '../../protocol/index.ts'
import { solve } from '../../solver/index.ts'
import { REGS } from '../../spec/index.ts'
import { computing, flipping } from '../adversaries/computing.ts'
import { wrongPath, wrongRegisters } from '../adversaries/forged-trace.ts'
import {
  crossPlaying,
  delayed,
  duplicating,
  type Forced,
  frontRun,
  inTheNameOf,
  lastSecond,
  replaying,
} from '../adversaries/senders.ts'
import { entering, silent, without } from '../adversaries/strategies.ts'
import { BOND, ORDER } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { type Cast, Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 217, substep: 8, address: 4_003, bit: 6 }
const OTHER_FLIP = { step: 31, substep: 3, address: 901, bit: 0 }
const REWARD = BOND / 2n
const BURNED = BOND - REWARD

const kindsOf = ({ outcomes }: Cast, kind: Outcome['kind']): string[] =>
  outcomes.filter((outcome) => outcome.kind === kind).map(({ action }) => action.kind)

/** Does nothing in a dispute but end it. */
const idle = without(nextActions, ...(['enter', 'open', 'enterAndOpen', 'bisect', 'prove', 'timeout', 'bury'] as const))

describe.each([2, 16])('an honest player, at arity %i', (arity) => {
  const market = useMarket({ arity })

  /** The truth has settled, and each player gained exactly this. */
  async function expectEnd(
    scenario: Scenario,
    gains: readonly (readonly [Cast, bigint])[],
    burned: bigint,
  ): Promise<void> {
    const { status, result } = await scenario.finish()
    expect({ status, value: result?.value }).toEqual({ status: 'final', value: scenario.truth.final.value })
    const gained = await Promise.all(gains.map(async ([cast]) => [cast.name, await scenario.gainOf(cast)]))
    expect(gained).toEqual(gains.map(([cast, gain]) => [cast.name, gain]))
    expect(await market.current.burned()).toBe(burned)
  }

  /** The one bond that was lost is the liar's. */
  const expectHonestWins = (scenario: Scenario, honest: Cast, liar: Cast): Promise<void> =>
    expectEnd(
      scenario,
      [
        [honest, REWARD],
        [liar, -BOND],
      ],
      BURNED,
    )

  it('gets its bond back when nobody disagrees', async () => {
    const scenario = await Scenario.small(market.current)
    const solver = await scenario.solver('solver')
    const verifier = await scenario.verifier('verifier')
    await expectEnd(
      scenario,
      [
        [solver, 0n],
        [verifier, 0n],
      ],
      0n,
    )
    expect(kindsOf(verifier, 'mined')).toEqual([])
  })

  it('wins by the clock against a liar that never moves', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: silent })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
    expect(kindsOf(honest, 'mined')).toContain('timeout')
  })

  it('wins against a liar that makes each move in its last second', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), before: lastSecond(market.current) })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins though each of its own moves is made in its last second', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), before: lastSecond(market.current) })
    const honest = await scenario.verifier('honest', { before: lastSecond(market.current) })
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins against a liar that sends every call twice', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(market.current)
    const wrap = duplicating(market.current, forced)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), wrap })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
    expect(forced.length).toBeGreaterThan(1)
    expect(forced.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('wins though it sends every call twice itself', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest', { wrap: duplicating(market.current, forced) })
    await expectHonestWins(scenario, honest, liar)
    expect(forced.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('wins against a liar that sends all its old moves again before each new one', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), wrap: replaying(market.current, forced) })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
    expect(forced.map(({ kind }) => kind)).toContain('bisect')
    expect(forced.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('wins against a liar that plays each of its moves in its other game first', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(market.current)
    const wrap = crossPlaying(market.current, forced)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), wrap })
    const honest = await scenario.verifier('honest', { strategy: entering(nextActions) })
    const ally = await scenario.verifier('ally', { strategy: entering(nextActions) })
    await expectEnd(
      scenario,
      [
        [honest, REWARD],
        [ally, 0n],
        [liar, -BOND],
      ],
      BURNED,
    )
    expect(forced.length).toBeGreaterThan(1)
    expect(forced.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('wins and is paid though a thief without a stake gets each of its calls mined first', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const thief = await market.current.keyHolder('thief')
    const honest = await scenario.verifier('honest', { wrap: frontRun(market.current, thief, forced) })
    await expectHonestWins(scenario, honest, liar)
    const ends = (...kinds: Action['kind'][]) =>
      new Set(forced.filter(({ kind }) => kinds.includes(kind)).map(({ status }) => status))
    expect(ends('enterAndOpen', 'bisect', 'prove')).toEqual(new Set(['reverted']))
    // What follows the opening of the result comes with it.
    expect(ends('finalise')).toEqual(new Set(['success']))
    expect(kindsOf(honest, 'alreadyDone')).toEqual(['finalise', 'payDead'])
  })

  it('loses nothing though a thief with a stake enters the same value first, by the same call', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const thief = await scenario.liar('thief', { strategy: idle })
    const wrap = frontRun(market.current, thief.signer, [], inTheNameOf(thief.owner))
    const honest = await scenario.verifier('honest', { wrap })
    const { entries } = await scenario.finish()
    const isAlive = [...entries.values()].some(({ owner, status }) => owner === thief.owner && status === 'released')
    // The reward and the price are the first one's if it lives to the end, though it never moves; gas is repaid anyway.
    await expectEnd(
      scenario,
      [
        [honest, isAlive ? 0n : REWARD],
        [thief, isAlive ? REWARD : -BOND],
        [liar, -BOND],
      ],
      BURNED,
    )
    expect(await scenario.etherGainOf(honest)).toBe((await scenario.refund()) + (isAlive ? 0n : ORDER.maxPrice))
  })

  it('wins when two copies of it play on one account', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const copy = await scenario.verifier('honest', { wrap: delayed('bisect', async () => void (await honest.poll())) })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, copy, liar)
    expect(kindsOf(copy, 'staleView')).toContain('bisect')
  })

  it('wins though the chain takes back its moves of several blocks, again and again', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest')
    for (let rounds = 1; rounds < 6; rounds++) {
      const fork = await market.current.snapshot()
      for (let i = 0; i < rounds; i++) await scenario.round()
      await market.current.restore(fork)
      await scenario.check('a re-organisation')
      await scenario.round()
    }
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins against copies of a liar, each of which loses its bond', async () => {
    const scenario = await Scenario.small(market.current)
    const solver = await scenario.solver('solver')
    const liars = []
    for (const name of ['liar', 'second copy', 'third copy']) {
      liars.push(await scenario.liar(name, { programs: flipping(FLIP), strategy: entering(solve) }))
    }
    await expectEnd(scenario, [[solver, 3n * REWARD], ...liars.map((liar) => [liar, -BOND] as const)], 3n * BURNED)
  })

  it('wins against liars of different values, and against a false copy in the last second of support', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const other = await scenario.liar('other liar', { programs: flipping(OTHER_FLIP), strategy: entering(solve) })
    const honest = await scenario.verifier('honest')
    await scenario.rest()
    const { phases } = await scenario.view()
    const late = await scenario.liar('late liar', { programs: flipping(FLIP), strategy: entering(solve) })
    await market.current.at((phases?.support ?? 0n) - 1n)
    await late.poll()
    expect(kindsOf(late, 'mined')).toEqual(['enter'])
    const { result, entries } = await scenario.finish()
    expect(result?.value).toBe(scenario.truth.final.value)
    for (const player of [liar, other, late]) expect(await scenario.gainOf(player)).toBe(-BOND)
    // Liars play each other too: what one of them buried before the honest one opened against it is burned.
    const own = [...entries.values()].find(({ owner }) => owner === honest.owner)
    const played = [...entries.values()].filter(({ opponents }) => opponents.includes(own?.id ?? '0x'))
    expect(played.length).toBeGreaterThan(0)
    expect(await scenario.gainOf(honest)).toBe(BigInt(played.length) * REWARD)
    expect(await scenario.etherGainOf(honest)).toBe(BigInt(played.length) * (await scenario.refund()) + ORDER.maxPrice)
  })

  it('wins against a final state that is wrong in its exit code alone', async () => {
    const scenario = await Scenario.small(market.current)
    const programs = computing(wrongRegisters(scenario.truth, 1n << BigInt(REGS.exit[0])))
    const liar = await scenario.liar('liar', { programs })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins against a final state that is wrong in its step count alone', async () => {
    const scenario = await Scenario.small(market.current)
    const programs = computing(wrongRegisters(scenario.truth, 1n << BigInt(REGS.steps[0])))
    const liar = await scenario.liar('liar', { programs })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
  })

  it('lets the truth settle though another throws its true entry by a wrong path', async () => {
    const scenario = await Scenario.small(market.current)
    const traitor = await scenario.liar('traitor', { programs: computing(wrongPath(scenario.truth)) })
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: entering(solve) })
    const honest = await scenario.verifier('honest')
    // The liar that buried the traitor is dead itself: nobody gets anything of the traitor's bond, so nobody pays it out.
    await expectEnd(
      scenario,
      [
        [honest, REWARD],
        [liar, -BOND],
        [traitor, -BOND],
      ],
      BURNED,
    )
  })

  it('enters in support though its target dies first', async () => {
    const scenario = await Scenario.small(market.current)
    const first = async () => {
      while ((await solver.poll()).length > 0) await scenario.check('the solver was first')
    }
    const supporter = await scenario.verifier('supporter', { wrap: delayed('enterAndOpen', first) })
    const solver = await scenario.solver('solver')
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: silent })
    await scenario.rest()
    const { phases } = await scenario.view()
    await market.current.advanceTo(phases?.challenge ?? 0n)
    await expectEnd(
      scenario,
      [
        [solver, REWARD],
        [supporter, 0n],
        [liar, -BOND],
      ],
      BURNED,
    )
    expect(kindsOf(supporter, 'mined')).toContain('enterAndOpen')
    expect((await scenario.games()).length).toBe(1)
  })
})

describe('a task without an honest player', () => {
  const market = useMarket({ arity: 2 })

  it('is void at its end, and the bonds go back', async () => {
    const scenario = await Scenario.small(market.current)
    const one = await scenario.liar('one liar', { programs: flipping(FLIP), strategy: entering(idle) })
    const other = await scenario.liar('other liar', { programs: flipping(OTHER_FLIP), strategy: entering(idle) })
    expect((await scenario.finish()).status).toBe('void')
    expect([await scenario.gainOf(one), await scenario.gainOf(other)]).toEqual([0n, 0n])
  })
})
