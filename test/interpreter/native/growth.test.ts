import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../../interpreter/index.ts'
import { Memories } from '../../../interpreter/native/memories.ts'
import { recompileProgram } from '../../../interpreter/native/module.ts'
import { Runner } from '../../../interpreter/native/runner.ts'
import { wasmOf } from '../../helpers/wat.ts'

/** Runs a task of one page to its end; whether the engine's memory is still the one from the start, and its pages. */
const grown = (code: string): { same: boolean; pages: number } => {
  const task = wasmOf(`(module (memory 1 9) (func (export "main") ${code}))`)
  const program = lowerTask(task, { keepSources: true })
  const machine = new Machine(program, new Uint8Array(0))
  const recompiled = { ...recompileProgram(program), reach: 0 }
  const runner = new Runner(recompiled, machine.store, new Memories(recompiled.layout, machine.store))
  machine.step()
  const { buffer } = machine.store.memory.bytes
  runner.run(1e6)
  return { same: machine.store.memory.bytes.buffer === buffer, pages: machine.store.pages }
}

/** An engine replaces the buffer of a memory that was asked to grow, by nothing as well. */
describe('memory.grow', () => {
  it('by nothing does not reach the engine', () => {
    expect(grown('(drop (memory.grow (i32.const 0)))')).toEqual({ same: true, pages: 1 })
  })

  it('beyond the limit does not reach the engine', () => {
    expect(grown('(drop (memory.grow (i32.const 9)))')).toEqual({ same: true, pages: 1 })
  })

  it('within the limit does', () => {
    expect(grown('(drop (memory.grow (i32.const 8)))')).toEqual({ same: false, pages: 9 })
  })
})
