import { describe, expect, it } from 'vitest'
import { ScriptSyntaxError } from './expression.ts'
import { readScript } from './script.ts'

const read = (text: string) => readScript(new TextEncoder().encode(text))
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('readScript', () => {
  it('keeps the text of a module, and counts lines', () => {
    const [first, second] = read('(module $a (func))\n\n(; (; nested ;) ;) (module (memory 1)) ;; rest')
    expect(first).toMatchObject({ line: 1, kind: 'module', module: { name: '$a', form: 'text' } })
    if (first?.kind === 'module') expect(text(first.module.bytes)).toBe('(module $a (func))')
    expect(second).toMatchObject({ line: 3, kind: 'module', module: { name: null } })
  })

  it('joins the strings of binary and quoted modules, escapes and all', () => {
    const [binary, quote] = read(
      '(module $b binary "\\00asm" "\\01\\ff")(module quote "(func\\n" ";;\\u{20ac}\\"\\t)")',
    )
    if (binary?.kind !== 'module' || quote?.kind !== 'module') throw new Error('no modules')
    expect([...binary.module.bytes]).toEqual([0, 0x61, 0x73, 0x6d, 1, 0xff])
    expect([binary.module.form, binary.module.name, quote.module.form]).toEqual(['binary', '$b', 'quote'])
    expect(text(quote.module.bytes)).toBe('(func\n;;€"\t)')
  })

  it('takes bare fields for one module', () => {
    expect(read('(func) (memory 0)')).toMatchObject([{ kind: 'module', module: { form: 'quote' } }])
  })

  it('reads actions with constants of every type', () => {
    const constants = '(i32.const -1) (i64.const 0x10) (f32.const 1) (f64.const -0) (ref.null func) (ref.extern 7)'
    expect(read(`(invoke $m "f" ${constants})`)).toEqual([
      {
        line: 1,
        kind: 'action',
        action: {
          kind: 'invoke',
          module: '$m',
          field: 'f',
          args: [
            { type: 'i32', bits: 0xffffffffn },
            { type: 'i64', bits: 16n },
            { type: 'f32', bits: 0x3f800000n },
            { type: 'f64', bits: 1n << 63n },
            { type: 'ref.null', heap: 'func' },
            { type: 'ref.extern', host: 7 },
          ],
        },
      },
    ])
  })

  it('reads what may be asserted', () => {
    const kinds = [
      '(assert_return (get "g") (f32.const nan:canonical) (ref.func))',
      '(assert_trap (invoke "f") "unreachable")',
      '(assert_trap (module) "out of bounds")',
      '(assert_exhaustion (invoke "f") "call stack exhausted")',
      '(assert_malformed (module quote "(") "end of file")',
      '(assert_invalid (module) "type mismatch")',
      '(assert_unlinkable (module) "unknown import")',
      '(register "M" $m)',
    ]
    expect(read(kinds.join('\n'))).toMatchObject([
      {
        kind: 'assert_return',
        action: { kind: 'get', module: null, field: 'g' },
        expected: [{ type: 'f32', nan: 'canonical' }, { type: 'ref.func' }],
      },
      { kind: 'assert_trap', subject: { kind: 'invoke' }, message: 'unreachable' },
      { kind: 'assert_trap', subject: { form: 'text' } },
      { kind: 'assert_exhaustion', action: { field: 'f' } },
      { kind: 'assert_malformed', module: { form: 'quote' } },
      { kind: 'assert_invalid' },
      { kind: 'assert_unlinkable', message: 'unknown import' },
      { line: 8, kind: 'register', as: 'M', module: '$m' },
    ])
  })

  it.each([
    '(module',
    '(module quote "a)',
    '(; (; ;)',
    ')',
    'module',
    '(assert_fine (module) "x")',
    '(invoke 1)',
    '(invoke "f" (v128.const i32x4 0 0 0 0))',
    '(assert_return (module))',
    '(assert_invalid (func) "x")',
    '(module binary 0)',
  ])('refuses %s', (script) => {
    expect(() => read(script)).toThrow(ScriptSyntaxError)
  })
})
