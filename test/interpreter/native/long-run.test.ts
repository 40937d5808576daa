import { describe, expect, it } from 'vitest'
import { lowerTask } from '../../../interpreter/index.ts'
import { TRAP } from '../../../spec/index.ts'
import { compareAtSteps } from '../../helpers/native-run.ts'
import { createRandom } from '../../helpers/random.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260507
const STOPS = 4
const NO_INPUT = new Uint8Array(0)

/** All that a machine has changes as it goes, now and then; 30 steps or so for each round. */
const changing = (rounds: number, end: string): string => `(module
  (import "substep" "output_write" (func $w (param i32 i32))) (memory 1 40)
  (type $t (func (param i32) (result i32))) (table $u 3 300 funcref) (elem (table $u) (i32.const 0) func $a $b $a)
  (elem declare func $a $b) (global $g (mut i64) (i64.const 1)) (global $r (mut funcref) (ref.null func))
  (func $a (param i32) (result i32) (i32.add (local.get 0) (i32.const 7)))
  (func $b (param i32) (result i32) (i32.rotl (local.get 0) (i32.const 7)))
  (func $seldom (param i32)
    (drop (memory.grow (i32.const 1))) (drop (table.grow $u (global.get $r) (i32.const 5)))
    (global.set $r (ref.func $b)) (table.set $u (i32.const 1) (table.get $u (i32.sub (table.size $u) (i32.const 1))))
    (table.set $u (i32.const 1) (ref.func $a))
    (memory.fill (i32.and (local.get 0) (i32.const 0xffff)) (local.get 0) (i32.const 300))
    (call $w (i32.and (local.get 0) (i32.const 0x7fff)) (i32.const 900)))
  (func (export "main") (local $i i32) (local $s i32)
    (loop $l
      (local.set $s (call_indirect $u (type $t) (local.get $s) (i32.rem_u (local.get $i) (i32.const 3))))
      (i32.store (i32.and (local.get $s) (i32.const 0xfff0)) (local.get $i))
      (global.set $g (i64.mul (global.get $g) (i64.const 3)))
      (if (i32.eqz (i32.and (local.get $i) (i32.const 0xffff))) (then (call $seldom (local.get $s))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${rounds}))))
    ${end}))`

/** Longer than the first pieces into which the machine divides a run. */
const ROUNDS = 2_500_000

describe(`a run of many pieces, seed ${SEED}`, () => {
  const compare = (end: string) => {
    const program = lowerTask(wasmOf(changing(ROUNDS, end)), { keepSources: true })
    return compareAtSteps(program, NO_INPUT, createRandom(SEED), STOPS)
  }

  it('stands where the interpreter does, at random steps and at its end', () => {
    const { fallback, nativeSteps, interpretedSteps, outcome } = compare('')
    expect(outcome.outcome).toBe('halted')
    expect(fallback).toBeNull()
    expect(nativeSteps).toBeGreaterThan(60_000_000)
    expect(interpretedSteps).toBeLessThan(100_000)
  })

  it('traps at the same step, however late', () => {
    const { fallback, nativeSteps, outcome } = compare('(drop (i32.div_u (i32.const 1) (i32.const 0)))')
    expect(outcome).toMatchObject({ outcome: 'trapped', trap: TRAP.DIVISION_BY_ZERO })
    expect(fallback).toBeNull()
    expect(nativeSteps).toBeGreaterThan(60_000_000)
  })
})
