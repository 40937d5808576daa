import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Address, getAddress, type Hex, isAddress, isHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { SCHEMES, type Scheme } from './content/fetch.ts'
import { fileProblem } from './files.ts'
import { LEVELS, type Level } from './log.ts'

/** What a player process is told at its start. */
export interface Config {
  readonly name: string
  readonly rpc: string
  /** The market to play in. Without it the deployment file tells. */
  readonly market: Address | undefined
  /** File of the market's deployment; without it and `market`, that of the node's chain. */
  readonly deployment: string | undefined
  /** Block of the market's deployment, or one before it; by default what the deployment file says, else 0. */
  readonly fromBlock: bigint | undefined
  /** Whose stake is played with; by default that of the key's own account. */
  readonly owner: Address | undefined
  /** Folder of programs and inputs. */
  readonly content: string | undefined
  /** Files of the WebAssembly modules that are known from the start. */
  readonly wasm: readonly string[]
  /** URIs that may be opened for modules and inputs. */
  readonly schemes: readonly Scheme[]
  /** Tasks that may take more steps are refused. */
  readonly maxSteps: bigint
  /** Tasks whose memory or output outgrow so many bytes are refused. */
  readonly maxMemory: number
  /** Threads that compute at a time. */
  readonly workers: number
  /** Further threads with which each of them hashes large memories. */
  readonly hashThreads: number
  /** Bytes that each of them may keep of earlier states of a run. */
  readonly checkpointBytes: number
  /** The least, in wei, that a task must pay above the gas of its undisputed way. */
  readonly minProfit: bigint
  /** The most that a transaction may offer for a unit of gas, in wei. */
  readonly maxFeePerGas: bigint
  readonly pollMs: number
  readonly logLevel: Level
  /** Private key of the account that acts. */
  readonly key: Hex
}

/** A setting is missing or makes no sense; `setting` is its flag or variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly setting: string
  constructor(setting: string, problem: string, options?: ErrorOptions) {
    super(`${setting}: ${problem}`, options)
    this.setting = setting
  }
}

/** The environment variable of the private key; as the value of a flag every process of the machine would see it. */
export const KEY_VARIABLE = 'SUBSTEP_KEY'

/** At a billion steps a second such a run takes about a minute; an operator that knows its machine sets a better one. */
const DEFAULT_MAX_STEPS = 2 ** 36

/** A run that writes all of it is hashed in a minute or two, in four times as much memory. */
const DEFAULT_MAX_MEMORY_MIB = 512

/** Several copies of the memory of most tasks: later questions of a dispute run again from one of them. */
const DEFAULT_CHECKPOINTS_MIB = 512

/** Far above what chains ask in their worst hours, far below what a bond is worth. */
const DEFAULT_MAX_FEE_GWEI = 500

const BYTES_PER_MIB = 2 ** 20

const WEI_PER_GWEI = 10n ** 9n

export const USAGE = `  --rpc URL          JSON-RPC node (http or https)
  --market ADDRESS   the market to play in
  --deployment FILE  or the file of its deployment (default deployments/<chain id>.json)
  --from-block N     block of the deployment (default that of the file, else 0)
  --key-file FILE    private key of the account that acts, 0x and 64 hex digits (default that in
                     the environment variable ${KEY_VARIABLE})
  --owner ADDRESS    whose stake to play with, as its operator (default the key's own account)
  --content DIR      programs/*.wasm and inputs/<root>; what is fetched is kept there
  --wasm FILE        module of a program; may be given several times
  --allow-uris LIST  open the URIs that strangers name for modules and inputs, of these
                     schemes: ${SCHEMES.join(',')} (default none); needs --content
  --max-steps N      refuse tasks that may take more (default ${DEFAULT_MAX_STEPS}); whatever this says,
                     tasks are refused of which three runs take longer than the least time that
                     the market gives for a move: at a billion steps a second, or at 50 million
                     where the engine cannot run the program itself, and as they really take;
                     none of this holds where a stake of one's own is locked
  --max-memory MIB   refuse tasks whose memory or output grows beyond (default ${DEFAULT_MAX_MEMORY_MIB}), unless a
                     stake of one's own is locked
  --workers N        threads that compute at a time (default one for each core)
  --hash-threads N   further threads with which each of them hashes large memories (default 0)
  --checkpoints MIB  memory in which each of them keeps earlier states of a run, so that a dispute
                     need not run all of it again (default ${DEFAULT_CHECKPOINTS_MIB})
  --min-profit GWEI  take no task that pays less above the gas of its undisputed way (default 0)
  --max-fee-gwei N   never offer more for a unit of gas (default ${DEFAULT_MAX_FEE_GWEI}); a transaction that blocks
                     pass over is replaced for a quarter more, up to this
  --poll-ms N        pause between two looks at the chain (default 2000)
  --name NAME        name in the log
  --log-level LEVEL  ${LEVELS.join(', ')} (default info)
  --help`

const OPTIONS = {
  rpc: { type: 'string' },
  market: { type: 'string' },
  deployment: { type: 'string' },
  'from-block': { type: 'string' },
  'key-file': { type: 'string' },
  owner: { type: 'string' },
  content: { type: 'string' },
  wasm: { type: 'string', multiple: true },
  'allow-uris': { type: 'string', default: '' },
  'max-steps': { type: 'string', default: String(DEFAULT_MAX_STEPS) },
  'max-memory': { type: 'string', default: String(DEFAULT_MAX_MEMORY_MIB) },
  workers: { type: 'string', default: String(availableParallelism()) },
  'hash-threads': { type: 'string', default: '0' },
  checkpoints: { type: 'string', default: String(DEFAULT_CHECKPOINTS_MIB) },
  'min-profit': { type: 'string', default: '0' },
  'max-fee-gwei': { type: 'string', default: String(DEFAULT_MAX_FEE_GWEI) },
  'poll-ms': { type: 'string', default: '2000' },
  name: { type: 'string' },
  'log-level': { type: 'string', default: 'info' },
} as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads flags and environment.
 * @throws ConfigError
 */
export function readConfig(role: string, args: readonly string[], environment: Environment): Config {
  const values = parse(args)
  const { deployment, content, wasm = [] } = values
  if (values.market !== undefined && deployment !== undefined) {
    throw new ConfigError('--deployment', 'does not go with --market: give one of them')
  }
  return {
    name: values.name ?? role,
    rpc: url(required('--rpc', values.rpc)),
    market: ifGiven(values.market, (text) => address('--market', text)),
    ...{ deployment, content, wasm },
    fromBlock: ifGiven(values['from-block'], (text) => BigInt(whole('--from-block', text))),
    owner: ifGiven(values.owner, (text) => address('--owner', text)),
    schemes: schemesIn(values['allow-uris'], content),
    maxSteps: BigInt(whole('--max-steps', values['max-steps'])),
    maxMemory: whole('--max-memory', values['max-memory']) * BYTES_PER_MIB,
    workers: positive('--workers', values.workers),
    hashThreads: whole('--hash-threads', values['hash-threads']),
    checkpointBytes: whole('--checkpoints', values.checkpoints) * BYTES_PER_MIB,
    minProfit: BigInt(whole('--min-profit', values['min-profit'])) * WEI_PER_GWEI,
    maxFeePerGas: BigInt(whole('--max-fee-gwei', values['max-fee-gwei'])) * WEI_PER_GWEI,
    pollMs: whole('--poll-ms', values['poll-ms']),
    logLevel: level(values['log-level']),
    key: readKey(values['key-file'], environment),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    throw new ConfigError('flags', `${whatIsWrong(error)}; --help tells which there are`, { cause: error })
  }
}

/** What follows the first sentence is advice on positional arguments, which there are none of. */
function whatIsWrong(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error)
  return said.replace(/\.(\s[\s\S]*)?$/, '')
}

function required(setting: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new ConfigError(setting, 'is missing')
  return value
}

const ifGiven = <T>(text: string | undefined, read: (text: string) => T): T | undefined =>
  text === undefined ? undefined : read(text)

/** A node's URL may hold the key to it, so the message must not repeat it. */
function url(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) throw new ConfigError('--rpc', 'is no http URL')
  return text
}

function address(setting: string, text: string): Address {
  if (!isAddress(text)) throw new ConfigError(setting, `${text} is no address, or has a wrong checksum`)
  return getAddress(text)
}

function whole(setting: string, text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new ConfigError(setting, `${text} is no whole number`)
  return value
}

function positive(setting: string, text: string): number {
  const value = whole(setting, text)
  if (value === 0) throw new ConfigError(setting, 'must be at least 1')
  return value
}

/** Whoever stakes on what a stranger's server gave must not need that server again. */
function schemesIn(list: string, content: string | undefined): Scheme[] {
  const schemes = list.split(',').filter(Boolean).map(scheme)
  if (schemes.length === 0 || content !== undefined) return schemes
  throw new ConfigError('--allow-uris', 'needs --content, a folder that keeps what is fetched')
}

function scheme(text: string): Scheme {
  const known = SCHEMES.find((name) => name === text)
  if (known === undefined) throw new ConfigError('--allow-uris', `${text} is none of ${SCHEMES.join(', ')}`)
  return known
}

function level(text: string): Level {
  const known = LEVELS.find((name) => name === text)
  if (known === undefined) throw new ConfigError('--log-level', `${text} is none of ${LEVELS.join(', ')}`)
  return known
}

function readKey(file: string | undefined, environment: Environment): Hex {
  if (file !== undefined) return key('--key-file', keyText(file).trim())
  const text = environment[KEY_VARIABLE]
  if (text !== undefined && text !== '') return key(KEY_VARIABLE, text)
  throw new ConfigError(
    '--key-file',
    `is missing, and so is the environment variable ${KEY_VARIABLE}: one holds the key`,
  )
}

function keyText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError('--key-file', `${file}: ${fileProblem(error)}`, { cause: error })
  }
}

/** Not every number is a key. The message must not repeat it. */
function key(setting: string, text: string): Hex {
  if (!isHash(text)) throw new ConfigError(setting, 'is not 0x and 64 hex digits')
  try {
    privateKeyToAccount(text)
  } catch {
    throw new ConfigError(setting, 'is no private key: 0, or too large')
  }
  return text
}
