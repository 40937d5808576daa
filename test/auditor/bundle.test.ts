import { describe, expect, it } from 'vitest'
import { BundleIllFormed, bundleText, type History, parseBundle } from '../../auditor/index.ts'
import type { Hash } from '../../interpreter/index.ts'

const word = (byte: string): Hash => `0x${byte.repeat(32)}`
const place = (digit: string) => `0x${digit.repeat(40)}` as const

const HISTORY: History = {
  rules: {
    ...{ chainId: 1n, market: place('1'), games: place('2'), vault: place('3'), registry: place('4') },
    ...{ token: place('5'), stepper: place('6'), arity: 16, unbonding: 7n, challenge: 8n, support: 9n, opening: 10n },
    ...{ budget: 11n, minimum: 12n, solving: 13n, finalising: 14n, speed: 15n, maxSteps: 2n ** 40n, bond: 17n },
    ...{ gasPriceFloor: 18n, enterGas: 19n, moveGas: 20n, maxCallbackGas: 21n, maxOutput: 22n },
  },
  task: word('aa'),
  head: { number: 2n ** 60n, hash: word('bb'), timestamp: 5n },
  times: new Map([[3n, 4n]]),
  logs: [{ address: place('1'), topics: [word('cc')], data: '0x00', block: 3n, index: 0, transaction: word('dd') }],
  transactions: new Map([[word('dd'), { input: '0x1234', gas: 21_000n }]]),
  storage: { task: '0x01', values: { [word('01')]: '0x02' }, entries: {}, payouts: {}, games: {} },
  module: Uint8Array.of(0, 97),
}

const TEXT = bundleText(HISTORY)

describe('parseBundle', () => {
  it('reads what bundleText wrote', () => {
    expect(parseBundle(TEXT)).toEqual(HISTORY)
    const bare = { ...HISTORY, module: undefined }
    expect(parseBundle(bundleText(bare))).toEqual(bare)
  })

  it.each([
    ['it', 'not JSON', (text: string) => text.slice(1)],
    ['it', 'another thing', () => '[]'],
    ['format', 'another format', (text: string) => text.replace('substep-bundle-1', 'substep-bundle-2')],
    ['task', 'a short hash', (text: string) => text.replace(word('aa'), '0xaa')],
    ['head.number', 'a number without quotes', (text: string) => text.replace(`"${2n ** 60n}"`, '12')],
    ['head.timestamp', 'a negative number', (text: string) => text.replace('"timestamp": "5"', '"timestamp": "-5"')],
    ['rules.market', 'no address', (text: string) => text.replace(place('1'), '0x11')],
    ['rules.bond', 'a missing rule', (text: string) => text.replace('"bond"', '"bonds"')],
    ['rules.arity', 'an arity of 1', (text: string) => text.replace('"arity": 16', '"arity": 1')],
    ['logs', 'no list of logs', (text: string) => text.replace('"logs": [', '"logs": 1, "more": [')],
    ['logs.0.index', 'a fraction', (text: string) => text.replace('"index": 0', '"index": 0.5')],
    ['logs.0.data', 'half a byte', (text: string) => text.replace('"data": "0x00"', '"data": "0x0"')],
    ['module', 'no module', (text: string) => text.replace('"module": "0x0061"', '"module": "wasm"')],
  ])('refuses %s with %s', (field, _, change) => {
    const changed = change(TEXT)
    expect(changed).not.toBe(TEXT)
    expect(() => parseBundle(changed)).toThrow(BundleIllFormed)
    expect(() => parseBundle(changed)).toThrow(expect.objectContaining({ field }))
  })
})
