import type { Address } from 'viem'
import type { Action, ModelClaim, ModelGame } from './arena-actions.ts'
import type { MarketModel } from './market-model.ts'
import type { Random } from './random.ts'
import { type ToyMachine, toyState } from './toy-machine.ts'
import { answer, disputed, type Standing, sequenceOf } from './toy-players.ts'

/** Who takes part in an arena. */
export interface Cast {
  /** Plays by the rules and only the truth; nobody, in some arenas. */
  readonly honest: Honest | undefined
  /** Everybody else who has a stake: liars, copies, traitors, as it comes. */
  readonly others: readonly Address[]
  readonly stranger: Address
  readonly operator: Address
}

/** How an honest player makes use of its time. */
export interface Honest {
  readonly claim: ModelClaim
  /** Chance to act when it could, but need not yet. */
  readonly haste: number
  /** Whether it waits for the support phase, where others have entered the truth before. */
  readonly waits: boolean
}

/** Something that an honest player has to do, and the last second in which it may. */
export interface Duty {
  readonly due: bigint
  /** Whether it can be done now. */
  readonly isReady: boolean
  action(): Action | undefined
}

const duty = (due: bigint, action: Action, isReady = true): Duty => ({ due, isReady, action: () => action })

/** All that an honest player has to do, by the rules of docs/protocol.md. */
export function dutiesOf(model: MarketModel, { claim, waits }: Honest, by: Address, now: bigint): Duty[] {
  const { e1, e2, e3, end } = model.phases
  const entry = model.entries.get(claim.entry)
  if (entry === undefined) {
    const maySupport = waits && model.valuesSeen() > 1 && model.of(claim.value).length > 0
    return [duty((maySupport ? e2 : e1) - 1n, { kind: 'enter', by, claim }, !maySupport || now >= e1)]
  }
  if (entry.status !== 'alive' || now >= end) return []
  const rivals = [...model.entries.values()].filter(
    (rival) => rival.status === 'alive' && rival.claim.value !== claim.value,
  )
  return rivals.map((rival) => {
    const game = entry.games.find(({ opener, target }) => opener === rival.claim || target === rival.claim)
    if (game !== undefined) return dutyIn(model, game, claim, by, now)
    return duty(e3 - 1n, { kind: 'open', by, opener: claim, target: rival.claim })
  })
}

function dutyIn(model: MarketModel, game: ModelGame, claim: ModelClaim, by: Address, now: bigint): Duty {
  const last = model.phases.end - 1n
  const rival = game.opener === claim ? game.target : game.opener
  if (game.winner === claim) return duty(last, { kind: 'bury', by, winner: claim, loser: rival })
  if (game.winner === rival) throw new Error(`an honest player lost ${game.id} to the living`)
  const standing = game.standings.at(-1) as Standing
  const deadline = standing.turn.moved + standing.turn.mover.left
  if (claimOnMove(game) !== claim) return duty(last, { kind: 'timeout', by, game, standing }, now > deadline)
  return { due: deadline, isReady: true, action: () => moveOf(model, game, claim.machine, by) }
}

/** Whose claim is on move: the target answers the opening, and then they take turns. */
export const claimOnMove = ({ opener, target, standings }: ModelGame): ModelClaim =>
  standings.length % 2 === 1 ? target : opener

/** The move of a player that follows a machine; undefined if it agrees with all that stands. */
export function moveOf(model: MarketModel, game: ModelGame, machine: ToyMachine, by: Address): Action | undefined {
  const { arity, naming } = model.rules
  const standing = game.standings.at(-1) as Standing
  const segment = disputed(machine, standing, arity, naming)
  if (segment < 0) return undefined
  const { lo, len } = standing.turn
  if (len === 1n) return { kind: 'prove', by, game, standing, substep: segment, state: toyState(machine, lo, segment) }
  return { kind: 'bisect', by, game, standing, segment, mine: answer(machine, standing, arity, segment, naming) }
}

/** What anybody but the honest may try, most of it useless. */
export class Adversary {
  private readonly model: MarketModel
  private readonly random: Random
  private readonly cast: Cast
  /** All claims that the others may make, true and false. */
  private readonly claims: readonly ModelClaim[]
  private readonly machines: readonly ToyMachine[]

  constructor(
    model: MarketModel,
    random: Random,
    cast: Cast,
    claims: readonly ModelClaim[],
    machines: readonly ToyMachine[],
  ) {
    this.model = model
    this.random = random
    this.cast = cast
    this.claims = claims
    this.machines = machines
  }

  /** Some action; undefined if there is nothing of the chosen kind to try. */
  act(): Action | undefined {
    const { random } = this
    const roll = random.below(100)
    if (roll < 18) return this.enter()
    if (roll < 38) return this.open(random.chance(0.3) ? 'enterAndOpen' : 'open')
    if (roll < 74) return this.move()
    if (roll < 83) return this.timeout()
    if (roll < 95) return this.bury()
    return this.afterwards()
  }

  /** A claim of the others, sent by its owner, its operator, or somebody who must not. */
  private sender({ owner }: ModelClaim): Address {
    const { honest, others, stranger, operator } = this.cast
    const isTheirs = owner !== honest?.claim.owner
    const roll = this.random.below(10)
    if (isTheirs && roll < 8) return owner
    if (isTheirs && roll < 9) return operator
    return this.random.pick([...others.filter((other) => other !== owner), stranger])
  }

  private anyEntry(): ModelClaim {
    return this.random.pick([...this.model.entries.values()]).claim
  }

  private enter(): Action {
    const claim = this.random.pick(this.claims)
    return { kind: 'enter', by: this.sender(claim), claim }
  }

  private open(kind: 'open' | 'enterAndOpen'): Action {
    const opener = kind === 'open' && this.random.chance(0.9) ? this.anyEntry() : this.random.pick(this.claims)
    const target = this.random.chance(0.95) ? this.anyEntry() : this.random.pick(this.claims)
    return { kind, by: this.sender(opener), opener, target }
  }

  private someGame(): ModelGame | undefined {
    const games = [...this.model.games.values()]
    const running = games.filter(({ winner }) => winner === undefined)
    const among = running.length > 0 && this.random.chance(0.9) ? running : games
    return among.length === 0 ? undefined : this.random.pick(among)
  }

  /** The standing assertion of a game, or an older one. */
  private someStanding({ standings }: ModelGame): Standing {
    const [last, ...older] = standings.toReversed() as [Standing, ...Standing[]]
    return older.length > 0 && this.random.chance(0.1) ? this.random.pick(older) : last
  }

  private move(): Action | undefined {
    const { random } = this
    const game = this.someGame()
    if (game === undefined) return undefined
    const mover = claimOnMove(game)
    const by = this.sender(mover)
    const machine = random.chance(0.8) ? mover.machine : random.pick(this.machines)
    const standing = this.someStanding(game)
    if (standing === game.standings.at(-1) && random.chance(0.6)) return moveOf(this.model, game, machine, by)
    return this.nonsense(game, standing, machine, by)
  }

  /** A move that only looks like one: any segment, any hashes. */
  private nonsense(game: ModelGame, standing: Standing, machine: ToyMachine, by: Address): Action {
    const { random, model } = this
    const { arity, naming } = model.rules
    const { lo, len } = standing.turn
    const segment = random.below(standing.sequence.length + (random.chance(0.1) ? 1 : -1))
    if (random.chance(len === 1n ? 0.8 : 0.1)) {
      return { kind: 'prove', by, game, standing, substep: segment, state: toyState(machine, lo, segment) }
    }
    const within = Math.min(segment, standing.sequence.length - 2)
    const honestly = len === 1n ? [] : answer(machine, standing, arity, within, naming)
    const other = this.machines[random.below(this.machines.length)] as ToyMachine
    const [end] = sequenceOf({ ...other, root: other.root + BigInt(1 + random.below(9)) }, lo, 1n, arity, naming).slice(
      -1,
    )
    const mine = random.chance(0.5) ? [...honestly.slice(0, -1), end as (typeof honestly)[number]] : honestly
    return { kind: 'bisect', by, game, standing, segment, mine: random.chance(0.1) ? mine.slice(1) : mine }
  }

  private timeout(): Action | undefined {
    const game = this.someGame()
    if (game === undefined) return undefined
    return { kind: 'timeout', by: this.cast.stranger, game, standing: this.someStanding(game) }
  }

  private bury(): Action {
    const won = [...this.model.games.values()].filter(({ winner }) => winner !== undefined)
    const by = this.cast.stranger
    if (won.length === 0 || this.random.chance(0.2)) {
      return { kind: 'bury', by, winner: this.anyEntry(), loser: this.anyEntry() }
    }
    const { winner, opener, target } = this.random.pick(won)
    const loser = winner === opener ? target : opener
    return { kind: 'bury', by, winner: winner as ModelClaim, loser }
  }

  /** A call that is for the time after the verdict. */
  afterwards(): Action {
    const by = this.cast.stranger
    const claim = this.random.pick([this.anyEntry(), this.random.pick(this.claims)])
    const roll = this.random.below(10)
    if (roll < 3) return { kind: 'release', by, claim }
    if (roll < 6) return { kind: 'payDead', by, dead: claim, opponents: this.opponents(claim) }
    if (roll < 8) return { kind: 'finalise', by, claim }
    if (roll < 9) return { kind: 'payPrice', by, value: claim.value, claims: this.supporters(claim) }
    return { kind: 'voidTask', by }
  }

  /** Opponents of an entry from where its payout stands, some of them, or in a wrong order. */
  private opponents(claim: ModelClaim): ModelClaim[] {
    const entry = this.model.entries.get(claim.entry)
    if (entry === undefined) return []
    const rest = entry.games.slice(entry.payout.cursor)
    const all = rest.map(({ opener, target }) => (opener === claim ? target : opener))
    return this.some(all)
  }

  /** Entries of a value but the first. */
  private supporters({ value }: ModelClaim): ModelClaim[] {
    return this.some(
      this.model
        .of(value)
        .slice(1)
        .map(({ claim }) => claim),
    )
  }

  private some(all: readonly ModelClaim[]): ModelClaim[] {
    const length = this.random.chance(0.5) ? all.length : this.random.below(all.length + 1)
    const chosen = all.slice(0, length)
    if (this.random.chance(0.1)) chosen.push(this.anyEntry())
    return this.random.chance(0.1) ? chosen.toReversed() : chosen
  }
}
