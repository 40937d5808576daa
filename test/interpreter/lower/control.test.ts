import { describe, expect, it } from 'vitest'
import { lowerSpec, mainOf } from '../../helpers/lowered.ts'
import type { Code, Instruction, ModuleSpec } from '../../helpers/wasm-builder.ts'
import { wordTexts } from '../../helpers/word-text.ts'

/** All words, the stub included: the index is the pc. `main` begins at 2, its body at 3. */
const words = (code: Code, more: Partial<ModuleSpec> = {}): string[] => wordTexts(lowerSpec(mainOf(code, more)).code)

/** The words of `main` behind its ENTER, that is from pc 3. */
const body = (code: Code, more: Partial<ModuleSpec> = {}): string[] => words(code, more).slice(3)

const constant = (value: number): Instruction => ({ op: 'i32.const', value })
const push = (value: number): string => `IMM64 NEXT w0 +1 lo=${value}`
const DROP: Instruction = { op: 'drop' }
const DROPPED = 'ZERO NEXT -1'
const RETURN = 'ZERO RETURN b=1 -1'

describe('the start stub', () => {
  it('calls main and halts with exit code 0', () => {
    expect(words([])).toEqual(['ZERO CALL w0 +1 lo=2', 'ZERO HALT', 'ENTER NEXT lo=1', RETURN])
  })

  it('calls the start function first', () => {
    const functions = [
      { type: 0, locals: [], code: [] },
      { type: 0, locals: [], code: [{ op: 'nop' }] },
    ] satisfies ModuleSpec['functions']
    expect(words([], { functions, start: 1 })).toEqual([
      'ZERO CALL w0 +1 lo=5',
      'ZERO CALL w0 +1 lo=3',
      'ZERO HALT',
      'ENTER NEXT lo=1',
      RETURN,
      'ENTER NEXT lo=1',
      RETURN,
    ])
  })
})

describe('function entry', () => {
  const entry = (code: Code, locals: ModuleSpec['functions'][number]['locals']) =>
    words(code, { functions: [{ type: 0, locals, code }] })[2]

  it('makes room for the locals and needs them, the operands and a return pc', () => {
    expect(entry([constant(1), constant(2), DROP, DROP], ['i32', 'i64', 'i64'])).toBe('ENTER NEXT +3 lo=6')
  })

  it('does not count the operands of code that is not emitted', () => {
    expect(entry([{ op: 'return' }, constant(1), constant(2), DROP, DROP], [])).toBe('ENTER NEXT lo=1')
  })

  it('adds what the stack of the program lacks', () => {
    const { code } = lowerSpec(mainOf([]), { stackLimit: 4096 })
    expect(wordTexts(code)[2]).toBe(`ENTER NEXT lo=${1 + 2 ** 20 - 1 - 4096}`)
  })
})

describe('blocks without branches', () => {
  it('block, loop and end are no words', () => {
    expect(body([{ op: 'block', type: 'empty', body: [{ op: 'loop', type: 'empty', body: [] }] }])).toEqual([RETURN])
  })

  it('if without else jumps over its arm', () => {
    expect(body([constant(1), { op: 'if', type: 'empty', body: [constant(2), DROP] }])).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=7',
      push(2),
      DROPPED,
      RETURN,
    ])
  })

  it('if with else jumps to the second arm, and from the first over it', () => {
    const arms = { body: [constant(2)], otherwise: [constant(3)] }
    expect(body([constant(1), { op: 'if', type: 'i32', ...arms }, DROP])).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=7',
      push(2),
      'ZERO JUMP lo=8',
      push(3),
      DROPPED,
      RETURN,
    ])
  })
})

describe('br', () => {
  it('that drops nothing is a jump', () => {
    const inner: Code = [{ op: 'block', type: 'empty', body: [{ op: 'br', index: 0 }, constant(1), DROP] }]
    expect(body(inner)).toEqual(['ZERO JUMP lo=4', RETURN])
  })

  it('without a value drops what lies above the label', () => {
    const inner: Code = [{ op: 'block', type: 'empty', body: [constant(1), constant(2), { op: 'br', index: 0 }] }]
    expect(body(inner)).toEqual([push(1), push(2), 'ZERO JUMP -2 lo=6', RETURN])
  })

  it('with a value moves it down over what it drops', () => {
    const inner: Code = [constant(1), constant(2), constant(3), { op: 'br', index: 0 }]
    expect(body([constant(9), { op: 'block', type: 'i32', body: inner }, DROP, DROP])).toEqual([
      push(9),
      push(1),
      push(2),
      push(3),
      'A JUMP a=1 w3 -2 lo=8',
      DROPPED,
      DROPPED,
      RETURN,
    ])
  })

  it('with a value that is already in place is a jump', () => {
    expect(body([{ op: 'block', type: 'i32', body: [constant(1), { op: 'br', index: 0 }] }, DROP])).toEqual([
      push(1),
      'ZERO JUMP lo=5',
      DROPPED,
      RETURN,
    ])
  })

  it('to a loop goes back and carries nothing, whatever the result of the loop', () => {
    const inner: Code = [constant(1), { op: 'br', index: 0 }]
    expect(body([{ op: 'loop', type: 'i32', body: inner }, DROP])).toEqual([push(1), 'ZERO JUMP -1 lo=3'])
  })

  it('to the function is the return', () => {
    expect(body([{ op: 'block', type: 'empty', body: [constant(1), { op: 'br', index: 1 }] }])).toEqual([
      push(1),
      'ZERO RETURN b=2 -2',
    ])
  })
})

describe('br_if', () => {
  it('that drops nothing is a conditional jump', () => {
    expect(body([{ op: 'block', type: 'empty', body: [constant(1), { op: 'br_if', index: 0 }] }])).toEqual([
      push(1),
      'ZERO JUMPNZ a=1 -1 lo=5',
      RETURN,
    ])
  })

  it('to a loop is a conditional jump back', () => {
    expect(body([{ op: 'loop', type: 'empty', body: [constant(1), { op: 'br_if', index: 0 }] }])).toEqual([
      push(1),
      'ZERO JUMPNZ a=1 -1 lo=3',
      RETURN,
    ])
  })

  it('that drops jumps over the branch', () => {
    const inner: Code = [constant(4), constant(5), constant(1), { op: 'br_if', index: 0 }, DROP, DROP, constant(6)]
    expect(body([{ op: 'block', type: 'i32', body: inner }, DROP])).toEqual([
      push(4),
      push(5),
      push(1),
      'ZERO JUMPZ a=1 -1 lo=8',
      'A JUMP a=1 w2 -1 lo=11',
      DROPPED,
      DROPPED,
      push(6),
      DROPPED,
      RETURN,
    ])
  })

  it('to the function jumps over the return', () => {
    expect(body([constant(1), { op: 'br_if', index: 0 }, constant(2), DROP])).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=6',
      RETURN,
      push(2),
      DROPPED,
      RETURN,
    ])
  })
})

describe('br_table', () => {
  it('is a TABLE and one word for each label: a jump, a dropping jump, a jump back, a return', () => {
    const inner: Code = [constant(5), constant(3), { op: 'br_table', targets: [0, 1, 2], otherwise: 3 }]
    const code: Code = [
      {
        op: 'block',
        type: 'empty',
        body: [{ op: 'loop', type: 'empty', body: [constant(8), { op: 'block', type: 'empty', body: inner }, DROP] }],
      },
    ]
    expect(body(code)).toEqual([
      push(8),
      push(5),
      push(3),
      'ZERO TABLE a=1 -1 lo=3',
      'ZERO JUMP -1 lo=11',
      'ZERO JUMP -2 lo=3',
      'ZERO JUMP -2 lo=12',
      'ZERO RETURN b=3 -3',
      DROPPED,
      RETURN,
    ])
  })

  it('with nothing but a default still consumes its index', () => {
    const inner: Code = [constant(3), { op: 'br_table', targets: [], otherwise: 0 }]
    expect(body([{ op: 'block', type: 'empty', body: inner }])).toEqual([
      push(3),
      'ZERO TABLE a=1 -1',
      'ZERO JUMP lo=6',
      RETURN,
    ])
  })
})

describe('code that cannot be reached', () => {
  it('is not emitted, with all blocks in it', () => {
    const dead: Code = [
      { op: 'br', index: 0 },
      constant(1),
      { op: 'if', type: 'i32', body: [constant(2)], otherwise: [constant(3)] },
      { op: 'block', type: 'i32', body: [constant(2), { op: 'br', index: 0 }] },
      { op: 'br_table', targets: [0], otherwise: 1 },
    ]
    expect(body([{ op: 'block', type: 'empty', body: dead }, constant(4), DROP])).toEqual([
      'ZERO JUMP lo=4',
      push(4),
      DROPPED,
      RETURN,
    ])
  })

  it('ends at the end of a block that a branch leads to', () => {
    const inner: Code = [constant(1), { op: 'br_if', index: 0 }, { op: 'unreachable' }]
    expect(body([{ op: 'block', type: 'empty', body: inner }])).toEqual([
      push(1),
      'ZERO JUMPNZ a=1 -1 lo=6',
      'ZERO TRAP lo=1',
      RETURN,
    ])
  })

  it('goes on behind a block whose only branches cannot be reached', () => {
    const inner: Code = [{ op: 'unreachable' }, { op: 'br', index: 0 }]
    expect(body([{ op: 'block', type: 'empty', body: inner }, constant(4), DROP])).toEqual(['ZERO TRAP lo=1'])
  })

  it('goes on behind an if with two arms that both leave', () => {
    const arms = { body: [{ op: 'unreachable' }], otherwise: [{ op: 'return' }] } satisfies Partial<Instruction>
    expect(body([constant(1), { op: 'if', type: 'empty', ...arms }, constant(4), DROP])).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=6',
      'ZERO TRAP lo=1',
      RETURN,
    ])
  })

  it('ends behind an if without else even if its arm leaves', () => {
    expect(body([constant(1), { op: 'if', type: 'empty', body: [{ op: 'return' }] }])).toEqual([
      push(1),
      'ZERO JUMPZ a=1 -1 lo=6',
      RETURN,
      RETURN,
    ])
  })

  it('goes on behind a loop that never ends', () => {
    expect(body([{ op: 'loop', type: 'empty', body: [{ op: 'br', index: 0 }] }, constant(1), DROP])).toEqual([
      'ZERO JUMP lo=3',
    ])
  })
})

describe('return', () => {
  const signatures = [
    ['no argument, no result', [], [], 'ZERO RETURN b=4 -4'],
    ['no argument, one result', [], ['i32'], 'A RETURN a=1 b=4 w4 -3'],
    ['two arguments, no result', ['i32', 'i64'], [], 'ZERO RETURN b=4 -6'],
    ['two arguments, one result', ['i32', 'i64'], ['i32'], 'A RETURN a=1 b=4 w6 -5'],
  ] as const

  it.each(signatures)('is one word: %s', (_, params, results, word) => {
    const spec = mainOf([], {
      types: [
        { params: [], results: [] },
        { params, results },
      ],
      functions: [
        { type: 0, locals: [], code: [] },
        // One local and two operands stand above the return pc.
        { type: 1, locals: ['i32'], code: [constant(1), constant(2), { op: 'return' }] },
      ],
    })
    const { code, functions } = lowerSpec(spec)
    expect(wordTexts(code, functions[1]?.entryPc)).toEqual(['ENTER NEXT +1 lo=4', push(1), push(2), word])
  })
})

describe('calls', () => {
  const types: ModuleSpec['types'] = [
    { params: [], results: [] },
    { params: ['i32', 'i32'], results: ['i32'] },
    { params: ['i32', 'i32'], results: ['i32'] },
  ]
  const callee: ModuleSpec['functions'][number] = { type: 2, locals: [], code: [{ op: 'local.get', index: 1 }] }

  it('call jumps to the entry and leaves the result', () => {
    const code: Code = [constant(1), constant(2), { op: 'call', index: 1 }, DROP]
    expect(words([], { types, functions: [{ type: 0, locals: [], code }, callee] })).toEqual([
      'ZERO CALL w0 +1 lo=2',
      'ZERO HALT',
      'ENTER NEXT lo=3',
      push(1),
      push(2),
      'ZERO CALL w0 +1 lo=8',
      DROPPED,
      RETURN,
      'ENTER NEXT lo=2',
      'A NEXT a=2 w0 +1',
      'A RETURN a=1 b=2 w4 -3',
    ])
  })

  it.each([
    ['a table of fixed size', { minimum: 5, maximum: 5 }, 3],
    ['a table of one', { minimum: 1, maximum: 1 }, 0],
    ['an empty table', { minimum: 0, maximum: 0 }, 0],
    ['a table that may grow to 100', { minimum: 5, maximum: 100 }, 7],
    ['a table that may grow without end', { minimum: 5 }, 16],
    ['a table greater than that', { minimum: 70000 }, 17],
  ])('call_indirect through %s checks its capacity and the type of the signature', (_, table, log2) => {
    const code: Code = [constant(1), constant(2), constant(0), { op: 'call_indirect', type: 1 }, DROP]
    const access = log2 === 0 ? '' : ` access=${log2}`
    expect(body(code, { types, tables: [table] }).slice(0, 5)).toEqual([
      push(1),
      push(2),
      'IMM64 NEXT w0 +1',
      // Types 1 and 2 of the module are the same, the second of the program.
      `ZERO CALLREF a=1 load TABLES${access} w1 hi=2`,
      DROPPED,
    ])
  })
})
