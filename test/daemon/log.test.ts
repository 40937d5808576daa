import { describe, expect, it } from 'vitest'
import { createLog, LEVELS } from '../../daemon/index.ts'

describe('createLog', () => {
  it('writes one line of JSON for each event', () => {
    const lines: string[] = []
    createLog('alice', 'info', (line) => lines.push(line))('warn', 'failed', {
      gas: 10n ** 20n,
      task: 'a\nb',
      to: undefined,
    })
    expect(lines.length).toBe(1)
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1)
    const { time, ...fields } = JSON.parse(lines[0] ?? '')
    expect(Number.isNaN(Date.parse(time))).toBe(false)
    expect(fields).toEqual({
      level: 'warn',
      player: 'alice',
      event: 'failed',
      gas: '100000000000000000000',
      task: 'a\nb',
    })
  })

  it.each(LEVELS)('at %s keeps back what matters less', (least) => {
    const lines: string[] = []
    const log = createLog('alice', least, (line) => lines.push(line))
    for (const level of LEVELS) log(level, 'event')
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(LEVELS.slice(LEVELS.indexOf(least)))
  })
})
