;; The loop of the goal: 32-bit loads, stores and arithmetic over 64 KiB.
(module
  (memory 1)
  (func (export "main") (local $i i32) (local $sum i32) (local $at i32)
    (loop $again
      (local.set $at (i32.and (i32.mul (local.get $i) (i32.const 20)) (i32.const 0xfffc)))
      (i32.store (local.get $at)
        (i32.add (i32.mul (i32.load (local.get $at)) (i32.const 1664525)) (local.get $i)))
      (local.set $sum (i32.xor (local.get $sum) (i32.rotl (i32.load (local.get $at)) (i32.const 7))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const SIZE))))
    (i32.store (i32.const 0) (local.get $sum))))
