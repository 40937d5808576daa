// What does a dispute over a task of more than 2^34 steps take? Both sides are daemons, and one of them lies.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from 'viem'
import { DEFAULT_RULES } from '../deployment/index.ts'
import { type Hash, LocalMarket } from '../test/helpers/local-market.ts'
import { type Effort, Side } from './dispute/side.ts'
import { buildKernel, KERNELS } from './kernels/index.ts'
import { circumstances, median, report } from './measure.ts'
import type { Comparison } from './native/compare.ts'

/** Hashes 183 MB: some 6.3 million steps a chunk. */
const CHUNKS = 2800
const LEAST_STEPS = 2 ** 34
const MAX_STEPS = 2n ** 35n

/** What a side may need: so many times what the engine needs for the task as it is, and so many seconds. */
const GOAL = { runs: 3, seconds: 5 }

/** Between two looks at the game. */
const PAUSE_MS = 500

const LIAR = 'bench/dispute/liar.ts'

interface Dispute {
  readonly honest: Effort
  readonly liar: Effort
  readonly seconds: number
}

/** Seconds that the module as it is takes in the engine, all of it optimized and warm; and its exact steps. */
function rawRun(wasm: Uint8Array): { steps: number; raw: number } {
  const folder = mkdtempSync(join(tmpdir(), 'dispute-'))
  try {
    const files = [join(folder, 'task.wasm'), join(folder, 'task.answer')] as const
    writeFileSync(files[0], wasm)
    writeFileSync(files[1], KERNELS.sha256.answer(CHUNKS))
    const script = join(import.meta.dirname, 'native', 'process.ts')
    const printed = execFileSync(process.execPath, ['--no-liftoff', script, 'compare', ...files], { encoding: 'utf8' })
    const { steps, pairs } = JSON.parse(printed) as Comparison
    return { steps, raw: median(pairs.map((pair) => pair.raw)) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Plays until the honest side has won the game. */
async function play(wasm: Uint8Array, liesAbout: 'answer' | 'challenge'): Promise<Dispute> {
  // The ordinary lengths and speed; the money is that of the tests' accounts.
  const { bond: _, enterGas: __, moveGas: ___, arity, ...rules } = DEFAULT_RULES
  const market = await LocalMarket.create({ arity: Number(arity), chain: 'served', rules })
  try {
    const task = await market.ask(await market.publish(wasm), new Uint8Array(0), { maxSteps: MAX_STEPS })
    const accounts = [await market.account('honest'), await market.account('liar')] as const
    const start = performance.now()
    const [solverIs, otherIs] = liesAbout === 'answer' ? (['liar', 'honest'] as const) : (['honest', 'liar'] as const)
    const solver = sideOf(market, solverIs, 'solver')
    await solver.until('post')
    const other = sideOf(market, otherIs, 'verifier')
    const [honest, liar] = liesAbout === 'answer' ? [other, solver] : [solver, other]
    const won = new AbortController()
    const clock = runClock(market, task, accounts[1].account.address, won.signal)
    await honest.until('prove', 'timeout')
    won.abort()
    await clock
    const seconds = (performance.now() - start) / 1000
    return { honest: await honest.end(), liar: await liar.end(), seconds }
  } finally {
    await market.close()
  }
}

/**
 * Lets the liar's clock run out once the dispute has come down to the substeps of one step, and the proof is up to it:
 * there is none that the judge would take.
 */
async function runClock(market: LocalMarket, task: Hash, liar: Address, won: AbortSignal): Promise<void> {
  while (!won.aborted) {
    const [game] = (await market.task(task)).games.values()
    if (game?.turn.len === 1n && game.turn.mover.player === liar && game.winner === undefined) {
      if ((await market.now()) <= game.deadline) await market.advanceTo(game.deadline + 1n)
    }
    await sleep(PAUSE_MS, undefined, { signal: won }).catch(() => undefined)
  }
}

const sideOf = (market: LocalMarket, name: 'honest' | 'liar', role: 'solver' | 'verifier'): Side =>
  name === 'liar' ? new Side(market, LIAR, name, [role]) : new Side(market, `${role}/main.ts`, name)

const COLUMNS = ['compute s', 'goal s', 'process s', 'moves', 'gas', 'peak MB'] as const

function show(title: string, key: string, { honest, liar, seconds }: Dispute, raw: number): void {
  const goal = GOAL.runs * raw + GOAL.seconds
  console.log(`${title.padEnd(30)}${COLUMNS.map((column) => column.padStart(12)).join('')}`)
  for (const [name, side] of [
    ['honest', honest],
    ['liar', liar],
  ] as const) {
    const moves = side.sent.filter((kind) => kind === 'bisect' || kind === 'prove').length
    const cells = [
      side.computeSeconds.toFixed(2),
      goal.toFixed(2),
      side.processSeconds.toFixed(2),
      moves,
      side.gas,
      (side.peakBytes / 1e6).toFixed(0),
    ]
    console.log(`  ${name.padEnd(28)}${cells.map((cell) => `${cell}`.padStart(12)).join('')}`)
    console.log(
      `    ${side.tier}${side.fallback === undefined ? '' : `, but: ${side.fallback}`}: ${side.sent.join(' ')}`,
    )
    const { computeSeconds, processSeconds, gas, peakBytes } = side
    report(`dispute.${key}.${name}`, { computeSeconds, processSeconds, moves, gas, peakBytes })
  }
  console.log(`  from the request to the end of the game: ${seconds.toFixed(1)} s`)
  report(`dispute.${key}.seconds`, seconds)
}

console.log(circumstances())
const wasm = await buildKernel('sha256', CHUNKS)
const { steps, raw } = rawRun(wasm)
console.log(
  `SHA-256 of ${CHUNKS} chunks of 64 KiB: ${steps} steps, ${raw.toFixed(3)} s in the engine, optimized and warm`,
)
if (steps < LEAST_STEPS) throw new RangeError(`${steps} steps are fewer than ${LEAST_STEPS}`)
report('dispute.steps', steps)
report('dispute.rawSeconds', raw)

show('a solver lies, a verifier wins', 'lyingSolver', await play(wasm, 'answer'), raw)
show('a challenger lies, the solver wins', 'lyingChallenger', await play(wasm, 'challenge'), raw)
