import type { Command } from 'commander'
import { type Hex, hexToBytes, isHex } from 'viem'
import type { OrderedByReference, OrderedInput, Requested, Terms } from '../client/index.ts'
import { byteTreeRoot, lowerTask, type Program, toHex } from '../interpreter/index.ts'
import { etherText, parseDuration, parseWei, timeText } from './amounts.ts'
import { clientOf } from './chain/client.ts'
import { connectToSign } from './chain/connection.ts'
import { parseHash, type SignerOptions, signing } from './chain/options.ts'
import { printReport } from './chain/report.ts'
import { UsageRefused } from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { checkWritable, readFile, readInput } from './files.ts'
import { INPUT, parseSteps } from './options.ts'
import { count } from './text.ts'
import { printResult } from './watch.ts'

interface RequestOptions extends SignerOptions {
  readonly program?: Hex
  readonly input?: string
  readonly inputHex?: string
  readonly maxSteps: number
  readonly maxPrice: bigint
  readonly minPrice?: bigint
  readonly ramp: number
  readonly expires: number
  readonly callbackGas: number
  readonly tip?: bigint
  readonly byReference?: boolean
  readonly uri?: readonly string[]
  readonly watch?: boolean
  readonly output?: string
}

const DAY = 86_400

export function addRequest(program: Command, finish: (code: ExitCode) => void): void {
  signing(program.command('request'))
    .summary('ask for a computation')
    .description('Asks solvers on the chain to run a published program on an input, for a price.')
    .argument('[file.wasm]', 'the module of the program, or give --program')
    .option('--program <id>', 'id of the program', parseHash)
    .option(...INPUT)
    .option('--input-hex <bytes>', 'the input as 0x and hex digits')
    .requiredOption('--max-steps <n>', 'steps after which the task counts as out of steps', parseSteps)
    .requiredOption('--max-price <amount>', 'the most to pay, such as 0.01eth or 500gwei', parseWei)
    .option('--min-price <amount>', 'the price at first (default: the highest)', parseWei)
    .option('--ramp <time>', 'in which the price rises to the highest, such as 10m', parseDuration, 0)
    .option('--expires <time>', 'in which the task has to be taken, such as 12h', parseDuration, DAY)
    .option('--callback-gas <n>', 'gas of the call that tells the requester, if it is a contract', parseSteps, 0)
    .option('--tip <amount>', 'for whoever makes that call', parseWei)
    .option('--by-reference', 'name the input by its root, and keep it off the chain')
    .option('--uri <uri...>', 'where an input named by reference can be had')
    .option('--watch', 'wait for the result, as task watch does')
    .option('--output <file>', 'with --watch, write the raw output there')
    .action(async (file: string | undefined, options: RequestOptions) => finish(await request(file, options)))
}

async function request(file: string | undefined, options: RequestOptions): Promise<ExitCode> {
  checkTogether(file, options)
  const program = options.program ?? lowerTask(readFile(file ?? ''))
  const input = await inputOf(options)
  const connection = await connectToSign(options)
  const client = clientOf(connection)
  const { timestamp } = await connection.client.getBlock()
  const terms = termsOf(program, options, timestamp)
  const requested = options.byReference
    ? await client.requestByReference(byReference(terms, input, options.uri ?? []))
    : await client.request({ ...terms, input } satisfies OrderedInput)
  await requested.wait()
  if (!options.watch || !options.json) await report(options.json, requested)
  return options.watch ? printResult(client, requested.task, options) : EXIT.OK
}

/** @throws UsageRefused */
function checkTogether(file: string | undefined, options: RequestOptions): void {
  const { program, input, inputHex, byReference, uri, output, watch } = options
  if ((file === undefined) === (program === undefined))
    throw new UsageRefused('neither or both of a module and --program', 'give one of them')
  if (input !== undefined && inputHex !== undefined)
    throw new UsageRefused('both --input and --input-hex', 'give one of them')
  if (uri !== undefined && !byReference)
    throw new UsageRefused('--uri without --by-reference', 'an input that goes on the chain needs no other place')
  if (output === undefined) return
  if (!watch) throw new UsageRefused('--output without --watch', 'there is no output before the task is over')
  checkWritable(output)
}

async function inputOf({ input, inputHex }: RequestOptions): Promise<Uint8Array> {
  if (inputHex === undefined) return readInput(input)
  if (isHex(inputHex) && inputHex.length % 2 === 0) return hexToBytes(inputHex)
  throw new UsageRefused(`--input-hex ${inputHex} is not bytes`, 'give 0x and an even number of hex digits')
}

const termsOf = (program: Hex | Program, options: RequestOptions, now: bigint): Terms => ({
  ...{ program, maxSteps: BigInt(options.maxSteps), maxPrice: options.maxPrice, ramp: options.ramp },
  ...(options.minPrice !== undefined && { minPrice: options.minPrice }),
  ...{ expires: Number(now) + options.expires, callbackGas: options.callbackGas },
  ...(options.tip !== undefined && { tip: options.tip }),
})

const byReference = (terms: Terms, input: Uint8Array, uris: readonly string[]): OrderedByReference => ({
  ...terms,
  ...{ inputRoot: toHex(byteTreeRoot(input)), uris },
})

function report(json: boolean | undefined, { task, request, hash }: Requested): Promise<void> {
  const { program, maxSteps, minPrice, maxPrice, ramp, expires, tip } = request.order
  const price =
    minPrice === maxPrice ? etherText(maxPrice) : `${etherText(minPrice)} to ${etherText(maxPrice)} in ${ramp} s`
  return printReport(json, { task, request, hash }, [
    ['task', task],
    ['program', program],
    ['input root', request.inputRoot],
    ['steps', `at most ${count(maxSteps)}`],
    ['price', price],
    ...(tip > 0n ? [['tip', etherText(tip)] as const] : []),
    ['to be taken', `until ${timeText(expires)}`],
    ['done', hash ?? 'nothing: the very same request is on the chain'],
  ])
}
