import { Machine } from '../../../interpreter/machine/index.ts'
import { TRAP_NAMES } from '../../../spec/index.ts'
import { type NativeWork, nativeLines } from '../../helpers/native-work.ts'
import { differences, lowerRandom, MAX_STEPS, outcomeOf } from '../../helpers/programs.ts'
import { createRandom, type Random } from '../../helpers/random.ts'
import { HAZARDOUS, MEDIUM, type RandomProgram, randomProgram, SMALL } from '../../helpers/random-program.ts'
import { runInEngine } from '../../helpers/v8.ts'
import { NativeTwin } from './native.ts'
import type { StepJudge, Window } from './step-judge.ts'

/** What became of random programs that V8, the fast run, the native tier, the definition and the chain's code ran. */
export interface Report {
  readonly seed: number
  readonly modules: number
  /** Instructions of the machine in the fast run. */
  readonly instructions: number
  readonly native: NativeWork
  /** Hashes that the native tier kept up, and that were made anew to compare. */
  readonly freshHashes: number
  /** Steps of which all substeps were judged. */
  readonly judged: number
  /** Programs by how they ended. */
  readonly endings: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
  readonly seconds: number
}

export interface Difference {
  readonly seed: number
  readonly what: string
}

/** How long to go on: whether one more module is due. */
export type More = (modules: number) => boolean

/** Slots enough for every frame of a random program; more are slow to hash where a program fills them. */
const OPTIONS = { stackLimit: 2 ** 15, keepSources: true }

const PROFILES = [SMALL, MEDIUM, HAZARDOUS] as const

/** Of runs up to this many steps each one is judged, of longer ones a window. */
const WHOLE_STEPS = 200
const WINDOW_STEPS = 60
/** Steps at the end of every run: a trap, or the way out. */
const LAST_STEPS = 3

/** The program of a seed; the seed alone says which one it is. */
const programOf = (seed: number): RandomProgram => randomProgram(seed, PROFILES[seed % PROFILES.length] ?? SMALL)

/** Windows of a run, half of them near its start, where fewer steps are those of a loop. */
const windowsOf = (random: Random, steps: number): readonly Window[] => {
  if (steps <= WHOLE_STEPS) return [{ from: 0, to: steps }]
  const last = steps - LAST_STEPS
  const from = random.below(Math.min(last, random.pick([300, 3000, last, last])))
  return [
    { from, to: Math.min(last, from + WINDOW_STEPS) },
    { from: last, to: steps },
  ]
}

/** A campaign over programs of consecutive seeds. */
class Campaign {
  /** The definition and the chain's code, unless they are left out: they take nearly all of the time. */
  readonly #judge: StepJudge | null
  readonly #native = new NativeTwin()
  readonly #endings = new Map<string, number>()
  readonly #differences: Difference[] = []
  #instructions = 0

  constructor(judge: StepJudge | null) {
    this.#judge = judge
  }

  /** A program that cannot be run at all is a difference, too. */
  async run(seed: number): Promise<void> {
    try {
      const found = await this.#compare(programOf(seed))
      this.#differences.push(...found.map((what) => ({ seed, what })))
    } catch (error) {
      this.#differences.push({ seed, what: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
    }
  }

  async report(): Promise<Omit<Report, 'seed' | 'modules' | 'seconds'>> {
    const parted = ((await this.#judge?.finish()) ?? []).map(({ seed, step, reason }) => ({
      seed,
      what: `step ${step}: ${reason}`,
    }))
    return {
      instructions: this.#instructions,
      native: this.#native.work,
      freshHashes: this.#native.hashes,
      judged: this.#judge?.steps ?? 0,
      endings: Object.fromEntries(this.#endings),
      differences: [...this.#differences, ...parted],
    }
  }

  async #compare(program: RandomProgram): Promise<readonly string[]> {
    const { seed, spec, input } = program
    const expected = runInEngine(spec, input)
    const lowered = lowerRandom(program, OPTIONS)
    const machine = new Machine(lowered, input)
    machine.runTo(MAX_STEPS)
    this.#instructions += machine.steps
    const ending = TRAP_NAMES[expected.trap] ?? 'halted'
    this.#endings.set(ending, (this.#endings.get(ending) ?? 0) + 1)
    if (!machine.stopped) return [`it does not end in ${MAX_STEPS} steps`]
    await this.#judge?.play(seed, lowered, input, windowsOf(createRandom(seed), machine.steps))
    return [
      ...differences(outcomeOf(machine, program, lowered), expected),
      ...this.#native.compare(lowered, input, machine.steps, createRandom(seed)),
    ]
  }
}

/** Runs programs of consecutive seeds, at least one, until no more are due. */
export async function fuzz(judge: StepJudge | null, seed: number, more: More): Promise<Report> {
  const start = performance.now()
  const campaign = new Campaign(judge)
  let modules = 0
  do await campaign.run((seed + modules++) >>> 0)
  while (more(modules))
  return { seed, modules, ...(await campaign.report()), seconds: (performance.now() - start) / 1000 }
}

/** The report in lines; with each difference the command that repeats it. */
export const reportLines = (report: Report): readonly string[] => [
  `seed ${report.seed}: ${report.modules} modules in ${report.seconds.toFixed(1)} s`,
  `${report.instructions} instructions run by V8 and the interpreter, ${report.judged} steps judged substep by substep`,
  ...nativeLines(report.native),
  `${report.freshHashes} state hashes compared with one made anew`,
  `endings: ${Object.entries(report.endings)
    .sort(([, a], [, b]) => b - a)
    .map(([ending, count]) => `${ending} ${count}`)
    .join(', ')}`,
  ...report.differences.map(
    ({ seed, what }) => `seed ${seed}: ${what}\n  again: npm run fuzz -- --seed ${seed} --seconds 0`,
  ),
  `${report.differences.length} differences`,
]
