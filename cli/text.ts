import { PAGE_BITS } from '../spec/index.ts'

/** Line feed and tab apart, what is invisible or steers a terminal: control, format and unassigned characters. */
const UNPRINTABLE = /[^\P{C}\n\t]/u
const SHOWN_BYTES = 4096

/** Text that came from a file, with everything that could steer a terminal written as an escape. */
export function visible(text: string): string {
  return text.replace(/\p{C}/gu, (char) => (char === '\n' ? char : `\\u{${char.codePointAt(0)?.toString(16)}}`))
}

/** The same on a single line. */
export const visibleLine = (text: string): string => visible(text).replaceAll('\n', '\\n')

export const count = (value: number | bigint): string => value.toLocaleString('en')

const SCALES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** A number in three digits or so: `412M`, `1.3G`. */
export function short(value: number): string {
  const [scale, letter] = SCALES.find(([scale]) => value >= scale) ?? [1, '']
  const scaled = value / scale
  return `${scaled < 10 && scale > 1 ? scaled.toFixed(1) : Math.round(scaled)}${letter}`
}

const KIBIBYTE = 1024
const MEBIBYTE = 1024 * KIBIBYTE

export const byteCount = (length: number): string => (length === 1 ? '1 byte' : `${count(length)} bytes`)

export const pageCount = (pages: number): string => (pages === 1 ? '1 page' : `${count(pages)} pages`)

/** Size of a memory: whole KiB below 1 MiB, else MiB. */
export function memorySize(pages: number): string {
  const length = pages * 2 ** PAGE_BITS
  if (length < MEBIBYTE) return `${length / KIBIBYTE} KiB`
  const mebibytes = length / MEBIBYTE
  return `${Number.isInteger(mebibytes) ? count(mebibytes) : mebibytes.toFixed(1)} MiB`
}

export interface Preview {
  readonly form: 'text' | 'hex'
  readonly text: string
  /** Bytes shown. */
  readonly length: number
}

/** Bytes as text where all of them are printable text, else in hex; the beginning of them if they are many. */
export function preview(data: Uint8Array): Preview {
  const shown = data.subarray(0, SHOWN_BYTES)
  if (!isText(data)) return { form: 'hex', text: Buffer.from(shown).toString('hex'), length: shown.length }
  // As a stream: a character that is cut off at the end of what is shown is left out.
  const text = new TextDecoder().decode(shown, { stream: true })
  return { form: 'text', text, length: Buffer.byteLength(text) }
}

function isText(data: Uint8Array): boolean {
  try {
    return !UNPRINTABLE.test(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data))
  } catch {
    return false
  }
}

/** Lines of a name and a value, the values below one another. */
export function table(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`.trimEnd()).join('\n')
}
