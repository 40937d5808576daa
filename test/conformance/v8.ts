import type { Signature, ValueType } from '../../spec/index.ts'
import { wasmOf } from '../helpers/wat.ts'
import type { Engine, Instantiation, Outcome, Session, Value } from './engine.ts'
import { globalTypeOf, type SuiteModule, signatureOf } from './prepare.ts'
import { SPECTEST, SPECTEST_PARTS } from './spectest.ts'
import type { Argument, NumberType } from './wast/script.ts'

interface Instance {
  readonly module: SuiteModule
  readonly exports: WebAssembly.Exports
}

/** How a value crosses into JavaScript: bits, as a float would lose what a NaN carries. */
const CARRIER: Readonly<Record<ValueType, string>> = {
  i32: 'i32',
  i64: 'i64',
  f32: 'i32',
  f64: 'i64',
  funcref: 'funcref',
  externref: 'externref',
}
const FROM_BITS: Partial<Readonly<Record<ValueType, string>>> = {
  f32: 'f32.reinterpret_i32',
  f64: 'f64.reinterpret_i64',
}
const TO_BITS: Partial<Readonly<Record<ValueType, string>>> = {
  f32: 'i32.reinterpret_f32',
  f64: 'i64.reinterpret_f64',
}

const clause = (keyword: string, types: readonly string[]): string =>
  types.length === 0 ? '' : `(${keyword} ${types.join(' ')})`

/** A module that calls the function it imports, floats given and taken as integers. */
function callerText({ params, results }: Signature): string {
  const carried = (types: readonly ValueType[]) => types.map((type) => CARRIER[type])
  const push = params.map((type, i) => `local.get ${i} ${FROM_BITS[type] ?? ''}`)
  const local = (i: number) => params.length + i
  const pop = results.map((_, i) => `local.set ${local(i)}`).reverse()
  const give = results.map((type, i) => `local.get ${local(i)} ${TO_BITS[type] ?? ''}`)
  return `(module (import "" "" (func $f ${clause('param', params)} ${clause('result', results)}))
    (func (export "") ${clause('param', carried(params))} ${clause('result', carried(results))}
    ${clause('local', results)} ${push.join(' ')} call $f ${pop.join(' ')} ${give.join(' ')}))`
}

/** V8's words for its traps, and the suite's, several where V8 does not tell them apart. */
const TRAPS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^unreachable/, ['unreachable']],
  [/memory access out of bounds|data segment .*out of bounds/, ['out of bounds memory access']],
  [/divide by zero|remainder by zero/, ['integer divide by zero']],
  [/divide result unrepresentable/, ['integer overflow']],
  [/float unrepresentable in integer range/, ['integer overflow', 'invalid conversion to integer']],
  [/table index is out of bounds/, ['undefined element', 'out of bounds table access']],
  [/table .*out of bounds|element segment .*out of bounds/, ['out of bounds table access']],
  [/null function or function signature/, ['uninitialized element', 'indirect call type mismatch']],
]

/** What a failure stands for; anything unknown is thrown on. */
function failureOf(failure: unknown): { kind: 'trap' | 'exhaustion'; messages: readonly string[] } {
  if (failure instanceof RangeError) return { kind: 'exhaustion', messages: ['call stack exhausted'] }
  const known = TRAPS.find(([words]) => failure instanceof WebAssembly.RuntimeError && words.test(failure.message))
  if (known === undefined) throw failure
  return { kind: 'trap', messages: known[1] }
}

const NUMBER_WIDTH: Readonly<Record<NumberType, number>> = { i32: 32, i64: 64, f32: 32, f64: 64 }
const isNumber = (type: ValueType): type is NumberType => Object.hasOwn(NUMBER_WIDTH, type)

/** Host references are numbers, and null is null. */
function toJs(argument: Argument): unknown {
  if (argument.type === 'ref.null') return null
  if (argument.type === 'ref.extern') return argument.host
  return NUMBER_WIDTH[argument.type] === 32 ? Number(BigInt.asIntN(32, argument.bits)) : argument.bits
}

function fromJs(type: ValueType, value: unknown): Value {
  if (isNumber(type)) return { type, bits: BigInt.asUintN(NUMBER_WIDTH[type], BigInt(value as number | bigint)) }
  if (value === null) return { type: 'ref.null', heap: type === 'funcref' ? 'func' : 'extern' }
  return type === 'funcref' ? { type: 'ref.func' } : { type: 'ref.extern', host: value as number }
}

class V8Session implements Session<Instance> {
  readonly #callers = new Map<string, WebAssembly.Module>()
  readonly #spectest = Object.assign(
    {},
    ...SPECTEST_PARTS.map(({ module }) => new WebAssembly.Instance(new WebAssembly.Module(module.bytes)).exports),
  ) as WebAssembly.ModuleImports

  begin(): void {}

  async instantiate(
    module: SuiteModule,
    registered: (name: string) => Instance | undefined,
  ): Promise<Instantiation<Instance>> {
    const imports: WebAssembly.Imports = { [SPECTEST]: this.#spectest }
    for (const { module: from } of module.module.imports) imports[from] ??= { ...registered(from)?.exports }
    const unknown = module.module.imports.some(({ module: from, name }) => imports[from]?.[name] === undefined)
    if (unknown) return { kind: 'refused', messages: ['unknown import'] }
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), imports)
      return { kind: 'instance', instance: { module, exports } }
    } catch (failure) {
      if (failure instanceof WebAssembly.LinkError) return { kind: 'refused', messages: ['incompatible import type'] }
      return failureOf(failure)
    }
  }

  async invoke({ module, exports }: Instance, field: string, args: readonly Argument[]): Promise<Outcome> {
    const signature = signatureOf(module.module, field)
    const caller = this.#compiled(callerText(signature))
    const instance = new WebAssembly.Instance(caller, { '': { '': exports[field] as WebAssembly.ImportValue } })
    try {
      const returned: unknown = (instance.exports[''] as (...given: unknown[]) => unknown)(...args.map(toJs))
      const values = signature.results.length > 1 ? (returned as unknown[]) : [returned]
      return { kind: 'values', values: signature.results.map((type, i) => fromJs(type, values[i])) }
    } catch (failure) {
      return failureOf(failure)
    }
  }

  async get({ module, exports }: Instance, field: string): Promise<Value> {
    const { type, mutable } = globalTypeOf(module.module, field)
    const text = `(module (import "" "" (global $g ${mutable ? `(mut ${type})` : type}))
      (func (export "") (result ${CARRIER[type]}) global.get $g ${TO_BITS[type] ?? ''}))`
    const reader = new WebAssembly.Instance(this.#compiled(text), { '': { '': exports[field] as WebAssembly.Global } })
    return fromJs(type, (reader.exports[''] as () => unknown)())
  }

  async finish() {
    return { disagreements: [], work: {} }
  }

  #compiled(text: string): WebAssembly.Module {
    const known = this.#callers.get(text) ?? new WebAssembly.Module(wasmOf(text))
    this.#callers.set(text, known)
    return known
  }
}

/** The host's own engine: it shows that the reader of scripts is right. */
export const v8Engine: Engine<Instance> = {
  name: 'v8',
  open: () => new V8Session(),
  close: async () => {},
}
