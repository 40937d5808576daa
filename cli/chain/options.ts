import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Address, getAddress, type Hex, isAddress, isHash } from 'viem'
import { KEY_VARIABLE } from './key.ts'

/** What every command that looks at a chain is told. */
export interface ChainOptions {
  readonly rpc: string
  readonly deployment?: string
  readonly json?: boolean
}

/** What every command that sends a transaction is told on top of that. */
export interface SignerOptions extends ChainOptions {
  readonly keyFile?: string
}

const RPC = ['--rpc <url>', 'JSON-RPC node of the chain, http or https', parseUrl] as const

/** Adds the options of a command that looks at a chain. */
export const onChain = (command: Command): Command => withDeployment(command.requiredOption(...RPC))

/** The same for one that can do without. */
export const maybeOnChain = (command: Command): Command => withDeployment(command.option(...RPC))

const withDeployment = (command: Command): Command =>
  command
    .option('--deployment <file>', 'the deployment (default: deployments/<chain id>.json)')
    .option('--json', 'print JSON')

/** Adds the options of a command that sends transactions. */
export const signing = (command: Command): Command =>
  onChain(command).addOption(
    new Option('--key-file <file>', `file with the private key of the account (default: the key in ${KEY_VARIABLE})`),
  )

function parseUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text
  throw new InvalidArgumentError('Give a URL that begins with http:// or https://.')
}

/** An address from the command line. */
export function parseAddress(text: string): Address {
  if (isAddress(text)) return getAddress(text)
  throw new InvalidArgumentError('Give 0x and 40 hex digits; those of mixed case must have the right checksum.')
}

/** An id or a root from the command line. */
export function parseHash(text: string): Hex {
  const lower = text.toLowerCase()
  if (isHash(lower)) return lower
  throw new InvalidArgumentError('Give 0x and 64 hex digits.')
}
