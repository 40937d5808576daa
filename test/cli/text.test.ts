import { describe, expect, it } from 'vitest'
import { memorySize, preview, short, visible } from '../../cli/text.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('visible', () => {
  it.each([
    ['a\u001b[31mb', 'a\\u{1b}[31mb'],
    ['\u009b1m', '\\u{9b}1m'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['two\nlines, grüße', 'two\nlines, grüße'],
  ])('makes %j harmless', (text, expected) => expect(visible(text)).toBe(expected))
})

describe('preview', () => {
  it('shows printable text', () => {
    expect(preview(utf8('a\tb\nç 漢 😀'))).toEqual({ form: 'text', text: 'a\tb\nç 漢 😀', length: 15 })
  })

  it.each([
    ['an escape sequence', utf8('a\u001b[31m')],
    ['a text that runs backwards', utf8('\u202eabc')],
    ['a byte order mark', utf8('\ufeffabc')],
    ['half a character', utf8('ç').subarray(0, 1)],
  ])('shows %s in hex', (_, data) => {
    expect(preview(data)).toEqual({ form: 'hex', text: Buffer.from(data).toString('hex'), length: data.length })
  })

  it('shows the beginning of long bytes', () => {
    expect(preview(new Uint8Array(5000))).toEqual({ form: 'hex', text: '00'.repeat(4096), length: 4096 })
  })

  it('does not cut a character of a long text in half', () => {
    expect(preview(utf8(`a${'ç'.repeat(3000)}`))).toEqual({ form: 'text', text: `a${'ç'.repeat(2047)}`, length: 4095 })
  })
})

describe('short', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [412_345_678, '412M'],
    [1_340_000_000, '1.3G'],
    [2e12, '2.0T'],
  ])('writes %d as %s', (value, expected) => expect(short(value)).toBe(expected))
})

describe('memorySize', () => {
  it.each([
    [0, '0 KiB'],
    [1, '64 KiB'],
    [16, '1 MiB'],
    [24, '1.5 MiB'],
    [65536, '4,096 MiB'],
  ])('writes %d pages as %s', (pages, expected) => expect(memorySize(pages)).toBe(expected))
})
