;; The Fibonacci number SIZE by recursion: nothing but calls.
(module
  (import "substep" "output_write" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func $fib (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else (i32.add
        (call $fib (i32.sub (local.get $n) (i32.const 1)))
        (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  (func (export "main")
    (i64.store (i32.const 0) (i64.extend_i32_u (call $fib (i32.const SIZE))))
    (call $write (i32.const 0) (i32.const 8))))
