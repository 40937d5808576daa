import { INTRINSIC_MODULE, INTRINSICS, type Intrinsic, type Signature, TASK_MODULE } from '../../spec/index.ts'
import { functionNamer, type Import, importsOf, type Module } from '../binary/module.ts'
import type { MemoryPlace, Scope } from './body.ts'
import { ExportRefused, ImportRefused, RuntimeRefused } from './errors.ts'
import type { Functions } from './functions.ts'
import { type Callee, type FunctionCallee, signatureText } from './link.ts'
import { at } from './lookup.ts'

/**
 * Functions of the runtime by which instructions are lowered whose work has no bound. The operands of the instruction
 * come first, in their order; the others say where tables and segments lie. References are i64.
 */
export const RUNTIME_FUNCTIONS = {
  memory_fill: { params: ['i32', 'i32', 'i32'], results: [] },
  memory_copy: { params: ['i32', 'i32', 'i32'], results: [] },
  /** to, from, count; base and length of the segment. */
  memory_init: { params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: [] },
  /** delta; size and limit of the memory. */
  window_grow: { params: ['i32', 'i32', 'i32'], results: ['i32'] },
  /** index, reference, count; base and size of the table. */
  table_fill: { params: ['i32', 'i64', 'i32', 'i32', 'i32'], results: [] },
  /** to, from, count; base and size of the target, base and size of the source. */
  table_copy: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: [] },
  /** to, from, count; base and size of the table, base and length of the segment. */
  table_init: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: [] },
  /** reference, count; base, size and limit of the table. */
  table_grow: { params: ['i64', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
} as const satisfies Record<string, Signature>

export type RuntimeFunction = keyof typeof RUNTIME_FUNCTIONS

/** The name by which functions of the runtime stand in the program. */
const RUNTIME_NAME = TASK_MODULE

/** What all functions of a program share. */
export type ProgramScope = Pick<Scope, 'code' | 'entries' | 'stackReserve'>

/** What the runtime's functions refer to that are linked to one memory. */
interface Bound extends Scope {
  /** By function index; a function that is not used yet is missing. */
  readonly callees: Callee[]
}

/**
 * The runtime: a module whose functions become part of the program when they are first used, once for each memory
 * that they are linked to. It has nothing of its own but functions.
 */
export class Runtime {
  readonly #module: Module
  readonly #functions: Functions
  readonly #shared: ProgramScope
  readonly #intrinsics: readonly Callee[]
  readonly #bound = new Map<MemoryPlace, Bound>()

  /** @throws RuntimeRefused, ImportRefused */
  constructor(module: Module, functions: Functions, shared: ProgramScope) {
    requireOnlyFunctions(module)
    this.#module = module
    this.#functions = functions
    this.#shared = shared
    this.#intrinsics = module.imports
      .filter(({ descriptor }) => descriptor.kind !== 'memory')
      .map((entry) => intrinsicImport(entry, module))
  }

  /**
   * The exported function of this name, linked to a memory.
   * @throws ExportRefused unless it has the signature
   */
  function(name: string, signature: Signature, memory: MemoryPlace): FunctionCallee {
    return this.#use(exportedFunction(this.#module, name, signature), this.#boundTo(memory))
  }

  #boundTo(memory: MemoryPlace): Bound {
    const known = this.#bound.get(memory)
    if (known !== undefined) return known
    const types = this.#functions.typesOf(this.#module)
    const places = { types, globals: [], globalTypes: [], tables: [], memory, elements: [], data: [] }
    const runtime = (name: RuntimeFunction) => this.function(name, RUNTIME_FUNCTIONS[name], memory)
    const bound = { ...this.#shared, ...places, callees: [...this.#intrinsics], runtime }
    this.#bound.set(memory, bound)
    return bound
  }

  /** Adds a function to the program if it is not there, and those that it calls. */
  #use(index: number, bound: Bound): FunctionCallee {
    const known = bound.callees[index]
    if (known?.kind === 'function') return known
    const body = at(this.#module.functions, index - this.#intrinsics.length, 'function')
    const name = functionNamer(this.#module)(index) ?? `func[${index}]`
    const callee = this.#functions.declare(RUNTIME_NAME, name, at(bound.types, body.type, 'type'))
    bound.callees[index] = callee
    this.#functions.define(callee, bound, body)
    for (const instruction of body.body) {
      if (instruction.op === 'call' && bound.callees[instruction.func] === undefined) this.#use(instruction.func, bound)
    }
    return callee
  }
}

const requireOnlyFunctions = ({ memories, tables, globals, data, elements, start }: Module): void => {
  if (memories.length > 0) throw new RuntimeRefused('a memory')
  if (tables.length > 0) throw new RuntimeRefused('a table')
  if (globals.length > 0) throw new RuntimeRefused('a global')
  if (data.length > 0) throw new RuntimeRefused('data segments')
  if (elements.length > 0) throw new RuntimeRefused('element segments')
  if (start !== null) throw new RuntimeRefused('a start function')
}

const offered = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

const intrinsicImport = ({ module, name, descriptor }: Import, runtime: Module): Callee => {
  const intrinsic = module === INTRINSIC_MODULE ? offered<Intrinsic>(INTRINSICS, name) : undefined
  if (intrinsic === undefined || descriptor.kind !== 'function') {
    throw new ImportRefused(module, name, 'unknown', 'nothing of this name is offered to the runtime')
  }
  const signature = at(runtime.types, descriptor.type, 'type')
  if (signatureText(signature) !== signatureText(intrinsic)) {
    const reason = `its type is ${signatureText(intrinsic)}, not ${signatureText(signature)}`
    throw new ImportRefused(module, name, 'incompatible', reason)
  }
  return { kind: 'intrinsic', word: intrinsic.word, signature }
}

/** Index of an exported function, which must have the wanted signature. */
const exportedFunction = (module: Module, name: string, wanted: Signature): number => {
  const found = module.exports.find((candidate) => candidate.name === name && candidate.kind === 'function')
  const body = module.functions[(found?.index ?? 0) - importsOf(module.imports, 'function').length]
  if (found === undefined || body === undefined) throw new ExportRefused(name, 'the runtime has no such function')
  const signature = at(module.types, body.type, 'type')
  if (signatureText(signature) === signatureText(wanted)) return found.index
  throw new ExportRefused(name, `its type is ${signatureText(signature)}, not ${signatureText(wanted)}`)
}
