import { describe, expect, it } from 'vitest'
import { ExportRefused } from '../../../interpreter/lower/index.ts'
import { TASK_IMPORTS } from '../../../spec/index.ts'
import { caught } from '../../helpers/caught.ts'
import { importing } from '../../helpers/importing.ts'
import { lowerSpec, mainOf } from '../../helpers/lowered.ts'
import type { ModuleSpec } from '../../helpers/wasm-builder.ts'

describe('main', () => {
  const exporting = (exports: ModuleSpec['exports'], more: Partial<ModuleSpec> = {}) =>
    caught(() => lowerSpec(mainOf([], { exports, ...more })))

  it('must be exported', () => {
    const error = exporting([{ name: 'start', kind: 'function', index: 0 }])
    expect(error).toBeInstanceOf(ExportRefused)
    expect(error).toMatchObject({ field: 'main', reason: 'it is missing' })
  })

  it('must be a function', () => {
    const error = exporting([{ name: 'main', kind: 'memory', index: 0 }], { memory: { minimum: 0 } })
    expect(error).toMatchObject({ reason: 'it is a memory, not a function' })
  })

  it('must be () -> ()', () => {
    const types = [{ params: ['i32'], results: [] }] as const
    const error = exporting([{ name: 'main', kind: 'function', index: 0 }], { types })
    expect(error).toMatchObject({ reason: 'its type is (i32) -> (), not () -> ()' })
  })

  it('must not be a host function, which is of another type', () => {
    const task = importing('substep', 'input_size', TASK_IMPORTS.input_size)
    const error = caught(() => lowerSpec({ ...task, exports: [{ name: 'main', kind: 'function', index: 0 }] }))
    expect(error).toMatchObject({ reason: 'its type is () -> (i32), not () -> ()' })
  })
})
