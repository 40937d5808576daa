import { describe, expect, it } from 'vitest'
import { lowerTask, Machine, type Program } from '../../../interpreter/index.ts'
import { recompileProgram } from '../../../interpreter/native/module.ts'
import { compareStops } from '../../helpers/native-run.ts'
import { createRandom } from '../../helpers/random.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260502

/**
 * All of its code runs, again and again, and each place adds something to the counter. Long straight code before the
 * function calls itself makes it likely that the fuel ends there.
 */
const PROGRAM = lowerTask(
  wasmOf(`(module (memory 1) (type $t (func (param i32) (result i32))) (table funcref (elem $pick))
    (func $pick (param i32) (result i32)
      (block $c (result i32) (block $b (result i32) (block $a (result i32)
        (i32.const 7) (i32.const 9) (br_table $a $b $c $a (i32.and (local.get 0) (i32.const 3))))
        (i32.add (i32.const 1)) (br $c)) (i32.mul (i32.const 3))))
    (func $even (param i32 i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $odd (i32.sub (local.get 0) (i32.const 1)) (i32.const 3) (local.get 1)))
    (func $odd (param i32 i32 i32) (result i32)
      (br_if 0 (local.get 2) (i32.eqz (local.get 0))) (drop)
      (return_call $even (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))
    (global $again (mut i32) (i32.const 1))
    (func $main (export "main") (local $i i32) (local $s i32)
      (loop $l
        (block $out
          (br_if $out (i32.and (local.get $i) (i32.const 2)))
          (if (i32.and (local.get $i) (i32.const 1))
            (then (local.set $s (i32.add (local.get $s) (call $even (i32.and (i32.shr_u (local.get $i) (i32.const 2)) (i32.const 7)) (i32.const 5)))))
            (else (local.set $s (i32.add (local.get $s) (i32.const 1))))))
        (if (i32.and (local.get $i) (i32.const 4))
          (then (local.set $s (i32.xor (i32.const 9) (call_indirect (type $t) (local.get $i) (i32.const 0))))))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 24))))
      ${'(local.set $s (i32.add (local.get $s) (i32.const 1)))'.repeat(40)}
      (i32.store (i32.const 0) (local.get $s))
      (if (global.get $again) (then (global.set $again (i32.const 0)) (return_call $main)))))`),
  { keepSources: true },
)

const stepsOf = (program: Program): number => {
  const machine = new Machine(program, new Uint8Array(0))
  machine.runTo(1e6)
  return machine.steps
}

const STEPS = stepsOf(PROGRAM)
const random = createRandom(SEED)
/** Captures at many places of the code that runs from the start, and the end. */
const FUELS = [...Array.from({ length: 90 }, () => random.below(STEPS)), 1e6]

/** The constants of the counter in the recompiled program. */
const constants = (): number => {
  let count = 0
  recompileProgram(PROGRAM, () => {
    count++
    return 0
  })
  return count
}

const withMistake = (wanted: number): void => {
  let count = 0
  compareStops(
    PROGRAM,
    recompileProgram(PROGRAM, () => (count++ === wanted ? 1 : 0)),
    FUELS,
  )
}

describe(`a constant of the counter that is off by one step, seed ${SEED}`, () => {
  it('is none where none is planted', () => {
    expect(() => withMistake(-1)).not.toThrow()
  })

  it.each(Array.from({ length: constants() }, (_, i) => i))('is noticed: constant %d', (wanted) => {
    expect(() => withMistake(wanted)).toThrow()
  })
})
