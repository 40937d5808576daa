import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../wasm-tasks/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { readTask, runRaw } from '../helpers/raw-task.ts'

/** Examples that NIST publishes with FIPS 180 ("SHA-256", one block, two blocks, long), and the empty message. */
const PUBLISHED: readonly [name: string, message: string, digest: string][] = [
  ['the empty message', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    '448 bits',
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    '896 bits',
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
  ['a million a', 'a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
]

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe.each(PUBLISHED)('SHA-256 of %s', (_name, message, digest) => {
  const input = new TextEncoder().encode(message)

  it('is the published digest in the reference', () => {
    expect(hex(sha256(input))).toBe(digest)
  })

  it('is the published digest in the task', () => {
    expect(hex(runRaw(readTask('sha256'), input).output)).toBe(digest)
  })
})

describe('sha256', () => {
  it(`agrees with node:crypto on every length up to 260 bytes, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (let length = 0; length <= 260; length++) {
      const input = random.bytes(length)
      expect(hex(sha256(input)), `${length} bytes`).toBe(createHash('sha256').update(input).digest('hex'))
    }
  })
})
