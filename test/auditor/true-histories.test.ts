import { type Address, encodeFunctionData, type Hex, parseEventLogs, type TransactionReceipt, toHex } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { audit } from '../../auditor/audit.ts'
import { collect, type Report, replay } from '../../auditor/index.ts'
import type { Hash } from '../../interpreter/index.ts'
import {
  decodeTurn,
  entryId,
  gamesAbi,
  marketAbi,
  type Order,
  originOf,
  type Request,
  rootOf,
  type Signer,
  segments,
} from '../../protocol/index.ts'
import { type Answer, answerOf, solverOf } from '../helpers/answers.ts'
import { Consumer } from '../helpers/consumers.ts'
import { LocalMarket } from '../helpers/local-market.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'
import { writing } from '../helpers/small-tasks.ts'

/** Ways through a market that the stories do not take; each of them must be told as true. */

const INPUT = Uint8Array.of(9)
const MAX_STEPS = 100_000n
const TRUTH = answerOf(SMALL_TASK, INPUT, MAX_STEPS)
const LARGE = new Uint8Array(5_000).fill(3)

let market: LocalMarket
let clean: Hex
let anybody: Signer
let program: Hash

beforeAll(async () => {
  market = await LocalMarket.create({ arity: 4 })
  program = await market.publish(SMALL_TASK)
  anybody = await market.keyHolder('anybody')
})
beforeEach(async () => {
  clean = await market.snapshot()
})
afterEach(() => market.restore(clean))
afterAll(() => market?.close())

const call = (name: string, args: readonly unknown[], by = anybody): Promise<TransactionReceipt> =>
  market.send(by, { to: market.rules.market, abi: marketAbi, name, args })

async function requested(order: Partial<Order> = {}, wasm = program): Promise<{ task: Hash; request: Request }> {
  const task = await market.ask(wasm, INPUT, { maxSteps: MAX_STEPS, ...order })
  return { task, request: (await market.task(task)).request }
}

const collected = (task: Hash) => collect({ client: market.client, market: market.rules.market, taskOrGame: task })

/** The history is true, and so is its replay. */
async function told(task: Hash): Promise<Report> {
  const history = await collected(task)
  expect(audit(history).history).toBe(history)
  return replay({ history, client: market.client })
}

/** A lie with a root of its own; its value is on no path. */
const lie = (byte: string): Pick<Answer, 'root' | 'regs'> => ({ root: `0x${byte.repeat(32)}`, regs: TRUTH.regs })

interface Side {
  readonly signer: Signer
  readonly final: Pick<Answer, 'root' | 'regs'>
}

const ownerOf = ({ signer }: Side): Address => signer.account.address

/** The value that a side entered, by the events. */
async function claimOf(task: Hash, side: Side) {
  const { entries } = await market.task(task)
  const [entry] = [...entries.values()].filter(({ owner }) => owner === ownerOf(side))
  return { owner: ownerOf(side), value: entry?.value as Hash }
}

/** Opens a game with hashes that mean nothing, lets the rival's clock run out, and buries it. */
async function winByClock(task: Hash, request: Request, opener: Side, target: Side): Promise<void> {
  const inner = Array.from({ length: segments(BigInt(361), 4) - 1 }, (_, i) => `0x${`b${i}`.repeat(32)}`)
  const args = [originOf(request), ownerOf(opener), opener.final, ownerOf(target), target.final, inner]
  const { logs } = await call('open', args, opener.signer)
  const [moved] = parseEventLogs({ abi: gamesAbi, logs, eventName: 'Moved' })
  if (moved === undefined) throw new Error('no Moved in the receipt')
  const { game, turn, sequence } = moved.args
  await market.advanceTo(decodeTurn(turn).moved + decodeTurn(turn).mover.left + 1n)
  const timeout = { to: market.rules.games, abi: gamesAbi, name: 'timeout', args: [game, turn, rootOf(sequence)] }
  await market.send(anybody, timeout)
  await call('bury', [originOf(request), await claimOf(task, opener), await claimOf(task, target)])
}

describe('a true history', () => {
  it('pays the price to a supporter, divides in pieces, and is re-entered by its requester', async () => {
    const consumer = await Consumer.deploy(market, 'HostileConsumer')
    const task = await consumer.ask(program, INPUT, { maxSteps: MAX_STEPS })
    const { request } = await market.task(task)
    const side = async (name: string, final: Side['final']): Promise<Side> => ({
      signer: await market.account(name),
      final,
    })
    const [liar, first, second] = [
      await side('liar', lie('a1')),
      await side('first', TRUTH),
      await side('second', TRUTH),
    ]
    const solving = solverOf(market, liar.signer, request)
    await solving.take()
    await solving.post(liar.final)
    for (const { signer } of [first, second]) await solverOf(market, signer, request).enter(TRUTH)
    await winByClock(task, request, liar, first)
    await winByClock(task, request, second, liar)
    const { phases } = await market.task(task)
    await market.advanceTo((phases?.opening ?? 0n) + 1n)
    await solverOf(market, anybody, request).finalise(TRUTH)
    const claims = await Promise.all([liar, first, second].map((each) => claimOf(task, each)))
    const [dead, early, late] = claims
    const release = encodeFunctionData({
      ...{ abi: marketAbi, functionName: 'release' },
      args: [originOf(request), late as { owner: Address; value: Hash }],
    })
    await consumer.arm([{ to: market.rules.market, data: release }])
    await consumer.setMood('re-enters')
    await call('deliver', [request, toHex(TRUTH.output)])
    expect(await consumer.reentries()).toEqual([true])
    await call('payPrice', [request, TRUTH.value, [ownerOf(second)]])
    await call('payDead', [request, dead, [early]])
    expect((await told(task)).entries.map(({ status }) => status)).toEqual(['dead', 'dead', 'released'])
    await call('payDead', [request, dead, [late]])
    await call('payDead', [request, early, [dead]])
    const report = await told(task)
    expect(report.entries.map(({ status }) => status)).toEqual(['divided', 'divided', 'released'])
    expect(report.isTruth).toBe(true)
    const entry = entryId(market.rules, task, ownerOf(first), TRUTH.value)
    const burned = report.payments.filter(({ kind, subject }) => kind === 'slashed' && subject === entry)
    expect(burned).toMatchObject([{ tokens: market.rules.bond, reward: 0n, winner: null }])
  })

  it('opens an output that is too large to be told, in one transaction with the delivery', async () => {
    const wasm = writing(LARGE)
    const published = await market.publish(wasm)
    const { task, request } = await requested({ callbackGas: 50_000, tip: 10n ** 9n }, published)
    const truth = answerOf(wasm, INPUT, MAX_STEPS)
    const solver = await market.account('solver')
    const solving = solverOf(market, solver, request)
    await solving.take()
    await solving.post(truth)
    await market.advanceTo((await market.task(task)).phases?.challenge ?? 0n)
    const { regs, path } = truth
    const opening = [request, regs, path, truth.outputRoot, BigInt(LARGE.length), truth.lengthPath]
    const encoded = (functionName: string, args: readonly unknown[]) =>
      encodeFunctionData({ abi: marketAbi as readonly unknown[], functionName, args } as Parameters<
        typeof encodeFunctionData
      >[0])
    await call('multicall', [[encoded('finaliseLarge', opening), encoded('deliver', [request, '0x'])]])
    const { result, status } = await told(task)
    expect({ status, outputRoot: result?.outputRoot }).toEqual({ status: 'final', outputRoot: truth.outputRoot })
  })

  it('ends without a result in each of the ways that there are', async () => {
    const solver = await market.account('solver')
    const now = Number(await market.now())
    const salted = (byte: string, expires = now + 10_000) => requested({ salt: `0x${byte.repeat(32)}`, expires })
    const cancelled = await salted('01')
    await call('cancel', [cancelled.request], await market.keyHolder('requester'))
    const lateNoShow = await salted('02', now + 300)
    await solverOf(market, solver, lateNoShow.request).take()
    const expired = await salted('03', now + 200)
    await market.advanceTo(BigInt(now) + market.rules.solving + 400n)
    await call('noShow', [lateNoShow.request])
    await call('expire', [expired.request])
    const abandoned = await salted('04')
    const solving = solverOf(market, solver, abandoned.request)
    await solving.take()
    await solving.post(TRUTH)
    const challenge = (await market.task(abandoned.task)).phases?.challenge ?? 0n
    await market.advanceTo(challenge + market.rules.finalising + 1n)
    await call('abandon', [abandoned.request])
    await call('release', [originOf(abandoned.request), { owner: solver.account.address, value: TRUTH.value }])
    const ended = [cancelled, lateNoShow, expired, abandoned]
    const statuses = await Promise.all(ended.map(async ({ task }) => (await told(task)).status))
    expect(statuses).toEqual(['cancelled', 'expired', 'expired', 'abandoned'])
  })

  it('is true at every block on the way, also of a task whose input is named by its root', async () => {
    const task = await market.askByReference(program, INPUT, ['https://example.org/input'], { maxSteps: MAX_STEPS })
    const { request } = await market.task(task)
    const solving = solverOf(market, await market.account('solver'), request)
    const steps = [
      () => solving.take(),
      () => solving.post(TRUTH),
      async () => market.advanceTo((await market.task(task)).phases?.challenge ?? 0n),
      () => solving.finalise(TRUTH),
    ]
    const statuses = []
    for (const step of steps) {
      await step()
      const history = await collected(task)
      await expect(replay({ history })).rejects.toMatchObject({ what: 'input' })
      statuses.push((await replay({ history, content: { input: INPUT } })).status)
    }
    expect(statuses).toEqual(['taken', 'posted', 'posted', 'final'])
  })
})
