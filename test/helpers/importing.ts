import type { Signature } from '../../spec/index.ts'
import { mainOf } from './lowered.ts'
import type { ModuleSpec } from './wasm-builder.ts'

/** A task that imports one function and does nothing. */
export const importing = (module: string, name: string, signature: Signature): ModuleSpec =>
  mainOf([], {
    types: [{ params: [], results: [] }, signature],
    imports: [{ module, name, type: 1 }],
    exports: [{ name: 'main', kind: 'function', index: 1 }],
  })
