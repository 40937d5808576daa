;; The same with 64-bit values.
(module
  (memory 1)
  (func (export "main") (local $i i32) (local $sum i64) (local $at i32)
    (loop $again
      (local.set $at (i32.and (i32.mul (local.get $i) (i32.const 40)) (i32.const 0xfff8)))
      (i64.store (local.get $at)
        (i64.add (i64.mul (i64.load (local.get $at)) (i64.const 6364136223846793005))
          (i64.extend_i32_u (local.get $i))))
      (local.set $sum (i64.xor (local.get $sum) (i64.rotl (i64.load (local.get $at)) (i64.const 23))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const SIZE))))
    (i64.store (i32.const 0) (local.get $sum))))
