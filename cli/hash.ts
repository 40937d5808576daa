import type { Command } from 'commander'
import { byteTreeRoot, Machine, programHeader, toHex } from '../interpreter/index.ts'
import { REGIONS } from '../spec/index.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { print } from './files.ts'
import { load } from './load.ts'
import { FILE, INPUT } from './options.ts'
import { table } from './text.ts'

interface HashOptions {
  readonly input?: string
  readonly json?: boolean
}

/** What `hash --json` prints. */
interface HashReport {
  readonly programId: string
  readonly inputRoot: string
  /** State hash before the first step, the input in place. */
  readonly initialStateHash: string
  /** The start registers, packed into one word. */
  readonly startRegisters: string
  /** Region name to root, INPUT and OUTPUT empty: what the program id is the hash of. */
  readonly regionRoots: Readonly<Record<string, string>>
}

export function addHash(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('hash')
    .summary('program id, input root and initial state hash')
    .description('The hashes by which a chain knows a program and its input.')
    .argument(...FILE)
    .option(...INPUT)
    .option('--json', 'print them as JSON')
    .action(async (file: string, options: HashOptions) => finish(await hash(file, options)))
}

async function hash(file: string, { input: inputFile, json }: HashOptions): Promise<ExitCode> {
  const { program, input } = await load(file, inputFile)
  const { programId, regs, regionRoots } = programHeader(program)
  const report: HashReport = {
    programId,
    inputRoot: toHex(byteTreeRoot(input)),
    initialStateHash: new Machine(program, input).stateHash(),
    startRegisters: `0x${regs.toString(16).padStart(64, '0')}`,
    regionRoots: Object.fromEntries(REGIONS.map(({ name, index }) => [name, toHex(regionRoots[index]!)])),
  }
  await print(process.stdout, `${json ? JSON.stringify(report, null, 2) : hashText(report)}\n`)
  return EXIT.OK
}

function hashText({ programId, inputRoot, initialStateHash, startRegisters, regionRoots }: HashReport): string {
  return table([
    ['program', programId],
    ['input root', inputRoot],
    ['initial state', initialStateHash],
    ['start registers', startRegisters],
    ...Object.entries(regionRoots).map(([name, root]) => [`root of ${name}`, root] as const),
  ])
}
