import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lowerTask, Machine, type Program, StepInThePast } from '../../../interpreter/index.ts'
import { lowerRandom } from '../../helpers/programs.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { HAZARDOUS, randomProgram, SMALL } from '../../helpers/random-program.ts'
import { dividing, writing } from '../../helpers/small-tasks.ts'

const NOTHING = new Uint8Array(0)

/** What `trace` gives, by a machine that is hashed by itself at every step. */
function walked(program: Program, input: Uint8Array, from: number, to: number) {
  const machine = new Machine(program, input)
  machine.runTo(from)
  const states = []
  for (;;) {
    const { pc } = machine.registers
    states.push({ step: machine.steps, pc, outcome: machine.outcome(), stateHash: machine.stateHash() })
    if (machine.stopped || machine.steps >= to) return states
    machine.step()
  }
}

function expectSame(program: Program, input: Uint8Array, from: number, to: number): void {
  const machine = new Machine(program, input)
  const states = walked(program, input, from, to)
  expect([...machine.trace(from, to)]).toEqual(states)
  expect(machine.stateHash()).toBe(states.at(-1)!.stateHash)
}

const task = (name: string): Program => lowerTask(readFileSync(`wasm-tasks/build/${name}.wasm`))

describe('Machine.trace', () => {
  it.each([
    ['sha256', 0, 2200],
    ['sort', 1500, 3600],
    ['nbody', 900, 2000],
  ] as const)('has the hashes of a machine that is hashed at each step: %s from %i to %i', (name, from, to) => {
    expectSame(task(name), name === 'nbody' ? Uint8Array.of(1, 0, 0, 0) : createRandom(TEST_SEED).bytes(400), from, to)
  })

  it('has them on random modules with all instructions, up to traps', () => {
    console.log(`seed ${TEST_SEED}`)
    for (let i = 0; i < 30; i++) {
      const program = lowerRandom(randomProgram(TEST_SEED + i, i % 3 === 0 ? HAZARDOUS : SMALL))
      expectSame(program, NOTHING, 0, 300)
    }
  })

  it('ends with the step that traps, and with the output written', () => {
    expectSame(lowerTask(dividing()), NOTHING, 0, 1000)
    expectSame(lowerTask(writing(Uint8Array.of(1, 2, 3))), NOTHING, 0, 100_000)
  })

  it('goes on where hashes were asked for in between, and a second trace where the first ended', () => {
    const [program, input] = [task('sha256'), createRandom(TEST_SEED).bytes(100)]
    const machine = new Machine(program, input)
    const states = [...machine.trace(10, 1500)]
    machine.runTo(2000)
    expect(machine.stateHash()).toBe(new Machine(program, input).trace(2000, 2000).next().value.stateHash)
    states.push(...machine.trace(2500, 2600))
    expect(states.slice(-101)).toEqual(walked(program, input, 2500, 2600))
    expect(() => machine.trace(5, 6).next()).toThrow(StepInThePast)
  })
})
