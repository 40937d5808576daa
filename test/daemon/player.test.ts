import { describe, expect, it } from 'vitest'
import { type createPlayer, keepPolling } from '../../daemon/index.ts'
import { solve } from '../../solver/index.ts'
import { computing } from '../adversaries/computing.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { seat } from '../helpers/players.ts'
import { Scenario } from '../helpers/scenario.ts'

describe('createPlayer', () => {
  const arena = useArena({ arity: 16 })

  it('tells a reason when it begins, not at every look', async () => {
    const scenario = await Scenario.small(arena.current)
    const verifier = await scenario.verifier('verifier')
    for (let i = 0; i < 5; i++) await verifier.poll()
    expect(verifier.lines.map((line) => JSON.parse(line).reason)).toEqual(['noFalseAnswer'])
  })

  it('plays the other tasks when one cannot be computed', async () => {
    const broken = await Scenario.small(arena.current, 999n)
    const good = await Scenario.small(arena.current)
    const programs = computing(good.truth)
    const compute: typeof programs.compute = (place, task) => {
      if (task.id === broken.task) throw new Error('out of memory')
      return programs.compute(place, task)
    }
    const signer = await arena.current.account('solver')
    const solver = await seat(arena.current, 'solver', signer, { strategy: solve, programs: { ids: [], compute } })
    await solver.poll()
    await solver.poll()
    expect((await good.view()).status).toBe('live')
    expect(solver.lines.map((line) => JSON.parse(line).event)).toContain('taskFailed')
  })

  it('locks no bond twice when it enters several tasks at once', async () => {
    const tasks = [await Scenario.small(arena.current, 998n), await Scenario.small(arena.current, 999n)]
    const signer = await arena.current.account('solver')
    const solver = await seat(arena.current, 'solver', signer, { strategy: solve })
    while ((await solver.poll()).length > 0);
    expect(solver.outcomes.map(({ kind, action }) => `${action.kind} ${kind}`)).toEqual([
      'approve mined',
      'approve mined',
      'enter mined',
      'approve mined',
      'enter mined',
    ])
    for (const task of tasks) expect((await task.view()).status).toBe('live')
  })

  it('computes nothing of a task that asks nothing of it any more', async () => {
    const scenario = await Scenario.small(arena.current)
    await scenario.solver('solver')
    await scenario.finish()
    const signer = await arena.current.account('newcomer')
    const compute = () => {
      throw new Error('computed')
    }
    const player = await seat(arena.current, 'newcomer', signer, { strategy: solve, programs: { ids: [], compute } })
    expect(await player.poll()).toEqual([])
    expect(player.lines).toEqual([])
  })
})

describe('keepPolling', () => {
  it('goes on after a poll that fails, until it is told to stop', async () => {
    const controller = new AbortController()
    const events: string[] = []
    let polls = 0
    const player: ReturnType<typeof createPlayer> = {
      async poll() {
        if (++polls === 3) controller.abort()
        if (polls === 2) throw new Error('no node')
        return []
      },
    }
    await keepPolling(player, 1, (_, event, fields) => events.push(`${event} ${fields?.message}`), controller.signal)
    expect([polls, events]).toEqual([3, ['pollFailed no node']])
  })
})
