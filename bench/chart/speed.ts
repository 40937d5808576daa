import { geometricMean } from '../statistics.ts'
import { bar, type Colour, label, labelBefore, picture, upright } from './svg.ts'

/** What the chart shows of the benchmarks' figures. */
export interface Results {
  readonly native: {
    readonly geomeanOverRaw: number
    readonly kernels: Readonly<
      Record<
        string,
        {
          readonly steps: number
          readonly rawMilliseconds: number
          readonly milliseconds: number
          readonly overRaw: number
        }
      >
    >
  }
  readonly interpreter: {
    readonly kernels: Readonly<
      Record<string, { readonly stepsPerSecond: number; readonly wasmInterpStepsPerSecond: number }>
    >
  }
  readonly browser: {
    readonly geomeanOverRaw: number
    readonly chromium: string
    readonly kernels: Readonly<Record<string, { readonly overRaw: number }>>
  }
}

const WIDTH = 760
const MARGIN = 24
const NAMES_END = 190
const BARS_END = 640
const ROW = 26
const LABEL_DOWN = 13
const VALUE_GAP = 8

/** Bars beside one another, whose value in full is as long as there is room. */
const lengthOf = (value: number, most: number): number => ((BARS_END - NAMES_END) * value) / most

const perSecond = (rate: number): string =>
  rate >= 1e9 ? `${(rate / 1e9).toFixed(1)} billion` : `${(rate / 1e6).toFixed(0)} million`

/** How fast each way to run a program is, as if each ran the same. */
function rates({ native, interpreter }: Results): readonly (readonly [name: string, rate: number, colour: Colour])[] {
  const names = Object.keys(native.kernels)
  const mean = (read: (name: string) => number) => geometricMean(names.map(read))
  const steps = (name: string) => 1e3 * native.kernels[name]!.steps
  return [
    ['V8 alone', mean((name) => steps(name) / native.kernels[name]!.rawMilliseconds), 'engine'],
    ['native tier', mean((name) => steps(name) / native.kernels[name]!.milliseconds), 'native'],
    ['interpreter', mean((name) => interpreter.kernels[name]!.stepsPerSecond), 'interpreter'],
    ["wabt's wasm-interp", mean((name) => interpreter.kernels[name]!.wasmInterpStepsPerSecond), 'peer'],
  ]
}

function rateRows(results: Results, top: number): string[] {
  const rows = rates(results)
  const most = Math.max(...rows.map(([, rate]) => rate))
  return rows.flatMap(([name, rate, colour], i) => {
    const y = top + i * ROW
    const length = lengthOf(rate, most)
    return [
      labelBefore(NAMES_END - VALUE_GAP, y + LABEL_DOWN, name),
      bar(NAMES_END, y, length, 18, colour),
      label(NAMES_END + length + VALUE_GAP, y + LABEL_DOWN, perSecond(rate)),
    ]
  })
}

function ratioRows({ native, browser }: Results, top: number): string[] {
  const rows = Object.entries(native.kernels).map(
    ([name, { overRaw }]) => [name, overRaw, browser.kernels[name]!.overRaw] as const,
  )
  const most = Math.max(...rows.flatMap(([, node, chromium]) => [node, chromium]))
  const one = NAMES_END + lengthOf(1, most)
  return [
    ...rows.flatMap(([name, node, chromium], i) => {
      const y = top + i * ROW
      const longer = lengthOf(Math.max(node, chromium, 1), most)
      return [
        labelBefore(NAMES_END - VALUE_GAP, y + LABEL_DOWN, name),
        bar(NAMES_END, y, lengthOf(node, most), 9, 'native'),
        bar(NAMES_END, y + 10, lengthOf(chromium, most), 9, 'browser'),
        label(NAMES_END + longer + VALUE_GAP, y + LABEL_DOWN, `${node.toFixed(2)}, ${chromium.toFixed(2)}`),
      ]
    }),
    upright(one, top - 6, top + rows.length * ROW),
  ]
}

function legend({ native, browser }: Results, y: number): string[] {
  const version = browser.chromium.split('.')[0]
  const inNode = `Node, optimizing compiler only: ${native.geomeanOverRaw.toFixed(2)}`
  return [
    bar(MARGIN, y - 9, 10, 10, 'native'),
    label(MARGIN + 16, y, inNode, 'quiet'),
    bar(MARGIN + 290, y - 9, 10, 10, 'browser'),
    label(MARGIN + 306, y, `Chromium ${version}, as it comes: ${browser.geomeanOverRaw.toFixed(2)}`, 'quiet'),
  ]
}

/** The picture of the README. */
export function speedChart(results: Results): string {
  const [ratesTop, ratiosTop] = [66, 248]
  const count = Object.keys(results.native.kernels).length
  const bottom = ratiosTop + count * ROW
  return picture(WIDTH, bottom + 20, 'How fast programs run whose exact state at any step can be named', [
    label(MARGIN, 32, 'Steps of the machine a second', 'head'),
    label(MARGIN, 52, `geometric mean of ${count} programs; longer is faster`, 'quiet'),
    ...rateRows(results, ratesTop),
    label(MARGIN, 198, 'Time of the native tier, where V8 alone needs 1', 'head'),
    ...legend(results, 222),
    ...ratioRows(results, ratiosTop),
  ])
}
