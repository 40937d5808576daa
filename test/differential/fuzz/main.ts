import { parseArgs } from 'node:util'
import { fuzz, reportLines } from './campaign.ts'
import { StepJudge } from './step-judge.ts'

const USAGE = `usage: npm run fuzz -- [--seconds N] [--modules N] [--seed S] [--no-judge] [--json]
  --modules N  so many, however long they take
  --no-judge   without the definition and the chain's code, which take most of the time`
const DEFAULT_SECONDS = 60
/** Seconds between two signs of life. */
const PULSE = 60

interface Options {
  readonly seconds: number
  readonly modules: number | null
  readonly judge: boolean
  readonly seed: number
  readonly json: boolean
}

/** A command line that means nothing. */
class UsageError extends Error {
  override readonly name = 'UsageError'
  constructor(reason: string) {
    super(`${reason}\n${USAGE}`)
  }
}

const number = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} wants a number, not '${text}'`)
  return Number(text)
}

function readOptions(args: readonly string[]): Options {
  const { seconds, modules, seed, 'no-judge': unjudged = false, json = false } = parsed(args)
  return {
    seconds: seconds === undefined ? DEFAULT_SECONDS : number('seconds', seconds),
    seed: (seed === undefined ? Date.now() : number('seed', seed)) >>> 0,
    modules: modules === undefined ? null : number('modules', modules),
    judge: !unjudged,
    json,
  }
}

function parsed(args: readonly string[]) {
  const options = {
    seconds: { type: 'string' },
    modules: { type: 'string' },
    seed: { type: 'string' },
    'no-judge': { type: 'boolean' },
    json: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function run({ seconds, modules, seed, judge: judged, json }: Options): Promise<number> {
  const start = performance.now()
  let pulses = 1
  const judge = judged ? await StepJudge.create() : null
  try {
    const report = await fuzz(judge, seed, (done) => {
      const elapsed = (performance.now() - start) / 1000
      const more = modules === null ? elapsed < seconds : done < modules
      if (elapsed > pulses * PULSE && more)
        console.error(`${PULSE * pulses++} s: ${done} modules, ${judge?.steps ?? 0} steps judged`)
      return more
    })
    console.log(json ? JSON.stringify(report) : reportLines(report).join('\n'))
    return report.differences.length === 0 ? 0 : 1
  } finally {
    await judge?.close()
  }
}

/** The command; its exit code. `prepareStepper` sees to it that the contracts are compiled. */
export async function main(args: readonly string[], prepareStepper: () => Promise<void>): Promise<number> {
  try {
    const options = readOptions(args)
    if (options.judge) await prepareStepper()
    return await run(options)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(error.message)
    return 2
  }
}
