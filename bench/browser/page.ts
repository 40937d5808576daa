// Has the worker compare the engines, shows what it finds and posts it to the server.
import type { Comparison, Pair } from '../native/compare.ts'
import { geometricMean, median } from '../statistics.ts'

/** What the page posts: of each kernel, and at the end. */
export type Posted =
  | { readonly name: string; readonly comparison: Comparison }
  | { readonly name: string; readonly failure: string }
  | { readonly end: string }

type Found = Exclude<Posted, { end: string }>

const post = (body: Posted) => fetch('/figures', { method: 'POST', body: JSON.stringify(body) })
const status = document.querySelector('#end')!
const worker = new Worker('worker.ts', { type: 'module' })

function row(cells: readonly string[]): void {
  const line = document.querySelector('tbody')!.insertRow()
  for (const cell of cells) line.insertCell().textContent = cell
}

/** Shows a comparison and returns its ratio. */
function show(name: string, { steps, first, pairs, fallback }: Comparison): number {
  const of = (read: (pair: Pair) => number) => median(pairs.map(read))
  const [raw, native, ratio] = [of((pair) => pair.raw), of((pair) => pair.native), of((pair) => pair.native / pair.raw)]
  const times = [1e-6 * steps, 1e3 * raw, 1e3 * native].map((number) => number.toFixed(0))
  row([fallback === null ? name : `${name}: ${fallback}`, ...times, ratio.toFixed(2), (first.native / raw).toFixed(2)])
  return ratio
}

function compare(name: string): Promise<Found> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Found>) => resolve(data)
    worker.onerror = ({ message }) => resolve({ name, failure: message })
    worker.postMessage(name)
  })
}

const names = (await (await fetch('/kernels/names.json')).json()) as string[]
const ratios: number[] = []
for (const name of names) {
  status.textContent = `Running ${name} ...`
  const found = await compare(name)
  if ('comparison' in found) ratios.push(show(name, found.comparison))
  else row([name, found.failure])
  await post(found)
}
status.textContent = `Geometric mean ${geometricMean(ratios).toFixed(2)}, worst ${Math.max(...ratios).toFixed(2)}.`
await post({ end: navigator.userAgent })
