import { describe, expect, it } from 'vitest'
import { ImportRefused, Linker, ProgramTooLarge, SegmentOutOfBounds } from '../../../interpreter/lower/index.ts'
import { caught } from '../../helpers/caught.ts'
import { Linked } from '../../helpers/linked.ts'
import { taskRuntime } from '../../helpers/lowered.ts'

const WINDOWS = 64_512

describe('functions', () => {
  it('call those of other modules, with arguments and several results', () => {
    const linked = new Linked()
    linked.link('a', '(module (func (export "swap") (param i32 i64) (result i64 i32) local.get 1 local.get 0))')
    linked.link(
      'b',
      `(module (import "a" "swap" (func $swap (param i32 i64) (result i64 i32)))
        (func (export "twice") (param i32 i64) (result i64 i32)
          (call $swap (local.get 0) (local.get 1)) i32.const 1 i32.add)
        (func (export "tail") (param i32 i64) (result i64 i32)
          (return_call $swap (local.get 0) (local.get 1))))`,
    )
    expect(linked.call('b', 'twice', 7, -1n)).toEqual([2n ** 64n - 1n, 8n])
    expect(linked.call('b', 'tail', 7, 5n)).toEqual([5n, 7n])
  })

  it('keep identity and type where they are exported again', () => {
    const linked = new Linked()
    linked.link('a', '(module (type (func (result i64))) (func (export "f") (result i32) i32.const 5))')
    linked.link('b', '(module (import "a" "f" (func $f (result i32))) (export "again" (func $f)))')
    expect(linked.instance('b').exports.get('again')).toEqual(linked.instance('a').exports.get('f'))
    linked.link(
      'c',
      `(module (type $t (func (result i32))) (import "b" "again" (func $f (type $t))) (table 1 funcref)
        (elem (i32.const 0) $f) (func (export "g") (result i32) (call_indirect (type $t) (i32.const 0))))`,
    )
    expect(linked.call('c', 'g')).toEqual([5n])
  })

  it('have one type id for equal types of all modules, by which indirect calls tell them', () => {
    const linked = new Linked()
    linked.link(
      'a',
      `(module (type (func)) (type $t (func (param i32) (result i32))) (table (export "t") 3 funcref)
        (func $inc (type $t) (i32.add (local.get 0) (i32.const 1))) (func $other (result i64) i64.const 0)
        (elem (i32.const 0) $inc $other))`,
    )
    linked.link(
      'b',
      `(module (type $t (func (param i32) (result i32))) (import "a" "t" (table 3 funcref))
        (func (export "call") (param i32) (result i32) (call_indirect (type $t) (i32.const 41) (local.get 0))))`,
    )
    expect(linked.call('b', 'call', 0)).toEqual([42n])
    expect(linked.call('b', 'call', 1)).toBe('indirect call type mismatch')
    expect(linked.call('b', 'call', 2)).toBe('uninitialized element')
    expect(linked.call('b', 'call', 3)).toBe('undefined element')
  })

  it('stay where they are when a module is added', () => {
    const linked = new Linked()
    linked.add('a', '(module (memory 1) (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const 9))))')
    const before = linked.linker.program([])
    linked.add('b', '(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 1) (i32.const 9))))')
    const after = linked.linker.program([])
    expect(after.code.subarray(0, before.code.length)).toEqual(before.code)
    expect(after.code.length).toBeGreaterThan(before.code.length)
    expect(after.functions.slice(0, before.functions.length)).toEqual(before.functions)
  })

  it('of the runtime are linked once for each memory, and only those that are used', () => {
    const linked = new Linked()
    const fill = '(func (memory.fill (i32.const 0) (i32.const 1) (i32.const 9)))'
    linked.add('a', `(module (memory (export "m") 1) ${fill} ${fill})`)
    linked.add('b', `(module (import "a" "m" (memory 1)) ${fill})`)
    linked.add('c', `(module (memory 1) ${fill})`)
    const names = linked.linker.program([]).functions.map(({ module, name }) => `${module} ${name.split('/').at(-1)}`)
    expect(names).toEqual([
      'a func[0]',
      'a func[1]',
      'substep memory_fill',
      'b func[0]',
      'c func[0]',
      'substep memory_fill',
    ])
  })
})

describe('globals', () => {
  it('are shared, and their values initialise others', () => {
    const linked = new Linked()
    linked.link(
      'a',
      `(module (global (export "count") (mut i32) (i32.const 1)) (global (export "ten") i64 (i64.const 10))
        (global (export "f") funcref (ref.func $f)) (func $f (result i32) i32.const 9)
        (func (export "read") (result i32) global.get 0))`,
    )
    linked.link(
      'b',
      `(module (import "a" "count" (global $count (mut i32))) (import "a" "ten" (global $ten i64))
        (import "a" "f" (global $f funcref)) (global $own (mut i64) (global.get $ten)) (table 1 funcref)
        (elem (i32.const 0) funcref (global.get $f))
        (func (export "run") (result i64 i32) (global.set $count (i32.const 7))
          (global.set $own (i64.add (global.get $own) (i64.const 1)))
          (global.get $own) (call_indirect (result i32) (i32.const 0))))`,
    )
    expect(linked.call('b', 'run')).toEqual([11n, 9n])
    expect(linked.call('b', 'run')).toEqual([12n, 9n])
    expect(linked.call('a', 'read')).toEqual([7n])
  })
})

describe('tables', () => {
  const TABLES = `(module
    (table $small (export "small") 2 4 externref) (table $t 3 externref)
    (func (export "get") (param i32) (result externref) (table.get $t (local.get 0)))
    (func (export "set") (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
    (func (export "size") (result i32 i32) (table.size $small) (table.size $t))
    (func (export "grow") (param externref i32) (result i32) (table.grow $small (local.get 0) (local.get 1)))
    (func (export "copy") (param i32 i32 i32) (table.copy $t $small (local.get 0) (local.get 1) (local.get 2))))`

  it('of one module do not touch each other', () => {
    const linked = new Linked()
    linked.link('a', TABLES)
    linked.call('a', 'set', 0, 5)
    expect(linked.call('a', 'grow', 8, 2)).toEqual([2n])
    expect(linked.call('a', 'grow', 8, 1)).toEqual([2n ** 32n - 1n])
    expect(linked.call('a', 'size')).toEqual([4n, 3n])
    expect(linked.call('a', 'get', 0)).toEqual([6n])
    expect(linked.call('a', 'get', 3)).toBe('out of bounds table access')
    expect(linked.call('a', 'copy', 1, 2, 2)).toEqual([])
    expect(linked.call('a', 'get', 2)).toEqual([9n])
    expect(linked.call('a', 'copy', 2, 2, 2)).toBe('out of bounds table access')
  })

  it('are shared, and take the functions of all', () => {
    const linked = new Linked()
    linked.link(
      'a',
      '(module (table (export "t") 4 funcref) (func $f (result i32) i32.const 1) (elem (i32.const 1) $f))',
    )
    linked.link(
      'b',
      `(module (import "a" "t" (table 4 funcref)) (func $f (result i32) i32.const 2) (elem (i32.const 2) $f)
        (elem $more funcref (ref.func $f) (ref.null func))
        (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
        (func (export "init") (param i32 i32 i32) (table.init $more (local.get 0) (local.get 1) (local.get 2)))
        (func (export "drop") (elem.drop $more)))`,
    )
    expect(linked.call('b', 'call', 1)).toEqual([1n])
    expect(linked.call('b', 'call', 2)).toEqual([2n])
    expect(linked.call('b', 'init', 0, 0, 2)).toEqual([])
    expect(linked.call('b', 'call', 0)).toEqual([2n])
    expect(linked.call('b', 'call', 1)).toBe('uninitialized element')
    expect(linked.call('b', 'init', 3, 0, 2)).toBe('out of bounds table access')
    linked.call('b', 'drop')
    expect(linked.call('b', 'init', 3, 0, 0)).toEqual([])
    expect(linked.call('b', 'init', 3, 0, 1)).toBe('out of bounds table access')
  })

  it('may be imported by a size that they have grown to', () => {
    const linked = new Linked()
    linked.link('a', TABLES)
    const importing = '(module (import "a" "small" (table 4 4 externref)))'
    expect(caught(() => linked.add('b', importing))).toMatchObject({ failure: 'incompatible' })
    linked.call('a', 'grow', null, 2)
    linked.link('b', importing)
  })
})

describe('memories', () => {
  /** Every width, with a displacement, at the end of memory and across it. */
  const MEMORY = `
    (func (export "store") (param i32 i64) (i64.store offset=3 (local.get 0) (local.get 1)))
    (func (export "store8") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
    (func (export "load") (param i32) (result i64) (i64.load offset=3 (local.get 0)))
    (func (export "load16") (param i32) (result i32) (i32.load16_s offset=65530 (local.get 0)))
    (func (export "far") (param i32) (result i32) (i32.load8_u offset=4294967295 (local.get 0)))
    (func (export "size") (result i32) memory.size)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "init") (param i32 i32 i32) (memory.init $passive (local.get 0) (local.get 1) (local.get 2)))
    (func (export "drop") (data.drop $passive))
    (data $passive "passive bytes")`

  it.each([
    ['linear memory', 0],
    ['a window', 1],
    ['a window behind another', 2],
  ])('as %s give what the engine gives', (_, before) => {
    const linked = new Linked()
    for (let i = 0; i < before; i++) {
      linked.link(`m${i}`, `(module (memory 1 2) ${MEMORY} (data (i32.const 100) "m${i}"))`)
    }
    linked.link('a', `(module (memory (export "m") 1 3) ${MEMORY} (data (i32.const 65530) "active"))`)
    linked.link('b', `(module (import "a" "m" (memory 1)) ${MEMORY})`)
    expect(linked.call('b', 'load16', 0)).toEqual([0x6361n])
    for (const name of ['a', 'b']) {
      for (const address of [0, 65525, 65526, 65533, -1, -11]) {
        linked.call(name, 'store', address, 0x1122334455667788n)
        linked.call(name, 'load', address)
        linked.call(name, 'load16', address)
        linked.call(name, 'far', address)
      }
      for (const [to, from, count] of [
        [65530, 0, 6],
        [65531, 0, 6],
        [0, 5, 9],
        [-1, 0, 1],
        [65536, 0, 0],
        [65537, 0, 0],
        [0, 13, 0],
        [0, 14, 0],
      ] as const) {
        linked.call(name, 'fill', to, 300 + count, count)
        linked.call(name, 'init', to, from, count)
        linked.call(name, 'copy', to, 65000, count)
      }
      for (let address = 65520; address < 65536; address += 2) linked.call(name, 'load16', address - 65530)
      linked.call(name, 'drop')
      expect(linked.call(name, 'init', 0, 0, 1)).toBe('out of bounds memory access')
    }
    expect(linked.call('a', 'grow', 1)).toEqual([1n])
    expect(linked.call('b', 'grow', -1)).toEqual([2n ** 32n - 1n])
    expect(linked.call('b', 'grow', 2)).toEqual([2n ** 32n - 1n])
    expect(linked.call('b', 'grow', 1)).toEqual([2n])
    expect(linked.call('a', 'size')).toEqual([3n])
    linked.call('a', 'store', 3 * 65536 - 11, -1n)
    linked.call('b', 'load', 3 * 65536 - 11)
    expect(linked.call('b', 'load', 3 * 65536 - 10)).toBe('out of bounds memory access')
    for (let i = 0; i < before; i++) expect(linked.call(`m${i}`, 'load', 97)).toEqual([0x306dn + (BigInt(i) << 8n)])
  })

  it('have room for their maximum, at least for their minimum, and as far as there is', () => {
    const linked = new Linked()
    const added = (limits: string) => linked.add('', `(module (memory ${limits}))`).places.memory
    expect(added('1')).toEqual({ maximum: null, growLimit: WINDOWS, window: null })
    const window = (page: number) => ({ base: page * 65536, sizeGlobal: expect.any(Number) })
    expect(added('0 5')).toEqual({ maximum: 5, growLimit: 5, window: window(WINDOWS) })
    expect(added('1')).toEqual({ maximum: null, growLimit: 64, window: window(WINDOWS + 5) })
    expect(added('900')).toEqual({ maximum: null, growLimit: 900, window: window(WINDOWS + 69) })
    expect(added('3 100')).toEqual({ maximum: 100, growLimit: 55, window: window(WINDOWS + 969) })
    expect(added('0')).toMatchObject({ growLimit: 0 })
    const refused = caught(() => added('1'))
    expect(refused).toBeInstanceOf(ProgramTooLarge)
    expect(refused).toMatchObject({ what: 'pages of memories', needed: 65537, limit: 65536 })
  })

  it('have no room behind a memory of 4 GiB', () => {
    const linked = new Linked()
    linked.add('a', '(module (memory 65000))')
    expect(linked.add('b', '(module (memory 536))').places.memory?.window?.base).toBe(65000 * 65536)
    expect(caught(() => linked.add('c', '(module (memory 1))'))).toBeInstanceOf(ProgramTooLarge)
  })
})

describe('imports', () => {
  const OFFERED = `(module (func (export "f") (param i32)) (global (export "g") i32 (i32.const 0))
    (global (export "mut") (mut i32) (i32.const 0)) (table (export "t") 2 8 funcref) (table (export "any") 2 externref)
    (memory (export "m") 2 5))`

  const refusal = (wanted: string): unknown => {
    const linked = new Linked()
    linked.add('a', OFFERED)
    return caught(() => linked.add('b', `(module (import ${wanted}))`))
  }

  it.each([
    ['"a" "x" (func)', 'nothing of this name is offered'],
    ['"x" "f" (func (param i32))', 'nothing of this name is offered'],
  ])('of what is not there are refused as unknown: %s', (wanted, reason) => {
    const error = refusal(wanted)
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ failure: 'unknown', reason })
  })

  it.each([
    ['"a" "f" (func)', 'its type is (i32) -> (), not () -> ()'],
    ['"a" "f" (func (param i64))', 'its type is (i32) -> (), not (i64) -> ()'],
    ['"a" "f" (memory 0)', 'a function is offered, not a memory'],
    ['"a" "m" (table 0 funcref)', 'a memory is offered, not a table'],
    ['"a" "g" (global i64)', 'its type is i32, not i64'],
    ['"a" "g" (global (mut i32))', 'its type is i32, not mutable i32'],
    ['"a" "mut" (global i32)', 'its type is mutable i32, not i32'],
    ['"a" "t" (table 2 externref)', 'its type is funcref, not externref'],
    ['"a" "t" (table 3 funcref)', 'it has 2 entries, not at least 3'],
    ['"a" "t" (table 0 7 funcref)', 'it may grow to 8 entries, not to at most 7'],
    ['"a" "any" (table 0 7 externref)', 'it may grow to any number of entries, not to at most 7'],
    ['"a" "m" (memory 3)', 'it has 2 pages, not at least 3'],
    ['"a" "m" (memory 2 4)', 'it may grow to 5 pages, not to at most 4'],
  ])('of another type are refused as incompatible: %s', (wanted, reason) => {
    const error = refusal(wanted)
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ failure: 'incompatible', reason })
  })

  it.each([
    '"a" "f" (func (param i32))',
    '"a" "g" (global i32)',
    '"a" "mut" (global (mut i32))',
    '"a" "t" (table 1 funcref)',
    '"a" "t" (table 2 8 funcref)',
    '"a" "t" (table 0 9 funcref)',
    '"a" "any" (table 2 externref)',
    '"a" "m" (memory 0)',
    '"a" "m" (memory 2 5)',
    '"a" "m" (memory 1 6)',
  ])('that match are taken: %s', (wanted) => {
    expect(refusal(wanted)).toBe(null)
  })

  it('that are refused leave the program as it was', () => {
    const linked = new Linked()
    linked.link('a', OFFERED)
    const before = linked.linker.program([])
    const error = caught(() => linked.add('b', '(module (import "a" "no" (func)) (memory 1) (table 1 funcref) (func))'))
    expect(error).toBeInstanceOf(ImportRefused)
    expect(linked.linker.program([])).toEqual(before)
  })
})

describe('initialisation', () => {
  it('keeps what was written before the segment that does not fit', () => {
    const linked = new Linked()
    linked.link(
      'a',
      `(module (memory (export "m") 1) (table (export "t") 4 funcref)
        (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))`,
    )
    const failing = (segments: string) => `(module (import "a" "m" (memory 1)) (import "a" "t" (table 4 funcref))
      (func $f (result i32) i32.const 3) ${segments})`
    const inBoth = (segments: string) => {
      expect(() => linked.linkInEngine('b', failing(segments))).toThrow(WebAssembly.RuntimeError)
      return caught(() => linked.add('b', failing(segments)))
    }
    const ofTable = inBoth('(elem (i32.const 0) $f) (elem (i32.const 3) $f $f) (data (i32.const 0) "x")')
    expect(ofTable).toBeInstanceOf(SegmentOutOfBounds)
    expect(ofTable).toMatchObject({ kind: 'element', index: 1, end: 5, size: 4 })
    expect(linked.call('a', 'call', 0)).toEqual([3n])
    expect(linked.call('a', 'call', 3)).toBe('uninitialized element')
    expect(linked.call('a', 'load', 0)).toEqual([0n])
    const ofMemory = inBoth('(elem (i32.const 1) $f) (data (i32.const 5) "x") (data (i32.const 65535) "xy")')
    expect(ofMemory).toMatchObject({ kind: 'data', index: 1, end: 65537, size: 65536 })
    expect(linked.call('a', 'call', 1)).toEqual([3n])
    expect(linked.call('a', 'load', 5)).toEqual([120n])
    expect(linked.call('a', 'load', 65535)).toEqual([0n])
  })

  it('looks at the size that a memory has grown to', () => {
    const linked = new Linked()
    const a =
      '(module (memory (export "m") 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))'
    const b = '(module (import "a" "m" (memory 1)) (data (i32.const 65536) "x"))'
    linked.link('a', a)
    expect(caught(() => linked.add('b', b))).toMatchObject({ kind: 'data', index: 0, end: 65537, size: 65536 })
    linked.call('a', 'grow', 1)
    linked.link('b', b)
  })

  it('begins at the value of an imported global', () => {
    const linked = new Linked()
    linked.link('a', '(module (global (export "at") i32 (i32.const 40)))')
    linked.link(
      'b',
      `(module (import "a" "at" (global $at i32)) (memory 1) (data (global.get $at) "x")
        (func (export "load") (result i32) (i32.load8_u (i32.const 40))))`,
    )
    expect(linked.call('b', 'load')).toEqual([120n])
  })
})

describe('absorb', () => {
  it('goes on from where a machine stopped, be it a trap, with code that is added then', () => {
    const linked = new Linked()
    linked.link(
      'a',
      `(module (memory (export "m") 1) (global $g (export "g") (mut i64) (i64.const 0)) (table (export "t") 1 externref)
        (func (export "run") (param externref) (result i32)
          (i32.store (i32.const 65532) (i32.const 77)) (global.set $g (i64.const -5))
          (drop (memory.grow (i32.const 1))) (drop (table.grow (local.get 0) (i32.const 2))) unreachable))`,
    )
    expect(linked.call('a', 'run', 3)).toBe('unreachable')
    linked.link(
      'b',
      `(module (import "a" "m" (memory 2)) (import "a" "g" (global $g (mut i64))) (import "a" "t" (table 3 externref))
        (func (export "state") (result i32 i32 i64 externref) (i32.load (i32.const 65532)) memory.size (global.get $g)
          (table.get (i32.const 2))))`,
    )
    expect(linked.call('b', 'state')).toEqual([77n, 2n, 2n ** 64n - 5n, 4n])
  })

  it('keeps start functions in order', () => {
    const linked = new Linked()
    linked.link(
      'a',
      `(module (memory (export "m") 1) (data (i32.const 0) "a")
        (func $start (i32.store8 (i32.const 1) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))) (start $start))`,
    )
    linked.link(
      'b',
      `(module (import "a" "m" (memory 1)) (data (i32.const 0) "x")
        (func $start (i32.store8 (i32.const 2) (i32.load8_u (i32.const 0)))) (start $start)
        (func (export "load") (result i32) (i32.load (i32.const 0))))`,
    )
    expect(linked.call('b', 'load')).toEqual([0x786278n])
  })
})

describe('program', () => {
  it('says what its functions were lowered from only if that was asked for', () => {
    const text = '(module (func (param i32) (result i64) (i64.extend_i32_s (local.get 0))) (func))'
    const [without, keeping] = [new Linked(), new Linked({ keepSources: true })]
    for (const linked of [without, keeping]) linked.add('a', text)
    expect(without.linker.program([]).sources).toBeNull()
    const { functions, sources } = keeping.linker.program([])
    expect(sources?.map(({ entryPc }) => entryPc)).toEqual(functions.map(({ entryPc }) => entryPc))
    expect(sources?.map(({ source }) => source.body.length)).toEqual([3, 1])
  })

  it('refuses a stub that is longer than what was kept for it', () => {
    const linker = new Linker(taskRuntime, { stubWords: 1 })
    expect(linker.program([{}]).code.length).toBe(32)
    const error = caught(() => linker.program([{}, {}]))
    expect(error).toBeInstanceOf(ProgramTooLarge)
    expect(error).toMatchObject({ what: 'words of the stub', needed: 2, limit: 1 })
  })
})
