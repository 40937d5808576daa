import { beforeAll, describe, expect, test } from 'vitest'
import { ArenaMirror } from '../../helpers/arena-mirror.ts'
import { ARENA_RULES, settledAt } from '../../helpers/arena-rules.ts'
import { ArenaSimulation, type Step } from '../../helpers/arena-simulation.ts'
import { castOf, drawPlot, firstClaim, plainRules, plainWorld } from '../../helpers/arena-worlds.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { RULES } from '../../helpers/toy-market.ts'

const ARENAS = 10_000
/** Arenas that are played in a market too; all of them by `npm run test:arenas`. */
const PLAYED = Number(process.env.SUBSTEP_ARENAS ?? 60)
const LENGTHS = { arity: 4, challenge: 400n, support: 150n, opening: 300n, budget: 300n, minimum: 40n }
const SECONDS_EACH = 10

/** What actions must come to, at least once in all arenas, for this to be worth anything. */
const OUTCOMES = [
  ...['enter', 'open', 'enterAndOpen', 'bisect', 'prove', 'timeout', 'bury'].map((kind) => `${kind} ok`),
  ...['release', 'payDead', 'finalise', 'payPrice', 'voidTask'].map((kind) => `${kind} ok`),
  ...['EntryExists', 'EnteringClosed', 'NothingToSupport', 'ValueNotSeen'].map((error) => `enter ${error}`),
  ...['NotAnOperator', 'NotEnoughStake'].map((error) => `enter ${error}`),
  ...['NotAuthorised', 'NotAlive', 'OpeningClosed', 'SameValue', 'GameExists'].map((error) => `open ${error}`),
  ...['NotAlive', 'SameValue'].map((error) => `enterAndOpen ${error}`),
  ...['NothingToBisect', 'SegmentOutOfRange', 'SequenceLength', 'EndNotDisputed'].map((error) => `bisect ${error}`),
  ...['NotTheStandingAssertion', 'NotYourTurn', 'ClockRanOut'].flatMap((error) => [
    `bisect ${error}`,
    `prove ${error}`,
  ]),
  ...['NotOneStep', 'SegmentOutOfRange', 'SubstepHolds'].map((error) => `prove ${error}`),
  ...['NotTheStandingAssertion', 'ClockStillRuns'].map((error) => `timeout ${error}`),
  ...['BuryingClosed', 'NotAlive', 'NotWonBySeat'].map((error) => `bury ${error}`),
  ...['NotAlive', 'WrongVerdict'].map((error) => `release ${error}`),
  ...['NotDead', 'WrongVerdict', 'WrongOpponent'].map((error) => `payDead ${error}`),
  ...['NotTheFinalValue', 'WrongStatus', 'WrongVerdict'].map((error) => `finalise ${error}`),
  ...['NoPriceDue', 'NotTheFinalValue', 'WrongEntry', 'WrongStatus'].map((error) => `payPrice ${error}`),
  ...['WrongStatus', 'WrongVerdict'].map((error) => `voidTask ${error}`),
]

/** Counts of what happened, by name. */
class Tally {
  readonly counts = new Map<string, number>()

  add(name: string, count = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count)
  }

  print(title: string): void {
    const lines = [...this.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name}: ${count}`)
    console.log(`${title}\n${lines.join(', ')}`)
  }
}

/** Checks every rule after every step of an arena. */
class Watch {
  private readonly arena: ArenaSimulation
  private readonly name: string
  private readonly sums: readonly [bigint, bigint]
  private before: ReturnType<typeof settledAt>

  constructor(arena: ArenaSimulation, name: string, posted: bigint) {
    this.arena = arena
    this.name = name
    this.sums = arena.model.money.sums()
    this.before = settledAt(arena, posted)
  }

  check(step: Step): void {
    const now = settledAt(this.arena, step.time)
    const watched = { arena: this.arena, step, sums: this.sums, before: this.before, now }
    const broken = ARENA_RULES.find((rule) => !rule.holds(watched))
    if (broken !== undefined)
      throw new Error(`${this.name}: "${broken.name}" after ${step.action.kind}: ${step.outcome}`)
    this.before = now
  }

  /** Nothing is stuck: no stake is behind an entry and no price in escrow. Returns how the arena ended. */
  close(): string {
    const { behind, escrow, accounts } = this.arena.model.money
    const locked = [...accounts.values()].reduce((sum, account) => sum + account.locked, 0n)
    if (behind + escrow + locked !== 0n) throw new Error(`${this.name}: ${behind}, ${escrow}, ${locked} are stuck`)
    return this.before.verdict
  }
}

const nameOf = ({ action, outcome }: Step): string => `${action.kind} ${outcome.split('(')[0]}`

function tell(tally: Tally, { model, cast }: ArenaSimulation, verdict: string): void {
  tally.add(`arenas ${cast.honest === undefined ? 'without an honest player' : 'with one'} ${verdict}`)
  tally.add('entries', model.entries.size)
  tally.add('games', model.games.size)
}

describe('random arenas', () => {
  beforeAll(() => console.log(`seed ${TEST_SEED}`))

  test(`${ARENAS} of them keep every rule after every action, and pay everything out`, () => {
    const tally = new Tally()
    for (let n = 0; n < ARENAS; n++) {
      const random = createRandom(TEST_SEED + n)
      const plot = drawPlot(random)
      const { world, people } = plainWorld(plainRules({ ...RULES, ...LENGTHS }), plot)
      const arena = new ArenaSimulation(world, random, castOf(plot, people, world), firstClaim(plot, people, world))
      const watch = new Watch(arena, `arena ${n} of seed ${TEST_SEED}`, world.posted)
      for (const step of arena.run()) {
        tally.add(nameOf(step))
        watch.check(step)
      }
      tell(tally, arena, watch.close())
    }
    tally.print(`${ARENAS} arenas`)
    expect(OUTCOMES.filter((outcome) => !tally.counts.has(outcome))).toEqual([])
    expect(tally.counts.has('arenas with one void')).toBe(false)
  }, 300_000)

  test(
    `${PLAYED} of them come out in a market as in the model, call by call`,
    async () => {
      const tally = new Tally()
      const mirror = await ArenaMirror.create(LENGTHS)
      for (let n = 0; n < PLAYED; n++) {
        const name = `arena ${n} of seed ${TEST_SEED}`
        const random = createRandom(TEST_SEED + n)
        const plot = drawPlot(random)
        const { world, people } = await mirror.begin(plot)
        const arena = new ArenaSimulation(world, random, castOf(plot, people, world), firstClaim(plot, people, world))
        const watch = new Watch(arena, name, world.posted)
        for (const step of arena.run()) {
          tally.add(nameOf(step))
          await mirror.play(arena, step, name)
          watch.check(step)
        }
        tell(tally, arena, watch.close())
      }
      tally.print(`${PLAYED} arenas in a market`)
    },
    PLAYED * SECONDS_EACH * 1000,
  )
})
