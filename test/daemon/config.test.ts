import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, KEY_VARIABLE, readConfig } from '../../daemon/index.ts'

const KEY = `0x${'4'.repeat(64)}` as const
const MARKET = '0x00000000000000000000000000000000000000AA'
const FLAGS = { rpc: 'http://127.0.0.1:8545', market: MARKET.toLowerCase() }
const argumentsOf = (flags: object) => Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)])
const read = (flags: object, environment: Record<string, string> = { [KEY_VARIABLE]: KEY }) =>
  readConfig('solver', argumentsOf(flags), environment)

describe('readConfig', () => {
  it('fills in what is not told', () => {
    expect(read({ rpc: FLAGS.rpc })).toEqual({
      ...{ name: 'solver', rpc: FLAGS.rpc, key: KEY, wasm: [], schemes: [] },
      ...{
        maxSteps: 2n ** 36n,
        maxMemory: 2 ** 29,
        workers: availableParallelism(),
        hashThreads: 0,
        checkpointBytes: 2 ** 29,
        minProfit: 0n,
        maxFeePerGas: 500n * 10n ** 9n,
        pollMs: 2000,
        logLevel: 'info',
      },
    })
  })

  it('takes every flag', () => {
    const more = {
      'from-block': 7,
      owner: '0x00000000000000000000000000000000000000bb',
      content: 'content',
      'allow-uris': 'https,file',
      'max-steps': 8,
      'max-memory': 64,
      workers: 3,
      'hash-threads': 2,
      checkpoints: 5,
      'min-profit': 9,
      'max-fee-gwei': 3,
      'poll-ms': 50,
      name: 'alice',
      'log-level': 'debug',
    }
    expect(read({ ...FLAGS, ...more })).toMatchObject({
      market: MARKET,
      fromBlock: 7n,
      owner: '0x00000000000000000000000000000000000000bb',
      content: 'content',
      schemes: ['https', 'file'],
      maxSteps: 8n,
      maxMemory: 64 * 2 ** 20,
      workers: 3,
      hashThreads: 2,
      checkpointBytes: 5 * 2 ** 20,
      minProfit: 9_000_000_000n,
      maxFeePerGas: 3_000_000_000n,
      pollMs: 50,
      name: 'alice',
      logLevel: 'debug',
    })
    expect(read({ rpc: FLAGS.rpc, deployment: 'here.json' })).toMatchObject({ deployment: 'here.json' })
  })

  it('takes several modules', () => {
    const args = argumentsOf({ ...FLAGS, wasm: 'a.wasm' })
    const { wasm } = readConfig('solver', [...args, '--wasm', 'b.wasm'], { [KEY_VARIABLE]: KEY })
    expect(wasm).toEqual(['a.wasm', 'b.wasm'])
  })

  const wrong: [setting: string, flags: object][] = [
    ['--rpc', { ...FLAGS, rpc: '' }],
    ['--rpc', { ...FLAGS, rpc: 'ftp://127.0.0.1' }],
    ['--rpc', { ...FLAGS, rpc: 'here' }],
    ['--market', { ...FLAGS, market: '0x12' }],
    ['--market', { ...FLAGS, market: MARKET.replace('AA', 'Aa') }],
    ['--deployment', { ...FLAGS, deployment: 'here.json' }],
    ['--owner', { ...FLAGS, owner: 'me' }],
    ['--allow-uris', { ...FLAGS, 'allow-uris': 'https,ftp' }],
    ['--allow-uris', { ...FLAGS, 'allow-uris': 'https' }],
    ['--min-profit', { ...FLAGS, 'min-profit': '-1' }],
    ['--max-fee-gwei', { ...FLAGS, 'max-fee-gwei': '0.5' }],
    ['--max-steps', { ...FLAGS, 'max-steps': 'all' }],
    ['--max-memory', { ...FLAGS, 'max-memory': '0.5' }],
    ['--workers', { ...FLAGS, workers: '0' }],
    ['--hash-threads', { ...FLAGS, 'hash-threads': '-1' }],
    ['--checkpoints', { ...FLAGS, checkpoints: 'many' }],
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

  it('does not repeat the URL of a node', () => {
    expect(() => read({ ...FLAGS, rpc: 'wss://node/secret' })).toThrow(/^--rpc: is no http URL$/)
  })

  it('takes the key from a file, even if the environment has another one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'substep-key-'))
    const file = join(folder, 'key')
    writeFileSync(file, `0x${'7'.repeat(64)}\n`)
    expect(read({ ...FLAGS, 'key-file': file }).key).toBe(`0x${'7'.repeat(64)}`)
    writeFileSync(file, 'secret')
    expect(() => read({ ...FLAGS, 'key-file': file })).toThrow('--key-file')
    expect(() => read({ ...FLAGS, 'key-file': file })).not.toThrow('secret')
    expect(() => read({ ...FLAGS, 'key-file': join(folder, 'none') })).toThrow(
      /^--key-file: .*none: there is no such file$/,
    )
    expect(() => read({ ...FLAGS, 'key-file': folder })).toThrow(/^--key-file: .*: is a folder, not a file$/)
    rmSync(folder, { recursive: true })
  })

  it('says how a key is given where there is none', () => {
    expect(() => read(FLAGS, {})).toThrow(/^--key-file: is missing, and so is the environment variable SUBSTEP_KEY/)
  })

  it('names an option that there is not, and where those are told that there are', () => {
    expect(() => read({ ...FLAGS, cheat: 'yes' })).toThrow(
      /^flags: Unknown option '--cheat'; --help tells which there are$/,
    )
  })

  it('refuses a key that no account can have', () => {
    expect(() => read(FLAGS, { [KEY_VARIABLE]: `0x${'0'.repeat(64)}` })).toThrow(KEY_VARIABLE)
    expect(() => read(FLAGS, { [KEY_VARIABLE]: `0x${'f'.repeat(64)}` })).toThrow(KEY_VARIABLE)
  })

  it.each([{}, { [KEY_VARIABLE]: '0x12' }, { [KEY_VARIABLE]: 'secret'.repeat(11) }])(
    'asks for the key without repeating it: %j',
    (environment) => {
      expect(() => read(FLAGS, environment)).toThrow(KEY_VARIABLE)
      expect(() => read(FLAGS, environment)).not.toThrow(/secret|0x12/)
    },
  )
})
