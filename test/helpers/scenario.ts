import type { Address } from 'viem'
import { lowerTask } from '../../interpreter/index.ts'
import {
  clocksOf,
  type GameView,
  type Order,
  type Outcome,
  type PlayedTrace,
  playedTrace,
  postingEnd,
  refundOf,
  type Signer,
  type TaskView,
  verdictFrom,
} from '../../protocol/index.ts'
import { idleSolver, solve } from '../../solver/index.ts'
import { idleVerifier, verify } from '../../verifier/index.ts'
import type { Consumer } from './consumers.ts'
import { type Hash, type LocalMarket, START_ETHER, START_STAKE } from './local-market.ts'
import { type Observed, observe } from './observation.ts'
import { type PlayerSettings, seat, type TestPlayer } from './players.ts'
import { brokenRules } from './safety-rules.ts'
import { sharedTruth } from './shared-traces.ts'
import { SMALL_TASK } from './small-task.ts'

export const MAX_STEPS = 1_000_000n
export const NO_INPUT = new Uint8Array(0)
export const REQUESTER = 'requester'
/** More rounds than any of these disputes needs; a scenario that does not come to rest is a failure. */
const MAX_ROUNDS = 400

/** An account of the scenario broke a safety rule, or was made to. */
export class RulesBroken extends Error {
  override readonly name = 'RulesBroken'
}

/** Called before each poll of a player, to choose when it moves. */
export type Before = (view: TaskView, player: Address) => Promise<void>

/** A player of a scenario. */
export interface Cast extends TestPlayer {
  readonly before: () => Promise<void>
}

export interface CastSettings extends Partial<Omit<PlayerSettings, 'owner'>> {
  readonly before?: Before
  /** Name of a key that acts for the player instead of its own. */
  readonly operator?: string
}

export interface Asked extends Partial<Order> {
  /** The contract that asks; without it an account does. */
  readonly consumer?: Consumer
}

/** One task with its players; the safety rules are checked after every action of any of them. */
export class Scenario {
  readonly market: LocalMarket
  readonly task: Hash
  readonly truth: PlayedTrace
  readonly cast: Cast[] = []
  private readonly honest: Address[] = []
  private readonly accounts = new Set<Address>()

  constructor(market: LocalMarket, task: Hash, truth: PlayedTrace) {
    this.market = market
    this.task = task
    this.truth = truth
  }

  /** On the small task, cut off after so many steps. */
  static async small(market: LocalMarket, { consumer, ...asked }: Asked = {}): Promise<Scenario> {
    const order = { maxSteps: MAX_STEPS, ...asked }
    const program = await market.publish(SMALL_TASK)
    const task = await (consumer ?? market).ask(program, NO_INPUT, order)
    return Scenario.of(market, task, smallTruth(order.maxSteps))
  }

  /** On a task that was requested. */
  static async of(market: LocalMarket, task: Hash, truth: PlayedTrace): Promise<Scenario> {
    const scenario = new Scenario(market, task, truth)
    const { request } = await scenario.view()
    scenario.accounts.add(request.requester)
    return scenario
  }

  /** Adds an honest solver. */
  solver(name: string, settings: CastSettings = {}): Promise<Cast> {
    return this.add(name, { strategy: solve, idle: idleSolver, ...settings }, true)
  }

  /** Adds an honest verifier. */
  verifier(name: string, settings: CastSettings = {}): Promise<Cast> {
    return this.add(name, { strategy: verify, idle: idleVerifier, ...settings }, true)
  }

  /** Adds a dishonest player; without more, one that plays like a solver. */
  liar(name: string, settings: CastSettings): Promise<Cast> {
    return this.add(name, { strategy: solve, ...settings }, false)
  }

  /** Counts an account among those of the scenario, whoever plays it. */
  async enlist(name: string, honest: boolean): Promise<Signer> {
    const signer = await this.market.account(name)
    this.count(signer.account.address)
    if (honest) this.honest.push(signer.account.address)
    return signer
  }

  /** Counts what an address has among the money of the scenario. */
  count(address: Address): void {
    this.accounts.add(address)
  }

  /** The task as the chain tells it now. */
  view(): Promise<TaskView> {
    return this.market.task(this.task)
  }

  async games(): Promise<GameView[]> {
    return [...(await this.view()).games.values()]
  }

  /** Each player looks once, in the order in which they came. Whether anything happened. */
  async round(): Promise<boolean> {
    let happened = false
    for (const player of this.cast) {
      await player.before()
      const outcomes = await player.poll()
      happened ||= outcomes.some(({ kind }) => kind !== 'failed')
    }
    return happened
  }

  /** Rounds until nothing happens. */
  async rest(): Promise<void> {
    for (let i = 0; i < MAX_ROUNDS; i++) if (!(await this.round())) return
    throw new Error(`no rest after ${MAX_ROUNDS} rounds`)
  }

  /** Plays to the end: whenever nothing happens, time jumps to where something may. */
  async finish(): Promise<TaskView> {
    for (let i = 0; i < MAX_ROUNDS; i++) {
      await this.rest()
      if (!(await this.jump())) return this.view()
    }
    throw new Error(`not finished after ${MAX_ROUNDS} jumps`)
  }

  /** Lets time go by until something may happen; false if nothing can any more. */
  async jump(): Promise<boolean> {
    const next = await this.nextTime()
    if (next === undefined) return false
    await this.market.advanceTo(next)
    await this.check()
    return true
  }

  /** Free stake that a player has won or lost so far; what is locked counts as lost. */
  async gainOf({ owner }: Cast): Promise<bigint> {
    return (await this.market.accountOf(owner)).free - START_STAKE
  }

  /** Wei in the vault that a player has won or lost so far; deposits count as lost. */
  async etherGainOf({ owner }: Cast): Promise<bigint> {
    return (await this.market.accountOf(owner)).ether - START_ETHER
  }

  /** Wei of one gas refund. */
  async refund(): Promise<bigint> {
    const { gasPrice, request } = await this.view()
    return refundOf(this.market.rules, gasPrice, request.order.maxSteps)
  }

  /** What the safety rules look at. */
  observed(): Observed {
    const { market, task, truth, honest, accounts } = this
    return { market, task, truth, honest, accounts }
  }

  /** @throws RulesBroken */
  async check(after = 'time went by'): Promise<void> {
    const broken = brokenRules(await observe(this.observed()))
    if (broken.length > 0) throw new RulesBroken(`after ${after}:\n${broken.join('\n')}`)
  }

  private async add(
    name: string,
    settings: CastSettings & Pick<PlayerSettings, 'strategy'>,
    honest: boolean,
  ): Promise<Cast> {
    const account = await this.enlist(name, honest)
    const { before, operator } = settings
    const signer = operator === undefined ? account : await this.market.operator(operator, account)
    const afterAction = ({ action, kind }: Outcome) => this.check(`${name}: ${action.kind} ${kind}`)
    const owner = account.account.address
    const player = await seat(this.market, name, signer, { ...settings, owner, afterAction })
    const cast: Cast = { ...player, before: async () => before?.(await this.view(), player.owner) }
    this.cast.push(cast)
    return cast
  }

  /** The next moment at which a phase or a clock ends, or somebody else may act; nothing once the task is over. */
  private async nextTime(): Promise<bigint | undefined> {
    const { status, takenAt, phases, games, values, request } = await this.view()
    const now = await this.market.now()
    if (status === 'taken' && takenAt !== undefined) {
      return postingEnd(this.market.rules, takenAt, request.order.maxSteps) + 1n
    }
    if (status !== 'posted' || phases === undefined) return undefined
    const clocks = [...games.values()].filter(({ winner }) => winner === undefined).map(({ deadline }) => deadline + 1n)
    // Those whom a result does not pay leave it to the others for a while.
    const { least } = clocksOf(this.market.rules, request.order.maxSteps)
    const opened = verdictFrom(phases, values.size) + least
    return [...Object.values(phases), ...clocks, opened].filter((time: bigint) => time > now).sort(ascending)[0]
  }
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : 1)

/** The small task's computation as it truly is, cut off after `maxSteps`. */
export const smallTruth = (maxSteps = MAX_STEPS): PlayedTrace =>
  playedTrace(sharedTruth(lowerTask(SMALL_TASK), NO_INPUT, Number(maxSteps)))
