// How fast is the interpreter, and how fast against wabt's wasm-interp on the same modules in the same run?
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lowerTask, Machine } from '../interpreter/index.ts'
import { buildKernel, KERNEL_NAMES, KERNELS } from './kernels/index.ts'
import { circumstances, geometricMean, median, processorSeconds, report } from './measure.ts'
import { wasmInterp, wasmInterpSeconds } from './wabt.ts'

const RUNS = 5
const NO_INPUT = new Uint8Array(0)
const SMALLEST = 1

/** One kind of instruction each, without an answer; and the kernels, shorter than for engines that compile. */
const SIZES: Readonly<Record<string, number>> = {
  ...{ loop32: 4_000_000, loop64: 4_000_000, calls: 60_000, branches: 4_000_000 },
  ...Object.fromEntries(KERNEL_NAMES.map((name) => [name, KERNELS[name].short])),
}

const folder = mkdtempSync(join(tmpdir(), 'interpreter-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

/** Steps, and seconds of the interpreter for one run without lowering. */
function interpret(name: string, wasm: Uint8Array): { steps: number; time: number } {
  const machine = new Machine(lowerTask(wasm), NO_INPUT)
  const time = processorSeconds(() => machine.runTo(Number.MAX_SAFE_INTEGER))
  const outcome = machine.outcome()
  if (outcome.exitCode !== 0) throw new Error(`${name} ended with ${JSON.stringify(outcome)}`)
  return { steps: machine.steps, time }
}

async function saved(name: string, size: number): Promise<{ path: string; wasm: Uint8Array }> {
  const [path, wasm] = [join(folder, `${name}-${size}.wasm`), await buildKernel(name, size)]
  writeFileSync(path, wasm)
  return { path, wasm }
}

/** One kernel: both engines in turn, several times; the peer's start-up is measured and taken off. */
async function compare(name: string, size: number) {
  const [small, { path, wasm }] = [await saved(name, SMALLEST), await saved(name, size)]
  const startUp = median(Array.from({ length: RUNS }, () => wasmInterpSeconds(small.path)))
  interpret(name, wasm)
  const pairs = Array.from({ length: RUNS }, () => ({
    ours: interpret(name, wasm),
    peer: wasmInterpSeconds(path) - startUp,
  }))
  const ratio = median(pairs.map(({ ours, peer }) => peer / ours.time))
  const rate = median(pairs.map(({ ours }) => ours.steps / ours.time))
  const peerRate = median(pairs.map(({ ours, peer }) => ours.steps / peer))
  const figures = [(rate / 1e6).toFixed(0), (peerRate / 1e6).toFixed(0), `${ratio.toFixed(2)}x`]
  console.log(`${name.padEnd(10)}${figures.map((figure) => figure.padStart(12)).join('')}`)
  const rounded = { stepsPerSecond: Math.round(rate), wasmInterpStepsPerSecond: Math.round(peerRate) }
  return { ...rounded, overWasmInterp: Number(ratio.toFixed(3)) }
}

console.log(`${circumstances()}, wasm-interp ${wasmInterp(['--version']).trim()}`)
console.log(`million steps a second of processor time, medians of ${RUNS} interleaved runs`)
console.log(
  `${'kernel'.padEnd(10)}${['interpreter', 'wasm-interp', 'ratio'].map((head) => head.padStart(12)).join('')}`,
)
const kernels: Record<string, Awaited<ReturnType<typeof compare>>> = {}
for (const [name, size] of Object.entries(SIZES)) kernels[name] = await compare(name, size)
const ratios = Object.values(kernels).map(({ overWasmInterp }) => overWasmInterp)
const [mean, worst] = [geometricMean(ratios), Math.min(...ratios)]
const rate = geometricMean(Object.values(kernels).map(({ stepsPerSecond }) => stepsPerSecond))
console.log(`geometric mean ${(rate / 1e6).toFixed(0)} million, ${mean.toFixed(2)}x, worst ${worst.toFixed(2)}x`)
report('interpreter.geomeanStepsPerSecond', Math.round(rate))
report('interpreter.overWasmInterp', Number(mean.toFixed(3)))
report('interpreter.worstOverWasmInterp', worst)
report('interpreter.kernels', kernels)
