import { describe, expect, it } from 'vitest'
import { ALU, CONTROL } from '../../../spec/index.ts'
import { wordsInScope } from '../../helpers/scope.ts'

/** The words of a function of no arguments; the index is the pc, and the body begins at 1. */
const words = (body: string, fields = ''): string[] => wordsInScope(`(module (func ${body}) ${fields})`)

const c = (value: number): string => `i32.const ${value}`
const push = (value: number): string => `IMM64 NEXT w0 +1 lo=${value}`
const pushes = (...values: number[]): string[] => values.map(push)
const DROPPED = 'ZERO NEXT -1'
const RETURN = 'ZERO RETURN b=1 -1'

describe('function entry', () => {
  const need = (code: string): string | undefined => words(code)[0]

  it('makes room for the locals and needs them, the operands and a return pc', () => {
    expect(need(`(local i32 i64 f32) ${c(1)} ${c(2)} drop drop`)).toBe('ENTER NEXT +3 lo=6')
  })

  it('goes on in further words beyond 256 locals, as a step clears no more', () => {
    expect(wordsInScope('(module (func (local i32) (local'.concat(' i64'.repeat(255), ') unreachable))'))).toEqual([
      'ENTER NEXT +256 lo=257',
      'ZERO TRAP lo=1',
    ])
    expect(wordsInScope('(module (func (local i32) (local'.concat(' i64'.repeat(512), ') unreachable))'))).toEqual([
      'ENTER NEXT +256 lo=514',
      'ENTER NEXT +256',
      'ENTER NEXT +1',
      'ZERO TRAP lo=1',
    ])
  })

  it('does not count the operands of code that is not emitted', () => {
    expect(need(`return ${c(1)} ${c(2)} drop drop`)).toBe('ENTER NEXT lo=1')
  })

  it('counts the constants that are pushed for a function of the runtime', () => {
    const code = `${c(1)} ${c(1)} ${c(1)} memory.init 0`
    expect(words(code, '(memory 1) (data "a")')[0]).toBe('ENTER NEXT lo=6')
  })

  it('needs one slot more where the function copies its return pc', () => {
    const results = `${c(1)} ${c(2)}`
    const entry = (type: string, code: string) => wordsInScope(`(module (func ${type} ${code}))`)[0]
    expect(entry('(param i32) (result i32 i32)', results)).toBe('ENTER NEXT lo=3')
    expect(entry('(result i32 i32)', results)).toBe('ENTER NEXT lo=4')
    expect(entry('(result i32 i32)', `(loop (br 0)) ${results}`)).toBe('ENTER NEXT lo=1')
    expect(entry('', 'return_call 0')).toBe('ENTER NEXT lo=2')
    expect(entry('(result i32 i32)', 'return_call 0')).toBe('ENTER NEXT lo=2')
  })

  it('adds what the stack of the program lacks', () => {
    expect(wordsInScope('(module (func))', { stackReserve: 5000 })[0]).toBe('ENTER NEXT lo=5001')
  })
})

describe('return', () => {
  // One local and what the code pushes stand above the return pc.
  const wordsOfReturn = (type: string, code: string): string[] => {
    const all = wordsInScope(`(module (func ${type} (local i32) ${code} return))`)
    return all.filter((word) => !word.startsWith('ENTER') && !word.startsWith('IMM64'))
  }
  const one = c(1)
  const [two, three] = [`${one} ${one}`, `${one} ${one} ${one}`]

  it.each([
    ['no argument, no result', '', two, ['ZERO RETURN b=4 -4']],
    ['no argument, one result', '(result i32)', two, ['A RETURN a=1 b=4 w4 -3']],
    ['two arguments, no result', '(param i32 f64)', two, ['ZERO RETURN b=4 -6']],
    ['two arguments, one result', '(param i32 f64) (result i32)', two, ['A RETURN a=1 b=4 w6 -5']],
    ['one argument, two results', '(param i32) (result i32 i32)', two, ['A NEXT a=2 w5', 'A RETURN a=1 b=4 w4 -3']],
    [
      'two arguments, three results, the last in place of the return pc',
      '(param i32 i32) (result i32 i32 i32)',
      `${one} ${three}`,
      ['A NEXT a=3 w8', 'A NEXT a=2 w7', 'A RETURN a=1 b=6 w6 -5'],
    ],
    [
      'no argument, two results: a copy of the return pc first',
      '(result i32 i32)',
      three,
      ['A NEXT a=5 w0 +1', 'A NEXT a=3 w6', 'A RETURN a=2 b=1 w5 -4'],
    ],
    [
      'one argument, three results: a copy of the return pc first',
      '(param i32) (result i32 i32 i32)',
      three,
      ['A NEXT a=5 w0 +1', 'A NEXT a=4 w7', 'A NEXT a=3 w6', 'A RETURN a=2 b=1 w5 -4'],
    ],
  ])('of %s', (_, type, code, wanted) => {
    expect(wordsOfReturn(type, code)).toEqual(wanted)
  })

  it('is the same at the end of the function', () => {
    expect(wordsInScope(`(module (func (result i32 i32) ${two}))`)).toEqual([
      'ENTER NEXT lo=4',
      ...pushes(1, 1),
      'A NEXT a=3 w0 +1',
      'A NEXT a=3 w4',
      'A RETURN a=2 b=1 w3 -2',
    ])
  })

  it('in a br_if is jumped over', () => {
    const words = wordsInScope(`(module (func (result i32 i32) ${two} ${c(0)} br_if 0 unreachable))`)
    expect(words.slice(4)).toEqual([
      'ZERO JUMPZ a=1 -1 lo=8',
      'A NEXT a=3 w0 +1',
      'A NEXT a=3 w4',
      'A RETURN a=2 b=1 w3 -2',
      'ZERO TRAP lo=1',
    ])
  })
})

describe('calls', () => {
  const callee = '(func $callee (param i32 i32) (result i32 f32 i64) unreachable)'

  it('call jumps to the entry and leaves the results', () => {
    expect(words(`${c(1)} ${c(2)} call $callee drop drop drop`, callee)).toEqual([
      'ENTER NEXT lo=4',
      ...pushes(1, 2),
      'ZERO CALL w0 +1 lo=20001',
      DROPPED,
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('call_indirect knows its table and the type of its signature', () => {
    const fields = '(table 1 funcref) (table 2 funcref) (type $t (func (param i32 i32) (result i32 f32 i64)))'
    const code = `${c(1)} ${c(2)} ${c(0)} call_indirect 1 (type $t) drop drop drop`
    expect(words(code, fields)).toEqual([
      'ENTER NEXT lo=4',
      ...pushes(1, 2),
      'IMM64 NEXT w0 +1',
      'ZERO CALLREF a=1 load TABLES access=5 w1 hi=50 lo=2000',
      DROPPED,
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })
})

describe('tail calls', () => {
  const callee = '(func $callee (param i32 i32) (result i32) unreachable)'
  const text = (params: string, code: string) =>
    `(module (type $t (func (param i32 i32) (result i32))) (table 1 funcref)
      (func (param ${params}) (result i32) (local i32) ${code}) ${callee})`

  it('return_call moves a copy of the return pc on top of the arguments', () => {
    // Before: argument, return pc, local, and the operands 8, 1, 2.
    expect(wordsInScope(text('i32', `${c(8)} ${c(1)} ${c(2)} return_call $callee`))).toEqual([
      'ENTER NEXT +1 lo=6',
      ...pushes(8, 1, 2),
      'A NEXT a=5 w0 +1',
      'A NEXT a=3 w7',
      'A NEXT a=2 w6',
      'A JUMP a=1 w5 -4 lo=20001',
    ])
  })

  it('return_call with fewer arguments than the function has', () => {
    expect(wordsInScope(text('i32 i32 i32', `${c(1)} ${c(2)} return_call $callee`)).slice(3)).toEqual([
      'A NEXT a=4 w0 +1',
      'A NEXT a=3 w8',
      'A NEXT a=2 w7',
      'A JUMP a=1 w6 -5 lo=20001',
    ])
  })

  it('return_call_indirect checks the reference first and returns to its entry', () => {
    expect(wordsInScope(text('i32', `${c(1)} ${c(2)} ${c(0)} return_call_indirect (type $t)`))).toEqual([
      'ENTER NEXT +1 lo=6',
      ...pushes(1, 2),
      'IMM64 NEXT w0 +1',
      'CHECKREF NEXT a=1 load TABLES access=4 w1 hi=50 lo=1000',
      'A NEXT a=5 w0 +1',
      'A NEXT a=4 w7',
      'A NEXT a=3 w6',
      'A RETURN a=1 b=2 w5 -4',
    ])
  })
})

describe('words of the machine that functions of the runtime import', () => {
  const word = { alu: ALU.ZERO, control: CONTROL.HALT, a: 1, delta: -1 }
  const intrinsic = { kind: 'intrinsic', word, signature: { params: ['i32'], results: [] } } as const
  const calling = (op: string) =>
    wordsInScope(`(module (import "machine" "halt" (func (param i32))) (func (param i32) local.get 0 ${op} 0))`, {
      callees: [intrinsic],
    })

  it('stand in place of the CALL', () => {
    expect(calling('call')).toEqual(['ENTER NEXT lo=2', 'A NEXT a=2 w0 +1', 'ZERO HALT a=1 -1', 'ZERO RETURN b=1 -2'])
  })

  it('have no frame, so that a tail call is the word and a return', () => {
    expect(calling('return_call')).toEqual(calling('call'))
  })
})
