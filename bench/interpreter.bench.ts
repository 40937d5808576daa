// How fast is the interpreter, and how fast against wabt's wasm-interp on the same modules in the same run?
import { readFileSync } from 'node:fs'
import { lowerTask, Machine } from '../interpreter/index.ts'
import { KERNELS, wabt, withKernel } from './kernels.ts'
import { circumstances, geometricMean, median, seconds } from './measure.ts'

const RUNS = 5
const NO_INPUT = new Uint8Array(0)

/** Steps, and seconds of the interpreter for one run without lowering. */
function interpret(path: string): { steps: number; time: number } {
  const machine = new Machine(lowerTask(readFileSync(path)), NO_INPUT)
  const time = seconds(() => machine.runTo(Number.MAX_SAFE_INTEGER))
  const outcome = machine.outcome()
  if (outcome.exitCode !== 0) throw new Error(`${path} ended with ${JSON.stringify(outcome)}`)
  return { steps: machine.steps, time }
}

const wasmInterp = (path: string): number => seconds(() => wabt('wasm-interp', [path, '--run-all-exports']))

/** One kernel: both engines in turn, several times; the peer's start-up is measured and taken off. */
function compare(name: keyof typeof KERNELS): number {
  const startUp = withKernel(name, 1, (path) => median(Array.from({ length: RUNS }, () => wasmInterp(path))))
  return withKernel(name, KERNELS[name], (path) => {
    interpret(path)
    const pairs = Array.from({ length: RUNS }, () => ({ ours: interpret(path), peer: wasmInterp(path) - startUp }))
    const ratio = median(pairs.map(({ ours, peer }) => peer / ours.time))
    const rate = median(pairs.map(({ ours }) => ours.steps / ours.time / 1e6))
    const peerRate = median(pairs.map(({ ours, peer }) => ours.steps / peer / 1e6))
    const figures = [rate.toFixed(0), peerRate.toFixed(0), `${ratio.toFixed(2)}x`].map((figure) => figure.padStart(12))
    console.log(`${name.padEnd(10)}${figures.join('')}`)
    return ratio
  })
}

console.log(circumstances())
console.log('million steps a second, medians of five interleaved runs')
console.log(
  `${'kernel'.padEnd(10)}${['interpreter', 'wasm-interp', 'ratio'].map((head) => head.padStart(12)).join('')}`,
)
const ratios = (Object.keys(KERNELS) as (keyof typeof KERNELS)[]).map(compare)
console.log(`geometric mean ${geometricMean(ratios).toFixed(2)}x, worst ${Math.min(...ratios).toFixed(2)}x`)
