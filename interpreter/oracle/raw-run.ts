import { PAGE_BITS, TASK_MAIN, TASK_MODULE } from '../../spec/index.ts'
import type { Module } from '../binary/index.ts'
import type { TaskOptions } from '../task.ts'
import { type RawModule, rawModule } from './raw-module.ts'

/** The output is longer than it may be: there is no use in going on. */
class OutputBeyond extends Error {
  override readonly name = 'OutputBeyond'
}

/** A function of the task ABI was given bytes beyond the memory: the machine traps there. */
class HostTrap extends Error {
  override readonly name = 'HostTrap'
}

/** A task as it was given. */
export interface TaskModules extends Pick<TaskOptions, 'libraries'> {
  readonly wasm: Uint8Array
}

/** What became of a task that the engine ran as it is. */
export interface RawRun {
  /** `exhausted`: the engine ended it for reasons of its own; `refused`: it did not even begin. */
  readonly end: 'returned' | 'trapped' | 'exhausted' | 'refused' | 'tooLong'
  readonly output: Uint8Array
  /** Of the task's memory, at the end. */
  readonly pages: number
  /** The task and what it is linked with. */
  readonly modules: readonly Module[]
}

/** Collects an output of a length that is known. */
class Output {
  readonly bytes: Uint8Array
  length = 0

  constructor(length: number) {
    this.bytes = new Uint8Array(length)
  }

  append(part: Uint8Array): void {
    if (this.length + part.length > this.bytes.length) throw new OutputBeyond()
    this.bytes.set(part, this.length)
    this.length += part.length
  }
}

type Memory = () => WebAssembly.Memory | undefined

/** The functions of the task ABI: pointers and lengths arrive signed. */
const taskAbi = (input: Uint8Array, output: Output, memory: Memory) => {
  const bytesAt = (pointer: number, length: number): Uint8Array => {
    const buffer = memory()?.buffer ?? new ArrayBuffer(0)
    const [start, count] = [pointer >>> 0, length >>> 0]
    if (start + count > buffer.byteLength) throw new HostTrap()
    return new Uint8Array(buffer, start, count)
  }
  return {
    input_size: () => input.length,
    input_read: (offset: number, pointer: number, length: number): number => {
      const target = bytesAt(pointer, length)
      const part = input.subarray(offset >>> 0, (offset >>> 0) + (length >>> 0))
      target.set(part)
      return part.length
    },
    output_write: (pointer: number, length: number): void => output.append(bytesAt(pointer, length)),
  }
}

/** All of them linked; none of them was started. */
const instantiate = (
  modules: readonly (RawModule & { readonly name: string })[],
  input: Uint8Array,
  output: Output,
) => {
  const linked: Record<string, WebAssembly.ModuleImports> = {}
  return modules.map((raw) => {
    let memory: WebAssembly.Memory | undefined
    const imports = { ...linked, [TASK_MODULE]: taskAbi(input, output, () => memory) }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(raw.wasm), imports)
    memory = raw.memory === null ? undefined : (exports[raw.memory] as WebAssembly.Memory)
    linked[raw.name] = exports as WebAssembly.ModuleImports
    return { raw, exports, memory }
  })
}

const ended = (run: () => void): RawRun['end'] => {
  try {
    run()
    return 'returned'
  } catch (failure) {
    if (failure instanceof WebAssembly.RuntimeError || failure instanceof HostTrap) return 'trapped'
    return failure instanceof OutputBeyond ? 'tooLong' : 'exhausted'
  }
}

/** What the machine came to, beyond which a run is another one: it is not waited for, and has no room. */
export interface RawBounds {
  readonly outputLength: number
  /** Of the task's memory. */
  readonly pages: number
}

/**
 * Runs a task in the engine as its author made it, with no more than the functions that it imports. It ends when the
 * task does. A memory that is the task's own grows to `pages` at most: the machine's never shrinks, so whatever would
 * lead beyond them it refused as well, and an engine that took another way takes no more memory than the machine did.
 */
export const runRaw = ({ wasm, libraries = [] }: TaskModules, input: Uint8Array, bounds: RawBounds): RawRun => {
  const mostPages = libraries.length === 0 ? bounds.pages : undefined
  const modules = [...libraries, { name: '', wasm }].map(({ name, wasm: original }) => ({
    name,
    ...rawModule(original, mostPages),
  }))
  const result = { output: new Uint8Array(0), pages: 0, modules: modules.map(({ module }) => module) }
  const output = new Output(bounds.outputLength)
  let instances: ReturnType<typeof instantiate>
  try {
    instances = instantiate(modules, input, output)
  } catch {
    return { end: 'refused', ...result }
  }
  const task = instances.at(-1)!
  const call = (exports: WebAssembly.Exports, name: string | null) => {
    if (name !== null) (exports[name] as () => void)()
  }
  const end = ended(() => {
    for (const { exports, raw } of instances) call(exports, raw.start)
    call(task.exports, TASK_MAIN)
  })
  const pages = (task.memory?.buffer.byteLength ?? 0) / 2 ** PAGE_BITS
  return { ...result, end, output: output.bytes.subarray(0, output.length), pages }
}
