import { beforeEach, describe, expect, it } from 'vitest'
import type { EntryView, GameView, TaskView } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { type Observation, observe } from '../helpers/observation.ts'
import { brokenRules, SAFETY_RULES } from '../helpers/safety-rules.ts'
import { Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }

type Change<T> = Partial<T>
const withTask = (now: Observation, change: Change<TaskView>): Observation => ({
  ...now,
  task: { ...now.task, ...change },
})
const withEntries = (now: Observation, change: (entry: EntryView) => Change<EntryView>): Observation =>
  withTask(now, { entries: new Map([...now.task.entries].map(([id, entry]) => [id, { ...entry, ...change(entry) }])) })
const withGames = (now: Observation, change: (game: GameView) => Change<GameView>): Observation =>
  withTask(now, { games: new Map([...now.task.games].map(([id, game]) => [id, { ...game, ...change(game) }])) })

const isTrue = (now: Observation, { value }: EntryView): boolean => value === now.truth.final.value
const falseValue = ({ task, truth }: Observation) =>
  [...task.values.keys()].find((value) => value !== truth.final.value)

/** How each rule is broken. */
const BREACHES: Record<string, (now: Observation) => Observation> = {
  'no entry of an honest player dies': (now) => withEntries(now, (e) => (isTrue(now, e) ? { status: 'dead' } : {})),
  'an honest player never has less than it had, its locked bonds counted': (now) => ({
    ...now,
    balances: new Map([...now.balances].map(([owner, balance]) => [owner, balance - 1n])),
  }),
  'an honest player has a true answer whenever it is on move': (now) =>
    withGames(now, ({ turn, sequence }) => ({
      turn: { ...turn, mover: turn.waiter, waiter: turn.mover },
      sequence: sequence.map(() => now.truth.final.value),
    })),
  'an honest player loses games only to the dead': (now) =>
    withGames(now, ({ seats }) => ({
      winner: seats.find((id) => !isTrue(now, now.task.entries.get(id) as EntryView)),
    })),
  'nothing but the truth settles': (now) => withTask(now, { settled: falseValue(now) }),
  'a task with an honest entry is not void, and has one value when its end comes': (now) => ({
    ...now,
    now: now.task.phases?.end ?? 0n,
  }),
  'one entry always lives while the task runs': (now) => withEntries(now, () => ({ status: 'dead' })),
  'the escrow holds exactly the bonds locked and not shared out': (now) => ({ ...now, escrow: now.escrow + 1n }),
  'no token appears, vanishes, or goes to a stranger': (now) => ({ ...now, elsewhere: 1n }),
  'at least half of a shared bond is burned': (now) =>
    withEntries(now, (e) => (isTrue(now, e) ? {} : { status: 'divided' })),
  'the events tell what the storage holds': (now) => ({ ...now, chain: { ...now.chain, standings: new Map() } }),
}

describe('SAFETY_RULES', () => {
  const arena = useArena({ arity: 16 })
  let now: Observation

  /** A game is on, the liar is on move. */
  beforeEach(async () => {
    const scenario = await Scenario.small(arena.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const honest = await scenario.verifier('honest')
    while ((await scenario.games()).length === 0) await scenario.round()
    const accounts = new Set([liar, honest].map(({ signer }) => signer.account.address))
    const { task, truth } = scenario
    now = await observe({ arena: arena.current, task, truth, honest: [honest.signer.account.address], accounts })
  })

  it('are all kept in the middle of a dispute', () => {
    expect(now.task.games.size).toBe(1)
    expect(brokenRules(now)).toEqual([])
  })

  it.each(SAFETY_RULES.map(({ name }) => name))('notice when it is no longer so that %s', (name) => {
    const breach = BREACHES[name]
    if (breach === undefined) throw new Error(`no case breaks the rule`)
    expect(brokenRules(breach(now)).filter((broken) => broken.startsWith(name))).not.toEqual([])
  })
})
