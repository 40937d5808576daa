import { describe, expect, it } from 'vitest'
import { Aborted, Reorganised, type TaskEvent } from '../../client/index.ts'
import { useClient } from '../helpers/client-fixture.ts'

const fixture = useClient()
const QUICKLY = { pollingInterval: 2 }

async function namesOf(events: AsyncIterable<TaskEvent>): Promise<string[]> {
  const names: string[] = []
  for await (const { eventName } of events) names.push(eventName)
  return names
}

const STORY = ['TaskRequested', 'Taken', 'Entered', 'Finalised', 'PricePaid', 'EntryReleased']

describe('watchTask', () => {
  it('tells what was, then what comes, and ends with the task', async () => {
    const task = await fixture.current.requested()
    await fixture.current.requested({ salt: `0x${'02'.repeat(32)}` })
    const names = namesOf(fixture.current.client().watchTask({ ...task, ...QUICKLY }))
    await fixture.current.answered(task)
    await fixture.current.finalised(task)
    expect(await names).toEqual(STORY)
  })

  it('tells all of it late as well, and from any block on', async () => {
    const task = await fixture.current.requested()
    await fixture.current.answered(task)
    const fromBlock = (await fixture.current.market.client.getBlock()).number
    await fixture.current.finalised(task)
    expect(await namesOf(fixture.current.client().watchTask({ ...task }))).toEqual(STORY)
    expect(await namesOf(fixture.current.client().watchTask({ ...task, fromBlock }))).toEqual(STORY.slice(2))
  })

  it('ends when it is told to', async () => {
    const task = await fixture.current.requested()
    const controller = new AbortController()
    const events = fixture.current.client().watchTask({ ...task, ...QUICKLY, signal: controller.signal })
    expect((await events.next()).value?.eventName).toBe('TaskRequested')
    const next = events.next()
    controller.abort()
    await expect(next).rejects.toBeInstanceOf(Aborted)
  })

  it('says so when what it told is undone', async () => {
    const { market } = fixture.current
    const task = await fixture.current.requested()
    const before = await market.snapshot()
    await fixture.current.answered(task)
    const events = fixture.current.client().watchTask({ ...task, ...QUICKLY })
    for (let i = 0; i < 3; i++) expect((await events.next()).done).toBe(false)
    await market.restore(before)
    await market.mine(3)
    await expect(events.next()).rejects.toBeInstanceOf(Reorganised)
  })
})
