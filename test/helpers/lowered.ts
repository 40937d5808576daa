import { decodeModule, type Module } from '../../interpreter/binary/index.ts'
import { taskAbiWasm } from '../../interpreter/host/index.ts'
import { type LoweringOptions, lower, type Program } from '../../interpreter/lower/index.ts'
import { type Code, encodeModule, type ModuleSpec } from './wasm-builder.ts'

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
export const taskRuntime: Module = decodeModule(taskAbiWasm)

export const lowerSpec = (spec: ModuleSpec, options: LoweringOptions = {}): Program =>
  lower(decodeModule(encodeModule(spec)), taskRuntime, options)
