import { describe, expect, it } from 'vitest'
import { nextActions, type Outcome } from '../../protocol/index.ts'
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
  lastSecond,
  replaying,
} from '../adversaries/senders.ts'
import { entering, silent, without } from '../adversaries/strategies.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { BOND, BURN } from '../helpers/local-arena.ts'
import { type Cast, Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 217, substep: 8, address: 4_003, bit: 6 }
const OTHER_FLIP = { step: 31, substep: 3, address: 901, bit: 0 }
const REWARD = BOND / 2n
const BURNED = BOND - REWARD

const kindsOf = ({ outcomes }: Cast, kind: Outcome['kind']): string[] =>
  outcomes.filter((outcome) => outcome.kind === kind).map(({ action }) => action.kind)

/** Does nothing in a dispute but end it. */
const idle = without(
  nextActions,
  ...(['approve', 'enter', 'open', 'enterAndOpen', 'bisect', 'prove', 'timeout', 'bury'] as const),
)

describe.each([2, 16])('an honest player, at arity %i', (arity) => {
  const arena = useArena({ arity })

  /** The truth has settled, and each player gained exactly this. */
  async function expectEnd(
    scenario: Scenario,
    gains: readonly (readonly [Cast, bigint])[],
    burned: bigint,
  ): Promise<void> {
    const { status, settled } = await scenario.finish()
    expect({ status, settled }).toEqual({ status: 'settled', settled: scenario.truth.final.value })
    const gained = await Promise.all(gains.map(async ([cast]) => [cast.name, await scenario.gainOf(cast)]))
    expect(gained).toEqual(gains.map(([cast, gain]) => [cast.name, gain]))
    expect(await arena.current.balanceOf(BURN)).toBe(burned)
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
    const scenario = await Scenario.small(arena.current)
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
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: silent })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
    expect(kindsOf(honest, 'mined')).toContain('timeout')
  })

  it('wins against a liar that makes each move in its last second', async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), before: lastSecond(arena.current) })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins though each of its own moves is made in its last second', async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), before: lastSecond(arena.current) })
    const honest = await scenario.verifier('honest', { before: lastSecond(arena.current) })
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins against a liar that sends every call twice', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(arena.current)
    const wrap = duplicating(arena.current, forced)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), wrap })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
    const again = forced.filter(({ kind }) => kind !== 'approve')
    expect(again.length).toBeGreaterThan(1)
    expect(again.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('wins though it sends every call twice itself', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest', { wrap: duplicating(arena.current, forced) })
    await expectHonestWins(scenario, honest, liar)
    expect(forced.filter(({ kind, status }) => kind !== 'approve' && status === 'success')).toEqual([])
  })

  it('wins against a liar that sends all its old moves again before each new one', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), wrap: replaying(arena.current, forced) })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
    const again = forced.filter(({ kind }) => kind !== 'approve')
    expect(again.map(({ kind }) => kind)).toContain('bisect')
    expect(again.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('wins against a liar that plays each of its moves in its other game first', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(arena.current)
    const wrap = crossPlaying(arena.current, forced)
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

  it('wins and is paid though a thief without a bond gets each of its calls mined first', async () => {
    const forced: Forced[] = []
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const thief = await scenario.liar('thief', { strategy: idle })
    const wrap = frontRun(arena.current, thief.signer, forced, (kind) => kind !== 'approve')
    const honest = await scenario.verifier('honest', { wrap })
    await expectEnd(
      scenario,
      [
        [honest, REWARD],
        [liar, -BOND],
        [thief, 0n],
      ],
      BURNED,
    )
    const ends = (...kinds: Forced['kind'][]) =>
      new Set(forced.filter(({ kind }) => kinds.includes(kind)).map(({ status }) => status))
    expect(ends('enterAndOpen', 'bisect', 'prove')).toEqual(new Set(['reverted']))
    expect(ends('bury', 'settle', 'withdraw', 'divide')).toEqual(new Set(['success']))
    expect(kindsOf(honest, 'alreadyDone')).toEqual(['bury', 'settle', 'withdraw', 'divide'])
  })

  it('wins though a thief with a bond enters the same value first, by the same call', async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const thief = await scenario.liar('thief', { strategy: idle })
    const honest = await scenario.verifier('honest', { wrap: frontRun(arena.current, thief.signer, [], () => true) })
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins when two copies of it play on one account', async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const copy = await scenario.verifier('honest', { wrap: delayed('bisect', async () => void (await honest.poll())) })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, copy, liar)
    expect(kindsOf(copy, 'staleView')).toContain('bisect')
  })

  it('wins though the chain takes back its moves of several blocks, again and again', async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest')
    for (let rounds = 1; rounds < 6; rounds++) {
      const fork = await arena.current.snapshot()
      for (let i = 0; i < rounds; i++) await scenario.round()
      await arena.current.restore(fork)
      await scenario.check('a re-organisation')
      await scenario.round()
    }
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins against copies of a liar, each of which loses its bond', async () => {
    const scenario = await Scenario.small(arena.current)
    const solver = await scenario.solver('solver')
    const liars = []
    for (const name of ['liar', 'second copy', 'third copy']) {
      liars.push(await scenario.liar(name, { programs: flipping(FLIP), strategy: entering(solve) }))
    }
    await expectEnd(scenario, [[solver, 3n * REWARD], ...liars.map((liar) => [liar, -BOND] as const)], 3n * BURNED)
  })

  it('wins against liars of different values, and against a false copy in the last second of support', async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const other = await scenario.liar('other liar', { programs: flipping(OTHER_FLIP), strategy: entering(solve) })
    const honest = await scenario.verifier('honest')
    await scenario.rest()
    const { phases } = await scenario.view()
    const late = await scenario.liar('late liar', { programs: flipping(FLIP), strategy: entering(solve) })
    await late.poll()
    await arena.current.at((phases?.support ?? 0n) - 1n)
    await late.poll()
    expect(kindsOf(late, 'mined')).toEqual(['approve', 'enter'])
    const { settled, entries } = await scenario.finish()
    expect(settled).toBe(scenario.truth.final.value)
    for (const player of [liar, other, late]) expect(await scenario.gainOf(player)).toBe(-BOND)
    // Liars play each other too: the half of one that a liar buried goes to nobody.
    const buried = [...entries.values()].filter(({ status }) => status === 'divided').length
    expect(buried).toBeGreaterThan(0)
    expect(await scenario.gainOf(honest)).toBe(BigInt(buried) * REWARD)
  })

  it('wins against a final state that is wrong in its exit code alone', async () => {
    const scenario = await Scenario.small(arena.current)
    const programs = computing(wrongRegisters(scenario.truth, 1n << BigInt(REGS.exit[0])))
    const liar = await scenario.liar('liar', { programs })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
  })

  it('wins against a final state that is wrong in its step count alone', async () => {
    const scenario = await Scenario.small(arena.current)
    const programs = computing(wrongRegisters(scenario.truth, 1n << BigInt(REGS.steps[0])))
    const liar = await scenario.liar('liar', { programs })
    const honest = await scenario.verifier('honest')
    await expectHonestWins(scenario, honest, liar)
  })

  it('lets the truth settle though another throws its true entry by a wrong path', async () => {
    const scenario = await Scenario.small(arena.current)
    const traitor = await scenario.liar('traitor', { programs: computing(wrongPath(scenario.truth)) })
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: entering(solve) })
    const honest = await scenario.verifier('honest')
    // The liar that buried the traitor is dead itself: nobody gets anything of the traitor's bond.
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
    const scenario = await Scenario.small(arena.current)
    const first = async () => {
      while ((await solver.poll()).length > 0) await scenario.check('the solver was first')
    }
    const supporter = await scenario.verifier('supporter', { wrap: delayed('enterAndOpen', first) })
    const solver = await scenario.solver('solver')
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: silent })
    await scenario.rest()
    const { phases } = await scenario.view()
    await arena.current.advanceTo(phases?.challenge ?? 0n)
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
  const arena = useArena({ arity: 2 })

  it('is void at its end, and the bonds go back', async () => {
    const scenario = await Scenario.small(arena.current)
    const one = await scenario.liar('one liar', { programs: flipping(FLIP), strategy: entering(idle) })
    const other = await scenario.liar('other liar', { programs: flipping(OTHER_FLIP), strategy: entering(idle) })
    expect((await scenario.finish()).status).toBe('void')
    expect([await scenario.gainOf(one), await scenario.gainOf(other)]).toEqual([0n, 0n])
  })
})
