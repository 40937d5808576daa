;; Many-way branches and bytes: a generator of numbers picks one of four cases each turn.
(module
  (memory 1)
  (func (export "main") (local $i i32) (local $x i32) (local $at i32)
    (local.set $x (i32.const 1))
    (loop $again
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (local.set $at (i32.shr_u (local.get $x) (i32.const 16)))
      (block $end
        (block $three (block $two (block $one (block $zero
          (br_table $zero $one $two $three (i32.and (i32.shr_u (local.get $x) (i32.const 9)) (i32.const 3))))
          (i32.store8 (local.get $at) (i32.load8_u (local.get $i)))
          (br $end))
          (i32.store8 (local.get $at) (i32.add (i32.load8_s (local.get $at)) (i32.const 1)))
          (br $end))
          (local.set $x (i32.xor (local.get $x) (i32.const 0x5bd1e995)))
          (br $end))
        (local.set $x (i32.rotl (local.get $x) (i32.const 13))))
      (local.set $i (i32.and (i32.add (local.get $i) (i32.const 1)) (i32.const 0xffff)))
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (br_if $again (i32.lt_u (i32.load (i32.const 0)) (i32.const SIZE))))))
