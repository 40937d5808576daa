import { describe, expect, it } from 'vitest'
import { decodeModule, instructionText } from '../../../interpreter/binary/index.ts'
import { lower } from '../../../interpreter/lower/index.ts'
import { lowerFields, lowerSpec, mainOf, taskRuntime } from '../../helpers/lowered.ts'
import { readTask } from '../../helpers/raw-task.ts'
import { type RawSection, rawModule, rawName } from '../../helpers/raw-wasm.ts'
import { type Code, encodeModule } from '../../helpers/wasm-builder.ts'

describe('origins', () => {
  const code: Code = [
    { op: 'i32.const', value: -5 },
    {
      op: 'if',
      type: 'i32',
      body: [{ op: 'i32.const', value: 8 }, { op: 'i64.load16_u', alignLog2: 1, offset: 300 }, { op: 'i32.wrap_i64' }],
      otherwise: [{ op: 'i32.const', value: 1 }],
    },
    { op: 'br_table', targets: [0, 0], otherwise: 0 },
  ]
  const spec = mainOf(code, { memory: { minimum: 1 } })
  const program = lowerSpec(spec)

  it('give the instruction of every word, and the stub', () => {
    expect(program.origins.map(({ instruction }) => instruction)).toEqual([
      'call main',
      'halt',
      'enter',
      'i32.const -5',
      'if (result i32)',
      'i32.const 8',
      'i64.load16_u offset=300',
      'i32.wrap_i64',
      'else',
      'i32.const 1',
      ...Array(4).fill('br_table 0 0 0'),
    ])
    expect(program.origins.slice(0, 2)).toEqual([
      { func: -1, offset: -1, instruction: 'call main' },
      { func: -1, offset: -1, instruction: 'halt' },
    ])
  })

  it('give the offset of the opcode in the module', () => {
    const bytes = encodeModule(spec)
    const opcodes = program.origins.slice(3).map(({ offset }) => bytes[offset])
    expect(opcodes).toEqual([0x41, 0x04, 0x41, 0x33, 0xa7, 0x05, 0x41, 0x0e, 0x0e, 0x0e, 0x0e])
  })

  it('are the same for all words of an instruction', () => {
    const fields = `(memory 1) (data $d "a") (func $f (param i32) (result i32 i32)
      i32.const 3 i32.const 4 i32.const 5 memory.init $d  f64.const 1.5 i64.reinterpret_f64 drop
      i32.const 1 i32.const 2 i32.const 0 br_if 0 return_call $g)
      (func $g (param i32 i32) (result i32 i32) unreachable)`
    const { origins, functions } = lowerFields(fields)
    const texts = origins.flatMap(({ func, instruction }) => (functions[func]?.name === 'func[0]' ? [instruction] : []))
    expect(texts).toEqual([
      'enter',
      'i32.const 3',
      'i32.const 4',
      'i32.const 5',
      ...Array(3).fill('memory.init 0'),
      'f64.const 0x1.8p+0',
      'drop',
      'i32.const 1',
      'i32.const 2',
      'i32.const 0',
      ...Array(3).fill('br_if 0'),
      ...Array(4).fill('return_call 1'),
    ])
  })

  it('are one for each word of a real task, inside its functions', () => {
    const task = readTask('sha256')
    const { code: words, origins, functions } = lower(decodeModule(task), taskRuntime)
    expect(origins.length).toBe(words.length / 32)
    functions.forEach(({ entryPc }, func) => {
      expect(origins[entryPc]).toMatchObject({ func, instruction: 'enter' })
    })
    const texts = new Map(
      decodeModule(task).functions.flatMap(({ body }) => body.map((i) => [i.offset, instructionText(i)])),
    )
    const ofTask = origins.filter(
      ({ func, instruction }) => functions[func]?.module === 'task' && instruction !== 'enter',
    )
    expect(ofTask.length).toBeGreaterThan(100)
    for (const { offset, instruction } of ofTask) expect(texts.get(offset)).toBe(instruction)
  })
})

describe('names of functions', () => {
  const type = [1, [1, 0x60, 0, 0]] as const
  const functions = [3, [3, 0, 0, 0]] as const
  const exports = [7, [2, ...rawName('main'), 0, 0, ...rawName('other'), 0, 1]] as const
  const code = [10, [3, 2, 0, 0x0b, 2, 0, 0x0b, 2, 0, 0x0b]] as const
  const namesOf = (...more: readonly RawSection[]) =>
    lower(decodeModule(rawModule(type, functions, exports, code, ...more)), taskRuntime).functions.map(
      ({ name }) => name,
    )

  it('come from the name section, else an export, else the index', () => {
    const map = [2, 0, ...rawName('first'), 2, ...rawName('third')]
    expect(namesOf([0, [...rawName('name'), 1, map.length, ...map]])).toEqual(['first', 'other', 'third'])
    expect(namesOf()).toEqual(['main', 'other', 'func[2]'])
  })

  it('are not needed: a broken name section is no names', () => {
    expect(namesOf([0, [...rawName('name'), 1, 100, 1, 0]])).toEqual(['main', 'other', 'func[2]'])
  })
})
