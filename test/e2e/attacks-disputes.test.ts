import { describe, expect, it } from 'vitest'
import { callOf, type Outcome } from '../../protocol/index.ts'
import { solve } from '../../solver/index.ts'
import { computing, flipping } from '../adversaries/computing.ts'
import { wrongPath } from '../adversaries/forged-trace.ts'
import { delayed } from '../adversaries/senders.ts'
import { absent, entering, whenever, without } from '../adversaries/strategies.ts'
import { BOND, ORDER } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { type Cast, REQUESTER, Scenario } from '../helpers/scenario.ts'

/** At arity 16 it is whoever opens against this liar that proves the lie. */
const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
const REWARD = BOND / 2n

const mined = ({ outcomes }: Cast) =>
  outcomes.filter((outcome): outcome is Extract<Outcome, { kind: 'mined' }> => outcome.kind === 'mined')
const kindsOf = (cast: Cast) => mined(cast).map(({ action }) => action.kind)

describe('attacks on a dispute', () => {
  const market = useMarket({ arity: 16 })

  /** The time of the block in which a player did something. */
  async function timeOf(cast: Cast, kind: string): Promise<bigint> {
    const deed = mined(cast).find(({ action }) => action.kind === kind)
    const { blockHash } = await market.current.client.getTransactionReceipt({ hash: deed?.hash ?? '0x' })
    return (await market.current.client.getBlock({ blockHash })).timestamp
  }

  /** Wei that a player paid for gas, without what it did after the verdict. */
  async function gasPaidInDispute(cast: Cast): Promise<bigint> {
    const moves = mined(cast).filter(({ action }) => ['enterAndOpen', 'bisect', 'prove', 'bury'].includes(action.kind))
    const receipts = moves.map(({ hash }) => market.current.client.getTransactionReceipt({ hash }))
    const costs = (await Promise.all(receipts)).map(({ gasUsed, effectiveGasPrice }) => gasUsed * effectiveGasPrice)
    return costs.reduce((sum, cost) => sum + cost, 0n)
  }

  async function expectTruth(scenario: Scenario): Promise<void> {
    const { status, result } = await scenario.finish()
    expect({ status, value: result?.value }).toEqual({ status: 'final', value: scenario.truth.final.value })
  }

  describe('self-concession before an honest challenger finishes', () => {
    /** The liar's other account holds the truth and beats it while the honest one is still on its way. */
    async function concede(opensFirst: 'honest' | 'accomplice') {
      const scenario = await Scenario.small(market.current)
      const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
      for (let i = 0; i < 2; i++) await liar.poll()
      const accomplice = await scenario.liar('accomplice', { strategy: entering(solve) })
      const honest = await scenario.verifier('honest', { strategy: entering(solve) })
      const inOrder = opensFirst === 'honest' ? [honest, accomplice] : [accomplice, honest]
      // One enters with its first look and opens with its second.
      for (const player of [...inOrder, ...inOrder]) await player.poll()
      expect((await scenario.games()).length).toBe(2)
      while ([...(await scenario.view()).entries.values()].every(({ status }) => status === 'alive')) {
        await liar.poll()
        await accomplice.poll()
      }
      expect(kindsOf(accomplice)).toContain('bury')
      expect(kindsOf(honest)).not.toContain('prove')
      await expectTruth(scenario)
      return { scenario, liar, accomplice, honest, refund: await scenario.refund() }
    }

    it('gives nothing back where the honest one opened first', async () => {
      const { scenario, liar, accomplice, honest, refund } = await concede('honest')
      expect(await scenario.gainOf(honest)).toBe(REWARD)
      expect([await scenario.gainOf(liar), await scenario.gainOf(accomplice)]).toEqual([-BOND, 0n])
      expect(await scenario.etherGainOf(honest)).toBeGreaterThanOrEqual(refund)
    })

    it('costs half of the bond where the accomplice opened first, and the honest one has its gas repaid', async () => {
      const { scenario, liar, accomplice, honest, refund } = await concede('accomplice')
      expect(await scenario.gainOf(honest)).toBe(0n)
      const together = (await scenario.gainOf(liar)) + (await scenario.gainOf(accomplice))
      expect(together).toBe(REWARD - BOND)
      expect(await market.current.burned()).toBe(BOND - REWARD)
      expect(await scenario.etherGainOf(honest)).toBeGreaterThanOrEqual(refund)
      expect(refund).toBeGreaterThan(await gasPaidInDispute(honest))
    })
  })

  it('traitor solver throwing the truth one second before e1', async () => {
    const scenario = await Scenario.small(market.current)
    const programs = computing(wrongPath(scenario.truth))
    const traitor = await scenario.liar('traitor', { programs, strategy: without(solve, 'open') })
    let isTime = false
    const accomplice = await scenario.liar('accomplice', {
      programs: flipping(FLIP),
      strategy: (situation) => (isTime ? entering(solve) : without(entering(solve), 'bury'))(situation),
    })
    const honest = await scenario.verifier('honest')
    await scenario.rest()
    expect((await scenario.games())[0]?.winner).toBeDefined()
    const { phases } = await scenario.view()
    // The truth stands, so that nobody honest has entered it.
    expect(kindsOf(honest)).toEqual([])
    isTime = true
    await market.current.at((phases?.challenge ?? 0n) - 1n)
    await accomplice.poll()
    expect(await timeOf(accomplice, 'bury')).toBe((phases?.challenge ?? 0n) - 1n)
    expect((await scenario.view()).values.get(scenario.truth.final.value)).toBe(0)
    await expectTruth(scenario)
    expect(kindsOf(honest)).toContain('enterAndOpen')
    expect([await scenario.gainOf(traitor), await scenario.gainOf(accomplice)]).toEqual([-BOND, -BOND])
    expect(await scenario.gainOf(honest)).toBe(REWARD)
    expect(await scenario.etherGainOf(honest)).toBe((await scenario.refund()) + ORDER.maxPrice)
  })

  it('false copy one second before e2', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest')
    await scenario.rest()
    const { phases, entries } = await scenario.view()
    expect([...entries.values()].map(({ status }) => status)).toEqual(['dead', 'alive'])
    const late = await scenario.liar('late liar', { programs: flipping(FLIP), strategy: entering(solve) })
    await market.current.at((phases?.support ?? 0n) - 1n)
    await late.poll()
    expect(await timeOf(late, 'enter')).toBe((phases?.support ?? 0n) - 1n)
    await expectTruth(scenario)
    expect([await scenario.gainOf(liar), await scenario.gainOf(late)]).toEqual([-BOND, -BOND])
    expect(await scenario.gainOf(honest)).toBe(2n * REWARD)
  })

  it('target dead before the honest entry', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    for (let i = 0; i < 2; i++) await liar.poll()
    /** Another one enters, plays and buries before the honest one's call is mined. */
    const killTarget = async () => {
      while ([...(await scenario.view()).entries.values()].every(({ status }) => status === 'alive')) {
        await first.poll()
        await liar.poll()
      }
    }
    const honest = await scenario.verifier('honest', { wrap: delayed('enterAndOpen', killTarget) })
    const first = await scenario.verifier('first')
    await honest.poll()
    expect(kindsOf(honest)).toEqual(['enterAndOpen'])
    expect((await scenario.games()).length).toBe(1)
    await expectTruth(scenario)
    expect([await scenario.gainOf(honest), await scenario.gainOf(first), await scenario.gainOf(liar)]).toEqual([
      0n,
      REWARD,
      -BOND,
    ])
  })

  it('no-shows three times', async () => {
    const scenario = await Scenario.small(market.current)
    const requester = await market.current.keyHolder(REQUESTER)
    const before = await market.current.accountOf(requester.account.address)
    for (let n = 1; n <= 3; n++) {
      const idler = await scenario.liar(`idler ${n}`, { strategy: absent })
      await scenario.rest()
      expect(kindsOf(idler)).toEqual(['take'])
      const { takenAt, request } = await scenario.view()
      await market.current.advanceTo((takenAt ?? 0n) + market.current.rules.solving + 10n)
      const noShow = { kind: 'noShow', reason: 'solverLate', task: scenario.task, request } as const
      expect(await market.current.force(requester, callOf(noShow, market.current.rules))).toBe('success')
      await scenario.check(`no-show ${n}`)
      expect((await scenario.view()).status).toBe(n < 3 ? 'open' : 'expired')
      expect(await scenario.gainOf(idler)).toBe(-BOND)
      expect(await scenario.etherGainOf(idler)).toBe(0n)
      scenario.cast.pop()
    }
    const after = await market.current.accountOf(requester.account.address)
    expect(after.free - before.free).toBe(3n * REWARD)
    expect(after.ether - before.ether).toBe(ORDER.maxPrice)
  })

  it('a task that its first solver left is solved by the next', async () => {
    const scenario = await Scenario.small(market.current)
    const strategy = whenever(absent, ({ task }) => task.noShows === 0)
    const idler = await scenario.liar('idler', { strategy })
    const solver = await scenario.solver('solver')
    await expectTruth(scenario)
    expect(kindsOf(solver)).toEqual(['noShow', 'take', 'post', 'finalise'])
    expect([await scenario.gainOf(idler), await scenario.gainOf(solver)]).toEqual([-BOND, 0n])
    expect(await scenario.etherGainOf(solver)).toBe(ORDER.maxPrice)
  })
})
