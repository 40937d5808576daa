import { describe, expect, it } from 'vitest'
import { ConfigError, KEY_VARIABLE, readConfig } from '../../daemon/index.ts'

const KEY = `0x${'4'.repeat(64)}` as const
const ARENA = '0x00000000000000000000000000000000000000AA'
const FLAGS = { rpc: 'http://127.0.0.1:8545', arena: ARENA.toLowerCase(), wasm: 'a.wasm' }
const argumentsOf = (flags: object) => Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)])
const read = (flags: object, environment: Record<string, string> = { [KEY_VARIABLE]: KEY }) =>
  readConfig('solver', argumentsOf(flags), environment)

describe('readConfig', () => {
  it('fills in what is not told', () => {
    expect(read(FLAGS)).toEqual({
      ...{ name: 'solver', rpc: FLAGS.rpc, arena: ARENA, wasm: ['a.wasm'], key: KEY },
      ...{ fromBlock: 0n, maxSteps: 2n ** 32n, maxFeePerGas: 500n * 10n ** 9n, pollMs: 2000, logLevel: 'info' },
    })
  })

  it('takes every flag', () => {
    const more = {
      'from-block': 7,
      'max-steps': 8,
      'max-fee-gwei': 3,
      'poll-ms': 50,
      name: 'alice',
      'log-level': 'debug',
    }
    expect(read({ ...FLAGS, ...more })).toMatchObject({
      fromBlock: 7n,
      maxSteps: 8n,
      maxFeePerGas: 3_000_000_000n,
      pollMs: 50,
      name: 'alice',
      logLevel: 'debug',
    })
  })

  it('takes several modules', () => {
    const args = [...argumentsOf(FLAGS), '--wasm', 'b.wasm']
    expect(readConfig('solver', args, { [KEY_VARIABLE]: KEY }).wasm).toEqual(['a.wasm', 'b.wasm'])
  })

  const wrong: [setting: string, flags: object][] = [
    ['--rpc', { ...FLAGS, rpc: '' }],
    ['--rpc', { ...FLAGS, rpc: 'ftp://127.0.0.1' }],
    ['--rpc', { ...FLAGS, rpc: 'here' }],
    ['--arena', { ...FLAGS, arena: '0x12' }],
    ['--arena', { ...FLAGS, arena: ARENA.replace('AA', 'Aa') }],
    ['--wasm', { rpc: FLAGS.rpc, arena: FLAGS.arena }],
    ['--max-fee-gwei', { ...FLAGS, 'max-fee-gwei': '0.5' }],
    ['--poll-ms', { ...FLAGS, 'poll-ms': '-1' }],
    ['--poll-ms', { ...FLAGS, 'poll-ms': '1.5' }],
    ['--from-block', { ...FLAGS, 'from-block': 'latest' }],
    ['--log-level', { ...FLAGS, 'log-level': 'loud' }],
    ['flags', { ...FLAGS, cheat: 'yes' }],
  ]
  it.each(wrong)('names %s where it is missing or makes no sense: %j', (setting, flags) => {
    expect(() => read(flags)).toThrow(ConfigError)
    expect(() => read(flags)).toThrow(setting === 'flags' ? /cheat/ : setting)
  })

  it.each([{}, { [KEY_VARIABLE]: '0x12' }, { [KEY_VARIABLE]: 'secret'.repeat(11) }])(
    'asks for the key without repeating it: %j',
    (environment) => {
      expect(() => read(FLAGS, environment)).toThrow(KEY_VARIABLE)
      expect(() => read(FLAGS, environment)).not.toThrow(/secret|0x12/)
    },
  )
})
