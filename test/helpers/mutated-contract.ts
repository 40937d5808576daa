import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Hex } from 'viem'
import config from '../../hardhat.config.ts'

const ROOT = dirname(dirname(import.meta.dirname))

/** A place in the contracts and what is to stand there instead. */
export interface Mutation {
  /** From contracts/. */
  readonly file: string
  readonly from: string
  readonly to: string
}

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Record<
    string,
    Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>
  >
}

/** As the contracts are compiled: with others the market would not fit a contract. */
const SETTINGS = (config.solidity as unknown as { compilers: readonly [{ settings: object }] }).compilers[0].settings

/** The mutation changes nothing, or more than one place. */
class NotOnePlace extends Error {
  override readonly name = 'NotOnePlace'
}

function mutated(file: string, mutations: readonly Mutation[]): string {
  return mutations
    .filter((mutation) => mutation.file === file)
    .reduce(
      (text, { from, to }) => {
        if (text.split(from).length !== 2) throw new NotOnePlace(`${file}: ${from}`)
        return text.replace(from, () => to)
      },
      readFileSync(join(ROOT, 'contracts', file), 'utf8'),
    )
}

function sources(mutations: readonly Mutation[]) {
  const files = readdirSync(join(ROOT, 'contracts'), { recursive: true, encoding: 'utf8' })
  const solidity = files.map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.sol'))
  return Object.fromEntries(solidity.map((file) => [`contracts/${file}`, { content: mutated(file, mutations) }]))
}

/** Creation code of the contract in `file`, named as the file, with the mutations made; nothing on disk changes. */
export function mutatedCode(file: string, mutations: readonly Mutation[]): Hex {
  const solc = createRequire(import.meta.url)('solc') as Compiler
  const [path, name] = [`contracts/${file}`, file.replace(/^.*\/|\.sol$/g, '')]
  const settings = { ...SETTINGS, outputSelection: { [path]: { [name]: ['evm.bytecode.object'] } } }
  const input = { language: 'Solidity', sources: sources(mutations), settings }
  const read = (imported: string) => ({ contents: readFileSync(join(ROOT, 'node_modules', imported), 'utf8') })
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return `0x${output.contracts[path]?.[name]?.evm.bytecode.object}`
}
