import type { Signature } from '../../spec/index.ts'
import type { GlobalType, Import, ImportDescriptor, Limits, Module } from '../binary/module.ts'
import type { MemoryPlace, TablePlace } from './body.ts'
import { ImportRefused } from './errors.ts'
import type { Image } from './image.ts'
import { at } from './lookup.ts'
import type { Word } from './words.ts'

/** What a function index of a module stands for in the program. */
export type Callee = FunctionCallee | { readonly kind: 'intrinsic'; readonly word: Word; readonly signature: Signature }

/** A function of the program. */
export interface FunctionCallee {
  readonly kind: 'function'
  /** Index into `Program.functions`. */
  readonly func: number
  readonly signature: Signature
  readonly typeId: number
}

/** What a module exports, and another one may import. */
export type External =
  | { readonly kind: 'function'; readonly callee: FunctionCallee }
  /** `leaf` of GLOBALS. */
  | { readonly kind: 'global'; readonly type: GlobalType; readonly leaf: number }
  | { readonly kind: 'table'; readonly place: TablePlace }
  | { readonly kind: 'memory'; readonly place: MemoryPlace }

/** A function of the runtime, to be linked to the memory of the module that imports it. */
export interface RuntimeExternal {
  readonly kind: 'runtime'
  readonly name: string
  readonly signature: Signature
}

/** What is offered under the two names of an import. */
export type Resolve = (module: string, field: string) => External | RuntimeExternal | undefined

/** What is offered for the imports of a module, in their order. */
export type Imports = readonly (External | RuntimeExternal)[]

export const externalsOf = <K extends External['kind']>(
  imports: Imports,
  kind: K,
): Extract<External, { readonly kind: K }>[] =>
  imports.filter((entry): entry is Extract<External, { readonly kind: K }> => entry.kind === kind)

/** A signature in text form, equal for equal signatures. */
export const signatureText = ({ params, results }: Signature): string =>
  `(${params.join(' ')}) -> (${results.join(' ')})`

/**
 * What is offered for each import of a module, in order.
 * @throws ImportRefused where it is nothing, or does not match. Source: WebAssembly core specification, "Import matching".
 */
export const resolveImports = (module: Module, resolve: Resolve, image: Image): Imports =>
  module.imports.map((entry) => {
    const offered = resolve(entry.module, entry.name)
    if (offered === undefined) throw refused(entry, 'unknown', 'nothing of this name is offered')
    const problem = mismatch(entry.descriptor, offered, module, image)
    if (problem !== null) throw refused(entry, 'incompatible', problem)
    return offered
  })

const refused = ({ module, name }: Import, failure: ImportRefused['failure'], reason: string): ImportRefused =>
  new ImportRefused(module, name, failure, reason)

type Mismatch = string | null

/** Why what is offered is not what is wanted; null if it is. */
const mismatch = (
  wanted: ImportDescriptor,
  offered: External | RuntimeExternal,
  module: Module,
  image: Image,
): Mismatch => {
  if (wanted.kind === 'function' && offered.kind === 'function')
    return functionMismatch(wanted.type, module, offered.callee.signature)
  if (wanted.kind === 'function' && offered.kind === 'runtime')
    return functionMismatch(wanted.type, module, offered.signature)
  if (wanted.kind === 'global' && offered.kind === 'global')
    return typeMismatch(globalText(wanted), globalText(offered.type))
  if (wanted.kind === 'table' && offered.kind === 'table') {
    const { place } = offered
    const size = image.entriesOf(place)
    return typeMismatch(wanted.element, place.type) ?? limitsMismatch(wanted.limits, size, place.maximum, 'entries')
  }
  if (wanted.kind === 'memory' && offered.kind === 'memory')
    return limitsMismatch(wanted.limits, image.pagesOf(offered.place), offered.place.maximum, 'pages')
  return `a ${offered.kind === 'runtime' ? 'function' : offered.kind} is offered, not a ${wanted.kind}`
}

const functionMismatch = (type: number, module: Module, offered: Signature): Mismatch =>
  typeMismatch(signatureText(at(module.types, type, 'type')), signatureText(offered))

const globalText = ({ type, mutable }: GlobalType): string => (mutable ? `mutable ${type}` : type)

const typeMismatch = (wanted: string, offered: string): Mismatch =>
  wanted === offered ? null : `its type is ${offered}, not ${wanted}`

/** The size as it is now counts, and both maxima as they are declared. */
const limitsMismatch = (wanted: Limits, size: number, maximum: number | null, what: string): Mismatch => {
  if (size < wanted.minimum) return `it has ${size} ${what}, not at least ${wanted.minimum}`
  if (wanted.maximum === null || (maximum !== null && maximum <= wanted.maximum)) return null
  return `it may grow to ${maximum ?? 'any number of'} ${what}, not to at most ${wanted.maximum}`
}
