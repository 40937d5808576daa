import { encodeFunctionData, parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { callOf, marketAbi, vaultAbi } from '../../protocol/index.ts'
import { CALLBACK, Consumer, type Mood } from '../helpers/consumers.ts'
import { ORDER } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { Scenario } from '../helpers/scenario.ts'

const FAILING = ['reverts', 'burns all gas', 'reverts with a bomb'] as const satisfies readonly Mood[]

describe('a callback that reverts, burns gas, re-enters or returns a bomb', () => {
  const market = useMarket({ arity: 16 })

  async function ask() {
    const consumer = await Consumer.deploy(market.current, 'HostileConsumer')
    const scenario = await Scenario.small(market.current, { consumer })
    scenario.count((await market.current.keyHolder('user of a consumer')).account.address)
    const solver = await scenario.solver('solver')
    return { consumer, scenario, solver }
  }

  /** The result is final, and the solver has its price and the tip, whatever the consumer did. */
  async function expectPaid({ scenario, solver }: Pick<Awaited<ReturnType<typeof ask>>, 'scenario' | 'solver'>) {
    const view = await scenario.finish()
    expect({ status: view.status, value: view.result?.value, tipPaid: view.tipPaid }).toEqual({
      ...{ status: 'final', value: scenario.truth.final.value, tipPaid: true },
    })
    expect(await scenario.gainOf(solver)).toBe(0n)
    expect(await scenario.etherGainOf(solver)).toBe(ORDER.maxPrice + CALLBACK.tip)
    return view
  }

  it.each(FAILING)('is no harm if it %s, and can be made again', async (mood) => {
    const { consumer, scenario, solver } = await ask()
    await consumer.setMood(mood)
    const { request, result, delivered } = await expectPaid({ scenario, solver })
    expect(delivered).toBe(false)
    expect(await consumer.told()).toEqual([])
    // Anybody calls again; the tip is paid once.
    const output = result?.output ?? new Uint8Array()
    const again = { kind: 'deliver', reason: 'tipPays', task: scenario.task, request, output } as const
    const stranger = await market.current.keyHolder('stranger')
    const call = callOf(again, market.current.rules)
    expect(await market.current.force(stranger, call)).toBe('success')
    expect((await scenario.view()).delivered).toBe(false)
    await consumer.setMood('takes')
    expect(await market.current.force(stranger, call)).toBe('success')
    expect((await scenario.view()).delivered).toBe(true)
    expect((await consumer.told()).map(({ task }) => task)).toEqual([scenario.task])
    expect((await market.current.accountOf(stranger.account.address)).ether).toBe(0n)
    expect(await market.current.force(stranger, call)).toBe('reverted')
    await scenario.check('the last delivery')
  })

  it('is no harm if it returns a bomb: nobody copies what it returns', async () => {
    const { consumer, scenario, solver } = await ask()
    await consumer.setMood('returns a bomb')
    expect((await expectPaid({ scenario, solver })).delivered).toBe(true)
    const delivery = solver.outcomes.find(({ action }) => action.kind === 'deliver')
    if (delivery?.kind !== 'mined') throw new Error('nothing was delivered')
    expect(delivery.gasUsed).toBeLessThan(BigInt(CALLBACK.callbackGas) + 150_000n)
  })

  it('gets nothing by calling back into the market and the vault', async () => {
    const { consumer, scenario, solver } = await ask()
    await consumer.setMood('re-enters')
    const { rules } = market.current
    const { request, origin } = await scenario.view()
    const { final, result } = scenario.truth
    const { output, path } = result()
    const task = { task: scenario.task, request, origin }
    const claim = { owner: solver.owner, value: final.value }
    const opened = { reason: 'nobodyFinalised', regs: final.regs, path, output, followedBy: [] } as const
    const vault = (functionName: 'withdrawEther' | 'credit' | 'release', args: readonly unknown[]) => ({
      to: rules.vault,
      data: encodeFunctionData({ abi: vaultAbi, functionName, args: args as never }),
    })
    const [mine, ether] = [consumer.address, parseEther('1')]
    await consumer.arm([
      callOf({ kind: 'deliver', reason: 'tipPays', ...task, output }, rules),
      callOf({ kind: 'finalise', ...task, ...opened }, rules),
      callOf({ kind: 'release', reason: 'stakeDue', ...task, claim }, rules),
      callOf({ kind: 'payPrice', reason: 'priceDue', ...task, value: final.value, owners: [mine] }, rules),
      callOf({ kind: 'voidTask', reason: 'endedWithoutUnanimity', ...task }, rules),
      { to: rules.market, data: encodeFunctionData({ abi: marketAbi, functionName: 'cancel', args: [request] }) },
      vault('withdrawEther', [mine, ether]),
      vault('credit', [scenario.task, mine, ether]),
      vault('release', [scenario.task, solver.owner, rules.bond, ether]),
    ])
    const { delivered } = await expectPaid({ scenario, solver })
    expect(delivered).toBe(true)
    expect(await consumer.reentries()).toEqual(Array.from({ length: 9 }, () => false))
    expect((await consumer.told()).length).toBe(1)
  })
})
