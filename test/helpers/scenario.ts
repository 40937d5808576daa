import type { Address } from 'viem'
import { ExecutionTrace, lowerTask } from '../../interpreter/index.ts'
import {
  type GameView,
  type Outcome,
  type PlayedTrace,
  playedTrace,
  type Signer,
  type TaskView,
  viewOf,
} from '../../protocol/index.ts'
import { idleSolver, solve } from '../../solver/index.ts'
import { idleVerifier, verify } from '../../verifier/index.ts'
import { type Hash, type LocalArena, START_BALANCE } from './local-arena.ts'
import { observe } from './observation.ts'
import { type PlayerSettings, seat, type TestPlayer } from './players.ts'
import { brokenRules } from './safety-rules.ts'
import { SMALL_TASK } from './small-task.ts'

export const MAX_STEPS = 1_000_000n
const NO_INPUT = new Uint8Array(0)
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

export interface CastSettings extends Partial<PlayerSettings> {
  readonly before?: Before
}

/** One task with its players; the safety rules are checked after every action of any of them. */
export class Scenario {
  readonly arena: LocalArena
  readonly task: Hash
  readonly truth: PlayedTrace
  readonly cast: Cast[] = []
  private readonly honest: Address[] = []
  private readonly accounts = new Set<Address>()

  constructor(arena: LocalArena, task: Hash, truth: PlayedTrace) {
    this.arena = arena
    this.task = task
    this.truth = truth
  }

  /** On the small task, cut off after `maxSteps`. */
  static async small(arena: LocalArena, maxSteps = MAX_STEPS): Promise<Scenario> {
    const task = await arena.createTask(SMALL_TASK, NO_INPUT, maxSteps)
    return new Scenario(arena, task, playedTrace(new ExecutionTrace(lowerTask(SMALL_TASK), NO_INPUT, Number(maxSteps))))
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
    const signer = await this.arena.account(name)
    this.accounts.add(signer.account.address)
    if (honest) this.honest.push(signer.account.address)
    return signer
  }

  /** The task as the chain tells it now. */
  async view(): Promise<TaskView> {
    return viewOf(await this.arena.reader.read()).tasks.get(this.task) as TaskView
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
      const next = await this.nextTime()
      if (next === undefined) return this.view()
      await this.arena.advanceTo(next)
      await this.check()
    }
    throw new Error(`not finished after ${MAX_ROUNDS} jumps`)
  }

  /** Tokens that a player has won or lost so far; a locked bond counts as lost. */
  async gainOf({ signer }: Cast): Promise<bigint> {
    return (await this.arena.balanceOf(signer.account.address)) - START_BALANCE
  }

  /** @throws RulesBroken */
  async check(after = 'time went by'): Promise<void> {
    const { arena, task, truth, honest, accounts } = this
    const broken = brokenRules(await observe({ arena, task, truth, honest, accounts }))
    if (broken.length > 0) throw new RulesBroken(`after ${after}:\n${broken.join('\n')}`)
  }

  private async add(name: string, settings: CastSettings & PlayerSettings, honest: boolean): Promise<Cast> {
    const signer = await this.enlist(name, honest)
    const { before } = settings
    const afterAction = ({ action, kind }: Outcome) => this.check(`${name}: ${action.kind} ${kind}`)
    const player = await seat(this.arena, name, signer, { ...settings, afterAction })
    const cast: Cast = {
      ...player,
      before: async () => before?.(await this.view(), signer.account.address),
    }
    this.cast.push(cast)
    return cast
  }

  /** The next moment at which a phase or a clock ends; nothing once the task is over. */
  private async nextTime(): Promise<bigint | undefined> {
    const { status, phases, games } = await this.view()
    if (status !== 'live' || phases === undefined) return undefined
    const clocks = [...games.values()].filter(({ winner }) => winner === undefined).map(({ deadline }) => deadline + 1n)
    const now = await this.arena.now()
    const times = [...Object.values(phases), ...clocks].filter((time: bigint) => time > now)
    return times.reduce(
      (first, time) => (first === undefined || time < first ? time : first),
      undefined as bigint | undefined,
    )
  }
}
