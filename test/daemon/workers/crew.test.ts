import { describe, expect, it } from 'vitest'
import { Crew, type Errand } from '../../../daemon/workers/crew.ts'
import type { Order, Reply } from '../../../daemon/workers/messages.ts'
import { type FakeDesk, fakeDesks } from '../../helpers/fake-desks.ts'
import { FALSE } from '../../helpers/situations.ts'

const LOWERED: Reply = { kind: 'lowered', program: FALSE.id }

/** An errand of so many orders, each named by its module. */
function errand(name: number, isStaked: boolean, orders = 1) {
  const state = { isStaked, left: orders, begun: 0, lost: [] as string[], given: [] as Order[], interrupted: 0 }
  const order: Order = { kind: 'lower', module: Uint8Array.of(name) }
  const made: Errand = {
    isStaked: () => state.isStaked,
    next(isNew) {
      if (isNew && state.left > 0) state.begun++
      return state.left > 0 ? order : undefined
    },
    given: (given) => void state.given.push(given),
    interrupted: () => void state.interrupted++,
    said: () => void state.left--,
    lost: (problem) => void state.lost.push(problem),
  }
  return { ...made, state }
}

function crewOf(size: number) {
  const { desks, open } = fakeDesks()
  const crew = new Crew(size, open)
  /** Names of the errands at work, by worker. */
  const atWork = () => desks.filter(({ isClosed }) => !isClosed).map(({ orders }) => nameOf(orders.at(-1)))
  return { crew, desks, atWork }
}

const nameOf = (order: Order | undefined) => (order?.kind === 'lower' ? order.module[0] : undefined)

describe('Crew', () => {
  it('lets so many work at a time, and the others wait', () => {
    const { crew, desks } = crewOf(2)
    for (const name of [1, 2, 3]) crew.call(errand(name, false))
    const begun = () => desks.map(({ orders }) => nameOf(orders[0]))
    expect(begun()).toEqual([1, 2])
    desks[0]?.events.said(LOWERED)
    expect(begun()).toEqual([1, 2, 3])
  })

  it('gives the place of a busy one without a stake to one with a stake, and begins it anew later', () => {
    const { crew, desks, atWork } = crewOf(1)
    const endless = errand(1, false)
    crew.call(endless)
    crew.call(errand(2, true))
    expect([desks[0]?.isClosed, atWork()]).toEqual([true, [2]])
    desks[1]?.events.said(LOWERED)
    expect(atWork()).toContain(1)
    expect([endless.state.lost, endless.state.interrupted]).toEqual([[], 1])
  })

  it('takes no place from one with a stake', () => {
    const { crew, atWork } = crewOf(1)
    crew.call(errand(1, true))
    crew.call(errand(2, true))
    crew.call(errand(3, false))
    expect(atWork()).toEqual([1])
  })

  it('serves stakes first, in the order in which they were called', () => {
    const { crew, desks } = crewOf(1)
    for (const [name, isStaked] of [
      [1, true],
      [2, false],
      [3, true],
      [4, true],
    ] as const)
      crew.call(errand(name, isStaked))
    for (let i = 0; i < 3; i++) desks.at(-1)?.events.said(LOWERED)
    expect(desks.map(({ orders }) => nameOf(orders[0]))).toEqual([1, 3, 4, 2])
  })

  it('serves first whoever was the first to call again', () => {
    const { crew, desks } = crewOf(1)
    const [busy, late, urgent] = [errand(1, true), errand(2, true), errand(3, true)]
    for (const one of [busy, late, urgent]) crew.call(one)
    for (const one of [urgent, late]) crew.call(one)
    for (let i = 0; i < 2; i++) desks.at(-1)?.events.said(LOWERED)
    expect(desks.map(({ orders }) => nameOf(orders[0]))).toEqual([1, 3, 2])
  })

  it('gives an errand the worker that it had', () => {
    const { crew, desks } = crewOf(1)
    const twice = errand(1, true, 2)
    crew.call(twice)
    desks[0]?.events.said(LOWERED)
    expect([desks.length, desks[0]?.orders.length, twice.state.begun]).toEqual([1, 2, 1])
    expect(twice.state.given).toEqual(desks[0]?.orders)
  })

  it('keeps what the last one without a stake computed, until another such is done', () => {
    const { crew, desks } = crewOf(2)
    crew.call(errand(1, false))
    desks[0]?.events.said(LOWERED)
    for (const [name, isStaked] of [
      [2, true],
      [3, false],
    ] as const)
      crew.call(errand(name, isStaked))
    expect(desks[0]?.isClosed).toBe(false)
    desks[2]?.events.said(LOWERED)
    expect(desks.map(({ isClosed }) => isClosed)).toEqual([true, false, false])
  })

  it('lets one without a stake go on with what it computed though another such came in between', () => {
    const { crew, desks } = crewOf(1)
    const [first, second] = [errand(1, false, 2), errand(2, false)]
    crew.call(first)
    first.state.left--
    desks[0]?.events.said(LOWERED)
    crew.call(second)
    first.state.left = 1
    crew.call(first)
    desks[1]?.events.said(LOWERED)
    expect([desks[0]?.orders.length, desks[0]?.isClosed, first.state.begun]).toEqual([2, false, 1])
  })

  it.each([false, true])(
    'comes to an end with many that ask for more once they have run, with a stake: %s',
    (isStaked) => {
      const { crew, desks } = crewOf(1)
      const runs: number[] = []
      /** Runs, then answers what is asked of it meanwhile. */
      const asking = (name: number) => {
        const state = { hasRun: false, isAsked: false, isOver: false }
        const made: Errand = {
          ...errand(name, isStaked),
          next: (isNew) =>
            state.isOver || (state.hasRun && !state.isAsked)
              ? undefined
              : { kind: 'lower', module: Uint8Array.of(name, isNew ? 0 : 1) },
          given: (order) => void (order.kind === 'lower' && order.module[1] === 0 && runs.push(name)),
          said() {
            state.isOver = desks.findLast(isOf(name))?.orders.length === 2
            state.hasRun = true
          },
        }
        return { made, state }
      }
      const isOf =
        (name: number) =>
        ({ orders }: FakeDesk) =>
          nameOf(orders.at(-1)) === name
      const all = [1, 2, 3, 4, 5, 6, 7].map(asking)
      for (const { made } of all) crew.call(made)
      const heard = new Map<FakeDesk, number>()
      for (let i = 0; i < 30; i++) {
        const busy = desks.find((desk) => !desk.isClosed && desk.orders.length > (heard.get(desk) ?? 0))
        if (busy === undefined) break
        heard.set(busy, busy.orders.length)
        busy.events.said(LOWERED)
        for (const { made, state } of all) {
          if (!state.hasRun || state.isOver) continue
          state.isAsked = true
          crew.call(made)
        }
      }
      expect(all.every(({ state }) => state.isOver)).toBe(true)
      expect(runs).toEqual([1, 2, 3, 4, 5, 6, 7])
    },
  )

  it('keeps what a number of those with a stake computed, and lets the oldest go', () => {
    const { crew, desks } = crewOf(1)
    for (let name = 1; name <= 6; name++) {
      crew.call(errand(name, true))
      desks.at(-1)?.events.said(LOWERED)
    }
    expect(desks.map(({ isClosed }) => isClosed)).toEqual([true, true, false, false, false, false])
  })

  it('keeps but the last that is idle where memory is tight', () => {
    const { desks, open } = fakeDesks()
    let isTight = false
    const crew = new Crew(1, open, () => isTight)
    for (let name = 1; name <= 4; name++) {
      isTight = name >= 3
      crew.call(errand(name, true))
      desks.at(-1)?.events.said(LOWERED)
    }
    expect(desks.map(({ isClosed }) => isClosed)).toEqual([true, true, true, false])
  })

  it('tells an errand that its worker is lost, and gives it another when it calls', () => {
    const { crew, desks, atWork } = crewOf(1)
    const one = errand(1, true)
    crew.call(one)
    desks[0]?.events.lost('killed')
    expect([one.state.lost, desks.length]).toEqual([['killed'], 1])
    crew.call(one)
    expect([desks.length, atWork().at(-1), one.state.begun]).toEqual([2, 1, 2])
  })

  it('loses a worker that cannot begin, and no other', () => {
    const { desks, open } = fakeDesks()
    let left = 1
    const crew = new Crew(2, (events) => {
      if (left-- === 0) throw new Error('no thread')
      return open(events)
    })
    const [first, second] = [errand(1, true), errand(2, true)]
    for (const one of [first, second]) crew.call(one)
    expect([first.state.lost, second.state.lost]).toEqual([[], ['no thread']])
    crew.call(second)
    expect(desks.map(({ orders }) => orders.map(nameOf))).toEqual([[1], [2]])
  })

  it('hears nothing of a worker that was closed', () => {
    const { crew, desks } = crewOf(1)
    const one = errand(1, false)
    crew.call(one)
    crew.call(errand(2, true))
    desks[0]?.events.said(LOWERED)
    desks[0]?.events.lost('terminated')
    expect([one.state.left, one.state.lost]).toEqual([1, []])
  })

  it('frees what is dismissed, and the place with it', () => {
    const { crew, desks, atWork } = crewOf(1)
    const one = errand(1, true)
    crew.call(one)
    crew.call(errand(2, true))
    crew.dismiss(one)
    expect([desks[0]?.isClosed, atWork()]).toEqual([true, [2]])
    crew.close()
    expect(atWork()).toEqual([])
    crew.call(errand(3, true))
    expect(atWork()).toEqual([])
  })
})
