import { encodeFunctionData, type Hex, isAddressEqual, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Hash, lowerTask, Machine, stateHash } from '../../interpreter/index.ts'
import {
  type Action,
  callOf,
  depositOf,
  failureOf,
  type GameView,
  gamesAbi,
  maxMoves,
  stepperAbi,
  vaultAbi,
} from '../../protocol/index.ts'
import { SUBSTEPS } from '../../spec/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { BOND, LocalMarket, START_ETHER, START_STAKE } from '../helpers/local-market.ts'
import { type Cast, MAX_STEPS, NO_INPUT, Scenario } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

/** More than the moves of this game. */
const MAX_ROUNDS = 20
/** The liar's machine goes wrong in this substep of this step; all before it is true. */
const FLIP = { step: 216, substep: 8, address: 4_003, bit: 6 }

/** A call as a tracer of the node tells it. */
interface CallFrame {
  readonly to: Hex
  readonly input: Hex
  readonly calls?: readonly CallFrame[]
}

describe('the game', () => {
  let market: LocalMarket
  let scenario: Scenario
  let liar: Cast
  let verifier: Cast
  /** The game after each move, oldest first. */
  const seen: GameView[] = []
  /** What the verifier had in the vault when it had just challenged. */
  let staked: { free: bigint; locked: bigint; ether: bigint }

  /** What the same challenge by somebody without a stake came to. */
  let refused: unknown

  async function challengeWithoutStake(): Promise<unknown> {
    const { account } = await market.keyHolder('somebody without a stake')
    const { action } = deedOf(verifier, 'enterAndOpen')
    const call = callOf({ ...action, owner: account.address }, market.rules)
    return market.client.call({ account, ...call }).catch(failureOf)
  }

  /** A liar posts, a verifier challenges, both play until one is left. */
  beforeAll(async () => {
    market = await LocalMarket.create({ arity: 2 })
    scenario = await Scenario.small(market)
    liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    verifier = await scenario.verifier('verifier')
    const look = async () => {
      const [game] = await scenario.games()
      if (game === undefined) return
      if (game.turn.ply === seen.at(-1)?.turn.ply) seen.pop()
      seen.push(game)
    }
    for (const player of [liar, liar, verifier]) await player.poll()
    staked = await market.accountOf(verifier.owner)
    refused = await challengeWithoutStake()
    await look()
    for (let i = 0; i < MAX_ROUNDS && seen.at(-1)?.winner === undefined; i++) {
      for (const player of [liar, verifier]) {
        await player.poll()
        await look()
      }
    }
    await scenario.finish()
  })
  afterAll(() => market.close())

  /** The transaction by which a player did something. */
  function deedOf<Kind extends Action['kind']>({ outcomes }: Cast, kind: Kind) {
    const deed = outcomes.find(({ action }) => action.kind === kind)
    if (deed?.kind !== 'mined') throw new Error(`${kind} was not mined`)
    return { hash: deed.hash, action: deed.action as Extract<Action, { kind: Kind }> }
  }

  /** The judge, asked by a call. */
  const step = async (witness: readonly Hash[]): Promise<readonly [pre: Hash, post: Hash]> =>
    market.client.readContract({
      address: market.rules.stepper,
      abi: stepperAbi,
      functionName: 'step',
      args: [witness],
    })

  /** All calls from contract to contract in a transaction. */
  async function callsIn(hash: Hash): Promise<CallFrame[]> {
    const params = [hash, { tracer: 'callTracer' }]
    const trace = await market.client.request({ method: 'debug_traceTransaction', params } as never)
    const all = (frame: CallFrame): CallFrame[] => [frame, ...(frame.calls ?? []).flatMap(all)]
    return all(trace as CallFrame)
  }

  it('a verifier stakes to challenge', async () => {
    const { gasPrice } = await scenario.view()
    const deposit = depositOf(market.rules, gasPrice, MAX_STEPS)
    expect(deposit).toBeGreaterThan(0n)
    expect(staked).toEqual({ free: START_STAKE - BOND, locked: BOND, ether: START_ETHER - deposit })
    expect(refused).toMatchObject({ errorName: 'NotEnoughStake' })
  })

  it('the state is hashed at each step', () => {
    const { truth } = scenario
    const machine = new Machine(lowerTask(SMALL_TASK), NO_INPUT)
    const hashes: Hash[] = []
    for (; !machine.stopped; machine.step()) {
      const { root, core } = { root: machine.tree().root(), core: machine.core() }
      hashes.push(stateHash(root, core))
      expect(truth.hashAt(BigInt(machine.steps))).toBe(hashes.at(-1))
    }
    expect(new Set(hashes).size).toBe(Number(truth.final.steps))
    expect(BigInt(hashes.length)).toBe(truth.final.steps)
    // What the verifier put on chain are these hashes.
    const posted = seen.filter(({ turn }) => turn.waiter.player === verifier.owner && turn.len > 1n)
    expect(posted.length).toBeGreaterThan(3)
    for (const { turn, sequence } of posted) {
      const middle = turn.lo + (turn.len + 1n) / 2n
      expect(sequence).toEqual(
        [turn.lo, middle, turn.lo + turn.len].map((at) => hashes[Number(at)] ?? truth.hashAt(at)),
      )
    }
  })

  it('an instruction is twelve substeps', async () => {
    expect(SUBSTEPS).toBe(12)
    const last = seen.at(-1) as GameView
    expect(last.turn.len).toBe(1n)
    expect(last.sequence.length).toBe(13)
    const { truth } = scenario
    const hashes = truth.substepHashes(last.turn.lo)
    // The judge executes one instruction in twelve calls, from the state before it to the state after it.
    for (let substep = 0; substep < 12; substep++) {
      expect(await step(truth.witness(last.turn.lo, substep))).toEqual([hashes[substep], hashes[substep + 1]])
    }
    expect([hashes[0], hashes[12]]).toEqual([truth.hashAt(last.turn.lo), truth.hashAt(last.turn.lo + 1n)])
  })

  it('a binary search (arity 2) over the hashes finds the exact instruction', () => {
    expect(market.rules.arity).toBe(2)
    for (const [i, { turn }] of seen.entries()) {
      const before = seen[i - 1]?.turn
      if (before === undefined) continue
      const half = (before.len + 1n) / 2n
      const halves = [
        [before.lo, half],
        [before.lo + half, before.len - half],
      ]
      expect(halves).toContainEqual([turn.lo, turn.len])
    }
    const [first, last] = [seen[0], seen.at(-1)] as [GameView, GameView]
    expect([first.turn.lo, first.turn.len]).toEqual([0n, scenario.truth.final.steps])
    expect([last.turn.lo, last.turn.len]).toEqual([BigInt(FLIP.step), 1n])
    expect(seen.length).toBeLessThanOrEqual(maxMoves(scenario.truth.final.steps, 2))
  })

  it('the disputed substep is run on chain', async () => {
    const { hash, action } = deedOf(verifier, 'prove')
    const { logs } = await market.client.getTransactionReceipt({ hash })
    const [proved] = parseEventLogs({ abi: gamesAbi, logs, eventName: 'Proved' })
    const [pre, post] = await step(action.witness)
    expect(proved?.args).toMatchObject({ step: BigInt(FLIP.step), substep: BigInt(FLIP.substep), pre, post })
    expect(action.end).toBe(seen.at(-1)?.sequence[FLIP.substep + 1])
    expect(post).not.toBe(action.end)
    // The chain called the judge with that witness, in that transaction.
    const asked = (await callsIn(hash)).filter(({ to }) => isAddressEqual(to, market.rules.stepper))
    expect(asked.map(({ input }) => input)).toEqual([
      encodeFunctionData({ abi: stepperAbi, functionName: 'step', args: [action.witness] }),
    ])
  })

  it('the wrong side loses its stake, and the winner is paid from it', async () => {
    const { entries } = await scenario.view()
    const refund = await scenario.refund()
    expect([...entries.values()].map(({ owner, status }) => [owner, status])).toEqual([
      [liar.owner, 'divided'],
      [verifier.owner, 'released'],
    ])
    expect([await scenario.gainOf(liar), await scenario.gainOf(verifier)]).toEqual([-BOND, BOND / 2n])
    expect(await scenario.etherGainOf(liar)).toBe(-4n * refund)
    const { logs } = await market.client.getTransactionReceipt({ hash: deedOf(verifier, 'payDead').hash })
    const paid = parseEventLogs({ abi: vaultAbi, logs }).map(({ eventName, args }) => ({ eventName, args }))
    expect(paid).toContainEqual({
      eventName: 'Slashed',
      args: expect.objectContaining({ owner: liar.owner, winner: verifier.owner, tokens: BOND, reward: BOND / 2n }),
    })
    expect(paid).toContainEqual({
      eventName: 'Credited',
      args: expect.objectContaining({ owner: verifier.owner, amount: refund }),
    })
  })
})
