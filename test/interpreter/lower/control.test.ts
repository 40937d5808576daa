import { describe, expect, it } from 'vitest'
import { wordsInScope } from '../../helpers/scope.ts'

/** The words of a function of no arguments behind its ENTER, that is from pc 1. */
const body = (code: string): string[] => wordsInScope(`(module (func ${code}))`).slice(1)

const c = (value: number): string => `i32.const ${value}`
const push = (value: number): string => `IMM64 NEXT w0 +1 lo=${value}`
const pushes = (...values: number[]): string[] => values.map(push)
const DROPPED = 'ZERO NEXT -1'
const RETURN = 'ZERO RETURN b=1 -1'

describe('blocks without branches', () => {
  it('block, loop and end are no words', () => {
    expect(body('(block (loop))')).toEqual([RETURN])
  })

  it('blocks with parameters are no words', () => {
    const code = `${c(1)} ${c(2)} block (param i32 i32) (result i32) loop (param i32 i32) (result i32) drop end end drop`
    expect(body(code)).toEqual([...pushes(1, 2), DROPPED, DROPPED, RETURN])
  })

  it('if without else jumps over its arm', () => {
    expect(body(`${c(1)} if ${c(2)} drop end`)).toEqual([push(1), 'ZERO JUMPZ a=1 -1 lo=5', push(2), DROPPED, RETURN])
  })

  it('if with else jumps to the second arm, and from the first over it', () => {
    expect(body(`${c(1)} if (result i32) ${c(2)} else ${c(3)} end drop`)).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=5',
      push(2),
      'ZERO JUMP lo=6',
      push(3),
      DROPPED,
      RETURN,
    ])
  })

  it('both arms of an if begin with its parameters', () => {
    const type = '(param i32 i32) (result i32 i32)'
    // The depths of the local show how many operands lie above it: 2 in both arms, 2 behind them.
    const code = `(local i32) ${c(1)} ${c(2)} ${c(3)} if ${type} local.get 0 drop else local.get 0 drop end local.get 0`
    expect(body(`${code} drop drop drop`)).toEqual([
      ...pushes(1, 2, 3),
      'ZERO JUMPZ a=1 -1 lo=8',
      'A NEXT a=3 w0 +1',
      DROPPED,
      'ZERO JUMP lo=10',
      'A NEXT a=3 w0 +1',
      DROPPED,
      'A NEXT a=3 w0 +1',
      DROPPED,
      DROPPED,
      DROPPED,
      'ZERO RETURN b=2 -2',
    ])
  })
})

describe('br', () => {
  it('that drops nothing is a jump', () => {
    expect(body(`block br 0 ${c(1)} drop end`)).toEqual(['ZERO JUMP lo=2', RETURN])
  })

  it('without a value drops what lies above the label', () => {
    expect(body(`block ${c(1)} ${c(2)} br 0 end`)).toEqual([...pushes(1, 2), 'ZERO JUMP -2 lo=4', RETURN])
  })

  it('with a value moves it down over what it drops', () => {
    expect(body(`${c(9)} block (result i32) ${c(1)} ${c(2)} ${c(3)} br 0 end drop drop`)).toEqual([
      ...pushes(9, 1, 2, 3),
      'A JUMP a=1 w3 -2 lo=6',
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('with values moves them down, the lowest first, and the last word jumps', () => {
    const code = `block (result i32 i32 i32) ${c(1)} ${c(2)} ${c(3)} ${c(4)} ${c(5)} br 0 end drop drop drop`
    expect(body(code)).toEqual([
      ...pushes(1, 2, 3, 4, 5),
      'A NEXT a=3 w5',
      'A NEXT a=2 w4',
      'A JUMP a=1 w3 -2 lo=9',
      DROPPED,
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('with values that are in place is a jump', () => {
    expect(body(`block (result i32 i32) ${c(1)} ${c(2)} br 0 end drop drop`)).toEqual([
      ...pushes(1, 2),
      'ZERO JUMP lo=4',
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('to a loop goes back and carries nothing, whatever the result of the loop', () => {
    expect(body(`loop (result i32) ${c(1)} br 0 end drop`)).toEqual([push(1), 'ZERO JUMP -1 lo=1'])
  })

  it('to a loop with parameters carries them', () => {
    const loop = `loop (param i32 i32) (result f32) ${c(3)} br_if 0 drop drop`
    expect(body(`${c(1)} ${c(2)} ${loop} ${c(4)} ${c(5)} ${c(6)} br 0 end drop`)).toEqual([
      ...pushes(1, 2, 3),
      'ZERO JUMPNZ a=1 -1 lo=3',
      DROPPED,
      DROPPED,
      ...pushes(4, 5, 6),
      'A NEXT a=2 w3',
      'A JUMP a=1 w2 -1 lo=3',
    ])
  })

  it('to the function is the return', () => {
    expect(body(`block ${c(1)} br 1 end`)).toEqual([push(1), 'ZERO RETURN b=2 -2'])
  })
})

describe('br_if', () => {
  it('that drops nothing is a conditional jump', () => {
    expect(body(`block ${c(1)} br_if 0 end`)).toEqual([push(1), 'ZERO JUMPNZ a=1 -1 lo=3', RETURN])
  })

  it('with values that are in place is a conditional jump', () => {
    expect(body(`block (result i32 i32) ${c(1)} ${c(2)} ${c(3)} br_if 0 end drop drop`)).toEqual([
      ...pushes(1, 2, 3),
      'ZERO JUMPNZ a=1 -1 lo=5',
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('to a loop is a conditional jump back', () => {
    expect(body(`loop ${c(1)} br_if 0 end`)).toEqual([push(1), 'ZERO JUMPNZ a=1 -1 lo=1', RETURN])
  })

  it('that drops jumps over the branch', () => {
    const code = `block (result i32) ${c(4)} ${c(5)} ${c(1)} br_if 0 drop drop ${c(6)} end drop`
    expect(body(code)).toEqual([
      ...pushes(4, 5, 1),
      'ZERO JUMPZ a=1 -1 lo=6',
      'A JUMP a=1 w2 -1 lo=9',
      DROPPED,
      DROPPED,
      push(6),
      DROPPED,
      RETURN,
    ])
  })

  it('with values over others jumps over all of its words', () => {
    const code = `block (result i32 i32) ${c(4)} ${c(5)} ${c(6)} ${c(1)} br_if 0 unreachable end drop drop`
    expect(body(code)).toEqual([
      ...pushes(4, 5, 6, 1),
      'ZERO JUMPZ a=1 -1 lo=8',
      'A NEXT a=2 w3',
      'A JUMP a=1 w2 -1 lo=9',
      'ZERO TRAP lo=1',
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('to the function jumps over the return', () => {
    expect(body(`${c(1)} br_if 0 ${c(2)} drop`)).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=4',
      RETURN,
      push(2),
      DROPPED,
      RETURN,
    ])
  })
})

describe('br_table', () => {
  it('is a TABLE and one word for each label: a jump, a dropping jump, a jump back, a return', () => {
    const code = `block loop ${c(8)} block ${c(5)} ${c(3)} br_table 0 1 2 3 end drop end end`
    expect(body(code)).toEqual([
      ...pushes(8, 5, 3),
      'ZERO TABLE a=1 -1 lo=3',
      'ZERO JUMP -1 lo=9',
      'ZERO JUMP -2 lo=1',
      'ZERO JUMP -2 lo=10',
      'ZERO RETURN b=3 -3',
      DROPPED,
      RETURN,
    ])
  })

  it('with nothing but a default still consumes its index', () => {
    expect(body(`block ${c(3)} br_table 0 end`)).toEqual([push(3), 'ZERO TABLE a=1 -1', 'ZERO JUMP lo=4', RETURN])
  })

  it('with one value moves it in the word behind the TABLE', () => {
    const code = `block (result i32) ${c(8)} block (result i32) ${c(5)} ${c(3)} br_table 0 1 end drop drop ${c(2)} end drop`
    expect(body(code)).toEqual([
      ...pushes(8, 5, 3),
      'ZERO TABLE a=1 -1 lo=1',
      'ZERO JUMP lo=7',
      'A JUMP a=1 w2 -1 lo=10',
      DROPPED,
      DROPPED,
      push(2),
      DROPPED,
      RETURN,
    ])
  })

  it('with several values jumps to one trampoline for each label, behind the table', () => {
    const results = '(result i32 i32)'
    const inner = `block ${results} ${c(1)} ${c(5)} ${c(6)} ${c(3)} br_table 0 1 0 1 0 end`
    expect(body(`block ${results} ${c(8)} ${inner} unreachable end drop drop`)).toEqual([
      ...pushes(8, 1, 5, 6, 3),
      'ZERO TABLE a=1 -1 lo=4',
      'ZERO JUMP lo=12',
      'ZERO JUMP lo=14',
      'ZERO JUMP lo=12',
      'ZERO JUMP lo=14',
      'ZERO JUMP lo=12',
      'A NEXT a=2 w3',
      'A JUMP a=1 w2 -1 lo=16',
      'A NEXT a=2 w4',
      'A JUMP a=1 w3 -2 lo=17',
      'ZERO TRAP lo=1',
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('to the function of several results has a return for its trampoline', () => {
    const text = `(module (func (param i32) (result i32 i32) ${c(5)} ${c(6)} local.get 0 br_table 0 0))`
    expect(wordsInScope(text)).toEqual([
      'ENTER NEXT lo=4',
      ...pushes(5, 6),
      'A NEXT a=4 w0 +1',
      'ZERO TABLE a=1 -1 lo=1',
      'ZERO JUMP lo=7',
      'ZERO JUMP lo=7',
      'A NEXT a=2 w4',
      'A RETURN a=1 b=3 w3 -2',
    ])
  })
})

describe('code that cannot be reached', () => {
  it('is not emitted, with all blocks in it', () => {
    const dead = [
      `br 0 ${c(1)}`,
      `if (result i32) ${c(2)} else ${c(3)} end`,
      `block (result i32) ${c(2)} br 0 end`,
      `block (param i32) (result f32 f64) unreachable end`,
      `loop (param f64) (result i32) unreachable end`,
      'br_table 0 1',
    ]
    expect(body(`block ${dead.join(' ')} end ${c(4)} drop`)).toEqual(['ZERO JUMP lo=2', push(4), DROPPED, RETURN])
  })

  it('ends at the end of a block that a branch leads to', () => {
    expect(body(`block ${c(1)} br_if 0 unreachable end`)).toEqual([
      push(1),
      'ZERO JUMPNZ a=1 -1 lo=4',
      'ZERO TRAP lo=1',
      RETURN,
    ])
  })

  it('ends where the second arm of an if begins, with its parameters', () => {
    const code = `${c(1)} ${c(2)} if (param i32) (result i32) unreachable else drop ${c(3)} end drop`
    expect(body(code)).toEqual([
      ...pushes(1, 2),
      'ZERO JUMPZ a=1 -1 lo=5',
      'ZERO TRAP lo=1',
      DROPPED,
      push(3),
      DROPPED,
      RETURN,
    ])
  })

  it('goes on behind a block whose only branches cannot be reached', () => {
    expect(body(`block unreachable br 0 end ${c(4)} drop`)).toEqual(['ZERO TRAP lo=1'])
  })

  it('goes on behind an if with two arms that both leave', () => {
    expect(body(`${c(1)} if unreachable else return end ${c(4)} drop`)).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=4',
      'ZERO TRAP lo=1',
      RETURN,
    ])
  })

  it('ends behind an if without else even if its arm leaves', () => {
    expect(body(`${c(1)} if return end`)).toEqual([push(1), 'ZERO JUMPZ a=1 -1 lo=4', RETURN, RETURN])
  })

  it('goes on behind a loop that never ends', () => {
    expect(body(`loop br 0 end ${c(1)} drop`)).toEqual(['ZERO JUMP lo=1'])
  })

  it('begins behind a tail call', () => {
    expect(body(`return_call 0 ${c(1)} drop`)).toEqual(['A NEXT a=1 w0 +1', 'A JUMP a=1 w2 -1 lo=20000'])
  })
})
