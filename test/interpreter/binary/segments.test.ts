import { describe, expect, it } from 'vitest'
import { decodeModule } from '../../../interpreter/binary/index.ts'
import { rawModule } from '../../helpers/raw-wasm.ts'

/** Two functions, a table of functions, one of externref, another of functions. */
const elementsOf = (...segment: number[]) =>
  decodeModule(
    rawModule(
      [1, [1, 0x60, 0, 0]],
      [3, [2, 0, 0]],
      [4, [3, 0x70, 0, 9, 0x6f, 0, 9, 0x70, 0, 9]],
      [9, [1, ...segment]],
      [10, [2, 2, 0, 0x0b, 2, 0, 0x0b]],
    ),
  ).elements

const AT_3 = [0x41, 3, 0x0b]
const FUNCTIONS = [2, 1, 0]
const FUNC_EXPRESSIONS = [2, 0xd2, 1, 0x0b, 0xd0, 0x70, 0x0b]

const at = (index: number) => ({ index, at: { op: 'i32.const', value: 3n } })
const functions = [
  { op: 'ref.func', func: 1 },
  { op: 'ref.func', func: 0 },
]
const expressions = [
  { op: 'ref.func', func: 1 },
  { op: 'ref.null', reference: 'funcref' },
]

describe('readElements', () => {
  it.each([
    [0, [...AT_3, ...FUNCTIONS], at(0), functions],
    [1, [0, ...FUNCTIONS], 'passive', functions],
    [2, [2, ...AT_3, 0, ...FUNCTIONS], at(2), functions],
    [3, [0, ...FUNCTIONS], 'declarative', functions],
    [4, [...AT_3, ...FUNC_EXPRESSIONS], at(0), expressions],
    [5, [0x70, ...FUNC_EXPRESSIONS], 'passive', expressions],
    [6, [2, ...AT_3, 0x70, ...FUNC_EXPRESSIONS], at(2), expressions],
    [7, [0x70, ...FUNC_EXPRESSIONS], 'declarative', expressions],
  ])('reads a segment of kind %i', (kind, segment, mode, items) => {
    expect(elementsOf(kind, ...segment)).toMatchObject([{ type: 'funcref', mode, items }])
  })

  it('reads a segment of externref', () => {
    expect(elementsOf(6, 1, ...AT_3, 0x6f, 1, 0xd0, 0x6f, 0x0b)).toMatchObject([
      { type: 'externref', mode: at(1), items: [{ op: 'ref.null', reference: 'externref' }] },
    ])
  })

  it('gives the offsets of function indices', () => {
    const [segment] = elementsOf(1, 0, ...FUNCTIONS)
    const [first, second] = segment?.items ?? []
    expect((second?.offset ?? 0) - (first?.offset ?? 0)).toBe(1)
  })
})

const MEMORY = [5, [1, 0, 1]] as const

describe('readData', () => {
  it.each([
    [0, [...AT_3], at(0)],
    [1, [], 'passive'],
    [2, [0, ...AT_3], at(0)],
  ])('reads a segment of kind %i', (kind, place, mode) => {
    const { data } = decodeModule(rawModule(MEMORY, [11, [1, kind, ...place, 2, 7, 8]]))
    expect(data).toMatchObject([{ mode, bytes: Uint8Array.of(7, 8) }])
  })

  it('takes a data count that is the number of segments', () => {
    expect(decodeModule(rawModule(MEMORY, [12, [2]], [11, [2, 1, 0, 1, 1, 5]])).data.length).toBe(2)
    expect(decodeModule(rawModule([12, [0]])).data).toEqual([])
  })
})
