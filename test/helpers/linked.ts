import { expect } from 'vitest'
import { decodeModule } from '../../interpreter/binary/index.ts'
import {
  call,
  constant,
  halt,
  type Instance,
  Linker,
  type LinkerOptions,
  type Resolve,
} from '../../interpreter/lower/index.ts'
import { RUNTIME_FUNCTIONS, type RuntimeFunction } from '../../interpreter/lower/runtime.ts'
import { Machine, remainsOf } from '../../interpreter/machine/index.ts'
import { STATUS, TRAP_NAMES, type ValueType } from '../../spec/index.ts'
import { taskRuntime } from './lowered.ts'
import { wasmOf } from './wat.ts'

/** i32 is a number, i64 a bigint; an externref is the number that the host gave, or null. */
export type Argument = number | bigint | null

const STUB_WORDS = 12
const MAX_STEPS = 10_000_000

/** What a call gave: slots of the machine, or the words of its trap. */
export type Result = readonly bigint[] | string

const slotOf = (value: unknown, type: ValueType): bigint => {
  if (type === 'externref') return value === null ? 0n : BigInt(value as number) + 1n
  if (type === 'funcref') throw new RangeError('references to functions differ between engines')
  return BigInt.asUintN(type === 'i32' ? 32 : 64, BigInt(value as number | bigint))
}

/** Modules in text form, linked one after another in the machine and in the host's engine. */
export class Linked {
  readonly linker: Linker
  /** Steps of the last call in the machine. */
  steps = 0
  readonly #instances = new Map<string, Instance>()
  readonly #engine: Record<string, WebAssembly.Exports> = {}

  constructor(options: Partial<LinkerOptions> = {}) {
    this.linker = new Linker(taskRuntime, { stubWords: STUB_WORDS, ...options })
  }

  /** The machine's instance of a module. */
  instance(name: string): Instance {
    const found = this.#instances.get(name)
    if (found === undefined) throw new RangeError(`no module ${name}`)
    return found
  }

  /** Links a module in the machine only. */
  add(name: string, text: string): Instance {
    const instance = this.linker.add(name, decodeModule(wasmOf(text)), (...names) => this.#resolve(...names))
    this.#instances.set(name, instance)
    this.linker.initialize(instance)
    if (instance.start !== null) this.#run(instance.start, [], 0)
    return instance
  }

  /** The functions of the runtime are offered, too, under a name of their own. */
  #resolve(module: string, field: string): ReturnType<Resolve> {
    if (module !== 'runtime') return this.#instances.get(module)?.exports.get(field)
    return { kind: 'runtime', name: field, signature: RUNTIME_FUNCTIONS[field as RuntimeFunction] }
  }

  /** Links a module in both. */
  link(name: string, text: string): Instance {
    const instance = this.add(name, text)
    this.linkInEngine(name, text)
    return instance
  }

  linkInEngine(name: string, text: string): void {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasmOf(text)), this.#engine)
    this.#engine[name] = instance.exports
  }

  /** Calls an exported function in both, which must give the same. */
  call(name: string, field: string, ...args: readonly Argument[]): Result {
    const found = this.callMachine(name, field, ...args)
    const wanted = this.#callEngine(name, field, args)
    if (wanted === 'trap') expect(typeof found, `${name}.${field}(${args}) is ${found}`).toBe('string')
    else expect(found, `${name}.${field}(${args})`).toEqual(wanted)
    return found
  }

  callMachine(name: string, field: string, ...args: readonly Argument[]): Result {
    const { callee, signature } = this.#function(name, field)
    const slots = args.map((arg, i) => slotOf(arg, signature.params[i] as ValueType))
    return this.#run(this.linker.entryOf(callee), slots, signature.results.length)
  }

  #function(name: string, field: string) {
    const found = this.instance(name).exports.get(field)
    if (found?.kind !== 'function') throw new RangeError(`no function ${name}.${field}`)
    return { callee: found.callee, signature: found.callee.signature }
  }

  #run(entry: number, slots: readonly bigint[], results: number): Result {
    const program = this.linker.program([...slots.map(constant), call(entry), halt()])
    const machine = new Machine(program, new Uint8Array(0))
    machine.runTo(MAX_STEPS)
    this.linker.absorb(remainsOf(machine.store))
    this.steps = machine.steps - slots.length - 2
    const { status, exit, slots64 } = machine.store
    if (status === STATUS.RUNNING) throw new RangeError('the call does not end')
    if (status === STATUS.TRAPPED) return TRAP_NAMES[exit] ?? ''
    return Array.from(slots64.subarray(0, results), (slot) => BigInt.asUintN(64, slot))
  }

  #callEngine(name: string, field: string, args: readonly Argument[]): readonly bigint[] | 'trap' {
    const { results } = this.#function(name, field).signature
    const engineCall = this.#engine[name]?.[field] as (...args: readonly Argument[]) => unknown
    try {
      const returned = engineCall(...args)
      const values = results.length === 1 ? [returned] : results.length === 0 ? [] : (returned as unknown[])
      return values.map((value, i) => slotOf(value, results[i] as ValueType))
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return 'trap'
      throw error
    }
  }
}
