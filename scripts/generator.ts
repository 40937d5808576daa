import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const ROOT = dirname(import.meta.dirname)
const EXIT = { OK: 0, FAILED: 1, USAGE: 64 } as const
const SHOWN_CHARACTERS = 160

type Contents = string | Uint8Array

/** Makes files that are checked in from others that are. */
export interface Generator {
  /** How it is run, such as `npm run generate`. */
  readonly command: string
  /** What it does, in one sentence. */
  readonly about: string
  /** Contents by path from the project's root. */
  readonly files: () => AsyncIterable<readonly [path: string, contents: Contents]>
  /** What it throws because of its sources, to be told without a stack. */
  readonly refusals: readonly (abstract new (
    ...args: never[]
  ) => Error)[]
}

type Mode = 'write' | 'check' | 'help'

const OPTIONS = { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const

/** Writes what changed, or with --check only compares. Returns the exit code. */
export async function runGenerator(generator: Generator, args: readonly string[]): Promise<number> {
  const mode = modeOf(args)
  if (mode instanceof Error) {
    console.error(`${mode.message}\n\n${usage(generator)}`)
    return EXIT.USAGE
  }
  if (mode === 'help') {
    console.log(usage(generator))
    return EXIT.OK
  }
  try {
    return (await apply(generator, mode)) ? EXIT.OK : EXIT.FAILED
  } catch (error) {
    if (!(error instanceof Error) || !generator.refusals.some((type) => error instanceof type)) throw error
    console.error(error.message)
    return EXIT.FAILED
  }
}

const usage = ({ command, about }: Generator): string => `Usage: ${command} [-- --check]
${about}

  --check  write nothing; name the files that are stale and exit with ${EXIT.FAILED} if there are any
  --help`

function modeOf(args: readonly string[]): Mode | Error {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    if (values.help) return 'help'
    return values.check ? 'check' : 'write'
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** False if a file is stale and stays so. */
async function apply({ command, files }: Generator, mode: 'write' | 'check'): Promise<boolean> {
  let [count, stale] = [0, 0]
  for await (const [path, contents] of files()) {
    count++
    const difference = differenceOf(path, contents)
    if (difference === undefined) continue
    stale++
    if (mode === 'check') console.log(`stale: ${path}${difference}\n  next: ${command}`)
    else write(path, contents)
  }
  if (stale === 0) console.log(`up to date: ${count} files`)
  return mode === 'write' || stale === 0
}

function write(path: string, contents: Contents): void {
  const file = join(ROOT, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, contents)
  console.log(`wrote ${path}`)
}

/** Where a file differs from what it should be, for people; undefined where it does not. */
function differenceOf(path: string, wanted: Contents): string | undefined {
  const file = join(ROOT, path)
  if (!existsSync(file)) return ': the file is missing'
  const found = readFileSync(file)
  if (found.equals(Buffer.from(wanted))) return undefined
  return typeof wanted === 'string' ? `: ${firstDifference(found.toString(), wanted)}` : ''
}

function firstDifference(found: string, wanted: string): string {
  const [foundLines, wantedLines] = [found.split('\n'), wanted.split('\n')]
  const at = wantedLines.findIndex((line, i) => line !== foundLines[i])
  const line = at < 0 ? wantedLines.length : at
  const show = (text: string | undefined) => (text === undefined ? '(end of file)' : text.slice(0, SHOWN_CHARACTERS))
  return `line ${line + 1}\n  has   ${show(foundLines[line])}\n  wants ${show(wantedLines[line])}`
}
