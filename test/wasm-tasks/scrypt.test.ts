import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { PROOF_OF_WORK, type ScryptParameters, scrypt, scryptProofOfWork } from '../../wasm-tasks/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { readTask, runRaw } from '../helpers/raw-task.ts'

/** RFC 7914, section 12, without the one that needs a gigabyte. */
const PUBLISHED: readonly [password: string, salt: string, parameters: ScryptParameters, key: string][] = [
  [
    '',
    '',
    { n: 16, r: 1, p: 1, length: 64 },
    '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442' +
      'fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  ],
  [
    'password',
    'NaCl',
    { n: 1024, r: 8, p: 16, length: 64 },
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
      '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  ],
  [
    'pleaseletmein',
    'SodiumChloride',
    { n: 16384, r: 8, p: 1, length: 64 },
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
      'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  ],
]
const SMALL: readonly ScryptParameters[] = [
  { n: 2, r: 1, p: 1, length: 1 },
  { n: 16, r: 3, p: 2, length: 33 },
  { n: 32, r: 8, p: 1, length: 64 },
  { n: 64, r: 2, p: 5, length: 100 },
]

const text = (value: string) => new TextEncoder().encode(value)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const oracle = (password: Uint8Array, salt: Uint8Array, { n, r, p, length }: ScryptParameters) =>
  hex(scryptSync(password, salt, length, { N: n, r, p }))

describe('scrypt', () => {
  it.each(PUBLISHED)('derives the published key from %j and %j with %o', (password, salt, parameters, key) => {
    expect(hex(scrypt(text(password), text(salt), parameters))).toBe(key)
  })

  it.each(SMALL)(`agrees with node:crypto with %o, seed ${TEST_SEED}`, (parameters) => {
    const random = createRandom(TEST_SEED)
    const password = random.bytes(random.below(200))
    const salt = random.bytes(random.below(200))
    expect(hex(scrypt(password, salt, parameters))).toBe(oracle(password, salt, parameters))
  })
})

describe('scryptProofOfWork', () => {
  it(`agrees with node:crypto, input as password and as salt, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (const length of [0, 1, 63, 64, 65, 80, 200]) {
      const input = random.bytes(length)
      const wanted = oracle(input, input, PROOF_OF_WORK)
      expect(hex(scryptProofOfWork(input)), `reference, ${length} bytes`).toBe(wanted)
      expect(hex(runRaw(readTask('scrypt'), input).output), `task, ${length} bytes`).toBe(wanted)
    }
  })
})
