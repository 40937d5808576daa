import { countTo } from './native-programs.ts'

const trapAfter = (code: string, more = ''): string =>
  `(memory 1) ${more} (func $work (param i32) (result i32) (i32.store (local.get 0) (local.get 0)) ${code})
   (func (export "main") (local $s i32) ${countTo(400, '(local.set $s (i32.add (local.get $s) (call $work (local.get $i))))')})`

/** Each traps late in its run; the number is the machine's trap. */
export const TRAPPING_PROGRAMS: Readonly<Record<string, readonly [trap: number, text: string]>> = {
  unreachable: [1, trapAfter('(if (i32.eq (local.get 0) (i32.const 333)) (then unreachable)) (i32.const 1)')],
  memoryBounds: [2, trapAfter('(i32.load (i32.mul (local.get 0) (i32.const 200)))')],
  bulkBounds: [
    2,
    trapAfter('(memory.fill (i32.mul (local.get 0) (i32.const 200)) (i32.const 1) (i32.const 9)) (i32.const 1)'),
  ],
  divisionByZero: [3, trapAfter('(i32.div_u (i32.const 8) (i32.sub (i32.const 350) (local.get 0)))')],
  overflow: [
    4,
    trapAfter('(i32.div_s (i32.const 0x80000000) (i32.or (i32.sub (i32.const 301) (local.get 0)) (i32.const 1)))'),
  ],
  invalidConversion: [
    5,
    trapAfter('(i32.trunc_f32_s (f32.sqrt (f32.convert_i32_s (i32.sub (i32.const 300) (local.get 0)))))'),
  ],
  undefinedElement: [
    6,
    trapAfter(
      '(call_indirect (type $t) (i32.shr_u (local.get 0) (i32.const 8)))',
      '(type $t (func (result i32))) (table 1 1 funcref) (elem (i32.const 0) $a) (func $a (result i32) (i32.const 1))',
    ),
  ],
  uninitializedElement: [
    7,
    trapAfter(
      '(call_indirect (type $t) (i32.shr_u (local.get 0) (i32.const 8)))',
      '(type $t (func (result i32))) (table 2 2 funcref) (elem (i32.const 0) $a) (func $a (result i32) (i32.const 1))',
    ),
  ],
  typeMismatch: [
    8,
    trapAfter(
      '(call_indirect (type $t) (i32.shr_u (local.get 0) (i32.const 8)))',
      '(type $t (func (result i32))) (table 2 2 funcref) (elem (i32.const 0) $a $b) (func $a (result i32) (i32.const 1)) (func $b (result i64) (i64.const 1))',
    ),
  ],
  tableBounds: [
    9,
    trapAfter('(ref.is_null (table.get 0 (i32.shr_u (local.get 0) (i32.const 8))))', '(table 1 1 funcref)'),
  ],
  stackExhausted: [
    10,
    `(memory 1) (func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
     (func (export "main") ${countTo(300, '(i32.store (i32.const 4) (local.get $i))')} (drop (call $deep (i32.const 0))))`,
  ],
  remainderByZero: [
    3,
    trapAfter('(i32.wrap_i64 (i64.rem_u (i64.const 9) (i64.extend_i32_u (i32.sub (i32.const 300) (local.get 0)))))'),
  ],
  wideOverflow: [
    4,
    trapAfter(
      '(i32.wrap_i64 (i64.div_s (i64.const 0x8000000000000000) (i64.sub (i64.const 299) (i64.extend_i32_u (i32.add (local.get 0) (i32.eq (local.get 0) (i32.const 299)))))))',
    ),
  ],
  conversionTooLarge: [
    4,
    trapAfter('(i32.trunc_f64_u (f64.mul (f64.convert_i32_u (local.get 0)) (f64.const 20000000)))'),
  ],
  storeAcrossTheEnd: [
    2,
    trapAfter('(i64.store offset=65529 (i32.shr_u (local.get 0) (i32.const 8)) (i64.const -1)) (i32.const 1)'),
  ],
  offsetBeyondAll: [
    2,
    trapAfter(
      '(if (i32.eq (local.get 0) (i32.const 333)) (then (drop (i32.load8_u offset=0xffffffff (local.get 0))))) (i32.const 1)',
    ),
  ],
  copyBounds: [
    2,
    trapAfter('(memory.copy (i32.const 0) (i32.mul (local.get 0) (i32.const 200)) (i32.const 9)) (i32.const 1)'),
  ],
  initBounds: [
    2,
    trapAfter(
      '(memory.init $d (i32.const 0) (i32.shr_u (local.get 0) (i32.const 5)) (i32.const 4)) (i32.const 1)',
      '(data $d "twelve bytes")',
    ),
  ],
  typesOfReferences: [
    8,
    trapAfter(
      '(i32.wrap_i64 (call_indirect (type $t) (i32.shr_u (local.get 0) (i32.const 8))))',
      `(type $t (func (result i64))) (table 2 2 funcref) (elem (i32.const 0) $a $b) (func $a (result i64) (i64.const 1))
       (func $b (result externref) (ref.null extern))`,
    ),
  ],
  tableBoundsWithinItsRoom: [
    9,
    trapAfter('(ref.is_null (table.get 0 (i32.shr_u (local.get 0) (i32.const 8))))', '(table 1 10 externref)'),
  ],
  tableSetBounds: [
    9,
    trapAfter(
      '(table.set 0 (i32.shr_u (local.get 0) (i32.const 8)) (ref.null func)) (i32.const 1)',
      '(table 1 1 funcref)',
    ),
  ],
  tableCopyBounds: [
    9,
    trapAfter(
      '(table.copy 0 0 (i32.const 0) (i32.shr_u (local.get 0) (i32.const 5)) (i32.const 2)) (i32.const 1)',
      '(table 9 9 funcref)',
    ),
  ],
  tailCallOfNothing: [
    7,
    trapAfter(
      '(call $tail (i32.shr_u (local.get 0) (i32.const 8)))',
      `(type $t (func (result i32))) (table 2 2 funcref) (elem (i32.const 0) $a) (func $a (result i32) (i32.const 1))
       (func $tail (param i32) (result i32) (return_call_indirect (type $t) (local.get 0)))`,
    ),
  ],
  stackOfTailCallers: [
    10,
    `(memory 1) (func $deep (param i32) (result i32) (return_call $deeper (local.get 0) (i64.const 1)))
     (func $deeper (param i32 i64) (result i32) (local i64 i64) (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
     (func (export "main") (drop (call $deep (i32.const 0))))`,
  ],
  inDepth: [
    1,
    `(memory 1) (func $deep (param i32) (result i32)
       (if (i32.eq (local.get 0) (i32.const 2000)) (then unreachable))
       (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
     (func (export "main") ${countTo(300, '(i32.store (i32.const 4) (local.get $i))')} (drop (call $deep (i32.const 0))))`,
  ],
  inStart: [
    1,
    `(memory 1) (start $s) (func $s ${countTo(300, '(if (i32.eq (local.get $i) (i32.const 222)) (then unreachable))')}) (func (export "main"))`,
  ],
  atOnce: [1, '(memory 1) (func (export "main") unreachable)'],
  inputBeyondMemory: [
    2,
    `(import "substep" "input_read" (func $r (param i32 i32 i32) (result i32))) (memory 1)
     (func (export "main") ${countTo(100, '(drop (call $r (i32.const 0) (i32.mul (local.get $i) (i32.const 900)) (i32.const 100)))')})`,
  ],
  outputBeyondMemory: [
    2,
    `(import "substep" "output_write" (func $w (param i32 i32))) (memory 1)
     (func (export "main") ${countTo(100, '(call $w (i32.mul (local.get $i) (i32.const 900)) (i32.const 100))')})`,
  ],
}
