import { describe, expect, it } from 'vitest'
import { decodeModule } from '../../../interpreter/binary/index.ts'
import { ImportRefused, lower, type Program } from '../../../interpreter/lower/index.ts'
import { TASK_IMPORTS } from '../../../spec/index.ts'
import { caught } from '../../helpers/caught.ts'
import { importing } from '../../helpers/importing.ts'
import { lowerSpec, mainOf, taskRuntime } from '../../helpers/lowered.ts'
import { rawModule, rawName } from '../../helpers/raw-wasm.ts'
import type { Instruction } from '../../helpers/wasm-builder.ts'
import { wordTexts } from '../../helpers/word-text.ts'

/** The compiler's names of the runtime's functions have their file in front. */
const runtimeFunction = ({ functions }: Program, name: string) =>
  functions.find((candidate) => candidate.module === 'substep' && candidate.name.split('/').at(-1) === name)

const INPUT_SIZE_TASK = importing('substep', 'input_size', TASK_IMPORTS.input_size)

describe('imports of a task', () => {
  it.each(Object.entries(TASK_IMPORTS))('%s is a function of the runtime', (name, signature) => {
    const program = lowerSpec(importing('substep', name, signature))
    expect(program.functions[0]).toMatchObject({ module: 'task', name: 'main' })
    expect(runtimeFunction(program, name)).toBeDefined()
  })

  it('call the entry of the runtime function', () => {
    const call: Instruction = { op: 'call', index: 0 }
    const task = { ...INPUT_SIZE_TASK, functions: [{ type: 0, locals: [], code: [call, { op: 'drop' }] }] } as const
    const program = lowerSpec(task)
    expect(wordTexts(program.code)[3]).toBe(`ZERO CALL w0 +1 lo=${runtimeFunction(program, 'input_size')?.entryPc}`)
  })

  it('may stand in the table', () => {
    const program = lowerSpec({
      ...INPUT_SIZE_TASK,
      tables: [{ minimum: 1 }],
      elements: [{ offset: 0, functions: [0] }],
    })
    // The signature () -> (i32) is the task's second type; the runtime's own types follow.
    const entry = BigInt(runtimeFunction(program, 'input_size')?.entryPc ?? 0)
    expect(program.tables).toEqual([2n ** 64n + (2n << 32n) + entry])
  })

  it('leave the runtime out if there are none', () => {
    expect(lowerSpec(mainOf([])).functions.map(({ module }) => module)).toEqual(['task'])
  })

  it.each([
    ['another module', 'env', 'input_size'],
    ['another name', 'substep', 'clock'],
    ['a name that every object has', 'substep', 'toString'],
    ['an intrinsic', 'machine', 'halt'],
  ])('are refused by name: %s', (_, module, field) => {
    const error = caught(() => lowerSpec(importing(module, field, TASK_IMPORTS.input_size)))
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ module, field })
    expect(String(error)).toContain(`import "${module}" "${field}" refused`)
  })

  it('are refused as another type', () => {
    const error = caught(() => lowerSpec(importing('substep', 'input_size', { params: ['i32'], results: ['i32'] })))
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ reason: 'its type is () -> (i32), not (i32) -> (i32)' })
  })

  it.each([
    ['memory', [0x02, 0x00, 0x01]],
    ['table', [0x01, 0x70, 0x00, 0x01]],
    ['global', [0x03, 0x7f, 0x00]],
  ])('are refused as a %s', (kind, descriptor) => {
    const task = (module: string, name: string) =>
      decodeModule(rawModule([2, [1, ...rawName(module), ...rawName(name), ...descriptor]]))
    expect(() => lower(task('env', kind), taskRuntime)).toThrow(ImportRefused)
    const error = caught(() => lower(task('substep', 'input_size'), taskRuntime))
    expect(error).toMatchObject({ reason: `a function is offered, not a ${kind}` })
  })
})
