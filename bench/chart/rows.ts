import type { Results } from './speed.ts'

/** Rows of the README's tables of speed. */

/** What the tables show besides what the chart does. */
export interface AllResults extends Results {
  readonly native: Results['native'] & {
    readonly worstOverRaw: number
    readonly geomeanWasmGrowth: number
    readonly hugeFunctions: Readonly<Record<string, Compiled>>
    readonly noFlags: { readonly geomeanOverRaw: number; readonly geomeanFirstOverRaw: number }
  }
  readonly browser: Results['browser'] & { readonly geomeanFirstOverRaw: number }
  readonly interpreter: Results['interpreter'] & {
    readonly geomeanStepsPerSecond: number
    readonly overWasmInterp: number
    readonly worstOverWasmInterp: number
  }
  readonly merkle: { readonly rebuildSeconds: number; readonly overNoble: number; readonly overHashWasm: number }
  readonly hashEveryStep: { readonly stepsPerSecond: number }
  readonly hashesAt: {
    readonly seconds: number
    readonly peakBytes: number
    readonly oneMedianSeconds: number
    readonly oneP95Seconds: number
  }
  readonly dispute: {
    readonly steps: number
    readonly rawSeconds: number
    readonly lyingSolver: Played
    readonly lyingChallenger: Played
  }
}

interface Compiled {
  readonly generationMilliseconds: number
  readonly compileMilliseconds: number
  readonly rawCompileMilliseconds: number
}

interface Played {
  readonly honest: { readonly computeSeconds: number; readonly peakBytes: number }
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en-US')
const millions = (value: number): string => grouped(value / 1e6)
const times = (ratio: number): string => `${ratio.toFixed(2)} x`
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A row for each program. */
export const programRows = ({ native, browser, interpreter }: Results): string[] =>
  Object.entries(native.kernels).map(([name, { steps, rawMilliseconds, milliseconds, overRaw }]) => {
    const { stepsPerSecond, wasmInterpStepsPerSecond } = interpreter.kernels[name]!
    return row(
      `\`${name}\``,
      ...[millions(steps), rawMilliseconds.toFixed(0), milliseconds.toFixed(0)],
      ...[overRaw.toFixed(2), browser.kernels[name]!.overRaw.toFixed(2)],
      ...[millions(stepsPerSecond), (stepsPerSecond / wasmInterpStepsPerSecond).toFixed(2)],
    )
  })

const nativeRows = ({ native, browser }: AllResults): string[] => [
  row(
    'native tier over V8 alone: geometric mean, worst',
    `${times(native.geomeanOverRaw)}, ${times(native.worstOverRaw)}`,
  ),
  row(
    '... without the flag: warm; a first run, against a warm one of V8 alone',
    `${times(native.noFlags.geomeanOverRaw)}; ${times(native.noFlags.geomeanFirstOverRaw)}`,
  ),
  row(
    `... in a worker of Chromium ${browser.chromium.split('.')[0]}: warm; a first run`,
    `${times(browser.geomeanOverRaw)}; ${times(browser.geomeanFirstOverRaw)}`,
  ),
]

const codeRows = ({ native }: AllResults): string[] => [
  row('the module over the one that it is made of, bytes', times(native.geomeanWasmGrowth)),
  ...Object.entries(native.hugeFunctions).map(([size, of]) => {
    const [calls, locals] = size.split('x').map(Number)
    const milliseconds = [of.generationMilliseconds, of.compileMilliseconds, of.rawCompileMilliseconds]
    const [made, compiled, alone] = milliseconds.map((time) => `${time.toFixed(0)} ms`)
    const what = `a function of ${grouped(calls!)} calls and ${locals} locals: made, compiled; compiled alone`
    return row(what, `${made}, ${compiled}; ${alone}`)
  }),
]

/** The slower tier, and what hashes cost. */
function hashRows({ interpreter, merkle, hashEveryStep, hashesAt }: AllResults): string[] {
  const { geomeanStepsPerSecond, overWasmInterp, worstOverWasmInterp } = interpreter
  return [
    row('interpreter, steps a second', `${millions(geomeanStepsPerSecond)} million`),
    row(
      "... over wabt's wasm-interp: geometric mean, worst",
      `${times(overWasmInterp)}, ${times(worstOverWasmInterp)}`,
    ),
    row('64 MiB of which every leaf changed, hashed again by one thread', `${grouped(1e3 * merkle.rebuildSeconds)} ms`),
    row('... with @noble/hashes, hash-wasm it takes', `${times(merkle.overNoble)}, ${times(merkle.overHashWasm)}`),
    row('hash of every step, steps a second', grouped(hashEveryStep.stepsPerSecond)),
    row(
      'a task of 2^32 steps that fills 64 MiB, and its hashes at 1,000 random steps',
      `${hashesAt.seconds.toFixed(0)} s, ${millions(hashesAt.peakBytes)} MB at most`,
    ),
    row(
      '... at one step more: median, 95th percentile',
      `${hashesAt.oneMedianSeconds.toFixed(2)} s, ${hashesAt.oneP95Seconds.toFixed(2)} s`,
    ),
  ]
}

function disputeRows({ dispute: { steps, rawSeconds, lyingSolver, lyingChallenger } }: AllResults): string[] {
  const computed = [lyingSolver, lyingChallenger].map(({ honest }) => `${honest.computeSeconds.toFixed(1)} s`)
  return [
    row(
      `a dispute over ${millions(steps)} million steps, ${rawSeconds.toFixed(2)} s in V8 alone: the honest verifier, the honest solver compute`,
      computed.join(', '),
    ),
  ]
}

/** A row for each other figure. */
export const figureRows = (results: AllResults): string[] => [
  ...nativeRows(results),
  ...codeRows(results),
  ...hashRows(results),
  ...disputeRows(results),
]
