import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  agree,
  expectedLedger,
  IncompleteHistory,
  marketAbi,
  type Snapshot,
  type TaskView,
  viewOf,
} from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { LocalMarket } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { MAX_STEPS, Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }

describe('viewOf', () => {
  let market: LocalMarket
  let snapshot: Snapshot
  let scenario: Scenario

  beforeAll(async () => {
    market = await LocalMarket.create({ arity: 16 })
    scenario = await Scenario.small(market)
    await scenario.liar('liar', { programs: flipping(FLIP) })
    await scenario.verifier('honest')
    await scenario.finish()
    snapshot = await market.reader.read()
  })

  afterAll(() => market.close())

  const taskIn = (changed: Partial<Snapshot>): TaskView | undefined =>
    viewOf({ ...snapshot, ...changed }).tasks.get(scenario.task)

  it('tells the whole life of a task', () => {
    const task = taskIn({})
    const [liar, honest] = scenario.cast.map(({ owner }) => owner)
    expect(task).toMatchObject({
      ...{ status: 'final', verdict: 'settled', solver: liar, noShows: 0, priceDue: false, delivered: false },
      origin: { maxSteps: MAX_STEPS },
      price: task?.request.order.maxPrice,
      result: { value: scenario.truth.final.value, outcome: { kind: 'halted', code: 0, outputOmitted: false } },
    })
    const [first, second] = [...(task?.entries.values() ?? [])]
    expect(first).toMatchObject({
      ...{ owner: liar, status: 'divided', ordinal: 0, buriedBy: second?.id, opponents: [second?.id] },
      payout: { cursor: 1, refunds: 1, rewarded: true },
    })
    expect(second).toMatchObject({ owner: honest, status: 'released', ordinal: 0, opponents: [first?.id] })
    const [game] = [...(task?.games.values() ?? [])]
    expect(game).toMatchObject({ turn: { lo: 100n, len: 1n, ply: 3n }, winner: second?.id, ordinals: [1, 1] })
    expect(game?.sequence.length).toBe(13)
  })

  it('tells the status after each event', () => {
    for (const [i, event] of snapshot.events.entries()) {
      const events = snapshot.events.slice(0, i + 1)
      expect(taskIn({ events })?.status, event.eventName).toBe(statusAfter(events.map(({ eventName }) => eventName)))
    }
  })

  it('tells the verdict at the head', () => {
    const events = snapshot.events.filter(({ eventName }) => eventName !== 'Finalised')
    const { opening = 0n } = taskIn({})?.phases ?? {}
    const at = (timestamp: bigint) => taskIn({ events, head: { ...snapshot.head, timestamp } })?.verdict
    expect([at(opening - 1n), at(opening)]).toEqual(['pending', 'settled'])
  })

  it.each(['TaskRequested', 'Taken', 'Entered'])('leaves a task out of whose history %s is missing', (eventName) => {
    const events = snapshot.events.filter((event) => event.eventName !== eventName)
    const { tasks, incomplete } = viewOf({ ...snapshot, events })
    expect(tasks.size).toBe(0)
    expect(incomplete.get(scenario.task)).toBeInstanceOf(IncompleteHistory)
  })

  it('leaves a task out if it saw no entry of its solver', () => {
    const first = snapshot.events.findIndex(({ eventName }) => eventName === 'Entered')
    const { incomplete } = viewOf({ ...snapshot, events: snapshot.events.toSpliced(first, 1) })
    expect(incomplete.get(scenario.task)).toMatchObject({ event: 'Entered' })
  })

  it('names the game whose opening is missing', () => {
    const events = snapshot.events.filter(({ eventName }) => eventName !== 'Opened')
    const [game] = [...(taskIn({})?.games.keys() ?? [])]
    expect([...viewOf({ ...snapshot, events }).incomplete.keys()]).toEqual([game])
  })

  it('leaves a task out without the times of its blocks', () => {
    const { tasks, incomplete } = viewOf({ ...snapshot, times: new Map() })
    expect([tasks.size, incomplete.get(scenario.task)?.event]).toEqual([0, 'TaskRequested'])
  })

  it('shows the other tasks when one has holes', async () => {
    const other = await Scenario.small(market, { maxSteps: 999n })
    const fresh = await market.reader.read()
    const events = fresh.events.filter(({ eventName }) => eventName !== 'Entered')
    expect([...viewOf({ ...fresh, events }).tasks.keys()]).toEqual([other.task])
  })
})

function statusAfter(names: readonly string[]): string {
  if (names.includes('Finalised')) return 'final'
  if (names.includes('Entered')) return 'posted'
  return names.includes('Taken') ? 'taken' : 'open'
}

describe('viewOf and expectedLedger', () => {
  const market = useMarket({ arity: 16 })

  /** After every block the events must add up to what the storage holds, for every player. */
  async function expectWhole(scenario: Scenario, players = scenario.cast.map(({ owner }) => owner)): Promise<number> {
    const { client, reader } = market.current
    const { rules, head, events, times } = await reader.read()
    let blocks = 0
    for (let number = events[0]?.blockNumber ?? 0n; number <= head.number; number++) {
      const { hash, timestamp } = await client.getBlock({ blockNumber: number })
      const at = { ...head, number, hash, timestamp }
      const seen = events.filter(({ blockNumber }) => blockNumber <= number)
      const task = viewOf({ rules, head: at, events: seen, times }).tasks.get(scenario.task)
      if (task === undefined) continue
      for (const owner of players) {
        const expected = expectedLedger(task, owner)
        const found = await reader.ledger(scenario.task, expected, at)
        expect(found, `block ${number}`).toEqual(expected)
        expect(agree(expected, found)).toBe(true)
      }
      blocks++
    }
    return blocks
  }

  it('add up to the storage after every block of a dispute of several', async () => {
    const scenario = await Scenario.small(market.current)
    await scenario.liar('liar', { programs: flipping(FLIP) })
    await scenario.liar('other liar', { programs: flipping({ ...FLIP, step: 200 }) })
    await scenario.verifier('honest')
    expect((await scenario.finish()).status).toBe('final')
    expect(await expectWhole(scenario)).toBeGreaterThan(20)
  })

  it('add up to the storage where a solver does not show up', async () => {
    const scenario = await Scenario.small(market.current)
    const late = await scenario.enlist('late', false)
    const { request } = await scenario.view()
    const args = [request, late.account.address]
    await market.current.send(late, { to: market.current.rules.market, abi: marketAbi, name: 'take', args })
    const { takenAt = 0n } = await scenario.view()
    await market.current.advanceTo(takenAt + market.current.rules.solving + 3n)
    const keen = await scenario.solver('keen')
    expect(await scenario.finish()).toMatchObject({ status: 'final', noShows: 1, solver: keen.owner })
    expect(await expectWhole(scenario, [late.account.address, keen.owner])).toBeGreaterThan(5)
  })
})

describe('agree', () => {
  const market = useMarket({ arity: 16 })

  it('tells apart ledgers that differ in anything', async () => {
    const scenario = await Scenario.small(market.current)
    await scenario.solver('solver')
    await scenario.liar('liar', { programs: flipping(FLIP) })
    await scenario.rest()
    const ledger = expectedLedger(await scenario.view(), scenario.cast[0]?.owner ?? '0x')
    const [value, entry, game] = [[...ledger.values][0], [...ledger.entries][0], [...ledger.standings][0]]
    const others = [
      { ...ledger, status: 'final' as const },
      { ...ledger, takenAt: ledger.takenAt + 1n },
      { ...ledger, postedAt: ledger.postedAt + 1n },
      { ...ledger, valuesSeen: ledger.valuesSeen + 1 },
      { ...ledger, valuesAlive: ledger.valuesAlive + 1 },
    ]
    expect(agree(ledger, ledger)).toBe(true)
    for (const other of others) expect(agree(ledger, other)).toBe(false)
    if (value === undefined || entry === undefined) throw new Error('no entry')
    for (const changed of [
      { alive: 9, count: value[1].count },
      { alive: value[1].alive, count: 9 },
    ]) {
      expect(agree(ledger, { ...ledger, values: new Map([...ledger.values, [value[0], changed]]) })).toBe(false)
    }
    for (const changed of [{ status: 'dead' as const }, { games: 9 }, { ordinal: 9 }]) {
      const entries = new Map([...ledger.entries, [entry[0], { ...entry[1], ...changed }]])
      expect(agree(ledger, { ...ledger, entries })).toBe(false)
    }
    if (game === undefined) throw new Error('no game')
    expect(agree(ledger, { ...ledger, standings: new Map([[game[0], value[0]]]) })).toBe(false)
  })
})
