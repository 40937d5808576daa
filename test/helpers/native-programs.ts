/** Programs of all kinds for the native tier, as text. Each ends by itself; where it traps, the name says how. */
const FACTORIAL = `(func $f (param i64) (result i64)
  (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1))
    (else (i64.mul (local.get 0) (call $f (i64.sub (local.get 0) (i64.const 1)))))))`

const countTo = (limit: number, code: string): string =>
  `(local $i i32) (loop $l ${code} (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${limit}))))`

export const NATIVE_PROGRAMS: Readonly<Record<string, string>> = {
  loops: `(memory 1) (func (export "main") (local $j i32) (local $s i32) ${countTo(
    200,
    `(local.set $j (i32.const 0)) (loop $k (local.set $s (i32.add (i32.rotl (local.get $s) (i32.const 3)) (local.get $j)))
      (i32.store8 offset=4000 (local.get $i) (local.get $s))
      (br_if $k (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $i))))`,
  )} (i32.store (i32.const 0) (local.get $s)))`,
  recursion: `(memory 1) ${FACTORIAL} (func (export "main") ${countTo(
    40,
    '(i64.store (i32.shl (local.get $i) (i32.const 3)) (call $f (i64.extend_i32_u (local.get $i))))',
  )})`,
  branchTables: `(memory 1) (func $pick (param i32) (result i32)
      (block $c (result i32) (block $b (result i32) (block $a (result i32)
        (i32.const 7) (i32.const 9) (br_table $a $b $c $a (i32.and (local.get 0) (i32.const 3))))
        (i32.add (i32.const 1)) (br $c)) (i32.mul (i32.const 3))))
    (func (export "main") (local $s i32) ${countTo(300, '(local.set $s (i32.add (local.get $s) (call $pick (local.get $i))))')}
      (i32.store (i32.const 0) (local.get $s)))`,
  indirectCalls: `(memory 1) (type $t (func (param i32) (result i32))) (table 3 funcref) (elem (i32.const 0) $a $b $c)
    (func $a (param i32) (result i32) (i32.add (local.get 0) (i32.const 5)))
    (func $b (param i32) (result i32) (i32.xor (local.get 0) (i32.const 99)))
    (func $c (param i32) (result i32) (call_indirect (type $t) (call $a (local.get 0)) (i32.const 1)))
    (func (export "main") (local $s i32) ${countTo(
      300,
      '(local.set $s (i32.sub (i32.const 3) (call_indirect (type $t) (local.get $s) (i32.rem_u (local.get $i) (i32.const 3)))))',
    )} (i32.store (i32.const 0) (local.get $s)))`,
  floats: `(memory 1) (func (export "main") (local $x f64) (local $y f32) ${countTo(
    300,
    `(local.set $x (f64.div (f64.sub (f64.convert_i32_u (local.get $i)) (f64.const 100)) (f64.sub (f64.convert_i32_u (local.get $i)) (f64.const 100))))
     (local.set $y (f32.sqrt (f32.sub (f32.const 50) (f32.convert_i32_u (local.get $i)))))
     (f64.store (i32.shl (local.get $i) (i32.const 4)) (f64.copysign (local.get $x) (f64.mul (local.get $x) (f64.const -1))))
     (f32.store offset=8 (i32.shl (local.get $i) (i32.const 4)) (f32.add (local.get $y) (f32.neg (local.get $y))))`,
  )})`,
  multiValue: `(memory 1) (func $swap (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
    (func $three (param i32) (result i32 f32 i64) (local.get 0) (f32.const 1.5) (i64.const 9))
    (func (export "main") (local $a i32) (local $b i64) ${countTo(
      200,
      `(call $swap (i32.add (local.get $i) (local.get $a)) (i64.add (local.get $b) (i64.const 3)))
       (block (param i64 i32) (result i32 i64) (local.set $a) (local.set $b) (local.get $a) (local.get $b))
       (local.set $b) (local.set $a)
       (call $three (local.get $i)) (local.set $b (i64.add (local.get $b))) (drop) (drop)`,
    ).replace(
      '(local.set $b (i64.add (local.get $b)))',
      '(local.get $b) (i64.add) (local.set $b)',
    )} (i64.store (i32.const 0) (local.get $b)))`,
  bulkMemory: `(memory 2) (data $d "some bytes of a segment that is passive")
    (func (export "main") ${countTo(
      12,
      `(memory.fill (i32.mul (local.get $i) (i32.const 900)) (local.get $i) (i32.const 700))
       (memory.copy (i32.const 60000) (i32.mul (local.get $i) (i32.const 800)) (i32.const 9001))
       (memory.copy (i32.const 60100) (i32.const 60000) (i32.const 5000))
       (memory.init $d (i32.add (i32.const 100000) (local.get $i)) (i32.const 3) (i32.const 20))`,
    )} (data.drop $d) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)))`,
  growth: `(memory 1 20) (func (export "main") (local $p i32) ${countTo(
    25,
    `(local.set $p (memory.grow (i32.const 1)))
     (if (i32.ne (local.get $p) (i32.const -1)) (then (i32.store offset=65532 (i32.shl (local.get $p) (i32.const 16)) (local.get $i))))
     (i32.store offset=400 (i32.shl (local.get $i) (i32.const 2)) (memory.size))`,
  )})`,
  manyLocals: `(memory 1) (func $f (param i32) (result i32) (local ${'i32 '.repeat(600)})
      (local.set 599 (i32.add (local.get 0) (local.get 300))) (i32.mul (local.get 599) (i32.const 5)))
    (func (export "main") (local $s i32) ${countTo(60, '(local.set $s (call $f (i32.xor (local.get $s) (local.get $i))))')}
      (i32.store (i32.const 0) (local.get $s)))`,
  growthByNothing: `(memory 1 3) (func (export "main") (local $s i32) ${countTo(
    200,
    `(local.set $s (i32.add (i32.mul (local.get $s) (i32.const 3)) (memory.grow (i32.const 0))))
     (if (i32.eq (i32.and (local.get $i) (i32.const 63)) (i32.const 63)) (then (drop (memory.grow (i32.const 1)))))`,
  )} (i32.store (i32.const 131072) (local.get $s)))`,
  tableMutation: `(memory 1) (type $t (func (result i32))) (table $u 4 40 funcref) (table $w 2 externref) (elem $e func $a $b $a)
    (elem declare func $a $b) (func $a (result i32) (i32.const 1)) (func $b (result i32) (i32.const 2))
    (func (export "main") (local $s i32) ${countTo(
      60,
      `(table.fill $u (i32.const 0) (ref.func $a) (i32.const 4))
       (if (i32.and (local.get $i) (i32.const 1)) (then (table.set $u (i32.and (local.get $i) (i32.const 3)) (ref.func $b)))
        (else (table.init $u $e (i32.const 1) (i32.const 0) (i32.const 3))))
       (drop (table.grow $u (ref.null func) (i32.const 1)))
       (table.copy $u $u (i32.const 0) (i32.const 1) (i32.const 3))
       (local.set $s (i32.add (i32.mul (local.get $s) (i32.const 5)) (call_indirect $u (type $t) (i32.and (local.get $i) (i32.const 3)))))
       (local.set $s (i32.add (local.get $s) (ref.is_null (table.get $u (i32.sub (table.size $u) (i32.const 1))))))`,
    )} (elem.drop $e) (i32.store (i32.const 0) (local.get $s)))`,
  tailCalls: `(memory 1) (type $t (func (param i32 i32) (result i32)))  (table funcref (elem $even $odd))
    (func $even (param i32 i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $odd (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 2)) (i64.const 5)))
    (func $odd (param i32 i32 i64) (result i32)
      (return_call_indirect (type $t) (local.get 0) (i32.add (local.get 1) (i32.wrap_i64 (local.get 2))) (i32.const 0)))
    (func (export "main") ${countTo(20, '(i32.store (i32.shl (local.get $i) (i32.const 2)) (call $even (local.get $i) (i32.const 1)))')})`.replace(
    '(elem $even $odd)',
    '(elem $even $even)',
  ),
  start: `(memory 1) (global $g (mut i64) (i64.const 3)) (start $s) (func $s ${countTo(
    50,
    '(global.set $g (i64.mul (global.get $g) (i64.const 3)))',
  )}) (func (export "main") ${countTo(50, '(i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (global.get $g)))')})`,
  output: `(import "substep" "input_read" (func $r (param i32 i32 i32) (result i32)))
    (import "substep" "output_write" (func $w (param i32 i32))) (import "substep" "input_size" (func $n (result i32)))
    (memory 2) (func (export "main") ${countTo(
      30,
      `(drop (call $r (local.get $i) (i32.const 0) (call $n))) (call $w (i32.const 0) (i32.add (call $n) (i32.mul (local.get $i) (i32.const 300))))`,
    )})`,
  straddling: `(memory 3) (func (export "main") ${countTo(
    30,
    '(i64.store offset=4089 (i32.shl (local.get $i) (i32.const 12)) (i64.const -1)) (i32.store offset=4094 (i32.shl (local.get $i) (i32.const 12)) (local.get $i))',
  )})`,
  deepStack: `(memory 1) ${FACTORIAL} (func (export "main") (i64.store (i32.const 0) (call $f (i64.const 12000))))`,
}

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
}
