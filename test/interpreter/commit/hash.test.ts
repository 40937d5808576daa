import createKeccak from 'keccak'
import { keccak256 as viemKeccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { hashPair, keccak256 } from '../../../interpreter/commit/hash.ts'
import { ZERO_NODES } from '../../../interpreter/commit/merkle.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

const oracle = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createKeccak('keccak256').update(Buffer.from(bytes)).digest())

describe('keccak256', () => {
  it('is keccak-256 and not SHA3-256: the published digest of the empty string', () => {
    expect(toHex(keccak256(new Uint8Array(0)))).toBe(
      '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    )
  })

  it('agrees with the keccak package and with viem at every length around the block of 136 bytes', () => {
    const random = createRandom(TEST_SEED)
    for (let length = 0; length < 300; length++) {
      const bytes = random.bytes(length)
      expect(toHex(keccak256(bytes))).toBe(toHex(oracle(bytes)))
      expect(toHex(keccak256(bytes))).toBe(viemKeccak256(bytes))
    }
  })
})

describe('hashPair', () => {
  it('hashes 64 bytes, left before right', () => {
    const [left, right] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
    expect(toHex(hashPair(left, right))).toBe(toHex(oracle(Uint8Array.of(...left, ...right))))
    expect(toHex(hashPair(left, right))).not.toBe(toHex(hashPair(right, left)))
  })
})

describe('ZERO_NODES', () => {
  it('begins with 32 zero bytes and goes on with the published roots of empty trees', () => {
    expect(toHex(ZERO_NODES[0]!)).toBe(`0x${'00'.repeat(32)}`)
    expect(toHex(ZERO_NODES[1]!)).toBe('0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5')
    expect(toHex(ZERO_NODES[2]!)).toBe('0xb4c11951957c6f8f642c4af61cd6b24640fec6dc7fc607ee8206a99e92410d30')
  })

  it('agrees with the keccak package at every level', () => {
    let node: Uint8Array = new Uint8Array(32)
    for (const zero of ZERO_NODES) {
      expect(toHex(zero)).toBe(toHex(node))
      node = oracle(Uint8Array.of(...node, ...node))
    }
    expect(ZERO_NODES).toHaveLength(31)
  })
})
