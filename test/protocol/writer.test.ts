import type { Account, Address, SendTransactionParameters } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Action,
  createWriter,
  type Deliver,
  NodeFailed,
  NotEnoughEther,
  type Outcome,
  type PayDead,
  type Release,
  refundOf,
  type Signer,
  SimulationRefused,
  type TaskView,
  TransactionNotMined,
  TransactionReverted,
  toldBy,
  UnknownRevert,
  WaitsAtFeeLimit,
  type Writer,
} from '../../protocol/index.ts'
import type { Hash } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { Scenario } from '../helpers/scenario.ts'

describe('createWriter', () => {
  const market = useMarket({ arity: 16 })
  let scenario: Scenario
  let task: TaskView
  let signer: Signer
  let owner: Address
  let writer: Writer

  beforeEach(async () => {
    scenario = await Scenario.small(market.current)
    task = await scenario.view()
    signer = await market.current.account('player')
    owner = signer.account.address
    writer = createWriter(market.current.client, signer, market.current.rules)
  })

  /** Taking needs stake and ether in the vault; what is told of the order makes another task of it. */
  const take = (reserve = 0n, { id, request }: TaskView = task): Action => ({
    ...{ kind: 'take', reason: 'pricePays', task: id, request, owner, reserve },
  })
  const post = (): Action => {
    const { root, regs, value } = scenario.truth.final
    return { kind: 'post', reason: 'taskTaken', task: task.id, origin: task.origin, root, regs, value }
  }
  const release = (): Action => {
    const claim = { owner, value: scenario.truth.final.value }
    return { kind: 'release', reason: 'stakeDue', task: task.id, origin: task.origin, claim }
  }
  /** The same order for fewer steps. */
  const another = async (maxSteps: bigint): Promise<TaskView> =>
    (await Scenario.small(market.current, { maxSteps })).view()

  /** The one outcome of one action. */
  async function send(action: Action, by: Writer = writer): Promise<Outcome> {
    const [outcome] = await by.send([action])
    if (outcome === undefined) throw new Error('no outcome')
    return outcome
  }

  const errorOf = (outcome: Outcome): Error => {
    if (outcome.kind !== 'failed') throw new Error(`${outcome.kind}, not failed`)
    return outcome.error
  }

  it('tells gas and hash of what was mined', async () => {
    const outcome = await send(take())
    if (outcome.kind !== 'mined') throw new Error(outcome.kind)
    const receipt = await market.current.client.getTransactionReceipt({ hash: outcome.hash })
    expect(outcome.gasUsed).toBe(receipt.gasUsed)
  })

  it('sends several actions with nonces in order before it waits', async () => {
    const sent = await market.current.client.getTransactionCount({ address: signer.account.address })
    const others = [await another(999n), await another(998n)]
    const outcomes = await writer.send([take(), ...others.map((other) => take(0n, other))])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['mined', 'mined', 'mined'])
    const hashes = outcomes.map((outcome) => (outcome.kind === 'mined' ? outcome.hash : '0x'))
    const nonces = await Promise.all(
      hashes.map(async (hash) => (await market.current.client.getTransaction({ hash })).nonce),
    )
    expect(nonces).toEqual([sent, sent + 1, sent + 2])
  })

  describe('with an action that leads others', () => {
    const finalise = (followedBy: readonly (Release | PayDead | Deliver)[]): Action => {
      const { regs } = scenario.truth.final
      const { output, path } = scenario.truth.result()
      const { id, request } = task
      return { kind: 'finalise', reason: 'priceDue', task: id, request, regs, path, output, followedBy }
    }
    const deliver = (): Deliver => {
      const { id, request } = task
      return { kind: 'deliver', reason: 'tipPays', task: id, request, output: scenario.truth.result().output }
    }
    const settled = async () => {
      await writer.send([take()])
      await writer.send([post()])
      const { phases } = await scenario.view()
      await market.current.advanceTo(phases?.challenge as bigint)
    }

    it('sends all in one transaction, and tells an end for each', async () => {
      const callback = { callbackGas: 50_000, tip: 10n ** 15n }
      scenario = await Scenario.small(market.current, callback)
      task = await scenario.view()
      await settled()
      const [first, second] = await writer.send([finalise([deliver()])])
      expect([first?.action.kind, second?.action.kind]).toEqual(['finalise', 'deliver'])
      expect(first).toMatchObject({ kind: 'mined' })
      expect(second).toMatchObject({ kind: 'mined', gasUsed: 0n, hash: first?.kind === 'mined' ? first.hash : '' })
      expect(await scenario.view()).toMatchObject({ status: 'final', tipPaid: true })
    })

    it('sends it alone where the contract refuses what follows', async () => {
      await settled()
      const outcomes = await writer.send([finalise([deliver()])])
      expect(outcomes).toMatchObject([{ kind: 'mined', action: { kind: 'finalise' } }])
      expect((await scenario.view()).status).toBe('final')
    })

    it('sends it alone where the purse is too small for all', async () => {
      const callback = { callbackGas: 1_000_000, tip: 10n ** 15n }
      scenario = await Scenario.small(market.current, callback)
      task = await scenario.view()
      await settled()
      const fee = (await market.current.client.estimateFeesPerGas()).maxFeePerGas
      await market.current.fund(signer, 400_000n * fee)
      const outcomes = await writer.send([finalise([deliver()])])
      expect(outcomes).toMatchObject([{ kind: 'mined', action: { kind: 'finalise' } }])
    })

    it('sends what needs no leader where that is refused', async () => {
      await settled()
      const { regs } = scenario.truth.final
      const wrong = { ...finalise([release() as Release]), regs: regs + 1n } as Action
      const outcomes = await writer.send([wrong])
      expect(outcomes.map(({ kind, action }) => `${action.kind} ${kind}`)).toEqual(['finalise failed', 'release mined'])
    })

    it('tells why it is refused itself', async () => {
      const [outcome] = await writer.send([finalise([deliver()])])
      expect(outcome).toMatchObject({ kind: 'alreadyDone', told: 'WrongStatus' })
    })
  })

  it('goes on after an action that is refused', async () => {
    const outcomes = await writer.send([release(), take()])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'mined'])
  })

  it('sends nothing that a contract refuses in simulation, and names the error', async () => {
    const before = await market.current.client.getBlockNumber({ cacheTime: 0 })
    const error = errorOf(await send(release()))
    expect(error).toBeInstanceOf(SimulationRefused)
    expect(error).toMatchObject({ errorName: 'NotPosted', args: [task.id] })
    expect(await market.current.client.getBlockNumber({ cacheTime: 0 })).toBe(before)
  })

  it('tells an entry of its own that it did not know from what another did', async () => {
    await send(take())
    expect((await send(post())).kind).toBe('mined')
    expect(await send(post())).toMatchObject({ kind: 'staleView', told: 'WrongStatus' })
  })

  it('counts as done what another does between simulation and block', async () => {
    await send(take())
    await send(post())
    const { phases } = await scenario.view()
    await market.current.advanceTo(phases?.challenge ?? 0n)
    const thief = await market.current.account('thief')
    const slow = createWriter(market.current.client, raced(signer, thief), market.current.rules)
    expect(await send(release(), slow)).toMatchObject({ kind: 'alreadyDone', told: 'NotAlive' })
  })

  it('says so when a transaction was mined and reverted for no lasting reason', async () => {
    const starved = sendingBy(signer, (call) => signer.sendTransaction({ ...call, gas: 60_000n }))
    const error = errorOf(await send(take(), createWriter(market.current.client, starved, market.current.rules)))
    expect(error).toBeInstanceOf(TransactionReverted)
  })

  it('says so when a transaction is not mined in time', async () => {
    const lost = sendingBy(signer, async () => scenario.task)
    const impatient = createWriter(market.current.client, lost, market.current.rules, { patience: 50 })
    expect(errorOf(await send(take(), impatient))).toBeInstanceOf(TransactionNotMined)
  })

  describe('while blocks are full', () => {
    const TOO_DEAR = 10n ** 12n
    const [patience, maxFeePerGas] = [20, 4n * 10n ** 12n]
    let other: TaskView
    beforeEach(async () => {
      other = await another(999n)
      writer = createWriter(market.current.client, signer, market.current.rules, { patience, maxFeePerGas })
      return market.current.holdBlocks()
    })
    afterEach(() => market.current.releaseBlocks())

    /** What waits to be mined, by nonce. */
    const pool = async () => {
      const { transactions } = await market.current.client.getBlock({ blockTag: 'pending', includeTransactions: true })
      return transactions.map(({ nonce, maxFeePerGas: fee = 0n }) => ({ nonce, fee }))
    }

    it('does not send again what waits, and sends what is new behind it', async () => {
      await send(take())
      const [first] = await pool()
      expect(errorOf(await send(take()))).toBeInstanceOf(TransactionNotMined)
      expect(await pool()).toEqual([first])
      await send(take(0n, other))
      expect((await pool()).map(({ nonce }) => nonce)).toEqual([first?.nonce, (first?.nonce ?? 0) + 1])
    })

    it('replaces, at what the market asks, what three blocks have passed over', async () => {
      const sent = await market.current.client.getTransactionCount({ address: signer.account.address })
      await send(take())
      await market.current.mineAt(TOO_DEAR, 2)
      await send(take())
      const count = () => market.current.client.getTransactionCount({ address: signer.account.address })
      await market.current.mineAt(TOO_DEAR)
      expect(await count()).toBe(sent)
      await send(take())
      await market.current.mineAt(TOO_DEAR)
      expect(await count()).toBe(sent + 1)
    })

    it('never offers more than the limit, waits there without sending copies, and says so', async () => {
      const fees: bigint[] = []
      const watching = sendingBy(signer, async (call) => {
        fees.push(call.maxFeePerGas ?? 0n)
        return signer.sendTransaction(call)
      })
      const limit = 3n * 10n ** 9n
      const thrifty = createWriter(market.current.client, watching, market.current.rules, {
        patience,
        maxFeePerGas: limit,
      })
      const errors: Error[] = []
      for (let i = 0; i < 3; i++) {
        errors.push(errorOf(await send(take(), thrifty)))
        await market.current.mineAt(TOO_DEAR, 3)
      }
      expect(fees).toEqual([expect.any(BigInt), limit])
      expect(errors[0]).toBeInstanceOf(TransactionNotMined)
      for (const error of errors.slice(1)) {
        expect(error).toBeInstanceOf(WaitsAtFeeLimit)
        expect(error).toMatchObject({ limit })
      }
    })
  })

  it('waits for a small part of the clock at most', async () => {
    await market.current.holdBlocks()
    const began = Date.now()
    expect(errorOf(await send(take()))).toBeInstanceOf(TransactionNotMined)
    expect(Date.now() - began).toBeLessThan((Number(market.current.rules.minimum) * 1000) / 10)
    await market.current.releaseBlocks()
  })

  it('signs for no other chain than that of the rules', async () => {
    const rules = { ...market.current.rules, chainId: 5n }
    const other = createWriter(market.current.client, signer, rules)
    expect(errorOf(await send(take(), other)).message).toContain('The expected chainId is 31337')
  })

  it('locks no bond without the ether to defend it', async () => {
    const { rules, client } = market.current
    const reserve = refundOf(rules, task.gasPrice, task.origin.maxSteps)
    await market.current.fund(signer, reserve)
    expect(errorOf(await send(take(reserve)))).toBeInstanceOf(NotEnoughEther)
    const { maxFeePerGas } = await client.estimateFeesPerGas()
    await market.current.fund(signer, reserve + 300_000n * maxFeePerGas)
    expect((await send(take(reserve))).kind).toBe('mined')
  })

  it('counts what the transactions before it may cost', async () => {
    const other = await another(999n)
    const { maxFeePerGas } = await market.current.client.estimateFeesPerGas()
    const reserve = 10n ** 16n
    await market.current.fund(signer, reserve + 150_000n * maxFeePerGas)
    const [first, second] = await writer.send([take(), take(reserve, other)])
    expect([first?.kind, second?.kind]).toEqual(['mined', 'failed'])
  })

  it('says so when the account cannot pay for gas', async () => {
    await market.current.impoverish(signer)
    expect(errorOf(await send(take()))).toBeInstanceOf(NotEnoughEther)
  })

  it('says so when the node fails', async () => {
    const { client } = market.current
    const dead = { ...client, call: () => Promise.reject(new Error('connection refused')) } as typeof client
    expect(errorOf(await send(take(), createWriter(dead, signer, market.current.rules)))).toBeInstanceOf(NodeFailed)
  })

  it('shows what it cannot decode', async () => {
    const { client } = market.current
    const odd = Object.assign(new Error('execution reverted'), { data: '0xdeadbeef' })
    const strange = { ...client, call: () => Promise.reject(odd) } as typeof client
    const error = errorOf(await send(take(), createWriter(strange, signer, market.current.rules)))
    expect(error).toBeInstanceOf(UnknownRevert)
    expect(error).toMatchObject({ data: '0xdeadbeef' })
  })

  /** A signer whose every transaction another's comes before. */
  const raced = (slow: Signer, fast: Signer): Signer =>
    sendingBy(slow, async (call) => {
      await market.current.force(fast, { to: market.current.rules.market, data: call.data ?? '0x' })
      return slow.sendTransaction(call)
    })
})

/** A signer that sends in another way. */
const sendingBy = (
  signer: Signer,
  send: (call: SendTransactionParameters<undefined, Account>) => Promise<Hash>,
): Signer => ({
  ...signer,
  sendTransaction: send as Signer['sendTransaction'],
})

describe('toldBy', () => {
  it.each([
    ['post', 'WrongStatus'],
    ['enter', 'EntryExists'],
    ['enterAndOpen', 'EntryExists'],
    ['open', 'GameExists'],
    ['bisect', 'NotTheStandingAssertion'],
    ['prove', 'NotTheStandingAssertion'],
    ['timeout', 'NotTheStandingAssertion'],
  ] as const)('takes the view for stale when the contract says of %s %s', (kind, errorName) => {
    expect(toldBy(kind, errorName)).toBe('staleView')
  })

  it.each([
    ['take', 'WrongStatus'],
    ['noShow', 'WrongStatus'],
    ['open', 'NotAlive'],
    ['bury', 'NotAlive'],
    ['finalise', 'WrongStatus'],
    ['finaliseLarge', 'WrongStatus'],
    ['voidTask', 'WrongStatus'],
    ['deliver', 'AlreadyDelivered'],
    ['payPrice', 'NoPriceDue'],
    ['release', 'NotAlive'],
    ['payDead', 'NotDead'],
    ['payDead', 'WrongOpponent'],
  ] as const)('takes %s for done when the contract says %s', (kind, errorName) => {
    expect(toldBy(kind, errorName)).toBe('alreadyDone')
  })

  it('takes every other refusal for a failure', () => {
    expect(toldBy('bisect', 'ClockRanOut')).toBe(undefined)
    expect(toldBy('take', 'NotEnoughStake')).toBe(undefined)
    expect(toldBy('enter', 'CapExceeded')).toBe(undefined)
  })
})
