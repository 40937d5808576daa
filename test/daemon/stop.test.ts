import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../helpers/command.ts'

/** Says what it is told, and stays alive for a while after. */
const SCRIPT = `
  import { stopSignal } from ${JSON.stringify(join(ROOT, 'daemon', 'stop.ts'))}
  stopSignal().addEventListener('abort', () => process.stdout.write('stopping'))
  setTimeout(() => undefined, Number(process.argv[1]))
  process.stdout.write('ready')
`

/** A process that stays alive for so many milliseconds. */
function start(milliseconds: number) {
  const args = ['--input-type=module', '--eval', SCRIPT, String(milliseconds)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const says = async (): Promise<string> => String((await once(child.stdout, 'data'))[0])
  return { child, says, ended: once(child, 'exit') }
}

describe('stopSignal', () => {
  it('lets what is under way finish after the first signal, also if it comes by several ways', async () => {
    const { child, says, ended } = start(500)
    expect(await says()).toBe('ready')
    child.kill('SIGINT')
    expect(await says()).toBe('stopping')
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends at once with a second one, %s', async (signal, code) => {
    const { child, says, ended } = start(60_000)
    await says()
    child.kill('SIGTERM')
    expect(await says()).toBe('stopping')
    await sleep(600)
    child.kill(signal)
    expect(await ended).toEqual([code, null])
  })
})
