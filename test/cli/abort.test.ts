import { describe, expect, it } from 'vitest'
import { abortText, decodeAbort } from '../../cli/abort.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'

const PAGE = 65_536
const [MESSAGE, FILE] = [1024, 2048]

interface Texts {
  readonly message?: string
  readonly file?: string
}

/** A memory whose record says that line 4, column 3 aborted. */
function memory({ message = 'too long', file = 'task.ts' }: Texts = {}): DataView {
  const view = new DataView(new ArrayBuffer(PAGE))
  for (const [text, at] of [[message, MESSAGE] as const, [file, FILE] as const]) {
    view.setUint32(at - 4, 2 * text.length, true)
    for (let i = 0; i < text.length; i++) view.setUint16(at + 2 * i, text.charCodeAt(i), true)
  }
  for (const [i, value] of [MESSAGE, FILE, 4, 3].entries()) view.setUint32(4 * i, value, true)
  return view
}

function changed(at: number, value: number): DataView {
  const view = memory()
  view.setUint32(at, value, true)
  return view
}

describe('decodeAbort', () => {
  it('reads message, file, line and column', () => {
    expect(decodeAbort(memory())).toEqual({ message: 'too long', file: 'task.ts', line: 4, column: 3 })
    expect(decodeAbort(memory({ message: 'größer 😀' }))?.message).toBe('größer 😀')
    expect(decodeAbort(memory({ message: '' }))?.message).toBe('')
  })

  it('takes a message that is absent', () => {
    expect(decodeAbort(changed(0, 0))).toEqual({ message: null, file: 'task.ts', line: 4, column: 3 })
  })

  it('reads a text that ends with the memory', () => {
    const view = changed(0, PAGE - 2)
    view.setUint32(PAGE - 6, 2, true)
    view.setUint16(PAGE - 2, 0x41, true)
    expect(decodeAbort(view)?.message).toBe('A')
  })

  it.each([
    ['no memory', new DataView(new ArrayBuffer(0))],
    ['a memory that nothing was written to', new DataView(new ArrayBuffer(PAGE))],
    ['no file', changed(4, 0)],
    ['a file without a name', changed(FILE - 4, 0)],
    ['no line', changed(8, 0)],
    ['no column', changed(12, 0)],
    ['an odd pointer', changed(0, MESSAGE + 1)],
    ['a pointer into the record', changed(0, 18)],
    ['a pointer behind the end', changed(0, PAGE + 2)],
    ['the greatest pointer', changed(4, 2 ** 32 - 2)],
    ['an odd length', changed(MESSAGE - 4, 3)],
    ['a length behind the end', changed(FILE - 4, PAGE)],
    ['the greatest length', changed(FILE - 4, 2 ** 32 - 2)],
    ['half of a pair', memory({ message: '\ud83d' })],
  ])('finds nothing in %s', (_, view) => expect(decodeAbort(view)).toBeNull())

  it('finds nothing in a text longer than any message', () => {
    const view = new DataView(new ArrayBuffer(4 * PAGE))
    new Uint8Array(view.buffer).set(new Uint8Array(memory().buffer))
    view.setUint32(MESSAGE - 4, PAGE, true)
    expect(decodeAbort(view)?.line).toBe(4)
    view.setUint32(MESSAGE - 4, PAGE + 2, true)
    expect(decodeAbort(view)).toBeNull()
  })

  it(`throws on no memory, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < 5000; i++) {
      const view = memory()
      for (let k = 0; k < 3; k++) view.setUint8(random.below(16), random.below(256))
      view.setUint8(MESSAGE - 4 + random.below(4), random.below(256))
      expect(() => decodeAbort(view)).not.toThrow()
    }
  })
})

describe('abortText', () => {
  it('is one line, and harmless', () => {
    expect(abortText({ message: 'two\nlines', file: '\u001b.ts', line: 4, column: 3 })).toBe(
      'two\\nlines, in \\u{1b}.ts, line 4, column 3',
    )
    expect(abortText({ message: null, file: 'task.ts', line: 4, column: 3 })).toBe('in task.ts, line 4, column 3')
  })
})
