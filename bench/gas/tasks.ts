import { type Hex, numberToHex } from 'viem'
import { segments } from '../../protocol/bisection.ts'
import { STATUS } from '../../spec/index.ts'
import { Evm, encode, type Receipt } from '../../test/helpers/evm.ts'
import { ToyMarket } from '../../test/helpers/toy-market.ts'
import { endingOf, type Opening, type ToyClaim, type ToyTask } from '../../test/helpers/toy-task.ts'
import { gamesSlot, stage } from './judged.ts'
import type { JudgedCase } from './witnesses.ts'

/**
 * Gas of a task that nobody disputes, by transaction. The input has 80 bytes and the output 32, none of them zero; the price
 * is fixed; everybody has been in the market before. The callback goes to an account without code.
 */
export interface TaskGas {
  readonly request: number
  readonly take: number
  readonly post: number
  readonly finalise: number
  readonly deliver: number
  /** Finalising and calling back in one transaction, as solvers do. */
  readonly finaliseAndDeliver: number
}

/** Gas of what a dispute adds at its two ends; the moves between do not depend on the market. */
export interface EndsGas {
  /** The verifier's entry and its opening, in one transaction. */
  readonly enterAndOpen: number
  /** The dearest proof and the burial of the loser, in one transaction. */
  readonly proveAndBury: number
  readonly bury: number
  /** Sharing out the loser's stake. */
  readonly payDead: number
  /** Finalising, calling back and sharing out in one transaction. */
  readonly finish: number
}

const STEPS = 2n ** 32n
const GWEI = 10n ** 9n
const INPUT: Hex = `0x${'5a'.repeat(80)}`
const OUTPUT: Hex = `0x${'a5'.repeat(32)}`
const LIE: Hex = `0x${'a7'.repeat(32)}`
const ORDER = { input: INPUT, minPrice: 10n ** 6n * GWEI, maxPrice: 10n ** 6n * GWEI, ramp: 0, tip: 10n ** 5n * GWEI }
const [REQUESTER, SOLVER, VERIFIER] = [3, 1, 2]

interface Ended {
  readonly claim: ToyClaim
  readonly opening: Opening
}

/** Takes part in one market with the same question again and again. */
class Round {
  readonly market: ToyMarket
  readonly task: ToyTask
  readonly receipts: Record<string, Receipt> = {}

  private constructor(market: ToyMarket, task: ToyTask) {
    this.market = market
    this.task = task
  }

  static async request(market: ToyMarket, salt: number): Promise<Round> {
    const requester = market.account(REQUESTER)
    const asking = { ...ORDER, requester, callbackGas: 100_000, salt: numberToHex(salt, { size: 32 }) }
    const round = new Round(market, market.taskOf(await market.publish(), STEPS, asking))
    const request = await market.request(round.task, { ...asking, value: ORDER.maxPrice + ORDER.tip })
    Object.assign(round.receipts, { request })
    return round
  }

  /** The claim of an account that the task halts with this output. */
  ended(account: number, output: Hex): Ended {
    const { root, opening } = endingOf(this.task, { steps: STEPS - 1n, status: STATUS.HALTED, output })
    const claim = this.market.claimOf(this.task, this.market.account(account), { root, regs: opening.regs })
    return { claim, opening }
  }

  async post({ claim }: Ended): Promise<void> {
    const take = await this.market.take(this.task, claim.owner)
    Object.assign(this.receipts, { take, post: await this.market.post(claim) })
  }

  finalise({ opening: { regs, path, output } }: Ended): Hex {
    return encode(this.market.contract, 'finalise', [this.task.request, regs, path, output])
  }

  deliver({ opening: { output } }: Ended): Hex {
    return encode(this.market.contract, 'deliver', [this.task.request, output])
  }

  payDead(dead: Ended, opponent: Ended): Hex {
    return encode(this.market.contract, 'payDead', [this.task.request, dead.claim, [opponent.claim]])
  }

  /** Calls of the market, in one transaction if there are several. */
  send(account: number, ...calls: readonly Hex[]): Promise<Receipt> {
    const { evm, contract } = this.market
    const from = this.market.account(account)
    const [only] = calls
    return only !== undefined && calls.length === 1
      ? evm.sendData(from, contract, only)
      : evm.send(from, contract, 'multicall', [calls])
  }

  async afterPhase(phase: 'challenge' | 'opening'): Promise<void> {
    await this.market.evm.at((await this.market.phases(this.task))[phase])
  }
}

const gasOf = (receipts: Readonly<Record<string, Receipt>>): Record<string, number> =>
  Object.fromEntries(Object.entries(receipts).map(([name, { gasUsed }]) => [name, Number(gasUsed)]))

/** Runs two tasks through, on a chain whose clock begins at `start`. */
export async function taskGas(start: bigint): Promise<TaskGas> {
  const evm = await Evm.create()
  evm.tickFrom(start)
  const market = await ToyMarket.create({}, evm)
  const apart = await Round.request(market, 1)
  const first = apart.ended(SOLVER, OUTPUT)
  await apart.post(first)
  await apart.afterPhase('challenge')
  const finalise = await apart.send(SOLVER, apart.finalise(first))
  const deliver = await apart.send(SOLVER, apart.deliver(first))
  const joined = await Round.request(market, 2)
  const second = joined.ended(SOLVER, OUTPUT)
  await joined.post(second)
  await joined.afterPhase('challenge')
  const finaliseAndDeliver = await joined.send(SOLVER, joined.finalise(second), joined.deliver(second))
  return gasOf({ ...joined.receipts, finalise, deliver, finaliseAndDeliver }) as unknown as TaskGas
}

/** Posts a lie, enters the truth against it and opens. */
async function disputed(market: ToyMarket, salt: number) {
  const round = await Round.request(market, salt)
  const [liar, honest] = [round.ended(SOLVER, LIE), round.ended(VERIFIER, OUTPUT)]
  await round.post(liar)
  const hashes = Array.from(
    { length: segments(STEPS, market.rules.arity) - 1 },
    (_, i): Hex => `0x${(i + 17).toString(16).repeat(32)}`,
  )
  const args = market.openArgs(honest.claim, liar.claim, hashes)
  const enterAndOpen = await market.evm.send(honest.claim.owner, market.contract, 'enterAndOpen', args)
  const game = await market.evm.read(market.contract, 'gameId', [honest.claim.entry, liar.claim.entry])
  const seat = BigInt(honest.claim.entry) < BigInt(liar.claim.entry) ? 0 : 1
  return { round, liar, honest, enterAndOpen, prover: { game, player: honest.claim.owner, seat } as const }
}

/** Plays both ends of two disputes with the real judge, the proof being `dearest`. */
export async function endsGas(start: bigint, dearest: JudgedCase): Promise<EndsGas> {
  const evm = await Evm.create()
  evm.tickFrom(start)
  const market = await ToyMarket.create({}, evm)
  const { games } = market
  const [stepper] = await evm.read(games, 'setting', [])
  await evm.setCode(stepper, (await evm.deploy('Stepper', [])).address)
  const mapping = await gamesSlot(evm, games)
  const apart = await disputed(market, 1)
  await evm.send(apart.prover.player, games, 'prove', await stage(evm, games, mapping, apart.prover, dearest))
  const bury = await market.bury(apart.honest.claim, apart.liar.claim)
  await apart.round.afterPhase('opening')
  const payDead = await apart.round.send(VERIFIER, apart.round.payDead(apart.liar, apart.honest))
  const { round, liar, honest, enterAndOpen, prover } = await disputed(market, 2)
  const proof = encode(games, 'prove', await stage(evm, games, mapping, prover, dearest))
  const burial = encode(games, 'bury', [round.task.origin, honest.claim, liar.claim])
  const proveAndBury = await evm.send(prover.player, games, 'multicall', [[proof, burial]])
  await round.afterPhase('opening')
  const calls = [round.finalise(honest), round.deliver(honest), round.payDead(liar, honest)]
  const finish = await round.send(VERIFIER, ...calls)
  return gasOf({ enterAndOpen, proveAndBury, bury, payDead, finish }) as unknown as EndsGas
}
