import { parseArgs } from 'node:util'
import { type Address, getAddress, type Hex, isAddress, isHex } from 'viem'
import { LEVELS, type Level } from './log.ts'

/** What a player process is told at its start. */
export interface Config {
  readonly name: string
  readonly rpc: string
  readonly arena: Address
  /** Block of the arena's deployment, or one before it. */
  readonly fromBlock: bigint
  /** Files of the WebAssembly modules that it can run. */
  readonly wasm: readonly string[]
  /** Tasks that may take more steps are refused. */
  readonly maxSteps: bigint
  /** The most that a transaction may offer for a unit of gas, in wei. */
  readonly maxFeePerGas: bigint
  readonly pollMs: number
  readonly logLevel: Level
  /** Private key of the account that plays. */
  readonly key: Hex
}

/** A setting is missing or makes no sense; `setting` is its flag or variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly setting: string
  constructor(setting: string, problem: string) {
    super(`${setting}: ${problem}`)
    this.setting = setting
  }
}

/** The environment variable that holds the private key; a flag would show it to every process of the machine. */
export const KEY_VARIABLE = 'SUBSTEP_KEY'

/** A run of so many blocks the player for some twenty seconds; an operator that knows its machine sets a better one. */
const DEFAULT_MAX_STEPS = 2 ** 32

/** Far above what chains ask in their worst hours, far below what a bond is worth. */
const DEFAULT_MAX_FEE_GWEI = 500

const WEI_PER_GWEI = 10n ** 9n

export const USAGE = `  --rpc URL          JSON-RPC node (http or https)
  --arena ADDRESS    the arena to play in
  --wasm FILE        module of a program to run; may be given several times
  --from-block N     block of the arena's deployment (default 0)
  --max-steps N      refuse tasks that may take more (default ${DEFAULT_MAX_STEPS}); whatever this says,
                     tasks are refused of which eight runs, at 50 million steps a second, take
                     longer than the least time that the arena gives for a move; neither holds
                     where a bond of one's own is at stake
  --max-fee-gwei N   never offer more for a unit of gas (default ${DEFAULT_MAX_FEE_GWEI}); a transaction that blocks
                     pass over is replaced for a quarter more, up to this
  --poll-ms N        pause between two looks at the chain (default 2000)
  --name NAME        name in the log
  --log-level LEVEL  ${LEVELS.join(', ')} (default info)
  --help
Environment: ${KEY_VARIABLE}, the private key of the account that plays, 0x and 64 hex digits`

const OPTIONS = {
  rpc: { type: 'string' },
  arena: { type: 'string' },
  wasm: { type: 'string', multiple: true },
  'from-block': { type: 'string', default: '0' },
  'max-steps': { type: 'string', default: String(DEFAULT_MAX_STEPS) },
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
  const { values } = parse(args)
  const { wasm = [] } = values
  if (wasm.length === 0) throw new ConfigError('--wasm', 'is missing; without a program nothing can be played')
  return {
    name: values.name ?? role,
    rpc: url(required('--rpc', values.rpc)),
    arena: address(required('--arena', values.arena)),
    fromBlock: BigInt(whole('--from-block', values['from-block'])),
    wasm,
    maxSteps: BigInt(whole('--max-steps', values['max-steps'])),
    maxFeePerGas: BigInt(whole('--max-fee-gwei', values['max-fee-gwei'])) * WEI_PER_GWEI,
    pollMs: whole('--poll-ms', values['poll-ms']),
    logLevel: level(values['log-level']),
    key: key(required(KEY_VARIABLE, environment[KEY_VARIABLE])),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS })
  } catch (error) {
    throw new ConfigError('flags', error instanceof Error ? error.message : String(error))
  }
}

function required(setting: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new ConfigError(setting, 'is missing')
  return value
}

function url(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) throw new ConfigError('--rpc', `${text} is no http URL`)
  return text
}

function address(text: string): Address {
  if (!isAddress(text)) throw new ConfigError('--arena', `${text} is no address, or has a wrong checksum`)
  return getAddress(text)
}

function whole(setting: string, text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new ConfigError(setting, `${text} is no whole number`)
  return value
}

function level(text: string): Level {
  const known = LEVELS.find((name) => name === text)
  if (known === undefined) throw new ConfigError('--log-level', `${text} is none of ${LEVELS.join(', ')}`)
  return known
}

/** The message must not repeat the key. */
function key(text: string): Hex {
  if (!isHex(text) || text.length !== 66) throw new ConfigError(KEY_VARIABLE, 'is not 0x and 64 hex digits')
  return text
}
