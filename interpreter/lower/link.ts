import {
  INTRINSIC_MODULE,
  INTRINSICS,
  type Intrinsic,
  type Signature,
  TASK_IMPORTS,
  TASK_MAIN,
  TASK_MODULE,
} from '../../spec/index.ts'
import { type Export, type Import, importsOf, type Module } from '../binary/module.ts'
import { ExportRefused, ImportRefused, RuntimeRefused } from './errors.ts'
import { at } from './lookup.ts'
import type { Word } from './words.ts'

/** What a function index of a module stands for in the program. */
export type Callee =
  | { readonly kind: 'function'; readonly func: number; readonly signature: Signature }
  | { readonly kind: 'intrinsic'; readonly word: Word; readonly signature: Signature }

/** A module with its place in the program. */
export interface LinkedModule {
  readonly module: Module
  readonly name: string
  /** By function index, imports included. */
  readonly callees: readonly Callee[]
  /** Index in the program of the first function defined here. */
  readonly firstFunction: number
  /** Index in the program of the first global. */
  readonly firstGlobal: number
}

const TASK_NAME = 'task'

/** Resolves the imports of the task, and of the runtime if the task needs it. The task comes first. */
export const linkModules = (task: Module, runtime: Module): LinkedModule[] => {
  const firstOfRuntime = task.functions.length
  const linkedRuntime = task.imports.length > 0 ? [linkRuntime(runtime, firstOfRuntime, task.globals.length)] : []
  const imported = task.imports.map((entry) => taskImport(entry, task, runtime, firstOfRuntime))
  const callees = [...imported, ...definedCallees(task, 0)]
  return [{ module: task, name: TASK_NAME, callees, firstFunction: 0, firstGlobal: 0 }, ...linkedRuntime]
}

const linkRuntime = (runtime: Module, firstFunction: number, firstGlobal: number): LinkedModule => {
  if (runtime.memories.length > 0) throw new RuntimeRefused('a memory')
  if (runtime.tables.length > 0) throw new RuntimeRefused('a table')
  if (runtime.data.length > 0) throw new RuntimeRefused('data segments')
  if (runtime.start !== null) throw new RuntimeRefused('a start function')
  const functionImports = runtime.imports.filter(({ descriptor }) => descriptor.kind !== 'memory')
  const callees = [
    ...functionImports.map((entry) => intrinsicImport(entry, runtime)),
    ...definedCallees(runtime, firstFunction),
  ]
  return { module: runtime, name: TASK_MODULE, callees, firstFunction, firstGlobal }
}

const signatureOf = (module: Module, typeIndex: number): Signature => at(module.types, typeIndex, 'type')

const definedCallees = (module: Module, firstFunction: number): Callee[] =>
  module.functions.map(({ type }, i) => ({
    kind: 'function',
    func: firstFunction + i,
    signature: signatureOf(module, type),
  }))

/** A signature in text form, equal for equal signatures. */
export const signatureText = ({ params, results }: Signature): string =>
  `(${params.join(' ')}) -> (${results.join(' ')})`

/** The signature of a function import, which must be the wanted one. */
const expectSignature = (entry: Import, module: Module, wanted: Signature): Signature => {
  const { descriptor } = entry
  if (descriptor.kind !== 'function') {
    throw new ImportRefused(entry.module, entry.name, `a function is offered, not a ${descriptor.kind}`)
  }
  const signature = signatureOf(module, descriptor.type)
  if (signatureText(signature) !== signatureText(wanted)) {
    const reason = `its type is ${signatureText(wanted)}, not ${signatureText(signature)}`
    throw new ImportRefused(entry.module, entry.name, reason)
  }
  return signature
}

const offered = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

const taskImport = (entry: Import, task: Module, runtime: Module, firstOfRuntime: number): Callee => {
  const wanted = entry.module === TASK_MODULE ? offered<Signature>(TASK_IMPORTS, entry.name) : undefined
  if (wanted === undefined)
    throw new ImportRefused(entry.module, entry.name, 'nothing of this name is offered to tasks')
  const signature = expectSignature(entry, task, wanted)
  return { kind: 'function', func: firstOfRuntime + exportedFunction(runtime, entry.name, wanted), signature }
}

const intrinsicImport = (entry: Import, runtime: Module): Callee => {
  const intrinsic = entry.module === INTRINSIC_MODULE ? offered<Intrinsic>(INTRINSICS, entry.name) : undefined
  if (intrinsic === undefined) {
    throw new ImportRefused(entry.module, entry.name, 'nothing of this name is offered to the runtime')
  }
  return { kind: 'intrinsic', word: intrinsic.word, signature: expectSignature(entry, runtime, intrinsic) }
}

/** Index among the defined functions of an exported one, which must have the wanted signature. */
const exportedFunction = (module: Module, name: string, wanted: Signature): number => {
  const found: Export | undefined = module.exports.find((candidate) => candidate.name === name)
  if (found === undefined) throw new ExportRefused(name, 'it is missing')
  if (found.kind !== 'function') throw new ExportRefused(name, `it is a ${found.kind}, not a function`)
  const index = found.index - importsOf(module.imports, 'function').length
  const body = module.functions[index]
  if (body === undefined) throw new ExportRefused(name, 'it is an imported function')
  const signature = signatureOf(module, body.type)
  if (signatureText(signature) !== signatureText(wanted)) {
    throw new ExportRefused(name, `its type is ${signatureText(signature)}, not ${signatureText(wanted)}`)
  }
  return index
}

/** The function that the start stub calls, as an index in the program. */
export const mainFunction = (task: Module): number => exportedFunction(task, TASK_MAIN, { params: [], results: [] })
