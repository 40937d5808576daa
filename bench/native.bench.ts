// What does exactness cost: a task on the native tier with everything on against the module as it is in the engine?
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wasmOf } from '../test/helpers/wat.ts'
import { buildKernel, chosenKernels, KERNEL_NAMES, KERNELS } from './kernels/index.ts'
import { circumstances, geometricMean, median, report } from './measure.ts'
import type { Comparison, FirstRuns, Pair } from './native/compare.ts'
import { hugeAnswer, hugeFunction } from './native/huge.ts'
import type { Compilation, Measurement } from './native/process.ts'

/** All code by the optimizing compiler, from the first call on; without flags the engine begins with its baseline compiler. */
const OPTIMIZED = ['--no-liftoff']
const NO_FLAGS: readonly string[] = []
const AT_ONCE = ['--no-liftoff', '--no-wasm-lazy-compilation']

const HUGE: readonly (readonly [calls: number, locals: number])[] = [
  [1000, 100],
  [2000, 200],
  [4000, 400],
  [8000, 100],
]

const folder = mkdtempSync(join(tmpdir(), 'native-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

function inProcess<Result>(flags: readonly string[], what: Measurement, name: string): Result {
  const script = join(import.meta.dirname, 'native', 'process.ts')
  const files = [join(folder, `${name}.wasm`), join(folder, `${name}.answer`)]
  return JSON.parse(
    execFileSync(process.execPath, [...flags, script, what, ...files], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  ) as Result
}

function save(name: string, wasm: Uint8Array, answer: Uint8Array): void {
  writeFileSync(join(folder, `${name}.wasm`), wasm)
  writeFileSync(join(folder, `${name}.answer`), answer)
}

const row = (cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, i) => (i === 0 ? `${cell}`.padEnd(10) : `${cell}`.padStart(11))).join(''))

const ratioOf = ({ raw, native }: Pair): number => native / raw
const milliseconds = (seconds: number): number => Math.round(1e5 * seconds) / 100
const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))

function measureCompilation(name: string) {
  const compiled = inProcess<Compilation>(AT_ONCE, 'compile', name)
  return {
    wasmGrowth: rounded(compiled.nativeBytes / compiled.rawBytes),
    generationMilliseconds: milliseconds(compiled.lowering + compiled.generation),
    compileMilliseconds: milliseconds(compiled.nativeCompile),
    rawCompileMilliseconds: milliseconds(compiled.rawCompile),
  }
}

function measureModule(name: string) {
  const optimized = inProcess<Comparison>(OPTIMIZED, 'compare', name)
  const untuned = inProcess<Comparison>(NO_FLAGS, 'compare', name)
  const of = (pairs: readonly Pair[], read: (pair: Pair) => number) => median(pairs.map(read))
  const ratios = optimized.pairs.map(ratioOf)
  const native = of(optimized.pairs, (pair) => pair.native)
  const warm = of(untuned.pairs, (pair) => pair.raw)
  return {
    steps: optimized.steps,
    rawMilliseconds: milliseconds(of(optimized.pairs, (pair) => pair.raw)),
    milliseconds: milliseconds(native),
    overRaw: rounded(median(ratios), 3),
    least: rounded(Math.min(...ratios), 3),
    greatest: rounded(Math.max(...ratios), 3),
    gigastepsPerSecond: rounded(optimized.steps / native / 1e9),
    ...measureCompilation(name),
    fallback: optimized.fallback ?? untuned.fallback,
    noFlags: {
      rawMilliseconds: milliseconds(warm),
      firstRawMilliseconds: milliseconds(untuned.first.raw),
      firstMilliseconds: milliseconds(untuned.first.native),
      overRaw: rounded(median(untuned.pairs.map(ratioOf)), 3),
      firstOverRaw: rounded(untuned.first.native / warm, 3),
    },
  }
}

type Compiled = ReturnType<typeof measureCompilation> & { readonly fallback: string | null }
type Figures = ReturnType<typeof measureModule>

const chosen = chosenKernels(process.argv)

async function kernels(): Promise<Readonly<Record<string, Figures>>> {
  row(['kernel', 'M steps', 'raw ms', 'native ms', 'ratio', 'least', 'greatest', 'G steps/s', 'no flags', 'first run'])
  const figures: Record<string, Figures> = {}
  for (const name of chosen) {
    const size = KERNELS[name].full
    save(name, await buildKernel(name, size), KERNELS[name].answer(size))
    const of = measureModule(name)
    figures[name] = of
    const times = [(of.steps / 1e6).toFixed(0), of.rawMilliseconds.toFixed(0), of.milliseconds.toFixed(0)]
    const ratios = [of.overRaw, of.least, of.greatest].map((ratio) => ratio.toFixed(2))
    const { overRaw, firstOverRaw } = of.noFlags
    row([name, ...times, ...ratios, of.gigastepsPerSecond.toFixed(1), overRaw.toFixed(2), firstOverRaw.toFixed(2)])
  }
  return figures
}

function summarize(figures: Readonly<Record<string, Figures>>): void {
  const all = Object.values(figures)
  const mean = (read: (figures: Figures) => number) => geometricMean(all.map(read)).toFixed(3)
  const worst = Math.max(...all.map(({ overRaw }) => overRaw))
  const fallbacks = all.filter(({ fallback }) => fallback !== null).length
  console.log(`geometric mean ${mean(({ overRaw }) => overRaw)}, worst ${worst.toFixed(2)}, fallbacks ${fallbacks};`)
  console.log(
    `no flags ${mean(({ noFlags }) => noFlags.overRaw)}, first run ${mean(({ noFlags }) => noFlags.firstOverRaw)}`,
  )
  report('native.geomeanOverRaw', Number(mean(({ overRaw }) => overRaw)))
  report('native.worstOverRaw', worst)
  report('native.fallbacks', fallbacks)
  report('native.noFlags.geomeanOverRaw', Number(mean(({ noFlags }) => noFlags.overRaw)))
  report('native.noFlags.geomeanFirstOverRaw', Number(mean(({ noFlags }) => noFlags.firstOverRaw)))
  report('native.geomeanWasmGrowth', Number(mean(({ wasmGrowth }) => wasmGrowth)))
  report('native.kernels', figures)
}

/** Before the first step: what is made of a module, and what the optimizing compiler needs for it. */
function preparation(figures: Readonly<Record<string, Compiled>>): void {
  row(['', 'wasm', 'made in ms', 'compiled', 'raw', 'fallback'])
  for (const [name, of] of Object.entries(figures)) {
    const { wasmGrowth, generationMilliseconds, compileMilliseconds, rawCompileMilliseconds, fallback } = of
    const times = [generationMilliseconds, compileMilliseconds, rawCompileMilliseconds].map((time) => time.toFixed(1))
    row([name, `${wasmGrowth.toFixed(2)}x`, ...times, fallback ?? 'none'])
  }
}

/** Functions as large as compilers make them of whole interpreters: what they cost before they run, and whether they run. */
function hugeFunctions(): Readonly<Record<string, Compiled>> {
  return Object.fromEntries(
    HUGE.map(([calls, locals]) => {
      const name = `${calls}x${locals}`
      save(name, wasmOf(hugeFunction(calls, locals)), hugeAnswer(calls, locals))
      return [name, { ...measureCompilation(name), fallback: inProcess<FirstRuns>(OPTIMIZED, 'once', name).fallback }]
    }),
  )
}

console.log(circumstances())
console.log(
  'processor time of one thread, medians of five interleaved samples; raw is the module as it is, warm, all of it',
)
console.log(`by the optimizing compiler (${OPTIMIZED.join(' ')}); "no flags" is warm too, "first run" against warm raw`)
const figures = await kernels()
summarize(figures)
preparation(figures)
if (chosen.length === KERNEL_NAMES.length) {
  const huge = hugeFunctions()
  console.log('functions of so many calls and locals')
  preparation(huge)
  report('native.hugeFunctions', huge)
}
