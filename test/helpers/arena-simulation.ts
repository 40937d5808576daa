import type { Hash } from '../../interpreter/index.ts'
import { gameId, seatOf } from '../../protocol/game-ids.ts'
import { deadlineOf } from '../../protocol/turns.ts'
import type { Receipt } from './evm.ts'
import type { Random } from './random.ts'
import type { ToyArena, ToyClaim, ToyTask } from './toy-arena.ts'
import { sendMove, sendTimeout, standingOf, winnerOf } from './toy-game.ts'
import { babble, follow, pretend, type Standing, type Strategy } from './toy-players.ts'

/** A model of one arena beside the contract: what must be true of it after every action. */
export interface Game {
  readonly id: Hash
  readonly opener: ToyClaim
  readonly target: ToyClaim
  standing: Standing
  winner?: ToyClaim
}

export interface Player {
  readonly claim: ToyClaim
  readonly strategy: Strategy
  /** Chance to act when it could. */
  readonly zeal: number
}

type Life = 'alive' | 'dead'

/** Runs a task in which players act at random, some of them dishonestly. */
export class ArenaSimulation {
  readonly arena: ToyArena
  readonly task: ToyTask
  readonly entries = new Map<ToyClaim, Life>()
  readonly games = new Map<Hash, Game>()
  readonly buriedBy = new Map<ToyClaim, ToyClaim>()
  private readonly random: Random
  /** Called after every action. */
  private readonly check: (simulation: ArenaSimulation, action: string) => Promise<void>

  constructor(arena: ToyArena, task: ToyTask, random: Random, check: ArenaSimulation['check']) {
    this.arena = arena
    this.task = task
    this.random = random
    this.check = check
  }

  /** Different values ever entered, and those with a living entry. */
  values(): { seen: number; alive: number } {
    const living = [...this.entries].filter(([, life]) => life === 'alive')
    const count = (claims: readonly ToyClaim[]) => new Set(claims.map(({ value }) => value)).size
    return { seen: count([...this.entries.keys()]), alive: count(living.map(([claim]) => claim)) }
  }

  isAlive(claim: ToyClaim): boolean {
    return this.entries.get(claim) === 'alive'
  }

  /** Living entries of other values that `claim` has not played. */
  rivals(claim: ToyClaim): ToyClaim[] {
    return [...this.entries.keys()].filter(
      (rival) =>
        this.isAlive(rival) && rival.value !== claim.value && !this.games.has(gameId(rival.entry, claim.entry)),
    )
  }

  async enter(claim: ToyClaim): Promise<void> {
    await this.arena.enter(claim)
    this.entries.set(claim, 'alive')
    await this.check(this, 'enter')
  }

  async open(opener: ToyClaim, target: ToyClaim): Promise<void> {
    const { game: id, standing } = standingOf(this.arena, await this.arena.open(opener, target))
    this.games.set(id, { id, opener, target, standing })
    await this.check(this, 'open')
  }

  /** Moves in, or ends by timeout, every running game in which `player` can. */
  async play({ claim, strategy, zeal }: Player): Promise<void> {
    for (const game of this.games.values()) {
      if (game.winner !== undefined || (game.opener !== claim && game.target !== claim)) continue
      if (!this.random.chance(zeal)) continue
      const now = await this.arena.evm.now()
      const isLate = now + 1n > deadlineOf(game.standing.turn)
      if (this.onMove(game) === claim) {
        if (!isLate) await this.move(game, strategy)
      } else if (isLate) {
        await this.arena.evm.at(now + 1n)
        await this.finish(game, sendTimeout(this.arena, game.id, game.standing), 'timeout')
      }
    }
  }

  /** Buries whom `player` has beaten. */
  async buryLosers({ claim, zeal }: Player): Promise<void> {
    for (const game of this.games.values()) {
      const loser = game.opener === claim ? game.target : game.opener
      if (game.winner !== claim || !this.isAlive(claim) || !this.isAlive(loser) || !this.random.chance(zeal)) continue
      await this.arena.bury(claim, loser)
      this.entries.set(loser, 'dead')
      this.buriedBy.set(loser, claim)
      await this.check(this, 'bury')
    }
  }

  private onMove({ opener, target, standing }: Game): ToyClaim {
    return standing.turn.mover.seat === seatOf(opener.entry, target.entry) ? opener : target
  }

  private async move(game: Game, strategy: Strategy): Promise<void> {
    const move = strategy(game.standing, this.arena.rules.arity)
    if (move === undefined) return
    await this.arena.evm.at((await this.arena.evm.now()) + 1n)
    const sent = sendMove(this.arena, game.id, game.standing, move)
    if (move.kind === 'prove') return this.finish(game, sent, 'prove')
    game.standing = standingOf(this.arena, await sent).standing
    await this.check(this, 'bisect')
  }

  private async finish(game: Game, sent: Promise<Receipt>, action: string): Promise<void> {
    await sent
    const openerWon = (await winnerOf(this.arena, game.id)) === seatOf(game.opener.entry, game.target.entry)
    game.winner = openerWon ? game.opener : game.target
    await this.check(this, action)
  }
}

/** A player that lies about a random substep, with some share of nonsense and laziness. */
export function randomLiar(arena: ToyArena, task: ToyTask, random: Random, account: number): Player {
  const substep = BigInt(random.below(Number(task.maxSteps) * 12))
  const lie = { substep, by: BigInt(1 + random.below(4)) }
  const claim = arena.claim(task, arena.account(account), { ...task.truth, lie })
  const strategy = random.chance(0.3) ? babble(random, task.truth) : pretend(claim.machine)
  return { claim, strategy, zeal: random.pick([0.2, 0.6, 1]) }
}

/** A player that follows the truth and is never idle. */
export const honestPlayer = (arena: ToyArena, task: ToyTask, account: number): Player => {
  const claim = arena.claim(task, arena.account(account))
  return { claim, strategy: follow(task.truth), zeal: 1 }
}

/** A player that claims the truth and does nothing for it. */
export const traitor = (arena: ToyArena, task: ToyTask, account: number): Player => ({
  claim: arena.claim(task, arena.account(account)),
  strategy: () => undefined,
  zeal: 1,
})
