import { TASK_MAIN, TASK_MODULE, TRAP } from '../../spec/index.ts'
import { type Observable, observable } from './observable.ts'
import { encodeModule, type ModuleSpec } from './wasm-builder.ts'

/** What a program did, in terms that the engine and the machine share. */
export interface Outcome {
  /** Trap code of the machine; 0 if it halted. */
  readonly trap: number
  readonly output: Uint8Array
  readonly memory: Uint8Array
  /** Bits of the globals, as unsigned numbers; a reference is 0 for null, else its function's index and 1. */
  readonly globals: readonly bigint[]
  /** References of every table, in the same form. */
  readonly tables: readonly (readonly bigint[])[]
}

/** A module that should be valid and is not. */
export class InvalidProgram extends Error {
  override readonly name = 'InvalidProgram'
  readonly wasm: Uint8Array
  constructor(wasm: Uint8Array, cause: unknown) {
    super(`the engine refuses the module: ${String(cause)}`, { cause })
    this.wasm = wasm
  }
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

/** V8's words for its traps; some stand for several. */
const MESSAGES: readonly (readonly [words: RegExp, trapOf: (instance: Instance) => number])[] = [
  [/^unreachable$/, () => TRAP.UNREACHABLE],
  [/memory access out of bounds/, () => TRAP.MEMORY_BOUNDS],
  [/divide by zero|remainder by zero/, () => TRAP.DIVISION_BY_ZERO],
  [/divide result unrepresentable/, () => TRAP.INTEGER_OVERFLOW],
  [/float unrepresentable in integer range/, (instance) => unrepresentable(instance)],
  [/table index is out of bounds/, (instance) => outOfTable(instance)],
  [/element segment out of bounds/, () => TRAP.TABLE_BOUNDS],
  [/null function or function signature mismatch/, (instance) => uncallable(instance)],
  [/Maximum call stack size exceeded/, () => TRAP.STACK_EXHAUSTED],
]

interface Instance {
  readonly exports: WebAssembly.Exports
  readonly seen: Observable
}

const globalValue = ({ exports }: Instance, name: string): unknown => (exports[name] as WebAssembly.Global).value

const unrepresentable = (instance: Instance): number =>
  globalValue(instance, instance.seen.lastNan) === 1 ? TRAP.INVALID_CONVERSION : TRAP.INTEGER_OVERFLOW

const outOfTable = (instance: Instance): number =>
  globalValue(instance, instance.seen.lastTable) === -1 ? TRAP.TABLE_BOUNDS : TRAP.UNDEFINED_ELEMENT

const uncallable = (instance: Instance): number => {
  const table = Number(globalValue(instance, instance.seen.lastTable))
  const entry = tableOf(instance, table).get(Number(globalValue(instance, instance.seen.lastIndex)))
  return entry === null ? TRAP.UNINITIALIZED_ELEMENT : TRAP.TYPE_MISMATCH
}

const tableOf = ({ exports }: Instance, index: number) => exports[`table${index}`] as WebAssembly.Table

const trapOf = (failure: unknown, instance: Instance): number => {
  if (failure instanceof HostTrap) return failure.trap
  const known = MESSAGES.find(([words]) => failure instanceof Error && words.test(failure.message))
  if (known === undefined) throw new UnknownEngineFailure(failure)
  return known[1](instance)
}

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

/** Numbers of references: 0 for null, else the index of the function and 1. */
const numbering = ({ exports, seen }: Instance, functions: number): ((reference: unknown) => bigint) => {
  const indices = new Map<unknown, bigint>([[null, 0n]])
  for (let index = 0; index < functions; index++) indices.set(exports[seen.functionName(index)], BigInt(index + 1))
  return (reference) => {
    const found = indices.get(reference)
    if (found === undefined) throw new UnknownEngineFailure(`a reference to ${String(reference)}`)
    return found
  }
}

const observe = (instance: Instance, spec: ModuleSpec) => {
  const { exports, seen } = instance
  const numberOf = numbering(instance, spec.imports.length + spec.functions.length)
  const globals = spec.globals.map(({ type }, index) => {
    if (type === 'funcref' || type === 'externref') return numberOf(globalValue(instance, `global${index}`))
    const isFloat = type === 'f32' || type === 'f64'
    const value = isFloat
      ? (exports[seen.bitsName(index)] as () => number | bigint)()
      : (globalValue(instance, `global${index}`) as number | bigint)
    return BigInt.asUintN(type === 'i32' || type === 'f32' ? 32 : 64, BigInt(value))
  })
  const tables = (spec.tables ?? []).map((_, index) => {
    const table = tableOf(instance, index)
    return Array.from({ length: table.length }, (_entry, i) => numberOf(table.get(i)))
  })
  return { globals, tables }
}

/** @throws InvalidProgram if the module is not valid as it is, or not as it is observed */
const compile = (spec: ModuleSpec, seen: Observable): WebAssembly.Module => {
  const plain = encodeModule(spec)
  if (!WebAssembly.validate(plain)) throw new InvalidProgram(plain, failureOf(plain))
  return new WebAssembly.Module(encodeModule(seen.spec))
}

const failureOf = (wasm: Uint8Array<ArrayBuffer>): unknown => {
  try {
    return new WebAssembly.Module(wasm)
  } catch (failure) {
    return failure
  }
}

/** Runs a program in the host's engine. */
export const runInEngine = (spec: ModuleSpec, input: Uint8Array): Outcome => {
  const { functions, output } = createHost(input, () => memoryBytes(exports))
  const seen = observable(spec)
  const { exports } = new WebAssembly.Instance(compile(spec, seen), { [TASK_MODULE]: functions })
  const instance = { exports, seen }
  let trap: number = TRAP.NONE
  try {
    for (const name of [seen.startName, TASK_MAIN]) (exports[name] as (() => void) | undefined)?.()
  } catch (failure) {
    trap = trapOf(failure, instance)
  }
  return { trap, output: Uint8Array.from(output), memory: memoryBytes(exports), ...observe(instance, spec) }
}
