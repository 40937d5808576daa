import type { Command } from 'commander'
import type { Hex } from 'viem'
import { connect } from './chain/connection.ts'
import { NothingToDo } from './chain/errors.ts'
import { type ChainOptions, onChain, parseHash } from './chain/options.ts'
import { type Publication, readPublication, type ToldModule } from './chain/programs.ts'
import { printReport, type Rows } from './chain/report.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { checkWritable, writeFile } from './files.ts'
import { byteCount, count, visibleLine } from './text.ts'

interface ShowOptions extends ChainOptions {
  readonly output?: string
}

export function addShowProgram(parent: Command, finish: (code: ExitCode) => void): void {
  onChain(parent.command('show'))
    .summary('what the chain tells of a program')
    .description('Who published a program, and the modules and places that were told of it, checked.')
    .argument('<id>', 'the program', parseHash)
    .option('--output <file>', 'write the module there')
    .action(async (id: Hex, options: ShowOptions) => finish(await show(id, options)))
}

async function show(id: Hex, options: ShowOptions): Promise<ExitCode> {
  const { output, json } = options
  if (output !== undefined) checkWritable(output)
  const publication = await readPublication(await connect(options), id)
  if (output !== undefined) writeFile(output, moduleIn(publication))
  await printReport(json, reportOf(publication), rowsOf(publication))
  return EXIT.OK
}

function moduleIn({ program, modules }: Publication): Uint8Array {
  const proven = modules.find(({ isProgram }) => isProgram)
  if (proven !== undefined) return proven.module
  throw new NothingToDo(`no module of program ${program} is on the chain`, 'ask its publisher, or open one of its URIs')
}

const reportOf = ({ modules, block, regs, ...publication }: Publication) => ({
  ...publication,
  ...{ block: Number(block), regs: word(regs) },
  modules: modules.map(({ publisher, module, isProgram }) => ({ publisher, bytes: module.length, isProgram })),
})

const word = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`

function rowsOf({ program, publisher, block, regs, modules, uris }: Publication): Rows {
  return [
    ['program', program],
    ['published', `in block ${count(block)} by ${publisher}`],
    ['start registers', word(regs)],
    ...modules.map((told) => ['module', moduleText(told)] as const),
    ...uris.map(({ publisher, uri }) => ['module at', `${visibleLine(uri)}, says ${publisher}`] as const),
  ]
}

const moduleText = ({ publisher, module, isProgram }: ToldModule): string =>
  `${byteCount(module.length)}, told by ${publisher}: ${isProgram ? 'lowers to this program' : 'NOT this program'}`
