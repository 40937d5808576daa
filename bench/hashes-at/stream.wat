;; Goes over 64 MiB again and again: each word becomes a mix of what it was and how often words were written.
(module
  (memory (export "memory") 1024)
  (func (export "main") (local $at i32) (local $x i64)
    (loop $again
      (i64.store (local.get $at)
        (i64.xor
          (i64.mul (i64.load (local.get $at)) (i64.const 6364136223846793005))
          (local.tee $x (i64.add (local.get $x) (i64.const 1442695040888963407)))))
      (local.set $at (i32.and (i32.add (local.get $at) (i32.const 8)) (i32.const 0x3fffff8)))
      (br $again))))
