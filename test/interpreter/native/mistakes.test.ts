import { describe, expect, it } from 'vitest'
import { lowerTask } from '../../../interpreter/index.ts'
import { type Mistakes, plantInProgram, plantInResumptions } from '../../helpers/native-mistakes.ts'
import { NATIVE_PROGRAMS } from '../../helpers/native-programs.ts'
import { wasmOf } from '../../helpers/wat.ts'

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

const NO_INPUT = new Uint8Array(0)
const INPUT = Uint8Array.from({ length: 700 }, (_, i) => i * 7)
const STACK_LIMIT = 60_000
/** Runs with random fuel, of which one is taken for each place where any of them stops. */
const TRIES = 300
const TRIES_IN_RESUMPTION = 60
const MINUTE = 60_000

/** Of `npm test`; `npm run test:mistakes` takes all of them. */
const FIRST = ['branchTables']
const everything = process.env.SUBSTEP_MISTAKES === 'all'
const programs = Object.entries(NATIVE_PROGRAMS).filter(([name]) => everything || FIRST.includes(name))

const tell = (where: string, { planted, found, unused }: Mistakes): void =>
  console.log(`${where}: ${planted} mistakes planted, ${found} found; ${unused} constants that no run gets to`)

describe('a constant of the counter that is off by one step or one slot', () => {
  it('is noticed wherever it is, in a program all of whose code runs', () => {
    const mistakes = plantInProgram(PROGRAM, NO_INPUT, TRIES)
    tell('program', mistakes)
    expect(mistakes.planted).toBeGreaterThan(60)
    expect(mistakes).toMatchObject({ missed: [], unused: 0 })
  })

  it.each(programs)(
    'is noticed in the code that runs %s and that goes on from each safe point',
    (name, text) => {
      const program = lowerTask(wasmOf(`(module ${text})`), { stackLimit: STACK_LIMIT, keepSources: true })
      const inProgram = plantInProgram(program, INPUT, TRIES)
      const inResumptions = plantInResumptions(program, INPUT, TRIES_IN_RESUMPTION)
      tell(name, inProgram)
      tell(`${name}, resumed`, inResumptions)
      expect(inProgram.planted + inResumptions.planted).toBeGreaterThan(10)
      expect(inProgram.missed).toEqual([])
      expect(inResumptions.missed).toEqual([])
    },
    30 * MINUTE,
  )
})
