import {
  decodeModule,
  InvalidModule,
  importsOf,
  MalformedModule,
  type Module,
  UnsupportedFeature,
} from '../../interpreter/binary/index.ts'
import type { GlobalType, ImportDescriptor } from '../../interpreter/binary/module.ts'
import type { Signature } from '../../spec/index.ts'
import { TextRefused, wasmOf } from '../helpers/wat.ts'
import type { ModuleSource } from './wast/script.ts'

/** A decoded module and the bytes that it came from. */
export interface SuiteModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly module: Module
}

/** A module that can be instantiated, or which format refused it, and why. */
export type Prepared =
  | { readonly kind: 'module'; readonly module: SuiteModule }
  | { readonly kind: 'refused'; readonly by: 'text' | 'binary'; readonly reason: string }

/** A script asks an instance for something that it does not export. */
export class UnknownExport extends Error {
  override readonly name = 'UnknownExport'
  readonly kind: string
  readonly field: string
  constructor(kind: string, field: string) {
    super(`no ${kind} is exported as ${JSON.stringify(field)}`)
    this.kind = kind
    this.field = field
  }
}

const REFUSALS = { text: [TextRefused], binary: [MalformedModule, InvalidModule, UnsupportedFeature] } as const

/**
 * Brings a module into binary, without validation, and decodes it.
 * @throws whatever is no refusal: a reader that breaks has refused nothing
 */
export function prepare(source: ModuleSource): Prepared {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = source.form === 'binary' ? Uint8Array.from(source.bytes) : wasmOf(source.bytes)
  } catch (error) {
    return refused('text', error)
  }
  try {
    return { kind: 'module', module: { bytes, module: decodeModule(bytes) } }
  } catch (error) {
    return refused('binary', error)
  }
}

function refused(by: keyof typeof REFUSALS, error: unknown): Prepared {
  const refusal = REFUSALS[by].find((kind) => error instanceof kind)
  if (refusal === undefined || !(error instanceof Error)) throw error
  return { kind: 'refused', by, reason: error.message }
}

/** Index of an export in the index space of its kind. */
function exportIndex({ exports }: Module, wanted: ImportDescriptor['kind'], field: string): number {
  const found = exports.find(({ name, kind }) => name === field && kind === wanted)
  if (found === undefined) throw new UnknownExport(wanted, field)
  return found.index
}

/**
 * The type of an exported function.
 * @throws UnknownExport
 */
export function signatureOf(module: Module, field: string): Signature {
  const types = [...importsOf(module.imports, 'function'), ...module.functions]
  return module.types[types[exportIndex(module, 'function', field)]?.type as number] as Signature
}

/**
 * The type of an exported global.
 * @throws UnknownExport
 */
export function globalTypeOf(module: Module, field: string): GlobalType {
  const globals = [...importsOf(module.imports, 'global'), ...module.globals]
  return globals[exportIndex(module, 'global', field)] as GlobalType
}
