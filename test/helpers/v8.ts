import { TASK_MAIN, TASK_MODULE, TRAP } from '../../spec/index.ts'
import { LAST_INDEX } from './random-body.ts'
import { encodeModule, type ModuleSpec } from './wasm-builder.ts'

/** What a program did, in terms that the engine and the machine share. */
export interface Outcome {
  /** Trap code of the machine; 0 if it halted. */
  readonly trap: number
  readonly output: Uint8Array
  readonly memory: Uint8Array
  /** Bits of the globals, as unsigned numbers. */
  readonly globals: readonly bigint[]
}

/** The engine failed in a way that no trap of the machine stands for. */
export class UnknownEngineFailure extends Error {
  override readonly name = 'UnknownEngineFailure'
  constructor(cause: unknown) {
    super(`the engine says: ${String(cause)}`, { cause })
  }
}

/** A host function's own trap. */
class HostTrap extends Error {
  override readonly name = 'HostTrap'
  readonly trap: number
  constructor(trap: number) {
    super(`host function trap ${trap}`)
    this.trap = trap
  }
}

const START = 'start'
const TABLE = 'table'

/** V8's words for its traps; it does not tell a null reference from a wrong type. */
const MESSAGES: readonly (readonly [RegExp, number])[] = [
  [/^unreachable$/, TRAP.UNREACHABLE],
  [/memory access out of bounds/, TRAP.MEMORY_BOUNDS],
  [/divide by zero|remainder by zero/, TRAP.DIVISION_BY_ZERO],
  [/divide result unrepresentable/, TRAP.INTEGER_OVERFLOW],
  [/table index is out of bounds/, TRAP.UNDEFINED_ELEMENT],
  [/null function or function signature mismatch/, TRAP.TYPE_MISMATCH],
  [/Maximum call stack size exceeded/, TRAP.STACK_EXHAUSTED],
]

const trapOf = (failure: unknown, exports: WebAssembly.Exports): number => {
  if (failure instanceof HostTrap) return failure.trap
  const known = MESSAGES.find(([words]) => failure instanceof Error && words.test(failure.message))
  if (known === undefined) throw new UnknownEngineFailure(failure)
  return known[1] === TRAP.TYPE_MISMATCH && calledNull(exports) ? TRAP.UNINITIALIZED_ELEMENT : known[1]
}

/** The programs keep the last index given to call_indirect in a global. */
const calledNull = (exports: WebAssembly.Exports): boolean =>
  (exports[TABLE] as WebAssembly.Table).get(globalValue(exports, LAST_INDEX)) === null

const globalValue = (exports: WebAssembly.Exports, index: number) =>
  (exports[`global${index}`] as WebAssembly.Global).value

const memoryBytes = (exports: WebAssembly.Exports): Uint8Array =>
  new Uint8Array((exports.memory as WebAssembly.Memory | undefined)?.buffer ?? new ArrayBuffer(0))

/** The task's host functions on plain arrays. */
const createHost = (input: Uint8Array, memory: () => Uint8Array) => {
  const output: number[] = []
  const span = (pointer: number, length: number): Uint8Array => {
    if ((pointer >>> 0) + (length >>> 0) > memory().length) throw new HostTrap(TRAP.MEMORY_BOUNDS)
    return memory().subarray(pointer >>> 0, (pointer >>> 0) + (length >>> 0))
  }
  const functions = {
    input_size: () => input.length,
    input_read: (offset: number, pointer: number, length: number): number => {
      const target = span(pointer, length)
      const part = input.subarray(offset >>> 0).subarray(0, target.length)
      target.set(part)
      return part.length
    },
    output_write: (pointer: number, length: number) => {
      for (const byte of span(pointer, length)) output.push(byte)
    },
  }
  return { functions, output }
}

/**
 * The module with what the host must see. The start function becomes an export, called first: an instance whose
 * start function traps would be lost, and host functions need its memory.
 */
const observable = ({ start, ...spec }: ModuleSpec): ModuleSpec => ({
  ...spec,
  exports: [
    ...spec.exports,
    ...(start === undefined ? [] : [{ name: START, kind: 'function' as const, index: start }]),
    ...(spec.table ? [{ name: TABLE, kind: 'table' as const, index: 0 }] : []),
  ],
})

/** Runs a program in the host's engine. */
export const runInEngine = (spec: ModuleSpec, input: Uint8Array): Outcome => {
  const { functions, output } = createHost(input, () => memoryBytes(exports))
  const module = new WebAssembly.Module(encodeModule(observable(spec)))
  const { exports } = new WebAssembly.Instance(module, { [TASK_MODULE]: functions })
  let trap: number = TRAP.NONE
  try {
    for (const name of [START, TASK_MAIN]) (exports[name] as (() => void) | undefined)?.()
  } catch (failure) {
    trap = trapOf(failure, exports)
  }
  return {
    trap,
    output: Uint8Array.from(output),
    memory: memoryBytes(exports),
    globals: spec.globals.map(({ type }, index) =>
      BigInt.asUintN(type === 'i32' ? 32 : 64, BigInt(globalValue(exports, index))),
    ),
  }
}
