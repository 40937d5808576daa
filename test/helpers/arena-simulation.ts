import type { Address } from 'viem'
import type { Action, ModelClaim, ModelRules } from './arena-actions.ts'
import { Adversary, type Cast, dutiesOf } from './arena-cast.ts'
import type { Account } from './arena-ledger.ts'
import { MarketModel } from './market-model.ts'
import type { Random } from './random.ts'
import type { ToyMachine } from './toy-machine.ts'

/** Where an arena takes place: in a market, or nowhere. */
export interface World {
  readonly rules: ModelRules
  /** The machine as it truly runs, and what liars claim of it. */
  readonly machines: readonly [ToyMachine, ...ToyMachine[]]
  /** The same claim each time. */
  claim(owner: Address, machine: ToyMachine): ModelClaim
  /** When the task was posted, and what everybody had before it was requested. */
  readonly posted: bigint
  readonly accounts: ReadonlyMap<Address, Account>
}

/** An action, what the model says of it, and when it is sent. */
export interface Step {
  readonly action: Action
  readonly time: bigint
  readonly outcome: string
  readonly isDuty: boolean
}

/** After so many turns time runs from one boundary to the next. */
const TURNS = 150
const LATER = 20

/** One arena from its post to the last payment: the honest do what they have to, everybody else anything. */
export class ArenaSimulation {
  readonly model: MarketModel
  readonly cast: Cast
  /** Tokens and wei that the honest player had before anything happened. */
  readonly held: readonly [tokens: bigint, wei: bigint]
  private readonly random: Random
  private readonly adversary: Adversary
  private now: bigint

  constructor(world: World, random: Random, cast: Cast, first: ModelClaim) {
    this.model = new MarketModel(world.rules, world.posted, first, world.accounts)
    this.cast = cast
    const { free, locked, wei } = world.accounts.get(cast.honest?.claim.owner ?? first.owner) as Account
    this.held = [free + locked, wei]
    this.random = random
    this.now = world.posted
    const claims = cast.others.flatMap((owner) => world.machines.map((machine) => world.claim(owner, machine)))
    this.adversary = new Adversary(this.model, random, cast, claims, world.machines)
  }

  /** Each step once the model has taken it. */
  *run(): Generator<Step> {
    for (let turn = 0; this.now < this.model.phases.end; turn++) {
      const next = this.nextTime(turn)
      const due = this.duties().reduce((least, duty) => (duty.due < least ? duty.due : least), next)
      this.now = due
      yield* this.doDuties()
      const action = this.adversary.act()
      if (action !== undefined) yield this.take(action, false)
      yield* this.doDuties()
    }
    for (let turn = 0; turn < LATER; turn++) yield this.take(this.adversary.afterwards(), false)
    yield* this.payAll()
  }

  private duties() {
    const { honest, operator } = this.cast
    if (honest === undefined) return []
    const by = this.random.chance(0.2) ? operator : honest.claim.owner
    return dutiesOf(this.model, honest, by, this.now)
  }

  /** Does all that is due now, and perhaps more. */
  private *doDuties(): Generator<Step> {
    const haste = this.cast.honest?.haste ?? 0
    for (;;) {
      const duty = this.duties().find(({ due, isReady }) => due <= this.now || (isReady && this.random.chance(haste)))
      if (duty === undefined) return
      const action = duty.isReady ? duty.action() : undefined
      if (action === undefined) throw new Error(`an honest player cannot do in time what is due at ${duty.due}`)
      yield this.take(action, true)
    }
  }

  private take(action: Action, isDuty: boolean): Step {
    return { action, time: this.now, outcome: this.model.act(action, this.now), isDuty }
  }

  /** The same second, one soon, or one at which something ends or begins. */
  private nextTime(turn: number): bigint {
    const { random } = this
    const roll = turn < TURNS ? random.below(100) : 99
    if (roll < 72) return this.now
    if (roll < 90) return this.now + BigInt(1 + random.below(25))
    const { e1, e2, e3, end } = this.model.phases
    const deadlines = [...this.model.games.values()].flatMap(({ winner, standings }) => {
      const turn = standings.at(-1)?.turn
      return winner !== undefined || turn === undefined ? [] : [turn.moved + turn.mover.left]
    })
    const edges = [e1, e2, e3, end, ...deadlines.map((deadline) => deadline + 1n)].flatMap((edge) => [edge - 1n, edge])
    const coming = edges.filter((edge) => edge > this.now).toSorted((a, b) => (a < b ? -1 : 1))
    return coming[random.below(Math.min(3, coming.length))] ?? end
  }

  /** Everything that is still to be paid, in the order of entries. */
  private *payAll(): Generator<Step> {
    const by = this.cast.stranger
    const { model } = this
    const finished = model.verdict(this.now) === 'settled' ? this.final() : undefined
    if (model.status === 'posted') {
      yield this.take(
        finished === undefined ? { kind: 'voidTask', by } : { kind: 'finalise', by, claim: finished },
        false,
      )
    }
    if (model.priceCursor !== undefined && finished !== undefined) {
      const claims = model.of(finished.value).map(({ claim }) => claim)
      yield this.take(
        { kind: 'payPrice', by, value: finished.value, claims: claims.slice(model.priceCursor + 1) },
        false,
      )
    }
    for (const entry of model.entries.values()) {
      const { claim, status, games, payout } = entry
      if (status === 'alive') yield this.take({ kind: 'release', by, claim }, false)
      if (status !== 'dead') continue
      const rest = games.slice(payout.cursor).map(({ opener, target }) => (opener === claim ? target : opener))
      yield this.take({ kind: 'payDead', by, dead: claim, opponents: rest }, false)
    }
  }

  /** A claim that lived. */
  private final(): ModelClaim | undefined {
    return [...this.model.entries.values()].find(({ status }) => status === 'alive' || status === 'released')?.claim
  }
}
