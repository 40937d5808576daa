import type { Command } from 'commander'
import { NativeMachine, type Tier } from '../interpreter/index.ts'
import { advance } from './advance.ts'
import type { ExitCode } from './exit.ts'
import { checkWritable, print, STANDARD, writeFile } from './files.ts'
import { load } from './load.ts'
import { FILE, INPUT, parseSteps, tierOption } from './options.ts'
import { Progress } from './progress.ts'
import { exitCodeOf, reportOf } from './report.ts'
import { reportText } from './report-text.ts'

/** An hour or so of the interpreter; a run that takes longer is rarely meant. */
const DEFAULT_MAX_STEPS = 10 ** 12

interface RunOptions {
  readonly input?: string
  readonly output?: string
  readonly json?: boolean
  readonly maxSteps: number
  readonly tier: Tier
}

export function addRun(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('run')
    .summary('run a task to its end')
    .description('Runs a task to its end: its output, how it ended, the exact number of steps, the final state hash.')
    .argument(...FILE)
    .option(...INPUT)
    .option('--output <file>', 'write the raw output there, - for standard output (the report then goes to stderr)')
    .option('--json', 'print the report as JSON')
    .option('--max-steps <n>', 'stop after so many steps', parseSteps, DEFAULT_MAX_STEPS)
    .addOption(tierOption())
    .action(async (file: string, options: RunOptions) => finish(await run(file, options)))
}

async function run(file: string, { input, output: target, json, maxSteps, tier }: RunOptions): Promise<ExitCode> {
  const toFile = target !== undefined && target !== STANDARD
  if (toFile) checkWritable(target)
  const loaded = await load(file, input)
  const machine = new NativeMachine(loaded.program, loaded.input, { tier })
  const seconds = await execute(machine, maxSteps)
  const output = machine.output()
  const report = reportOf(loaded, machine, output, seconds)
  if (toFile) writeFile(target, output)
  if (target === STANDARD) await print(process.stdout, output)
  const text = json ? JSON.stringify(report, null, 2) : reportText(report, output, target)
  await print(target === STANDARD ? process.stderr : process.stdout, `${text}\n`)
  return exitCodeOf(report)
}

/** Runs and returns the seconds it took. */
async function execute(machine: NativeMachine, maxSteps: number): Promise<number> {
  const progress = new Progress(process.stderr, () => performance.now())
  const start = performance.now()
  try {
    await advance(machine, maxSteps, () => progress.show(machine))
  } finally {
    progress.clear()
  }
  return (performance.now() - start) / 1000
}
