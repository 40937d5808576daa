// What does exactness cost in a browser? The comparison of native.bench.ts in a worker of headless Chromium, no flags.
import { ChromiumMissing, findChromium, openWindow, type Window } from './browser/chromium.ts'
import type { Posted } from './browser/page.ts'
import { serve } from './browser/server.ts'
import { workerSeconds } from './browser/worker-clock.ts'
import { buildKernel, chosenKernels, KERNELS } from './kernels/index.ts'
import { circumstances, geometricMean, median, report } from './measure.ts'
import type { Comparison } from './native/compare.ts'

/** With this argument, the page waits for whatever browser is pointed to it. */
const SERVE = '--serve'
const MOST_MINUTES = 15

class BrowserFailed extends Error {
  override readonly name = 'BrowserFailed'
}

const chosen = chosenKernels(process.argv)

async function kernelFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>([['kernels/names.json', Buffer.from(JSON.stringify(chosen))]])
  for (const name of chosen) {
    const size = KERNELS[name].full
    files.set(`kernels/${name}.wasm`, await buildKernel(name, size))
    files.set(`kernels/${name}.answer`, KERNELS[name].answer(size))
  }
  return files
}

const rounded = (value: number): number => Number(value.toFixed(3))

function figuresOf({ steps, first, pairs, fallback }: Comparison) {
  const raw = median(pairs.map((pair) => pair.raw))
  const native = median(pairs.map((pair) => pair.native))
  const ratios = pairs.map((pair) => pair.native / pair.raw)
  return {
    steps,
    rawMilliseconds: rounded(1e3 * raw),
    milliseconds: rounded(1e3 * native),
    overRaw: rounded(median(ratios)),
    least: rounded(Math.min(...ratios)),
    greatest: rounded(Math.max(...ratios)),
    firstOverRaw: rounded(first.native / raw),
    fallback,
  }
}

type Figures = ReturnType<typeof figuresOf>

const row = (cells: readonly string[]): void =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(10) : cell.padStart(11))).join(''))

function show(name: string, figures: Figures): void {
  const { steps, rawMilliseconds, milliseconds, overRaw, least, greatest, firstOverRaw, fallback } = figures
  const times = [steps / 1e6, rawMilliseconds, milliseconds].map((time) => time.toFixed(0))
  const ratios = [overRaw, least, greatest, firstOverRaw].map((ratio) => ratio.toFixed(2))
  row([name, ...times, ...ratios, fallback ?? 'none'])
}

/** Who looks at the page. */
interface Browser {
  /** Resolves when the browser ends. */
  open(url: string): Promise<void>
  readonly clock: () => number | undefined
}

/** Serves the page to a browser until it has posted everything. */
async function collect({ open, clock }: Browser): Promise<Readonly<Record<string, Figures>>> {
  const figures: Record<string, Figures> = {}
  const files = await kernelFiles()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const finish = (userAgent: string) => {
    console.log(userAgent)
    resolve()
  }
  const posted = (body: string) => {
    const said = JSON.parse(body) as Posted
    if ('failure' in said) reject(new BrowserFailed(`${said.name}: ${said.failure}`))
    else if ('end' in said) finish(said.end)
    else {
      figures[said.name] = figuresOf(said.comparison)
      show(said.name, figuresOf(said.comparison))
    }
  }
  const server = await serve({ files, posted, clock })
  const late = setTimeout(
    () => reject(new BrowserFailed(`nothing more after ${MOST_MINUTES} minutes`)),
    MOST_MINUTES * 60_000,
  )
  const gone = open(server.url).then(() => reject(new BrowserFailed('the browser ended before the page did')))
  try {
    await Promise.race([promise, gone])
  } finally {
    clearTimeout(late)
    server.close()
  }
  return figures
}

async function inChromium(): Promise<void> {
  const chromium = findChromium()
  console.log(`${circumstances()}, Chromium ${chromium.version}`)
  console.log(
    'the same columns as of the native tier, measured in a worker; no flags, so raw is warm when it no longer changes',
  )
  row(['kernel', 'M steps', 'raw ms', 'native ms', 'ratio', 'least', 'greatest', 'first run', 'fallback'])
  let window: Window | undefined
  const figures = await collect({
    open(url) {
      window = openWindow(chromium, url)
      return window.ended
    },
    clock: () => (window?.group === undefined ? undefined : workerSeconds(window.group)),
  }).finally(() => window?.close())
  const all = Object.values(figures)
  const mean = (read: (figures: Figures) => number) => rounded(geometricMean(all.map(read)))
  const worst = Math.max(...all.map(({ overRaw }) => overRaw))
  const first = mean(({ firstOverRaw }) => firstOverRaw)
  console.log(`geometric mean ${mean(({ overRaw }) => overRaw)}, worst ${worst}, first run ${first}`)
  report('browser.chromium', chromium.version)
  report(
    'browser.geomeanOverRaw',
    mean(({ overRaw }) => overRaw),
  )
  report('browser.worstOverRaw', worst)
  report('browser.geomeanFirstOverRaw', first)
  report('browser.fallbacks', all.filter(({ fallback }) => fallback !== null).length)
  report('browser.kernels', figures)
}

async function inAnyBrowser(): Promise<void> {
  await collect({
    open(url) {
      console.log(`open ${url}`)
      return new Promise(() => {})
    },
    clock: () => undefined,
  })
}

try {
  await (process.argv.includes(SERVE) ? inAnyBrowser() : inChromium())
} catch (error) {
  if (!(error instanceof ChromiumMissing || error instanceof BrowserFailed)) throw error
  console.error(error.message)
  process.exitCode = 1
}
