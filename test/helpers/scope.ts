import { decodeModule } from '../../interpreter/binary/index.ts'
import { importsOf, type Module } from '../../interpreter/binary/module.ts'
import type { MemoryPlace, Scope, SegmentPlace, TablePlace } from '../../interpreter/lower/body.ts'
import { CodeBuilder } from '../../interpreter/lower/code-builder.ts'
import { lowerFunction } from '../../interpreter/lower/function.ts'
import { signatureText } from '../../interpreter/lower/link.ts'
import { at } from '../../interpreter/lower/lookup.ts'
import { RUNTIME_FUNCTIONS } from '../../interpreter/lower/runtime.ts'
import { wasmOf } from './wat.ts'
import { wordTexts } from './word-text.ts'

/** A scope made by hand: what an index of the module became can be told from the number in the word. */
const FIRST_TYPE_ID = 50
/** Of functions of the runtime, which have no references. */
const NO_TYPE_ID = 0
const FIRST_GLOBAL = 100
const FIRST_ENTRY = 20_000

/** Base, size or length, and room of the k-th one. */
const tablePlace = (k: number): TablePlace => ({
  type: 'funcref',
  base: 1000 * (k + 1),
  capacityLog2: 4 + k,
  maximum: null,
  growLimit: 11 + k,
  sizeGlobal: 200 + k,
})

const elementPlace = (k: number): SegmentPlace => ({ base: 8000 + 100 * k, lengthGlobal: 300 + k })

const dataPlace = (k: number): SegmentPlace => ({ base: 9000 + 100 * k, lengthGlobal: 400 + k })

const LINEAR_MEMORY: MemoryPlace = { maximum: null, growLimit: 77, window: null }

/** A memory that is a window of MEMORY. */
export const WINDOW: MemoryPlace = { maximum: null, growLimit: 88, window: { base: 0xfc10_0000, sizeGlobal: 500 } }

/** Entries of the runtime's functions: 30,000 + the position in the table. */
const FIRST_RUNTIME_ENTRY = 30_000
const RUNTIME_NAMES = Object.keys(RUNTIME_FUNCTIONS)

const typesOf = ({ types }: Module): Scope['types'] => {
  const texts = types.map(signatureText)
  return types.map((signature) => ({ signature, id: FIRST_TYPE_ID + texts.indexOf(signatureText(signature)) }))
}

const functionTypes = (module: Module): number[] => [
  ...importsOf(module.imports, 'function').map(({ type }) => type),
  ...module.functions.map(({ type }) => type),
]

const scopeOf = (module: Module): Scope => {
  const types = typesOf(module)
  return {
    code: new CodeBuilder(),
    callees: functionTypes(module).map((index, k) => {
      const { signature, id: typeId } = at(types, index, 'type')
      return { kind: 'function', func: FIRST_ENTRY + k, signature, typeId }
    }),
    globals: module.globals.map((_, k) => FIRST_GLOBAL + k),
    globalTypes: module.globals.map(({ type }) => type),
    types,
    tables: module.tables.map((_, k) => tablePlace(k)),
    memory: LINEAR_MEMORY,
    elements: module.elements.map((_, k) => elementPlace(k)),
    data: module.data.map((_, k) => dataPlace(k)),
    runtime: (name) => ({
      kind: 'function',
      func: FIRST_RUNTIME_ENTRY + RUNTIME_NAMES.indexOf(name),
      signature: RUNTIME_FUNCTIONS[name],
      typeId: NO_TYPE_ID,
    }),
    stackReserve: 0,
    entries: [],
  }
}

/** The words of a text module's first function, its ENTER at pc 0; a function stands at pc 20,000 + its index. */
export const wordsInScope = (text: string, more: Partial<Scope> = {}): string[] => {
  const module = decodeModule(wasmOf(text))
  const scope = { ...scopeOf(module), ...more }
  const [body] = module.functions
  if (body === undefined) throw new RangeError('a text module without a function')
  const { signature } = at(scope.types, body.type, 'type')
  lowerFunction(scope, 0, signature, body)
  for (const { pc, func } of scope.entries) scope.code.setImmLo(pc, func)
  return wordTexts(scope.code.encode())
}
