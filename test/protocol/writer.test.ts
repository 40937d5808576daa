import type { Account, SendTransactionParameters } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Action,
  type Claim,
  createWriter,
  NodeFailed,
  NotEnoughEther,
  type Outcome,
  type Signer,
  SimulationRefused,
  TransactionNotMined,
  TransactionReverted,
  toldBy,
  UnknownRevert,
  type Writer,
} from '../../protocol/index.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { BOND, type Hash } from '../helpers/local-arena.ts'
import { Scenario } from '../helpers/scenario.ts'

describe('createWriter', () => {
  const arena = useArena({ arity: 16 })
  let scenario: Scenario
  let signer: Signer
  let writer: Writer

  beforeEach(async () => {
    scenario = await Scenario.small(arena.current)
    signer = await arena.current.account('player')
    writer = createWriter(arena.current.client, signer, arena.current.rules)
  })

  const approve = (amount = BOND): Action => ({
    kind: 'approve',
    reason: 'allowanceTooSmall',
    task: scenario.task,
    amount,
  })
  const enter = (): Action => ({
    ...{ kind: 'enter', reason: 'noAnswer', task: scenario.task },
    ...{ root: scenario.truth.final.root, regs: scenario.truth.final.regs, value: scenario.truth.final.value },
  })
  const claim = (): Claim => ({ owner: signer.account.address, value: scenario.truth.final.value })
  const settle = (): Action => ({ kind: 'settle', reason: 'unanimous', task: scenario.task, claim: claim() })

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
    const outcome = await send(approve())
    if (outcome.kind !== 'mined') throw new Error(outcome.kind)
    const receipt = await arena.current.client.getTransactionReceipt({ hash: outcome.hash })
    expect(outcome.gasUsed).toBe(receipt.gasUsed)
  })

  it('sends several actions with nonces in order before it waits', async () => {
    const sent = await arena.current.client.getTransactionCount({ address: signer.account.address })
    const outcomes = await writer.send([approve(1n), approve(2n), approve(3n)])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['mined', 'mined', 'mined'])
    const hashes = outcomes.map((outcome) => (outcome.kind === 'mined' ? outcome.hash : '0x'))
    const nonces = await Promise.all(
      hashes.map(async (hash) => (await arena.current.client.getTransaction({ hash })).nonce),
    )
    expect(nonces).toEqual([sent, sent + 1, sent + 2])
  })

  it('goes on after an action that is refused', async () => {
    const outcomes = await writer.send([settle(), approve()])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'mined'])
  })

  it('sends nothing that a contract refuses in simulation, and names the error', async () => {
    const before = await arena.current.client.getBlockNumber({ cacheTime: 0 })
    const error = errorOf(await send(enter()))
    expect(error).toBeInstanceOf(SimulationRefused)
    expect(error).toMatchObject({
      errorName: 'ERC20InsufficientAllowance',
      args: [arena.current.rules.arena, 0n, BOND],
    })
    expect(await arena.current.client.getBlockNumber({ cacheTime: 0 })).toBe(before)
  })

  it('tells an entry of its own that it did not know from what another did', async () => {
    await writer.send([approve()])
    expect((await send(enter())).kind).toBe('mined')
    expect(await send(enter())).toMatchObject({ kind: 'staleView', told: 'EntryExists' })
  })

  it('counts as done what another does between simulation and block', async () => {
    await writer.send([approve(), enter()])
    await writer.send([enter()])
    const { phases } = await scenario.view()
    await arena.current.advanceTo(phases?.challenge ?? 0n)
    const thief = await arena.current.account('thief')
    const slow = createWriter(arena.current.client, raced(signer, thief), arena.current.rules)
    expect(await send(settle(), slow)).toMatchObject({ kind: 'alreadyDone', told: 'TaskOver' })
  })

  it('says so when a transaction was mined and reverted for no lasting reason', async () => {
    await writer.send([approve()])
    const starved = sendingBy(signer, (call) => signer.sendTransaction({ ...call, gas: 60_000n }))
    const error = errorOf(await send(enter(), createWriter(arena.current.client, starved, arena.current.rules)))
    expect(error).toBeInstanceOf(TransactionReverted)
  })

  it('says so when a transaction is not mined in time', async () => {
    const lost = sendingBy(signer, async () => scenario.task)
    const impatient = createWriter(arena.current.client, lost, arena.current.rules, { patience: 50 })
    expect(errorOf(await send(approve(), impatient))).toBeInstanceOf(TransactionNotMined)
  })

  describe('while blocks are full', () => {
    const TOO_DEAR = 10n ** 12n
    const [patience, maxFeePerGas] = [20, 4n * 10n ** 12n]
    beforeEach(() => {
      writer = createWriter(arena.current.client, signer, arena.current.rules, { patience, maxFeePerGas })
      return arena.current.holdBlocks()
    })
    afterEach(() => arena.current.releaseBlocks())

    /** What waits to be mined, by nonce. */
    const pool = async () => {
      const { transactions } = await arena.current.client.getBlock({ blockTag: 'pending', includeTransactions: true })
      return transactions.map(({ nonce, maxFeePerGas: fee = 0n }) => ({ nonce, fee }))
    }

    it('does not send again what waits, and sends what is new behind it', async () => {
      await send(approve())
      const [first] = await pool()
      expect(errorOf(await send(approve()))).toBeInstanceOf(TransactionNotMined)
      expect(await pool()).toEqual([first])
      await send(approve(1n))
      expect((await pool()).map(({ nonce }) => nonce)).toEqual([first?.nonce, (first?.nonce ?? 0) + 1])
    })

    it('replaces, at what the market asks, what three blocks have passed over', async () => {
      const sent = await arena.current.client.getTransactionCount({ address: signer.account.address })
      await send(approve())
      await arena.current.mineAt(TOO_DEAR, 2)
      await send(approve())
      const count = () => arena.current.client.getTransactionCount({ address: signer.account.address })
      await arena.current.mineAt(TOO_DEAR)
      expect(await count()).toBe(sent)
      await send(approve())
      await arena.current.mineAt(TOO_DEAR)
      expect(await count()).toBe(sent + 1)
    })

    it('never offers more than the limit, and there it waits without sending copies', async () => {
      const fees: bigint[] = []
      const watching = sendingBy(signer, async (call) => {
        fees.push(call.maxFeePerGas ?? 0n)
        return signer.sendTransaction(call)
      })
      const limit = 3n * 10n ** 9n
      const thrifty = createWriter(arena.current.client, watching, arena.current.rules, {
        patience,
        maxFeePerGas: limit,
      })
      for (let i = 0; i < 3; i++) {
        await send(approve(), thrifty)
        await arena.current.mineAt(TOO_DEAR, 3)
      }
      expect(fees).toEqual([expect.any(BigInt), limit])
    })
  })

  it('waits for a small part of the clock at most', async () => {
    await arena.current.holdBlocks()
    const began = Date.now()
    expect(errorOf(await send(approve()))).toBeInstanceOf(TransactionNotMined)
    expect(Date.now() - began).toBeLessThan((Number(arena.current.rules.minimum) * 1000) / 10)
    await arena.current.releaseBlocks()
  })

  it('signs for no other chain than that of the rules', async () => {
    const rules = { ...arena.current.rules, chainId: 5n }
    const other = createWriter(arena.current.client, signer, rules)
    expect(errorOf(await send(approve(), other)).message).toContain('The expected chainId is 31337')
  })

  it('locks no bond without the ether to defend it', async () => {
    await send(approve())
    const { maxFeePerGas = 0n } = await arena.current.client.estimateFeesPerGas()
    await arena.current.fund(signer, 500_000n * maxFeePerGas)
    expect(errorOf(await send(enter()))).toBeInstanceOf(NotEnoughEther)
    await arena.current.fund(signer, 5_000_000n * maxFeePerGas)
    expect((await send(enter())).kind).toBe('mined')
  })

  it('says so when the account cannot pay for gas', async () => {
    await arena.current.impoverish(signer)
    expect(errorOf(await send(approve()))).toBeInstanceOf(NotEnoughEther)
  })

  it('says so when the node fails', async () => {
    const { client } = arena.current
    const dead = { ...client, call: () => Promise.reject(new Error('connection refused')) } as typeof client
    expect(errorOf(await send(approve(), createWriter(dead, signer, arena.current.rules)))).toBeInstanceOf(NodeFailed)
  })

  it('shows what it cannot decode', async () => {
    const { client } = arena.current
    const odd = Object.assign(new Error('execution reverted'), { data: '0xdeadbeef' })
    const strange = { ...client, call: () => Promise.reject(odd) } as typeof client
    const error = errorOf(await send(approve(), createWriter(strange, signer, arena.current.rules)))
    expect(error).toBeInstanceOf(UnknownRevert)
    expect(error).toMatchObject({ data: '0xdeadbeef' })
  })

  /** A signer whose every transaction another's comes before. */
  const raced = (slow: Signer, fast: Signer): Signer =>
    sendingBy(slow, async (call) => {
      await arena.current.force(fast, { to: arena.current.rules.arena, data: call.data ?? '0x' })
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
    ['bury', 'NotAlive'],
    ['settle', 'TaskOver'],
    ['voidTask', 'TaskOver'],
    ['withdraw', 'NotAlive'],
    ['divide', 'NotDead'],
  ] as const)('takes %s for done when the contract says %s', (kind, errorName) => {
    expect(toldBy(kind, errorName)).toBe('alreadyDone')
  })

  it('takes every other refusal for a failure', () => {
    expect(toldBy('bisect', 'ClockRanOut')).toBe(undefined)
    expect(toldBy('approve', 'EntryExists')).toBe(undefined)
    expect(toldBy('open', 'NotAlive')).toBe(undefined)
  })
})
