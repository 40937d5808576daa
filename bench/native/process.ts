// One measurement in a process of its own: node [flags] process.ts compare|once|compile MODULE ANSWER; prints it as JSON.
import { readFileSync } from 'node:fs'
import { lowerTask } from '../../interpreter/index.ts'
import { recompileProgram } from '../../interpreter/native/module.ts'
import { processorSeconds } from '../measure.ts'
import { compareEngines, firstRuns } from './compare.ts'

const SAMPLING = { clock: processorSeconds, samples: 5, sampleSeconds: 0.4 }

export interface Compilation {
  /** Seconds to lower a task, and to make a module of it that can be stopped. */
  readonly lowering: number
  readonly generation: number
  /** Seconds of all threads in the optimizing compiler. */
  readonly rawCompile: number
  readonly nativeCompile: number
  readonly rawBytes: number
  readonly nativeBytes: number
}

/** Of all threads. */
function allSeconds(act: () => void): number {
  const start = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** What it takes before anything runs. The process compiles each function at once, and with the optimizing compiler. */
function compilation(wasm: Uint8Array<ArrayBuffer>): Compilation {
  let program = lowerTask(wasm, { keepSources: true })
  let recompiled = recompileProgram(program)
  const lowering = processorSeconds(() => {
    program = lowerTask(wasm, { keepSources: true })
  })
  const generation = processorSeconds(() => {
    recompiled = recompileProgram(program)
  })
  return {
    lowering,
    generation,
    rawCompile: allSeconds(() => new WebAssembly.Module(wasm)),
    nativeCompile: allSeconds(() => new WebAssembly.Module(recompiled.wasm)),
    rawBytes: wasm.length,
    nativeBytes: recompiled.wasm.length,
  }
}

const MEASUREMENTS = {
  compare: (wasm: Uint8Array<ArrayBuffer>, answer: Uint8Array) => compareEngines(wasm, answer, SAMPLING),
  once: (wasm: Uint8Array<ArrayBuffer>, answer: Uint8Array) => firstRuns(wasm, answer, processorSeconds),
  compile: compilation,
}
export type Measurement = keyof typeof MEASUREMENTS

const [what, module, answer] = process.argv.slice(2) as [Measurement, string, string]
const result = MEASUREMENTS[what](Uint8Array.from(readFileSync(module)), readFileSync(answer))
console.log(JSON.stringify(result))
