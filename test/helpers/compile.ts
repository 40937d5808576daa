import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Abi, Hex } from 'viem'
import { ROOT } from './command.ts'

/** How the package's own contracts are imported by those who installed it. */
const PACKAGE = /^substep\//

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string
}

interface Compiled {
  readonly abi: Abi
  readonly evm: { readonly bytecode: { readonly object: string } }
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Record<string, Record<string, Compiled>>
}

const read = (path: string) => ({
  contents: readFileSync(
    PACKAGE.test(path) ? join(ROOT, path.replace(PACKAGE, '')) : join(ROOT, 'node_modules', path),
    'utf8',
  ),
})

/** Compiles a contract that installed the package, with the compiler's defaults; warnings count as errors. */
export function compileConsumer(name: string, text: string): { readonly abi: Abi; readonly bytecode: Hex } {
  const solc = createRequire(import.meta.url)('solc') as Compiler
  const outputSelection = { [name]: { [name]: ['abi', 'evm.bytecode.object'] } }
  const input = { language: 'Solidity', sources: { [name]: { content: text } }, settings: { outputSelection } }
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output
  const { [name]: compiled } = contracts?.[name] ?? {}
  if (errors.length > 0 || compiled === undefined)
    throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return { abi: compiled.abi, bytecode: `0x${compiled.evm.bytecode.object}` }
}
