// How many steps a second are hashed when each of them is, and how many when they are hashed one by one?
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lowerTask, Machine, type Program } from '../interpreter/index.ts'
import { circumstances, geometricMean, median, processorSeconds, report } from './measure.ts'

const RUNS = 5
const WARM_STEPS = 50_000
const STEPS = 200_000
const STEPS_ONE_BY_ONE = 20_000

/** Inputs with which the tasks run long enough. */
const TASKS: Readonly<Record<string, Uint8Array>> = {
  sha256: new Uint8Array(100_000),
  sort: Uint8Array.from({ length: 40_000 }, (_, i) => 77 * i),
  nbody: Uint8Array.of(0, 4, 0, 0),
}

const programOf = (name: string): Program =>
  lowerTask(readFileSync(join(import.meta.dirname, '..', 'wasm-tasks', 'build', `${name}.wasm`)))

/** Steps a second of so many steps that `walk` goes. */
function rate(machine: Machine, steps: number, walk: (to: number) => void): number {
  const to = machine.steps + steps
  const time = processorSeconds(() => walk(to))
  if (machine.steps !== to) throw new Error(`the task ended after ${machine.steps} steps`)
  return steps / time
}

function measure(name: string, input: Uint8Array): number {
  const machine = new Machine(programOf(name), input)
  const inWaves = (to: number) => {
    for (const { step } of machine.trace(machine.steps, to)) if (step === to) return
  }
  const oneByOne = (to: number) => {
    while (machine.steps < to) {
      machine.step()
      machine.stateHash()
    }
  }
  rate(machine, WARM_STEPS, inWaves)
  const runs = Array.from({ length: RUNS }, () => ({
    waves: rate(machine, STEPS, inWaves),
    single: rate(machine, STEPS_ONE_BY_ONE, oneByOne),
  }))
  const waves = median(runs.map((run) => run.waves))
  const single = median(runs.map((run) => run.single))
  const ratio = median(runs.map((run) => run.waves / run.single))
  const figures = [waves.toFixed(0), single.toFixed(0), `${ratio.toFixed(1)}x`]
  console.log(`${name.padEnd(10)}${figures.map((figure) => figure.padStart(12)).join('')}`)
  return waves
}

console.log(circumstances())
console.log(
  `state hashes of every step, steps a second of the processor, one thread, medians of ${RUNS} interleaved runs`,
)
console.log(`${'task'.padEnd(10)}${['in waves', 'one by one', 'ratio'].map((head) => head.padStart(12)).join('')}`)
const rates = Object.entries(TASKS).map(([name, input]) => measure(name, input))
const [mean, least] = [geometricMean(rates), Math.min(...rates)]
console.log(`geometric mean ${mean.toFixed(0)} steps a second, least ${least.toFixed(0)}`)
report('hashEveryStep.stepsPerSecond', mean)
report('hashEveryStep.leastStepsPerSecond', least)
