import { describe, expect, it } from 'vitest'
import { EMPTY_TREE, SparseTree } from '../../../interpreter/commit/sparse-tree.ts'
import { encodeWitness } from '../../../interpreter/commit/witness.ts'
import { lowerTask, Machine, programHeader, StepInThePast, toHex, UnknownForm } from '../../../interpreter/index.ts'
import { ExactMachine } from '../../../interpreter/machine/exact.ts'
import { judge } from '../../../interpreter/machine/step.ts'
import { TRAP } from '../../../spec/index.ts'
import { handProgram } from '../../helpers/hand-program.ts'
import { dividing, endless, nothing, writing } from '../../helpers/small-tasks.ts'

const NO_INPUT = new Uint8Array(0)
const machineOf = (wasm: Uint8Array) => new Machine(lowerTask(wasm), NO_INPUT)

describe('Machine', () => {
  it('halts with exit code 0 after main, and stays as it is', () => {
    const machine = machineOf(nothing())
    machine.runTo(1000)
    expect(machine.outcome()).toEqual({ outcome: 'halted', exitCode: 0, trap: null })
    const [steps, hash] = [machine.steps, machine.stateHash()]
    machine.runTo(2000)
    machine.step()
    expect([machine.steps, machine.stateHash()]).toEqual([steps, hash])
  })

  it('keeps a trap as a value, with the step counted', () => {
    const machine = machineOf(dividing())
    machine.runTo(1000)
    expect(machine.outcome()).toEqual({ outcome: 'trapped', exitCode: null, trap: TRAP.DIVISION_BY_ZERO })
    expect(machine.registers.exit).toBe(TRAP.DIVISION_BY_ZERO)
    expect(machine.registers.steps).toBe(BigInt(machine.steps))
  })

  it('is out of steps exactly at the limit', () => {
    const machine = machineOf(endless())
    machine.runTo(12_345)
    expect(machine.outcome().outcome).toBe('outOfSteps')
    expect(machine.steps).toBe(12_345)
    expect(machine.stopped).toBe(false)
  })

  it('gives the bytes written', () => {
    const machine = machineOf(writing(Uint8Array.of(1, 2, 3)))
    expect(machine.output()).toEqual(NO_INPUT)
    machine.runTo(10_000)
    expect(machine.output()).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('does not go back', () => {
    const machine = machineOf(endless())
    machine.runTo(10)
    expect(() => machine.runTo(9)).toThrow(StepInThePast)
    expect(() => machine.runTo(9)).toThrow('step 9 is past; the machine stands at step 10')
  })

  it('has the same hash at a step however it got there', () => {
    const [leaping, walking] = [machineOf(writing(Uint8Array.of(9))), machineOf(writing(Uint8Array.of(9)))]
    leaping.runTo(60)
    for (const { step, stateHash } of walking.trace(0, 60)) if (step === 60) expect(stateHash).toBe(leaping.stateHash())
    expect(walking.steps).toBe(60)
  })

  it('traces every step up to the last one, and ends there', () => {
    const machine = machineOf(nothing())
    const steps = [...machine.trace(0, 1000)].map(({ step }) => step)
    expect(steps).toEqual(Array.from({ length: machine.steps + 1 }, (_, i) => i))
  })

  it('refuses a word that the lowering never emits, by its pc', () => {
    const program = handProgram([
      { alu: 4, control: 1, unit: 32, delta: 1 },
      { alu: 5, control: 2 },
    ])
    expect(() => new Machine(program, NO_INPUT)).toThrow(UnknownForm)
    expect(() => new Machine(program, NO_INPUT)).toThrow('pc 1')
  })

  it.each([1, 2, 70])('traps at pc %i beyond the program as the exact machine does', (target) => {
    const machine = new Machine(handProgram([{ control: 2, immLo: target }]), NO_INPUT)
    const exact = machine.exact()
    for (let i = 0; i < 2; i++) exact.step()
    machine.runTo(2)
    expect(machine.outcome()).toEqual({ outcome: 'trapped', exitCode: null, trap: TRAP.ILLEGAL })
    expect(machine.stateHash()).toBe(exact.stateHash())
  })
})

describe('programHeader', () => {
  it('does not depend on an input: INPUT and OUTPUT are empty', () => {
    const { regionRoots } = programHeader(lowerTask(nothing()))
    const empty = [6, 7].map((region) => toHex(EMPTY_TREE.node(8 | region)))
    expect(regionRoots.slice(6).map(toHex)).toEqual(empty)
  })
})

describe('ExactMachine', () => {
  it('goes as the fast run does, from any step, without changing it', () => {
    const machine = machineOf(writing(Uint8Array.of(5, 6)))
    machine.runTo(25)
    const before = machine.stateHash()
    const exact = machine.exact()
    for (let i = 0; i < 30; i++) exact.step()
    expect(machine.stateHash()).toBe(before)
    machine.runTo(55)
    expect(exact.stateHash()).toBe(machine.stateHash())
  })

  it.each([
    ['a task that writes', writing(Uint8Array.of(5)), 240],
    ['a task whose regions are almost all empty', nothing(), 36],
  ] as const)('gives witnesses that the judge executes alike: %s', (_, wasm, substeps) => {
    const exact = machineOf(wasm).exact()
    for (let i = 0; i < substeps; i++) {
      const [pre, witness] = [exact.stateHash(), exact.witness()]
      exact.substep()
      expect(judge(encodeWitness(witness))).toEqual({ pre, post: exact.stateHash() })
    }
  })

  it('leaves a stopped state as it is, substep by substep', () => {
    const stopped = { regs: (1n << 32n) | 7n, misc: 0n, word: 0n, a: 0n, b: 0n, c: 0n, r: 0n }
    const exact = new ExactMachine(stopped, new SparseTree())
    const before = exact.stateHash()
    expect(judge(encodeWitness(exact.witness()))).toEqual({ pre: before, post: before })
    exact.step()
    expect(exact.stateHash()).toBe(before)
  })
})
