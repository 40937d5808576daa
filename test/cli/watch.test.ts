import { existsSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { explainChain } from '../../cli/chain/explain.ts'
import { EXIT } from '../../cli/exit.ts'
import { printResult } from '../../cli/watch.ts'
import { type SubstepClient, TaskExpired, type TaskResult } from '../../client/index.ts'
import { NodeFailed } from '../../protocol/index.ts'
import { folder } from '../helpers/command.ts'

const TASK = `0x${'12'.repeat(32)}` as const
const ROOT = `0x${'34'.repeat(32)}` as const
const files = folder()
let printed = ''

beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk, encodingOrDone, done) => {
    printed += chunk
    const taken = typeof encodingOrDone === 'function' ? encodingOrDone : done
    taken?.()
    return true
  })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => files.remove())

const result = (output: Uint8Array | undefined): TaskResult => ({
  ...{ task: TASK, outcome: 'halted', exitCode: 0, trap: undefined, value: ROOT, output, outputRoot: ROOT },
  ...{ inputByReference: false, solver: undefined, price: undefined },
  head: { number: 1n, hash: ROOT, timestamp: 1n },
})

/** A client for which a task ends so. */
const endingIn = (waitForResult: SubstepClient['waitForResult']) => ({
  watchTask: async function* () {},
  waitForResult,
})
const watched = (output: Uint8Array | undefined, path: string, json = false) =>
  printResult(
    endingIn(async () => result(output)),
    TASK,
    { json, output: path },
  )

const explained = (error: unknown) => (error instanceof Error ? explainChain(error) : undefined)

describe('task watch --output', () => {
  it('replaces what was there by the output', async () => {
    const path = files.write('old', 'older than this')
    expect(await watched(Buffer.from('new'), path)).toBe(EXIT.OK)
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  it.each([false, true])('fails and leaves no older file if the output was omitted; JSON: %s', async (json) => {
    const path = files.write('old', 'older than this')
    const error = await watched(undefined, path, json).catch((error: unknown) => error)
    expect(explained(error)).toMatchObject({
      code: EXIT.OUTPUT_OMITTED,
      what: `the output is too large for the chain: there is no ${path}`,
      next: expect.stringContaining('substep run --output'),
    })
    expect(existsSync(path)).toBe(false)
    expect(printed).toContain(json ? '"output": null' : `too large for the chain, root ${ROOT}`)
  })

  it('removes no device', async () => {
    await expect(watched(undefined, '/dev/null')).rejects.toThrow('too large for the chain')
    expect(existsSync('/dev/null')).toBe(true)
  })
})

describe('a wait that fails', () => {
  const ending = (error: Error) =>
    printResult(
      endingIn(() => Promise.reject(error)),
      TASK,
      {},
    ).catch((failure: unknown) => explained(failure))

  it('names the task that goes on, and does not say to ask again', async () => {
    expect(await ending(new NodeFailed('fetch failed'))).toEqual({
      code: EXIT.UNAVAILABLE,
      what: `task ${TASK} goes on, but the wait for it failed: fetch failed`,
      next: `substep task watch ${TASK} waits on`,
    })
  })

  it('is not one that finds the task without a result', async () => {
    expect(await ending(new TaskExpired(TASK, 1n, 0))).toMatchObject({ code: EXIT.NO_RESULT })
  })
})
