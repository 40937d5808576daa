import type { NativeMachine } from '../interpreter/index.ts'
import { PAGE_BITS, TRAP } from '../spec/index.ts'
import { visibleLine } from './text.ts'

/** What a task said when it gave up. */
export interface Abort {
  /** Null if it gave none. */
  readonly message: string | null
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The record at the bottom of memory: wasm-tasks/lib/abort.ts, spec/task-abi.md. */
const RECORD = { message: 0, file: 4, line: 8, column: 12, size: 16 } as const
const LENGTH_FIELD = 4
/** A text longer than this is no message of anybody, but other data at that place. */
const LONGEST_TEXT = 2 ** 16

/**
 * The record that the task library leaves when an assertion fails. Any task may have something else there, so null
 * unless it trapped as the library does and every part of the record makes sense.
 */
export function abortOf(machine: Pick<NativeMachine, 'outcome' | 'store'>): Abort | null {
  if (machine.outcome().trap !== TRAP.UNREACHABLE) return null
  const { memory, pages } = machine.store
  const size = Math.min(memory.bytes.length, pages * 2 ** PAGE_BITS)
  return decodeAbort(new DataView(memory.bytes.buffer, memory.bytes.byteOffset, size))
}

/** The record in a memory, or null if there is none. */
export function decodeAbort(memory: DataView): Abort | null {
  if (memory.byteLength < RECORD.size) return null
  const word = (at: number) => memory.getUint32(at, true)
  const file = textAt(memory, word(RECORD.file))
  const message = word(RECORD.message) === 0 ? null : textAt(memory, word(RECORD.message))
  const [line, column] = [word(RECORD.line), word(RECORD.column)]
  if (file === undefined || file === '' || message === undefined || line === 0 || column === 0) return null
  return { message, file, line, column }
}

/** A text of AssemblyScript: UTF-16, its length in bytes before it. Undefined if there is none at the pointer. */
function textAt(memory: DataView, pointer: number): string | undefined {
  if (pointer % 2 !== 0 || pointer < RECORD.size + LENGTH_FIELD || pointer > memory.byteLength) return undefined
  const length = memory.getUint32(pointer - LENGTH_FIELD, true)
  if (length % 2 !== 0 || length > Math.min(LONGEST_TEXT, memory.byteLength - pointer)) return undefined
  try {
    const bytes = new Uint8Array(memory.buffer, memory.byteOffset + pointer, length)
    return new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** `a header has 80 bytes, in header.ts, line 4, column 3`. */
export function abortText({ message, file, line, column }: Abort): string {
  const place = `${visibleLine(file)}, line ${line}, column ${column}`
  return message === null ? `in ${place}` : `${visibleLine(message)}, in ${place}`
}
