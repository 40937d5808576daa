import { beforeEach, describe, expect, it } from 'vitest'
import { IncompleteHistory, type Snapshot, viewOf } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }

describe('viewOf', () => {
  const arena = useArena({ arity: 16 })
  let snapshot: Snapshot
  let scenario: Scenario

  beforeEach(async () => {
    scenario = await Scenario.small(arena.current)
    await scenario.liar('liar', { programs: flipping(FLIP) })
    await scenario.verifier('honest')
    await scenario.finish()
    snapshot = await arena.current.reader.read()
  })

  it('tells the whole life of a task', () => {
    const task = viewOf(snapshot).tasks.get(scenario.task)
    expect(task).toMatchObject({ status: 'settled', settled: scenario.truth.final.value, maxSteps: 1_000_000n })
    expect([...(task?.entries.values() ?? [])].map(({ status }) => status)).toEqual(['divided', 'withdrawn'])
    const [game] = [...(task?.games.values() ?? [])]
    expect(game).toMatchObject({ turn: { lo: 100n, len: 1n, ply: 3n }, winner: [...(task?.entries.keys() ?? [])][1] })
    expect(game?.sequence.length).toBe(13)
  })

  it('tells the status after each event', () => {
    for (const [i, event] of snapshot.events.entries()) {
      const events = snapshot.events.slice(0, i + 1)
      const task = viewOf({ ...snapshot, events }).tasks.get(scenario.task)
      expect(task?.status, event.eventName).toBe(statusAfter(events.map(({ eventName }) => eventName)))
    }
  })

  it.each(['TaskCreated', 'Entered'])('leaves a task out of whose history its %s events are missing', (eventName) => {
    const events = snapshot.events.filter((event) => event.eventName !== eventName)
    const { tasks, incomplete } = viewOf({ ...snapshot, events })
    expect(tasks.size).toBe(0)
    expect(incomplete.get(scenario.task)).toBeInstanceOf(IncompleteHistory)
  })

  it('names the game whose opening is missing', () => {
    const events = snapshot.events.filter(({ eventName }) => eventName !== 'Opened')
    const [game] = [...(viewOf(snapshot).tasks.get(scenario.task)?.games.keys() ?? [])]
    expect([...viewOf({ ...snapshot, events }).incomplete.keys()]).toEqual([game])
  })

  it('leaves a task out without the time of its first entry', () => {
    const { tasks, incomplete } = viewOf({ ...snapshot, postedAt: new Map() })
    expect([tasks.size, incomplete.get(scenario.task)?.event]).toEqual([0, 'Entered'])
  })

  it('shows the other tasks when one has holes', async () => {
    const other = await Scenario.small(arena.current, 999n)
    const fresh = await arena.current.reader.read()
    const events = fresh.events.filter(({ eventName }) => eventName !== 'Entered')
    expect([...viewOf({ ...fresh, events }).tasks.keys()]).toEqual([other.task])
  })
})

function statusAfter(names: readonly string[]): string {
  if (names.includes('Settled')) return 'settled'
  return names.includes('Entered') ? 'live' : 'open'
}
