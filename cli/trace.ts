import type { Command } from 'commander'
import { NativeMachine, type Program, type Tier, type TracedState } from '../interpreter/index.ts'
import { advance, interruptible } from './advance.ts'
import { RangeRefused } from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { print } from './files.ts'
import { load } from './load.ts'
import { FILE, INPUT, parseSteps, tierOption } from './options.ts'
import { type Place, placeOf, placeText } from './place.ts'
import { Progress } from './progress.ts'
import { trapName } from './report.ts'
import { count } from './text.ts'

interface TraceOptions {
  readonly from: number
  readonly to: number
  readonly input?: string
  readonly json?: boolean
  readonly tier: Tier
}

/** One line of `trace --json`. */
interface TraceLine {
  readonly step: number
  readonly stateHash: string
  /** `running`, or how the machine stopped. */
  readonly status: 'running' | 'halted' | 'trapped'
  readonly exitCode: number | null
  readonly trap: string | null
  /** The instruction that runs next; of a trapped machine the one that trapped; null once halted. */
  readonly at: Place | null
}

export function addTrace(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('trace')
    .summary('state hash at every step of a range')
    .description('The state hash at every step of a range, with the WebAssembly instruction that runs next.')
    .argument(...FILE)
    .requiredOption('--from <step>', 'first step, 0 for the initial state', parseSteps)
    .requiredOption('--to <step>', 'last step, included; the trace ends earlier where the task does', parseSteps)
    .option(...INPUT)
    .option('--json', 'print one JSON object on each line')
    .addOption(tierOption())
    .action(async (file: string, options: TraceOptions) => finish(await trace(file, options)))
}

async function trace(file: string, { from, to, input: inputFile, json, tier }: TraceOptions): Promise<ExitCode> {
  if (from > to) throw new RangeRefused(`--from ${from} is after --to ${to}`, 'give a range that goes forward')
  const { program, input } = await load(file, inputFile)
  const machine = new NativeMachine(program, input, { tier })
  await advanceTo(machine, from)
  await interruptible(machine, async (check) => {
    for (const state of machine.trace(from, to)) {
      const line = lineOf(program, state)
      await print(process.stdout, `${json ? JSON.stringify(line) : lineText(line)}\n`)
      await check()
    }
  })
  return EXIT.OK
}

async function advanceTo(machine: NativeMachine, from: number): Promise<void> {
  const progress = new Progress(process.stderr, () => performance.now())
  try {
    await advance(machine, from, () => progress.show(machine))
  } finally {
    progress.clear()
  }
  if (machine.steps === from) return
  const { outcome } = machine.outcome()
  const ended = `the task ${outcome} after ${count(machine.steps)} steps`
  throw new RangeRefused(`${ended}, before --from ${from}`, `give a --from of at most ${machine.steps}`)
}

function lineOf(
  program: Program,
  { step, pc, stateHash, outcome: { outcome, exitCode, trap } }: TracedState,
): TraceLine {
  return {
    step,
    stateHash,
    status: outcome === 'outOfSteps' ? 'running' : outcome,
    exitCode,
    trap: trap === null ? null : trapName(trap),
    at: outcome === 'halted' ? null : placeOf(program, pc),
  }
}

function lineText({ step, stateHash, status, exitCode, trap, at }: TraceLine): string {
  const place = at === null ? '' : placeText(at)
  const what = { running: place, halted: `halted, exit code ${exitCode}`, trapped: `trapped: ${trap} at ${place}` }
  return `${step}  ${stateHash}  ${what[status]}`
}
