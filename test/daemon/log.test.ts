import { describe, expect, it } from 'vitest'
import { createLog, LEVELS } from '../../daemon/index.ts'
import { createTeller } from '../../daemon/log.ts'

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

describe('createTeller', () => {
  function telling() {
    const lines: string[] = []
    const teller = createTeller((level, event, { reason, error } = {}) =>
      lines.push([level, event, reason, error].join(' ')),
    )
    return { lines, teller }
  }

  it('tells of a subject once, until its reason or its error is another', () => {
    const { lines, teller } = telling()
    for (const message of ['at 1', 'at 2']) teller.once('a', 'info', 'skipped', { reason: 'early', message })
    teller.once('b', 'info', 'skipped', { reason: 'early' })
    teller.once('a', 'info', 'skipped', { reason: 'late' })
    teller.once('a', 'warn', 'failed', { reason: 'late', error: 'NodeFailed' })
    teller.once('a', 'warn', 'failed', { reason: 'late', error: 'NotEnoughEther' })
    expect(lines).toEqual([
      'info skipped early ',
      'info skipped early ',
      'info skipped late ',
      'warn failed late NodeFailed',
      'warn failed late NotEnoughEther',
    ])
  })

  it('tells it again after the subject was as it should be', () => {
    const { lines, teller } = telling()
    for (let i = 0; i < 2; i++) teller.once('a', 'info', 'skipped', { reason: 'early' })
    teller.clear('a')
    teller.once('a', 'info', 'skipped', { reason: 'early' })
    expect(lines.length).toBe(2)
  })
})
