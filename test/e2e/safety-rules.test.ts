import { beforeEach, describe, expect, it } from 'vitest'
import type { EntryView, GameView, TaskView } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { type Observation, observe, type Purse } from '../helpers/observation.ts'
import { brokenRules, SAFETY_RULES } from '../helpers/safety-rules.ts'
import { Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }

type Change<T> = Partial<T>
const withTask = (now: Observation, change: Change<TaskView>): Observation => {
  const task = { ...now.task, ...change }
  return { ...now, task, tasks: now.tasks.map((other) => (other.id === task.id ? task : other)) }
}
const withEntries = (now: Observation, change: (entry: EntryView) => Change<EntryView>): Observation =>
  withTask(now, { entries: new Map([...now.task.entries].map(([id, entry]) => [id, { ...entry, ...change(entry) }])) })
const withGames = (now: Observation, change: (game: GameView) => Change<GameView>): Observation =>
  withTask(now, { games: new Map([...now.task.games].map(([id, game]) => [id, { ...game, ...change(game) }])) })
const withPurses = (now: Observation, change: (purse: Purse) => Change<Purse>): Observation => ({
  ...now,
  purses: new Map([...now.purses].map(([owner, purse]) => [owner, { ...purse, ...change(purse) }])),
})

const isTrue = (now: Observation, { value }: EntryView): boolean => value === now.truth.final.value
const falseValue = ({ task, truth }: Observation) =>
  [...task.values.keys()].find((value) => value !== truth.final.value)
const liarOf = (now: Observation) => [...now.task.entries.values()].find((entry) => !isTrue(now, entry)) as EntryView

/** How each rule is broken. */
const BREACHES: Record<string, (now: Observation) => Observation> = {
  'no entry of an honest player dies': (now) => withEntries(now, (e) => (isTrue(now, e) ? { status: 'dead' } : {})),
  'an honest player never has less stake than it had, what is locked counted': (now) =>
    withPurses(now, ({ free }) => ({ free: free - 1n })),
  'an honest player never has less ether in the vault than it had, its deposits counted': (now) =>
    withPurses(now, ({ ether }) => ({ ether: ether - 1n })),
  'what an owner has locked is exactly what backs its entries and the tasks that it took': (now) =>
    withPurses(now, ({ locked }) => ({ locked: locked + 1n })),
  'an honest player has a true answer whenever it is on move': (now) =>
    withGames(now, ({ turn, sequence }) => ({
      turn: { ...turn, mover: turn.waiter, waiter: turn.mover },
      sequence: sequence.map(() => now.truth.final.value),
    })),
  'an honest player loses games only to the dead': (now) =>
    withGames(now, ({ seats }) => ({
      winner: seats.find((id) => !isTrue(now, now.task.entries.get(id) as EntryView)),
    })),
  'nothing but the truth settles, and no other result is told': (now) =>
    withTask(now, { verdict: 'settled', values: new Map([[falseValue(now) ?? '0x', 1]]) }),
  'a task with an honest entry is not void, and has one value when its end comes': (now) => ({
    ...now,
    now: now.task.phases?.end ?? 0n,
  }),
  'one entry of a posted task always lives': (now) => withEntries(now, () => ({ status: 'dead' })),
  'the vault holds exactly the stake of all owners and what waits to be burned': (now) => ({
    ...now,
    vault: { ...now.vault, tokens: now.vault.tokens + 1n },
  }),
  'the vault holds exactly the ether of all owners, the deposits and the escrows': (now) =>
    withTask(now, { status: 'expired' }),
  'no token appears, vanishes, or goes to a stranger': (now) => ({ ...now, elsewhere: 1n }),
  'at least half of a lost bond is burned': (now) =>
    withEntries(now, (e) => (isTrue(now, e) ? {} : { status: 'divided' })),
  'the price is paid at most once, and to a living entry of the truth': (now) => ({
    ...now,
    paid: [liarOf(now).owner],
  }),
  'the events tell what the storage holds': (now) => ({ ...now, chain: { ...now.chain, standings: new Map() } }),
}

describe('SAFETY_RULES', () => {
  const market = useMarket({ arity: 16 })
  let now: Observation

  /** A game is on, the liar is on move. */
  beforeEach(async () => {
    const scenario = await Scenario.small(market.current)
    await scenario.liar('liar', { programs: flipping(FLIP) })
    await scenario.verifier('honest')
    while ((await scenario.games()).length === 0) await scenario.round()
    now = await observe(scenario.observed())
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
