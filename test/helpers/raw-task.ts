import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { instantiateSync } from '@assemblyscript/loader'
import { InputRefused, type Task, taskBinary } from '../../wasm-tasks/index.ts'

/** The functions of the task ABI, as an engine calls them: pointers and lengths arrive signed. */
export interface HostFunctions {
  input_size(): number
  input_read(offset: number, pointer: number, length: number): number
  output_write(pointer: number, length: number): void
}

export interface RawRun {
  readonly output: Uint8Array
  readonly memory: Uint8Array
  /** What the task threw, if it trapped. */
  readonly trap: Error | undefined
}

const ROOT = resolve(import.meta.dirname, '../..')

/** The checked-in binary of a task. */
export function readTask(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(ROOT, 'wasm-tasks', taskBinary(name))))
}

/** Runs a task's main in the engine itself, without the machine. */
export function runRaw(binary: Uint8Array<ArrayBuffer>, input: Uint8Array): RawRun {
  const output: number[] = []
  const bytes = (pointer: number, length: number) => new Uint8Array(memory.buffer, pointer >>> 0, length >>> 0)
  const substep: HostFunctions = {
    input_size: () => input.length,
    input_read(offset, pointer, length) {
      const part = input.subarray(offset >>> 0, (offset >>> 0) + (length >>> 0))
      bytes(pointer, length).set(part)
      return part.length
    },
    output_write: (pointer, length) => void output.push(...bytes(pointer, length)),
  }
  const { exports } = instantiateSync<{ main(): void }>(binary, { substep: { ...substep } })
  const memory = exports.memory as WebAssembly.Memory
  const trap = caught(exports.main)
  return { output: Uint8Array.from(output), memory: new Uint8Array(memory.buffer), trap }
}

/** The record of wasm-tasks/lib/abort.ts. */
export function abortRecord({ memory }: RawRun) {
  const word = (at: number) => new DataView(memory.buffer).getUint32(at, true)
  const utf16 = (pointer: number) => memory.slice(pointer, pointer + word(pointer - 4))
  const text = (pointer: number) => (pointer === 0 ? null : new TextDecoder('utf-16le').decode(utf16(pointer)))
  return { message: text(word(0)), file: text(word(4)), line: word(8), column: word(12) }
}

/** What a task makes of an input: its output, or trap and message with which it refuses it. */
export type Answer = { readonly output: Uint8Array } | { readonly refused: string }

/** The answer of a task's binary. */
export function answerOf(binary: Uint8Array<ArrayBuffer>, input: Uint8Array): Answer {
  const run = runRaw(binary, input)
  return run.trap ? { refused: `${run.trap.message}: ${abortRecord(run).message}` } : { output: run.output }
}

/** The answer that its reference wants. */
export function answerWanted(reference: Task['reference'], input: Uint8Array): Answer {
  try {
    return { output: reference(input) }
  } catch (error) {
    if (error instanceof InputRefused) return { refused: `unreachable: ${error.reason}` }
    throw error
  }
}

function caught(run: () => void): Error | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}
