import { decodeModule, type Module } from '../../interpreter/binary/index.ts'
import { runtimeWasm } from '../../interpreter/host/index.ts'
import { type LoweringOptions, lower, type Program } from '../../interpreter/lower/index.ts'
import { type Code, encodeModule, type ModuleSpec } from './wasm-builder.ts'
import { wasmOf } from './wat.ts'

/** A module whose only content is a `main` with this code. */
export const mainOf = (code: Code, more: Partial<ModuleSpec> = {}): ModuleSpec => ({
  types: [{ params: [], results: [] }],
  imports: [],
  functions: [{ type: 0, locals: [], code }],
  globals: [],
  exports: [{ name: 'main', kind: 'function', index: 0 }],
  elements: [],
  data: [],
  ...more,
})

/** The functions of the task ABI, as the product links them. */
export const taskRuntime: Module = decodeModule(runtimeWasm)

export const lowerSpec = (spec: ModuleSpec, options: LoweringOptions = {}): Program =>
  lower(decodeModule(encodeModule(spec)), taskRuntime, options)

export const moduleOf = (text: string): Module => decodeModule(wasmOf(text))

/** A task in text form, in which these fields stand beside an empty main. */
export const lowerFields = (fields: string, options: LoweringOptions = {}): Program =>
  lower(moduleOf(`(module ${fields} (func (export "main")))`), taskRuntime, options)
