;; SIZE calls through a table, to four functions in turn.
(module
  (import "substep" "output_write" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (type $change (func (param i32) (result i32)))
  (table 4 4 funcref)
  (elem (i32.const 0) $add $xor $multiply $rotate)
  (func $add (type $change) (i32.add (local.get 0) (i32.const 1)))
  (func $xor (type $change) (i32.xor (local.get 0) (i32.const 77)))
  (func $multiply (type $change) (i32.mul (local.get 0) (i32.const 3)))
  (func $rotate (type $change) (i32.rotl (local.get 0) (i32.const 5)))
  (func (export "main") (local $i i32) (local $x i32)
    (loop $again
      (local.set $x (call_indirect (type $change) (local.get $x) (i32.and (local.get $i) (i32.const 3))))
      (br_if $again
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const SIZE))))
    (i64.store (i32.const 0) (i64.extend_i32_u (local.get $x)))
    (call $write (i32.const 0) (i32.const 8))))
