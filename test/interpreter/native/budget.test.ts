import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../../interpreter/index.ts'
import { Budget, workOfSafePoint } from '../../../interpreter/native/budget.ts'
import { recompileProgram } from '../../../interpreter/native/module.ts'
import { NativeMachine } from '../../../interpreter/native/native-machine.ts'
import { NativeUnsupported } from '../../../interpreter/native/unsupported.ts'
import { wasmOf } from '../../helpers/wat.ts'

const NO_INPUT = new Uint8Array(0)
const MOST_STEPS = 1e6

const taskOf = (calls: number, locals: number) =>
  lowerTask(
    wasmOf(`(module (memory 1) (func $f (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))
      (func (export "main") (local ${'i32 '.repeat(locals)})
        ${'(local.set 0 (call $f (local.get 0)))'.repeat(calls)} (i32.store (i32.const 0) (local.get 0))))`),
    { keepSources: true },
  )

const ran = (calls: number, locals: number) => {
  const program = taskOf(calls, locals)
  const [native, machine] = [new NativeMachine(program, NO_INPUT, { fewSteps: 0 }), new Machine(program, NO_INPUT)]
  for (const each of [native, machine]) each.runTo(MOST_STEPS)
  expect(native.stateHash()).toEqual(machine.stateHash())
  return native.report
}

describe('what a function may cost the engine to compile', () => {
  it('is bounded by its locals and its calls: the interpreter runs what is more', () => {
    expect(ran(200, 49_000).fallback).toBe('a function with too many values at its safe points')
  })

  it('is enough for hundreds of calls, and for hundreds of locals', () => {
    const { fallback, nativeSteps } = ran(400, 400)
    expect(fallback).toBeNull()
    expect(nativeSteps).toBeGreaterThan(400)
  })

  it('is bounded by what a frame holds that goes on behind a call', () => {
    const goOn = (locals: number): (() => void) => {
      const { sites, resume } = recompileProgram(taskOf(3, locals))
      const site = [...sites.values()].find(({ kind }) => kind === 'call')
      if (site === undefined) throw new RangeError('no call')
      return () => resume(site)
    }
    expect(goOn(9000)).not.toThrow()
    expect(goOn(20_000)).toThrow(NativeUnsupported)
  })

  it('grows with the square of the safe points', () => {
    const fits = (safePoints: number): boolean => {
      const budget = new Budget('function')
      try {
        for (let i = 0; i < safePoints; i++) budget.spend(workOfSafePoint(i, 10))
        return true
      } catch (failure) {
        if (!(failure instanceof NativeUnsupported)) throw failure
        return false
      }
    }
    expect([9000, 9200].map(fits)).toEqual([true, false])
  })
})

describe('tables of branches', () => {
  /** Many labels, and many values that each branch carries. */
  const tableOf = (labels: number, values: number) =>
    wasmOf(`(module (memory 1) (type $t (func (result ${'i32 '.repeat(values)})))
      (func (export "main") (local $i i32) (loop $l
        (block $b (type $t) (i32.const 5) ${'(i32.const 1) '.repeat(values)}
          (br_table ${'$b '.repeat(labels)} (local.get $i))) ${'drop '.repeat(values)}
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 500))))))`)

  it('may have as many labels as engines take', () => {
    const program = lowerTask(tableOf(65_000, 200), { keepSources: true })
    const [native, machine] = [new NativeMachine(program, NO_INPUT, { fewSteps: 0 }), new Machine(program, NO_INPUT)]
    for (const each of [native, machine]) each.runTo(MOST_STEPS)
    expect(native.stateHash()).toEqual(machine.stateHash())
    expect(native.report.fallback).toBeNull()
  })
})
