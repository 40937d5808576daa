import type { ReferenceType, Signature, ValueType } from '../../spec/index.ts'
import type { Instruction } from './instruction.ts'

/** A decoded and validated module. Index spaces are those of WebAssembly: imports come first. */
export interface Module {
  readonly types: readonly Signature[]
  readonly imports: readonly Import[]
  /** Defined functions. */
  readonly functions: readonly FunctionBody[]
  /** Defined tables. */
  readonly tables: readonly TableType[]
  /** Defined memories: none or one. */
  readonly memories: readonly Limits[]
  /** Defined globals. */
  readonly globals: readonly Global[]
  readonly exports: readonly Export[]
  readonly start: number | null
  readonly elements: readonly ElementSegment[]
  readonly data: readonly DataSegment[]
  /** Function index to its name in the name section. */
  readonly functionNames: ReadonlyMap<number, string>
}

/** Entries of a table or pages of a memory. */
export interface Limits {
  readonly minimum: number
  readonly maximum: number | null
}

export interface TableType {
  readonly element: ReferenceType
  readonly limits: Limits
}

export interface GlobalType {
  readonly type: ValueType
  readonly mutable: boolean
}

export type ImportDescriptor =
  | { readonly kind: 'function'; readonly type: number }
  | ({ readonly kind: 'table' } & TableType)
  | { readonly kind: 'memory'; readonly limits: Limits }
  | ({ readonly kind: 'global' } & GlobalType)

export interface Import {
  readonly module: string
  readonly name: string
  readonly descriptor: ImportDescriptor
}

export interface Export {
  readonly name: string
  readonly kind: ImportDescriptor['kind']
  readonly index: number
}

/** A run of locals of one type. */
export interface LocalRun {
  readonly count: number
  readonly type: ValueType
}

export interface FunctionBody {
  readonly type: number
  /** Locals without the arguments. */
  readonly locals: readonly LocalRun[]
  /** In order of bytes, the closing `end` included. */
  readonly body: readonly Instruction[]
  /** Byte offset of the first byte after the body's size. */
  readonly offset: number
}

/** A constant expression: one constant, an imported global, or a reference. Numbers are bits, unsigned. */
export type ConstExpression = { readonly offset: number } & (
  | { readonly op: 'i32.const' | 'i64.const' | 'f32.const' | 'f64.const'; readonly value: bigint }
  | { readonly op: 'global.get'; readonly global: number }
  | { readonly op: 'ref.null'; readonly reference: ReferenceType }
  | { readonly op: 'ref.func'; readonly func: number }
)

export interface Global extends GlobalType {
  readonly init: ConstExpression
}

/** Where a segment goes when its module is instantiated, and is dropped then; an index and an offset there. */
export interface Placement {
  readonly index: number
  readonly at: ConstExpression
}

export interface ElementSegment {
  readonly type: ReferenceType
  readonly items: readonly ConstExpression[]
  /** A table and an offset in it; declarative segments are dropped without a place. */
  readonly mode: 'passive' | 'declarative' | Placement
}

export interface DataSegment {
  readonly bytes: Uint8Array
  /** The memory and an offset in it. */
  readonly mode: 'passive' | Placement
}

/** The imports of one kind, in order: the front of that kind's index space. */
export const importsOf = <K extends ImportDescriptor['kind']>(
  imports: readonly Import[],
  kind: K,
): Extract<ImportDescriptor, { readonly kind: K }>[] =>
  imports
    .map((entry) => entry.descriptor)
    .filter((descriptor): descriptor is Extract<ImportDescriptor, { readonly kind: K }> => descriptor.kind === kind)

/** Names of a module's functions by index: from the name section, else the export; null if there is neither. */
export const functionNamer = ({
  functionNames,
  exports,
}: Pick<Module, 'functionNames' | 'exports'>): ((index: number) => string | null) => {
  const functions = exports.filter(({ kind }) => kind === 'function')
  const exported = new Map(functions.map(({ index, name }) => [index, name]))
  return (index) => functionNames.get(index) ?? exported.get(index) ?? null
}
