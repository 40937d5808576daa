import { describe, expect, it } from 'vitest'
import { stackFaults } from '../../helpers/stack-walk.ts'
import { expectAsEngine } from '../../helpers/text-task.ts'
import { wasmOf } from '../../helpers/wat.ts'

/**
 * All small shapes of what moves values: each is a function that is called with 1, 2, ... over a mark on the stack of
 * the caller, which stores the results and the mark. The memory must be that of the engine.
 */
interface Shape {
  readonly args: number
  readonly results: number
  /** Locals and body, in text. */
  readonly code: string
}

const MARK = 77
const PAGE = 65536
/** Bytes of memory for the results of one shape. */
const ROOM = 64

const below = (count: number): number[] => Array.from({ length: count }, (_, k) => k)

const times = (count: number, text: string): string => Array<string>(count).fill(text).join(' ')

const signature = (params: number, results: number): string =>
  `(param ${times(params, 'i32')}) (result ${times(results, 'i32')})`

/** Values of which each tells where it stood: by turns an argument, if there is one, and a constant. */
const values = (count: number, args: number): string =>
  below(count)
    .map((k) => (k % 2 === 0 && args > 0 ? `local.get ${k % args}` : `i32.const ${40 + k}`))
    .join(' ')

/** Stores what is on the stack, the top first. */
const storing = (count: number, first: number): string =>
  below(count)
    .map((k) => `local.set 0 i32.const ${first + 4 * k} local.get 0 i32.store`)
    .join(' ')

const calling = ({ args, results }: Shape, index: number): string => {
  const given = below(args).map((k) => `i32.const ${k + 1}`)
  const code = `i32.const ${MARK} ${given.join(' ')} call $f${index} ${storing(results + 1, ROOM * index)}`
  return `(func $c${index} (local i32) ${code})`
}

const moduleOf = (shapes: readonly Shape[], fields: string): string => `(module
  (memory (export "memory") ${Math.ceil((shapes.length * ROOM) / PAGE)})
  ${fields}
  ${shapes.map(({ args, results, code }, k) => `(func $f${k} ${signature(args, results)} ${code})`).join('\n')}
  ${shapes.map(calling).join('\n')}
  (func (export "main") ${shapes.map((_, k) => `call $c${k}`).join(' ')}))`

/** `count` keeps a shape from getting lost. */
const expectShapes = (shapes: readonly Shape[], count: number, fields = ''): void => {
  expect(shapes.length).toBe(count)
  const text = moduleOf(shapes, fields)
  expect(stackFaults(wasmOf(text))).toEqual([])
  const { memory } = expectAsEngine(text)
  const marks = shapes.map(({ results }, k) => new DataView(memory.buffer).getInt32(ROOM * k + 4 * results, true))
  expect(new Set(marks)).toEqual(new Set([MARK]))
}

/** All lists of numbers of which each is below its bound. */
const product = (...bounds: readonly number[]): number[][] =>
  bounds.reduce<number[][]>((lists, bound) => lists.flatMap((list) => below(bound).map((k) => [...list, k])), [[]])

/** Locals that hold something when the function leaves. */
const usedLocals = (args: number, count: number): string =>
  `(local ${times(count, 'i32')}) ${below(count)
    .map((k) => `i32.const 9 local.set ${args + k}`)
    .join(' ')}`

describe('all small returns', () => {
  const WAYS = ['return', 'br 0', 'i32.const 1 br_if 0 unreachable', 'i32.const 0 br_table 0 0']

  it('from frames of up to 4 arguments, 2 locals, 5 results and 3 operands below them', () => {
    const shapes = WAYS.flatMap((way) =>
      product(5, 3, 6, 4).map(([args = 0, locals = 0, results = 0, operands = 0]) => ({
        args,
        results,
        code: `${usedLocals(args, locals)} ${times(operands, 'i32.const 66')} ${values(results, args)} ${way}`,
      })),
    )
    expectShapes(shapes, 1440)
  })

  it('at the end of the function', () => {
    const shapes = product(5, 3, 6).map(([args = 0, locals = 0, results = 0]) => ({
      args,
      results,
      code: `${usedLocals(args, locals)} ${values(results, args)}`,
    }))
    expectShapes(shapes, 90)
  })
})

describe('all small branches', () => {
  /** Forward out of a block and an if, with `dropped` operands below the values. */
  const FORWARD = ['br 0', 'i32.const 1 br_if 0 unreachable', 'i32.const 0 br_table 0 1', 'i32.const 7 br_table 1 1 0']
  const BLOCKS = [
    (results: string, code: string) => `block ${results} ${code} end`,
    (results: string, code: string) => `i32.const 1 if ${results} ${code} else unreachable end`,
    (results: string, code: string) => `i32.const 0 if ${results} unreachable else ${code} end`,
  ]

  it('forward with up to 4 values over up to 3 others', () => {
    const shapes = FORWARD.flatMap((way) =>
      BLOCKS.flatMap((block) =>
        product(5, 4).map(([results = 0, dropped = 0]) => ({
          args: 1,
          results,
          code: block(signature(0, results), `${times(dropped, 'i32.const 66')} ${values(results, 1)} ${way}`),
        })),
      ),
    )
    expectShapes(shapes, 240)
  })

  it('forward that are not taken, so that the values stay where they are', () => {
    const shapes = product(5, 4).map(([results = 0, dropped = 0]) => ({
      args: 1,
      results: results + dropped,
      code: `${times(dropped, 'i32.const 66')} block ${signature(0, results)}
        ${values(results, 1)} i32.const 0 br_if 0 end`,
    }))
    expectShapes(shapes, 20)
  })

  it('back to loops with up to 4 parameters over up to 3 others', () => {
    // The second round, in which local 1 is 1, leaves with the parameters that the first one gave.
    const BACK = ['br 0', 'i32.const 1 br_if 0 unreachable', 'i32.const 0 br_table 0 1']
    const shapes = BACK.flatMap((way) =>
      product(5, 4).map(([params = 0, dropped = 0]) => ({
        args: 1,
        results: params,
        code: `(local i32) ${times(params, 'i32.const 5')} loop ${signature(params, params)}
          local.get 1 br_if 1 i32.const 1 local.set 1
          ${times(params, 'drop')} ${times(dropped, 'i32.const 66')} ${values(params, 1)} ${way} end`,
      })),
    )
    expectShapes(shapes, 60)
  })
})

describe('all small tail calls', () => {
  const RESULTS = 4
  /** Callees by their arguments, all in the table: they give the first ones, else constants. */
  const fields = `${below(5)
    .map((args) => `(type $t${args} (func ${signature(args, RESULTS)}))`)
    .join('\n')}
    (table funcref (elem ${below(5)
      .map((args) => `$callee${args}`)
      .join(' ')}))
    ${below(5)
      .map(
        (args) =>
          `(func $callee${args} (type $t${args}) (local i32) ${below(RESULTS)
            .map((k) => (k < args ? `local.get ${k}` : `i32.const ${90 + k}`))
            .join(' ')})`,
      )
      .join('\n')}`

  it.each([
    ['direct', (given: number) => `return_call $callee${given}`],
    ['indirect', (given: number) => `i32.const ${given} return_call_indirect (type $t${given})`],
  ])('%s, from frames of up to 4 arguments, 2 locals and 3 operands, with up to 4 arguments', (_, call) => {
    const shapes = product(5, 3, 4, 5).map(([args = 0, locals = 0, operands = 0, given = 0]) => ({
      args,
      results: RESULTS,
      code: `${usedLocals(args, locals)} ${times(operands, 'i32.const 66')} ${values(given, args)} ${call(given)}`,
    }))
    expectShapes(shapes, 300, fields)
  })
})
