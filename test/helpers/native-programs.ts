/** Programs of all kinds for the native tier, as the fields of a module in text form. Each ends by itself. */

export const FACTORIAL = `(func $f (param i64) (result i64)
  (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1))
    (else (i64.mul (local.get 0) (call $f (i64.sub (local.get 0) (i64.const 1)))))))`

/** Code that is run for each number below a limit, in `$i`, which it declares. */
export const countTo = (limit: number, code: string): string =>
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
  resultsOfArithmetic: `(memory 1) (func $bits (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
    (func (export "main") (local $x f64) (local $y f64) (local $z f64) (local $m f64) (local $n f64) (local $w f32) (local $p i32) ${countTo(
      400,
      `(local.set $p (i32.shl (local.get $i) (i32.const 7)))
       (local.set $x (f64.div (f64.convert_i32_u (i32.and (local.get $i) (i32.const 1))) (f64.const 0)))
       (local.set $y (f64.sub (local.tee $z (f64.mul (local.get $x) (f64.const 0))) (local.get $x)))
       (local.set $w (f32.demote_f64 (f64.min (local.get $z) (local.get $y)))) (local.set $z (local.get $y))
       (local.set $m (select (f64.const -nan:0x4000000000007) (local.get $z) (i32.and (local.get $i) (i32.const 2))))
       (f64.store (local.get $p) (local.get $z)) (f32.store offset=8 (local.get $p) (local.get $w))
       (f64.store offset=16 (local.get $p) (f64.neg (local.get $y))) (if (i32.eqz (i32.and (local.get $i) (i32.const 15))) (then (i64.store offset=24 (local.get $p) (call $bits (local.get $z)))))
       (i64.store offset=32 (local.get $p) (i64.reinterpret_f64 (local.get $m)))
       (f64.store offset=40 (local.get $p) (block (result f64) (br 0 (local.get $y))))
       (i32.store offset=48 (local.get $p) (f64.eq (local.get $y) (local.get $y)))
       (local.set $m (f64.load offset=16 (local.get $p))) (f64.store offset=52 (local.get $p) (local.get $m))
       (local.set $n (local.get $m)) (f64.store offset=64 (local.get $p) (local.get $n))
       (f64.store offset=72 (local.get $p) (local.tee $z (f64.add (local.get $y) (f64.const 1))))`,
    )})`,
  sameAddress: `(memory 28) (func $id (param i32) (result i32) (local.get 0))
    (func (export "main") (local $p i32) (local $q i32) (local $j i32) ${countTo(
      24,
      `(local.set $q (i32.shl (local.get $i) (i32.const 15))) (i32.store offset=4 (local.get $q) (local.get $i))
       (local.set $j (i32.const 0)) (i32.store offset=20000 (local.get $p) (local.get $i))
       (loop $k
         (i32.store offset=20000 (local.get $p) (local.get $j))
         (if (i32.and (local.get $j) (i32.const 1))
           (then (i64.store offset=4088 (local.get $q) (i64.const 7)) (local.set $p (call $id (i32.add (local.get $p) (i32.const 9000)))))
           (else (i32.store8 offset=4100 (local.get $q) (local.get $j)) (i64.store offset=24089 (local.get $p) (i64.const 3))))
         (i32.store16 offset=9000 (local.get $q) (local.get $j))
         (br_if $k (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 5))))
       (if (i32.and (local.get $i) (i32.const 1))
         (then (i32.store offset=600000 (local.get $q) (local.get $i))) (else (i32.store offset=600004 (local.get $q) (local.get $i))))
       (if (i32.and (local.get $i) (i32.const 2)) (then (i32.store offset=900000 (local.get $q) (local.get $i))))
       (i32.store offset=900004 (local.get $q) (local.get $i))
       (i32.store offset=8 (local.get $q) (call $id (local.get $j)))
       (local.set $q (i32.add (local.get $q) (i32.const 25000))) (i32.store offset=12 (local.get $q) (local.get $j))`,
    )})`,
  storesFarApart: `(memory 1) (func (export "main") (local $a i32) ${countTo(
    60,
    `(if (i32.and (local.get $i) (i32.const 1)) (then (i32.store8 offset=4090 (local.get $a) (local.get $i))))
     (i32.store8 offset=8170 (local.get $a) (local.get $i)) (i32.store8 offset=12250 (local.get $a) (local.get $i))`,
  )})`,
  deepStack: `(memory 1) ${FACTORIAL} (func (export "main") ${countTo(40, '(i64.store (i32.const 8) (call $f (i64.const 40)))')}
    (i64.store (i32.const 0) (call $f (i64.const 12000))))`,
  carriedValues: `(memory 1) (func $shrink (param $n i64) (result i64)
      (i64.const 100) (i64.const 0) (local.get $n)
      (loop $l (param i64 i64) (result i64 i64)
        (local.set $n) (i64.const 1) (i64.add) (local.get $n)
        (if (param i64) (result i64) (i64.eqz (i64.and (local.get $n) (i64.const 1)))
          (then (i64.shr_u (i64.const 1)))
          (else (i64.add (i64.mul (i64.const 3)) (i64.const 1))))
        (local.tee $n) (br_if $l (i64.ne (local.get $n) (i64.const 1))))
      (i64.mul) (i64.add))
    (func (export "main") (local $s i64) ${countTo(
      60,
      '(call $shrink (i64.extend_i32_u (i32.add (local.get $i) (i32.const 1)))) (local.get $s) (i64.add) (local.set $s)',
    )} (i64.store (i32.const 8) (local.get $s)))`,
  arms: `(memory 1) (func $leaf (param i64) (result i64) (i64.rotl (local.get 0) (i64.const 5)))
    (func $arms (param $n i32) (param $x i64) (result i64) (local $k i32)
      (if (result i64) (i32.and (local.get $n) (i32.const 1))
        (then (i64.const 3)
          (if (param i64) (result i64) (i32.and (local.get $n) (i32.const 2))
            (then (i64.add (call $leaf (local.get $x))))
            (else (i64.mul (call $leaf (local.get $x))) (i64.xor (call $leaf (i64.const 9)))))
          (i64.sub (call $leaf (local.get $x))))
        (else
          (if (i32.and (local.get $n) (i32.const 4)) (then (local.set $x (call $leaf (local.get $x)))))
          (loop $l (local.set $x (i64.add (call $leaf (local.get $x)) (i64.const 7)))
            (br_if $l (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.and (local.get $n) (i32.const 7)))))
          (local.get $x))))
    (func (export "main") (local $s i64) ${countTo(80, '(local.set $s (call $arms (local.get $i) (local.get $s)))')}
      (i64.store (i32.const 0) (local.get $s)))`,
  tableOfBranches: `(memory 1) (func $run (param $op i32) (param $n i32) (result i32) (local $acc i32)
      (block $out (result i32)
        (loop $again
          (local.set $n (i32.shr_u (local.get $n) (i32.const 1)))
          (drop (br_if $out (local.get $acc) (i32.eqz (local.get $n))))
          (block $c
            (block $b
              (block $a (br_table $a $b $c $again $b (i32.rem_u (i32.add (local.get $op) (local.get $n)) (i32.const 6))))
              (local.set $acc (i32.add (local.get $acc) (i32.const 3))))
            (i32.const 77)
            (block (result i32) (local.get $acc) (br_table 0 $out 0 4 0 0 (i32.and (local.get $n) (i32.const 31))))
            (local.set $acc (i32.mul (i32.const 5))) (drop))
          (local.set $acc (i32.xor (local.get $acc) (local.get $n)))
          (br $again))
        (i32.const 1)))
    (func (export "main") (local $s i32) ${countTo(
      120,
      '(local.set $s (i32.add (local.get $s) (call $run (local.get $i) (local.get $s))))',
    )} (i32.store (i32.const 0) (local.get $s)))`,
  tableOfValues: `(memory 1) (func $pick (param i32) (result i64)
      (block $b (result i32 i64)
        (i32.const 5)
        (block $a (result i32 i64) (i32.const 6) (f32.const 7) (i32.const 1) (i64.const 2) (br_table $a $b $a (local.get 0)))
        (i64.add (i64.const 3)) (br $b))
      (local.set 0 (i32.wrap_i64)) (i64.extend_i32_u (i32.mul (local.get 0))))
    (func (export "main") (local $s i64) ${countTo(
      60,
      '(local.set $s (i64.add (local.get $s) (call $pick (i32.and (local.get $i) (i32.const 3)))))',
    )} (i64.store (i32.const 0) (local.get $s)))`,
  manyLocals: `(memory 1) (func $next (param i64) (result i64) (i64.add (local.get 0) (i64.const 3)))
    (func $wide (param i32 f32 f64 i64) (result i64) (local i32 f64 ${'i64 '.repeat(300)}f32)
      ${Array.from({ length: 300 }, (_, i) => `(local.set ${i + 6} (i64.add (i64.extend_i32_u (local.get 0)) (i64.const ${i * i})))`).join(' ')}
      (local.set 306 (f32.add (local.get 1) (f32.const 1))) (local.set 5 (f64.add (local.get 2) (f64.const 2)))
      (loop $l (local.set ${6 + 299} (call $next (local.get ${6 + 256})))
        (local.set ${6 + 256} (i64.add (local.get ${6 + 299}) (local.get ${6 + 128})))
        (br_if $l (i32.lt_u (local.tee 4 (i32.add (local.get 4) (i32.const 1))) (i32.const 6))))
      (i64.add (i64.trunc_sat_f32_s (local.get 306)) (i64.add (i64.trunc_sat_f64_s (local.get 5))
        (local.get 3)))
      ${Array.from({ length: 300 }, (_, i) => `(i64.add (local.get ${i + 6}))`).join(' ')})
    (func (export "main") (local $s i64) ${countTo(
      5,
      '(local.set $s (call $wide (local.get $i) (f32.const 1.5) (f64.const 2.5) (local.get $s)))',
    )} (i64.store (i32.const 0) (local.get $s)))`,
  references: `(memory 1) (type $t (func (result i32))) (table $u 4 funcref) (table $w 3 externref) (elem declare func $a $b)
    (global $f (mut funcref) (ref.func $a)) (global $x (mut externref) (ref.null extern)) (global $n funcref (ref.null func))
    (func $a (result i32) (i32.const 7)) (func $b (result i32) (i32.const 11))
    (func $choose (param i32 funcref funcref) (result funcref) (select (result funcref) (local.get 1) (local.get 2) (local.get 0)))
    (func $swap (param funcref externref) (result externref funcref) (local.get 1) (local.get 0))
    (func (export "main") (local $s i32) (local $r funcref) (local $y externref) ${countTo(
      100,
      `(global.set $f (call $choose (i32.and (local.get $i) (i32.const 1)) (ref.func $a) (ref.func $b)))
       (call $swap (global.get $f) (global.get $x)) (local.set $r) (local.set $y)
       (table.set $u (i32.and (local.get $i) (i32.const 3)) (local.get $r)) (table.set $w (i32.const 2) (local.get $y))
       (local.set $s (i32.add (i32.mul (local.get $s) (i32.const 3)) (call_indirect $u (type $t) (i32.and (local.get $i) (i32.const 3)))))
       (local.set $s (i32.add (local.get $s) (i32.add (ref.is_null (table.get $w (i32.const 2))) (ref.is_null (global.get $n)))))
       (if (i32.eqz (i32.and (local.get $i) (i32.const 7))) (then (table.set $u (i32.const 1) (ref.null func)) (table.set $u (i32.const 1) (ref.func $b))))`,
    )} (i32.store (i32.const 0) (local.get $s)))`,
  nanBits: `(memory 1) (global $g (mut f32) (f32.const nan:0x200001)) (global $h (mut f64) (f64.const -nan:0x4000000000001))
    (func $swap (param f32 f64) (result f64 f32) (local.get 1) (local.get 0))
    (func $none (param f64) (result f64) (f64.mul (local.get 0) (f64.const inf)))
    (func (export "main") (local $x f32) (local $y f64) (local $p i32) ${countTo(
      60,
      `(local.set $p (i32.shl (local.get $i) (i32.const 6)))
       (local.set $x (f32.reinterpret_i32 (i32.or (i32.const 0x7fa00000) (local.get $i))))
       (local.set $y (f64.reinterpret_i64 (i64.or (i64.const 0xfff4000000000000) (i64.extend_i32_u (local.get $i)))))
       (call $swap (local.get $x) (local.get $y)) (local.set $x) (local.set $y)
       (f32.store (local.get $p) (local.get $x)) (f64.store offset=8 (local.get $p) (local.get $y))
       (f32.store offset=4 (local.get $p) (f32.add (local.get $x) (f32.const 1)))
       (global.set $g (f32.neg (global.get $g))) (global.set $h (f64.copysign (global.get $h) (local.get $y)))
       (f64.store offset=16 (local.get $p) (if (result f64) (i32.and (local.get $i) (i32.const 1)) (then (local.get $y)) (else (f64.sqrt (f64.const -1)))))
       (f64.store offset=24 (local.get $p) (block (result f64) (br 0 (f64.sub (f64.const inf) (f64.const inf)))))
       (i64.store offset=32 (local.get $p) (i64.reinterpret_f64 (select (call $none (f64.const 0)) (f64.promote_f32 (local.get $x)) (i32.and (local.get $i) (i32.const 2)))))
       (f32.store offset=40 (local.get $p) (f32.min (f32.neg (f32.demote_f64 (local.get $y))) (f32.const 1)))
       (f32.store offset=44 (local.get $p) (select (f32.sqrt (f32.const -1)) (local.get $x) (i32.and (local.get $i) (i32.const 4))))
       (f32.store offset=56 (local.get $p) (f32.copysign (f32.const 1) (f32.sqrt (f32.neg (f32.convert_i32_u (i32.add (local.get $i) (i32.const 1)))))))
       (f64.store offset=48 (local.get $p) (f64.abs (f64.neg (f64.div (f64.const 0) (f64.const 0)))))`,
    )} (f32.store (i32.const 4) (global.get $g)) (f64.store (i32.const 8) (global.get $h)))`,
  nineResults: `(memory 1) (func $many (param i32) (result i64 i32 f32 f64 i64 i32 i32 i64 i64)
      (if (local.get 0) (then (call $many (i32.sub (local.get 0) (i32.const 1))) (i64.add (i64.const 1)) (return)))
      (i64.const 1) (i32.const 2) (f32.const 3) (f64.const 4) (i64.const 5) (i32.const 6) (i32.const 7) (i64.const 8) (i64.const 9))
    (func (export "main") ${countTo(
      20,
      '(call $many (local.get $i)) (global.set $last) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop)',
    )}) (global $last (mut i64) (i64.const 0))`,
  framesOfTailCalls: `(memory 1) (type $t (func (param i32 i64) (result i64)))
    (table funcref (elem $small $large))
    (func $small (param i32 i64) (result i64) (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $wide (i64.const 1) (local.get 1) (i32.sub (local.get 0) (i32.const 1)) (f64.const 2) (i64.const 4)))
    (func $wide (param i64 i64 i32 f64 i64) (result i64) (local i64 i64 i64)
      (return_call_indirect (type $t) (local.get 2) (i64.add (local.get 0) (local.get 1)) (i32.and (local.get 2) (i32.const 1))))
    (func $large (param i32 i64) (result i64) (local i64 f32 i32)
      (local.set 2 (call $small (i32.and (local.get 0) (i32.const 3)) (local.get 1)))
      (if (i32.eqz (local.get 0)) (then (return (local.get 2))))
      (return_call $small (i32.sub (local.get 0) (i32.const 1)) (local.get 2)))
    (func (export "main") (local $s i64) ${countTo(30, '(local.set $s (i64.xor (call $large (local.get $i) (local.get $s)) (i64.const 5)))')}
      (i64.store (i32.const 0) (local.get $s)))`,
  straightLine: `(memory 1) (func $long (param i32) (result i32) (local i32)
      ${Array.from({ length: 500 }, (_, i) => `(local.set 1 (i32.xor (i32.add (local.get 1) (local.get 0)) (i32.const ${i})))`).join(' ')} (local.get 1))
    (func (export "main") (local $s i32) ${countTo(12, '(local.set $s (i32.add (local.get $s) (call $long (local.get $i))))')}
      (i32.store (i32.const 0) (local.get $s)))`,
  edgesOfMemory: `(memory 2 2) (func (export "main") (local $s i64) ${countTo(
    60,
    `(i64.store8 (i32.sub (i32.const 0x1ffff) (local.get $i)) (local.get $s))
     (local.set $s (i64.add (local.get $s) (i64.load (i32.sub (i32.const 0x1fff8) (local.get $i)))))
     (local.set $s (i64.add (local.get $s) (i64.load16_s offset=0x1fffe (i32.const 0))))
     (i32.store16 offset=0xffff (i32.shl (local.get $i) (i32.const 8)) (local.get $i))`,
  )})`,
}
