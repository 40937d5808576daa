import { beforeEach, describe, expect, test } from 'vitest'
import { maxMoves } from '../../../protocol/bisection.ts'
import { revertsWith } from '../../helpers/evm.ts'
import { defeat, lying, outlast, playBetween, SILENCE, standingOf } from '../../helpers/toy-game.ts'
import { ENTRY, RULES, ToyMarket, type ToyRules, VERDICT } from '../../helpers/toy-market.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const STEPS = 64n

let market: ToyMarket
let task: ToyTask
let honest: ToyClaim
let liar: ToyClaim

async function setUp(changes: Partial<ToyRules> = {}, steps = STEPS): Promise<void> {
  market = await ToyMarket.create({ arity: 4, ...changes })
  task = await market.createTask(steps)
  honest = truth(1)
  liar = lie(2, 5n)
  await market.takeAndPost(liar)
}

beforeEach(() => setUp())

const truth = (account: number): ToyClaim => market.claim(task, market.account(account))
const lie = (account: number, substep: bigint): ToyClaim => lying(market, task, market.account(account), substep)

type Phase = 'challenge' | 'support' | 'opening' | 'end'

/** The next block comes this many seconds after the end of a phase. */
const goTo = async (phase: Phase, plus = 0n) => market.evm.at((await market.phases(task))[phase] + plus)

/** What happens in a block at that time, and is then undone. */
async function tryAt<Result>(phase: Phase, plus: bigint, action: () => Promise<Result>): Promise<Result> {
  const snapshot = await market.evm.snapshot()
  await goTo(phase, plus)
  try {
    return await action()
  } finally {
    await market.evm.restore(snapshot)
  }
}

describe('the phases', () => {
  test('takes any value until one second before e1, and none from e1 on', async () => {
    await tryAt('challenge', -1n, () => market.enter(honest))
    await tryAt('challenge', 0n, () => revertsWith(market.enter(honest), 'NothingToSupport'))
    await tryAt('challenge', 0n, () => revertsWith(market.enter(lie(3, 5n)), 'NothingToSupport'))
    await goTo('challenge', -1n)
    await market.enter(honest)
    const late = lie(3, 90n)
    await tryAt('challenge', 0n, () => revertsWith(market.enter(late), 'ValueNotSeen', [late.value]))
    await tryAt('challenge', 0n, () => revertsWith(market.enterAndOpen(late, liar), 'ValueNotSeen', [late.value]))
    const { support } = await market.phases(task)
    await tryAt('support', -1n, () => revertsWith(market.enter(late), 'ValueNotSeen', [late.value]))
    await tryAt('support', 0n, () => revertsWith(market.enter(late), 'EnteringClosed', [support]))
  })

  test('takes values seen until one second before e2, and none from e2 on', async () => {
    await market.enter(honest)
    await outlast(market, liar, honest)
    const { support } = await market.phases(task)
    for (const [plus, claim] of [truth(3), lie(4, 5n)].entries()) {
      await tryAt('challenge', BigInt(plus), () => market.enter(claim))
      await tryAt('support', -1n, () => market.enter(claim))
      await tryAt('support', 0n, () => revertsWith(market.enter(claim), 'EnteringClosed', [support]))
      await tryAt('end', 5n, () => revertsWith(market.enter(claim), 'EnteringClosed', [support]))
    }
  })

  test('opens games until one second before e3, and none from e3 on', async () => {
    await market.enter(honest)
    const { opening } = await market.phases(task)
    for (const phase of ['challenge', 'support'] as const) {
      await tryAt(phase, 0n, () => market.open(honest, liar))
    }
    await tryAt('opening', -1n, () => market.open(honest, liar))
    for (const plus of [0n, 1n]) {
      await tryAt('opening', plus, () => revertsWith(market.open(honest, liar), 'OpeningClosed', [opening]))
      await tryAt('opening', plus, () => revertsWith(market.open(liar, honest), 'OpeningClosed', [opening]))
    }
    await tryAt('end', 0n, () => revertsWith(market.open(honest, liar), 'OpeningClosed', [opening]))
  })

  test('buries until one second before E, and not from E on', async () => {
    await market.enter(honest)
    await playBetween(market, honest, liar, SILENCE)
    const { end } = await market.phases(task)
    await tryAt('opening', 0n, () => market.bury(honest, liar))
    await tryAt('end', -1n, () => market.bury(honest, liar))
    for (const plus of [0n, 1n]) {
      await tryAt('end', plus, () => revertsWith(market.bury(honest, liar), 'BuryingClosed', [end]))
    }
  })

  test('let a value whose only entry died be supported: the truth thrown on purpose comes back and wins', async () => {
    const traitor = truth(5)
    await market.enter(traitor)
    await outlast(market, liar, traitor)
    await goTo('challenge')
    await market.enter(honest)
    expect(await market.value(honest)).toMatchObject({
      first: traitor.owner,
      firstStatus: ENTRY.DEAD,
      alive: 1,
      count: 2,
    })
    await defeat(market, honest, liar)
    await goTo('opening')
    expect(await market.verdict(task)).toBe(VERDICT.SETTLED)
  })
})

describe('the verdict', () => {
  const TIMES = ['e1-1', 'e1', 'e2-1', 'e2', 'e3-1', 'e3', 'E-1', 'E', 'E+9'] as const
  const PHASES: Record<string, Phase> = { e1: 'challenge', e2: 'support', e3: 'opening', E: 'end' }
  const NAMES = ['pending', 'settled', 'void']

  /** The verdict at each second at which it could change. */
  async function verdicts(times: readonly string[] = TIMES): Promise<string> {
    const all = []
    for (const time of times) {
      const [, name, plus] = /^(e1|e2|e3|E)(.*)$/.exec(time) as unknown as [string, string, string]
      all.push(NAMES[await tryAt(PHASES[name] as Phase, BigInt(plus || 0), () => market.verdict(task))])
    }
    return all.join(' ')
  }

  test('settles by time and counters alone', async () => {
    const alone = 'pending settled settled settled settled settled settled settled settled'
    expect(await verdicts()).toBe(alone)
    await market.enter(lie(3, 5n))
    expect(await verdicts()).toBe(alone)
    await market.enter(honest)
    expect(await verdicts()).toBe('pending pending pending pending pending pending pending void void')
    await playBetween(market, honest, liar, SILENCE)
    await market.bury(honest, liar)
    expect((await market.stored(task)).valuesAlive).toBe(2)
    expect(await verdicts()).toBe('pending pending pending pending pending pending pending void void')
    await outlast(market, honest, lie(3, 5n))
    expect(await verdicts()).toBe('pending pending pending pending pending settled settled settled settled')
  })

  test('is settled by the burial itself between e3 and E, up to the last second', async () => {
    await market.enter(honest)
    await playBetween(market, honest, liar, SILENCE)
    const { opening, end } = await market.phases(task)
    for (const time of [opening, opening + 5n, end - 1n]) {
      const snapshot = await market.evm.snapshot()
      await market.evm.advanceTo(time - 1n)
      expect(await market.verdict(task)).toBe(VERDICT.PENDING)
      await market.evm.at(time)
      await market.bury(honest, liar)
      await market.evm.at(time + 1n)
      expect(await market.verdict(task)).toBe(VERDICT.SETTLED)
      expect(await verdicts(['E', 'E+9'])).toBe('settled settled')
      await market.evm.restore(snapshot)
    }
  })

  test('decides by itself which calls are open: nobody has to send anything first', async () => {
    await market.enter(honest)
    const { regs, path, output } = market.openingOf(honest)
    const finalise = () =>
      market.evm.send(market.stranger, market.contract, 'finalise', [task.request, regs, path, output])
    const release = () => market.release(honest)
    const payDead = () => market.payDead(liar, [])
    const voidTask = () => market.close(task, 'voidTask')
    const abandon = () => market.close(task, 'abandon')
    for (const phase of ['opening', 'end'] as const) {
      for (const call of [finalise, release, payDead, voidTask, abandon]) {
        await tryAt(phase, -1n, () => revertsWith(call(), 'WrongVerdict', [VERDICT.PENDING]))
      }
    }
    for (const call of [finalise, abandon]) {
      await tryAt('end', 0n, () => revertsWith(call(), 'WrongVerdict', [VERDICT.VOID]))
    }
    await tryAt('end', 0n, release)
    await tryAt('end', 0n, voidTask)
    await tryAt('end', 0n, () => revertsWith(payDead(), 'NotDead', [liar.entry]))
    await outlast(market, honest, liar)
    await tryAt('opening', -1n, () => revertsWith(release(), 'WrongVerdict', [VERDICT.PENDING]))
    await tryAt('opening', 0n, release)
    await tryAt('opening', 0n, payDead)
    await tryAt('end', 0n, () => revertsWith(voidTask(), 'WrongVerdict', [VERDICT.SETTLED]))
    await tryAt('opening', 0n, () => revertsWith(finalise(), 'NotTheFinalValue'))
  })
})

describe('lengths', () => {
  const SPEED = 10n ** 7n

  test.each([1n, SPEED, SPEED + 1n, 2n ** 40n])('grow with the steps that a task may take: %i', async (steps) => {
    await setUp({ speed: SPEED, maxSteps: 2n ** 40n, arity: 16 }, steps)
    const t = (steps + SPEED - 1n) / SPEED
    const [budget, minimum] = [RULES.budget + 2n * t, RULES.minimum + 2n * t]
    const lengths = [RULES.challenge + 2n * t, RULES.support + t, RULES.opening + t, budget, minimum] as const
    expect(await market.evm.read(market.contract, 'timingOf', [steps])).toEqual(lengths)
    const moves = BigInt(maxMoves(steps, 16))
    expect(await market.evm.read(market.contract, 'maxMoves', [steps])).toBe(moves)
    const posted = BigInt((await market.stored(task)).postedAt)
    const challenge = posted + lengths[0]
    const opening = challenge + lengths[1] + lengths[2]
    expect(await market.phases(task)).toEqual({
      challenge,
      support: challenge + lengths[1],
      opening,
      end: opening + 2n * budget + moves * minimum,
    })
    await market.enter(honest)
    const { turn } = standingOf(market, await market.open(honest, liar)).standing
    expect([turn.mover.left, turn.waiter.left, turn.least]).toEqual([budget, budget, minimum])
  })

  test('leave room in the words of a turn: 2^40 steps take 109,952 seconds', async () => {
    await setUp({ speed: SPEED, maxSteps: 2n ** 40n, arity: 16 }, 2n ** 40n)
    const [challenge, , , budget, minimum] = await market.evm.read(market.contract, 'timingOf', [2n ** 40n])
    expect([challenge, budget, minimum]).toEqual([229_904n, 220_904n, 219_954n])
  })
})
