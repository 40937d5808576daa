import { type Signature, TASK_IMPORTS, TASK_MAIN, TASK_MODULE } from '../../spec/index.ts'
import { importsOf, type Module } from '../binary/module.ts'
import { ExportRefused, LibraryRefused } from './errors.ts'
import type { Instance } from './instance.ts'
import { type External, type Resolve, signatureText } from './link.ts'
import { Linker, type LinkerOptions } from './linker.ts'
import type { Program } from './program.ts'
import { call, halt } from './words.ts'

/** A module that a task, or a later library, imports from by its name. */
export interface Library {
  readonly name: string
  readonly module: Module
}

export interface LoweringOptions extends Pick<LinkerOptions, 'stackLimit' | 'keepSources'> {
  /** Linked before the task, in this order. */
  readonly libraries?: readonly Library[]
}

const TASK_NAME = 'task'

/**
 * Leaves of TABLES that a task may have. A declaration of a few bytes may ask for millions of entries, which every
 * player would hold and hash.
 */
const TASK_TABLE_LIMIT = 2 ** 20

/**
 * Lowers a task to the start state of the machine. The runtime is a module that exports the functions of the task ABI
 * and those by which instructions are lowered; what is used of it becomes part of the program.
 * Throws LinkError or ProgramTooLarge.
 */
export const lower = (task: Module, runtime: Module, options: LoweringOptions = {}): Program => {
  const { libraries = [], ...linking } = options
  requireNames(libraries)
  const modules: readonly Library[] = [...libraries, { name: TASK_NAME, module: task }]
  requireLateStarts(modules)
  const linker = new Linker(runtime, {
    ...linking,
    tableLimit: TASK_TABLE_LIMIT,
    stubWords: modules.filter(hasStart).length + END.length,
  })
  const instances: Instance[] = []
  for (const { name, module } of modules) {
    const instance = linker.add(name, module, offeredBy(instances))
    linker.initialize(instance)
    instances.push(instance)
  }
  return linker.program(...startStub(linker, instances))
}

const MAIN: Signature = { params: [], results: [] }

/** Behind the calls of start functions. */
const END = ['call main', 'halt'] as const

/** From pc 0: the start functions, then main, then the end with exit code 0. */
const startStub = (linker: Linker, instances: readonly Instance[]): Parameters<Linker['program']> => {
  const starts = instances.flatMap(({ start }) => (start === null ? [] : [call(start)]))
  const main = linker.entryOf(mainOf(instances.at(-1)?.exports.get(TASK_MAIN)))
  return [
    [...starts, call(main), halt()],
    [...starts.map(() => 'call start'), ...END],
  ]
}

const mainOf = (main: External | undefined) => {
  if (main === undefined) throw new ExportRefused(TASK_MAIN, 'it is missing')
  if (main.kind !== 'function') throw new ExportRefused(TASK_MAIN, `it is a ${main.kind}, not a function`)
  const [found, wanted] = [signatureText(main.callee.signature), signatureText(MAIN)]
  if (found !== wanted) throw new ExportRefused(TASK_MAIN, `its type is ${found}, not ${wanted}`)
  return main.callee
}

/** The task ABI, and the libraries by name. */
const offeredBy =
  (instances: readonly Instance[]): Resolve =>
  (module, field) => {
    if (module !== TASK_MODULE) return instances.find(({ name }) => name === module)?.exports.get(field)
    if (!Object.hasOwn(TASK_IMPORTS, field)) return undefined
    return { kind: 'runtime', name: field, signature: TASK_IMPORTS[field as keyof typeof TASK_IMPORTS] }
  }

const requireNames = (libraries: readonly Library[]): void => {
  const taken = new Set([TASK_NAME, TASK_MODULE])
  for (const { name } of libraries) {
    if (taken.has(name)) throw new LibraryRefused(name, 'the name is taken')
    taken.add(name)
  }
}

const hasStart = ({ module }: Library): boolean => module.start !== null

/**
 * All segments are applied before the machine runs: a start function must not find what a later module writes to a
 * memory or table that it imports.
 */
const requireLateStarts = (modules: readonly Library[]): void => {
  const first = modules.find(hasStart)
  const later = modules.slice(modules.findIndex(hasStart) + 1).find(({ module }) => writesImports(module))
  if (first === undefined || later === undefined) return
  const reason = `its start function has to run before ${JSON.stringify(later.name)} writes segments to what it imports`
  throw new LibraryRefused(first.name, reason)
}

const writesImports = ({ imports, elements, data }: Module): boolean => {
  const intoImport = (kind: 'table' | 'memory') => (segment: { readonly mode: string | { readonly index: number } }) =>
    typeof segment.mode !== 'string' && segment.mode.index < importsOf(imports, kind).length
  return elements.some(intoImport('table')) || data.some(intoImport('memory'))
}
