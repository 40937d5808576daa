import { describe, expect, it } from 'vitest'
import { encodeWitness, type Witness } from '../../../interpreter/commit/witness.ts'
import {
  BitmapBeyondDepth,
  BytesTooLong,
  byteTreeRoot,
  judge,
  lowerTask,
  Machine,
  RegistersTooWide,
  WitnessLength,
} from '../../../interpreter/index.ts'
import { nothing } from '../../helpers/small-tasks.ts'

/** Witnesses of the first step: of its fetch, and of a substep in flight. */
function witnesses(): [Witness, Witness] {
  const exact = new Machine(lowerTask(nothing()), new Uint8Array(0)).exact()
  const fetch = exact.witness()
  for (let i = 0; i < 10; i++) exact.substep()
  return [fetch, exact.witness()]
}

describe('encodeWitness', () => {
  it('sends word and operands only in the middle of a step', () => {
    const [fetch, flight] = witnesses().map(encodeWitness)
    const sent = (words: readonly Uint8Array[], at: number) =>
      [...(words[at] as Uint8Array)].reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0)
    expect(fetch).toHaveLength(4 + sent(fetch!, 3))
    expect(flight).toHaveLength(7 + sent(flight!, 6))
  })
})

describe('judge', () => {
  it.each([0, 1])('refuses witness %i with a word less or more', (which) => {
    const words = encodeWitness(witnesses()[which]!)
    const { length } = words
    expect(() => judge(words.slice(0, -1))).toThrow(new WitnessLength(length - 1, length))
    expect(() => judge([...words, new Uint8Array(32)])).toThrow(new WitnessLength(length + 1, length))
    expect(() => judge([])).toThrow(WitnessLength)
  })

  it('refuses a sibling beyond the path, and registers beyond their bits', () => {
    const [fetch] = witnesses()
    const words = encodeWitness(fetch)
    const high = new Uint8Array(32)
    high[28] = 0x08
    expect(() => judge(words.with(3, high))).toThrow(BitmapBeyondDepth)
    const wide = words[0]!.slice()
    wide[6] = 1
    expect(() => judge(words.with(0, wide))).toThrow(RegistersTooWide)
  })
})

describe('byteTreeRoot', () => {
  it('refuses what an INPUT region cannot hold', () => {
    const tooLong = Object.defineProperty(new Uint8Array(0), 'length', { value: 2 ** 32 - 31 })
    expect(() => byteTreeRoot(tooLong)).toThrow(BytesTooLong)
    expect(() => byteTreeRoot(tooLong)).toThrow('4294967265 bytes are too many')
  })
})
