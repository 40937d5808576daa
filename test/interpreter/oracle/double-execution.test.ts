import { describe, expect, it } from 'vitest'
import {
  arbitrate,
  compareRaw,
  compareStates,
  executeTwice,
  lowerTask,
  type OracleOptions,
  StateOracle,
} from '../../../interpreter/index.ts'
import { recompileProgram } from '../../../interpreter/native/module.ts'
import { runRaw } from '../../../interpreter/oracle/raw-run.ts'
import { TRAP } from '../../../spec/index.ts'
import { NATIVE_PROGRAMS } from '../../helpers/native-programs.ts'
import { TRAPPING_PROGRAMS } from '../../helpers/native-traps.ts'
import { wasmOf } from '../../helpers/wat.ts'

const INPUT = Uint8Array.from({ length: 700 }, (_, i) => i * 7)
const MOST_STEPS = 1e8
const STACK_LIMIT = 60_000
const SAMPLING = { samples: 2, stretch: 3000 }

const moduleOf = (text: string) => wasmOf(`(module ${text})`)
const lowered = (wasm: Uint8Array) => lowerTask(wasm, { keepSources: true, stackLimit: STACK_LIMIT })

const run = (text: string, options: OracleOptions = {}, maxSteps = MOST_STEPS) => {
  const wasm = moduleOf(text)
  const program = lowered(wasm)
  return { task: { wasm }, program, oracle: new StateOracle(program, INPUT, maxSteps, { fewSteps: 0, ...options }) }
}

/** Writes a number that is worked out, and is another one once on the way if `seldom` is not 0. */
const worksOut = (seldom: number): string => `(import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
  (func (export "main") (local $i i32) (local $s i64)
    (loop $l
      (local.set $s (i64.add (i64.mul (local.get $s) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
      (if (i32.eq (local.get $i) (i32.const 7777)) (then (local.set $s (i64.xor (local.get $s) (i64.const ${seldom})))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20000))))
    (i64.store (i32.const 0) (local.get $s)) (call $write (i32.const 0) (i32.const 8)))`

describe('executeTwice', () => {
  it.each(Object.entries(NATIVE_PROGRAMS))('agrees with an honest run: %s', (_name, text) => {
    const { oracle, task } = run(text)
    expect(oracle.report.nativeSteps).toBeGreaterThan(0)
    expect(executeTwice(oracle, task, INPUT, SAMPLING)).toEqual({ verdict: 'agrees' })
  })

  const traps = Object.entries(TRAPPING_PROGRAMS).filter(([, [trap]]) => trap !== TRAP.STACK_EXHAUSTED)
  it.each(traps)('agrees with an honest trap: %s', (_name, [, text]) => {
    const { oracle, task } = run(text)
    expect(executeTwice(oracle, task, INPUT, SAMPLING)).toEqual({ verdict: 'agrees' })
  })

  it('has nothing to say against the interpreter', () => {
    const { oracle, task } = run(worksOut(0), { tier: 'interpreter' })
    expect(executeTwice(oracle, task, INPUT)).toEqual({ verdict: 'agrees' })
  })

  it('notices code that is wrong once in a run, where no state is looked at, by the output', () => {
    const recompiled = recompileProgram(lowered(moduleOf(worksOut(1))))
    const { oracle, task, program } = run(worksOut(0), { recompiled })
    expect(compareStates(oracle, SAMPLING)).toEqual({ verdict: 'agrees' })
    expect(executeTwice(oracle, task, INPUT, SAMPLING)).toEqual({ verdict: 'differs', where: 'the output' })
    const { output, report } = arbitrate(program, INPUT, MOST_STEPS)
    expect(output).not.toEqual(oracle.output)
    expect(output).toEqual(run(worksOut(0)).oracle.output)
    expect(report).toMatchObject({ tier: 'interpreter', nativeSteps: 0 })
  })
})

describe('compareStates', () => {
  const text = NATIVE_PROGRAMS.branchTables!
  const program = lowered(moduleOf(text))

  it('notices most mistakes in a single constant of the counter', () => {
    let constants = 0
    recompileProgram(program, () => {
      constants++
      return 0
    })
    const verdicts = Array.from({ length: constants }, (_, wanted) => {
      let count = 0
      const recompiled = recompileProgram(program, () => (count++ === wanted ? 1 : 0))
      return compareStates(run(text, { recompiled }).oracle, { samples: 4, stretch: 3000 }).verdict
    })
    console.log(verdicts.join())
    expect(constants).toBeGreaterThan(10)
    expect(verdicts.filter((verdict) => verdict === 'differs').length).toBeGreaterThan(constants / 2)
  })
})

describe('compareRaw', () => {
  it('runs a task with libraries, start functions, input and a memory that is not its own', () => {
    const library = moduleOf(`(memory (export "m") 1) (global $g (mut i32) (i32.const 5)) (start $s)
      (func $s (i32.store8 (i32.const 9) (i32.const 77)) (global.set $g (i32.const 6)))
      (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (global.get $g)))`)
    const wasm = moduleOf(`(import "lib" "m" (memory 1)) (import "lib" "add" (func $add (param i32) (result i32)))
      (import "substep" "input_size" (func $size (result i32)))
      (import "substep" "input_read" (func $read (param i32 i32 i32) (result i32)))
      (import "substep" "output_write" (func $write (param i32 i32)))
      (start $go) (func $go (drop (call $read (i32.const 3) (i32.const 100) (i32.const 50))))
      (func (export "main") (local $i i32)
        (loop $l (i32.store8 (local.get $i) (call $add (i32.load8_u (local.get $i))))
          (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
        (call $write (i32.const 0) (i32.add (i32.const 300) (call $size))))`)
    const libraries = [{ name: 'lib', wasm: library }]
    const program = lowerTask(wasm, { libraries, keepSources: true })
    const oracle = new StateOracle(program, INPUT, MOST_STEPS, { fewSteps: 0 })
    expect(oracle.output.length).toBe(1000)
    expect(compareRaw(oracle, { wasm, libraries }, INPUT)).toEqual({ verdict: 'agrees' })
  })

  it('has no more memory than the machine was given, however much the engine would give', () => {
    const text = `(import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
      (func (export "main")
        (i32.store (i32.const 0) (memory.grow (i32.const 2))) (i32.store (i32.const 4) (memory.grow (i32.const 64600)))
        (i32.store (i32.const 8) (memory.size)) (call $write (i32.const 0) (i32.const 12)))`
    const { oracle, task } = run(text)
    expect([...new Int32Array(oracle.output.slice().buffer)]).toEqual([1, -1, 3])
    expect(compareRaw(oracle, task, INPUT)).toEqual({ verdict: 'agrees' })
    expect(runRaw(task, INPUT, { outputLength: 12, pages: 2 })).toMatchObject({ end: 'returned', pages: 1 })
  })

  it('cannot say where the engine had less memory to give', () => {
    const grows = (pages: number) => `(import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
      (func (export "main") (i32.store (i32.const 0) (memory.grow (i32.const ${pages}))) (call $write (i32.const 0) (i32.const 4)))`
    const { oracle } = run(grows(1))
    expect(compareRaw(oracle, { wasm: moduleOf(grows(2)) }, INPUT)).toMatchObject({
      verdict: 'inconclusive',
      why: expect.stringContaining('memory grew otherwise'),
    })
  })

  it('traps where a function of the task ABI does', () => {
    const text = `(import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
      (func (export "main") (call $write (i32.const 0) (i32.const 3)) (call $write (i32.const 65535) (i32.const 2)))`
    const { oracle, task } = run(text)
    expect(oracle.outcome.outcome).toBe('trapped')
    expect(compareRaw(oracle, task, INPUT)).toEqual({ verdict: 'agrees' })
  })

  it.each([
    ['a trap for an end', '(func (export "main") unreachable)', 'the end'],
    [
      'more output',
      `(import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
      (func (export "main") (loop $l (call $write (i32.const 0) (i32.const 3)) (br $l)))`,
      'the end',
    ],
    [
      'other output',
      `(import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
      (func (export "main") (call $write (i32.const 0) (i32.const 3)))`,
      'the output',
    ],
  ])('differs where the run has not what the task gives: %s', (_name, text, where) => {
    const { oracle } = run(worksOut(0))
    expect(compareRaw(oracle, { wasm: moduleOf(text) }, INPUT)).toEqual({ verdict: 'differs', where })
  })

  it('does not run what would not end', () => {
    const { oracle, task } = run('(func (export "main") (loop $l (br $l)))', {}, 1e5)
    expect(compareRaw(oracle, task, INPUT)).toEqual({ verdict: 'inconclusive', why: 'the run is cut at its last step' })
  })

  it.each([
    ['the stack of the engine is another', TRAPPING_PROGRAMS.stackExhausted![1]],
    [
      'NaNs may have other bits',
      `(import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
      (func $zero (result f64) (f64.load (i32.const 100)))
      (func (export "main") (f64.store (i32.const 0) (f64.div (call $zero) (call $zero))) (call $write (i32.const 0) (i32.const 8)))`,
    ],
  ])('cannot say where engines are free: %s', (why, text) => {
    const { oracle, task } = run(text)
    expect(compareRaw(oracle, task, INPUT)).toMatchObject({
      verdict: 'inconclusive',
      why: expect.stringContaining(why),
    })
  })
})
