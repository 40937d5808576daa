import type { Store } from '../../interpreter/machine/store.ts'
import { PAGE_BITS } from '../../spec/index.ts'

const REGISTERS = ['steps', 'pc', 'sp', 'pages', 'status', 'exit'] as const

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView, length = byteLength): Uint8Array =>
  new Uint8Array(buffer, byteOffset, Math.min(length, byteLength))

const ZEROS = new Uint8Array(2 ** PAGE_BITS)

const isZero = (bytes: Uint8Array): boolean => {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length)
    if (Buffer.compare(part, ZEROS.subarray(0, part.length)) !== 0) return false
  }
  return true
}

/** Room that only one of them has holds zeros. */
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  const common = Math.min(a.length, b.length)
  return (
    Buffer.compare(a.subarray(0, common), b.subarray(0, common)) === 0 &&
    [a, b].every((bytes) => isZero(bytes.subarray(common)))
  )
}

/** The first thing in which two states of machines differ, or null. Slots at or above sp are no part of a state. */
export function storeDifference(one: Store, other: Store): string | null {
  const register = REGISTERS.find((name) => one[name] !== other[name])
  if (register !== undefined) return `${register} is ${one[register]}, not ${other[register]}`
  const slot = one.slots64.subarray(0, one.sp).findIndex((value, i) => value !== other.slots64[i])
  if (slot >= 0) return `slot ${slot} of ${one.sp} is ${one.slots64[slot]}, not ${other.slots64[slot]}`
  if (!sameBytes(bytesOf(one.globals), bytesOf(other.globals))) return 'globals'
  if (!sameBytes(one.tables.present, other.tables.present)) return 'presence of table entries'
  if (!sameBytes(bytesOf(one.tables.references), bytesOf(other.tables.references))) return 'table entries'
  const end = one.pages * 2 ** PAGE_BITS
  if (!sameBytes(bytesOf(one.memory.bytes, end), bytesOf(other.memory.bytes, end))) return 'memory'
  if (!sameBytes(one.window.bytes, other.window.bytes)) return 'windows'
  return sameBytes(one.output.bytes, other.output.bytes) ? null : 'output'
}
