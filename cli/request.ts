import { type Command, Option } from 'commander'
import { type Hex, hexToBytes, isHex } from 'viem'
import type { OrderedByReference, OrderedInput, Requested, Terms } from '../client/index.ts'
import { byteTreeRoot, lowerTask, type Program, toHex } from '../interpreter/index.ts'
import { NodeFailed } from '../protocol/index.ts'
import { after, etherText, type Moment, parseDuration, parseMoment, parseWei, timeText } from './amounts.ts'
import { clientOf } from './chain/client.ts'
import { connectToSign } from './chain/connection.ts'
import { Unconfirmed } from './chain/errors.ts'
import { parseHash, type SignerOptions, signing } from './chain/options.ts'
import { jsonText, printReport } from './chain/report.ts'
import { untilMined } from './chain/waiting.ts'
import { UsageRefused } from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { checkWritable, print, readFile, readInput } from './files.ts'
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
  readonly expires: Moment
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
    .addOption(
      new Option('--expires <time>', 'in which, or until when, the task has to be taken, such as 12h')
        .argParser(parseMoment)
        .default(after(DAY), '1d'),
    )
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
  const asked = options.byReference
    ? client.requestByReference(byReference(terms, input, options.uri ?? []))
    : client.request({ ...terms, input } satisfies OrderedInput)
  const requested = await asked.catch((error: unknown) => {
    throw error instanceof NodeFailed ? unclear(terms, error) : error
  })
  // Before the wait: whoever does not see the end of it has to know what was paid for.
  await report(options, requested)
  const { task, hash, wait } = requested
  await untilMined({ what: `task ${task}`, hash, next: `substep task show ${task}` }, wait)
  return options.watch ? printResult(client, requested.task, options) : EXIT.OK
}

const unclear = ({ expires }: Terms, cause: NodeFailed): Unconfirmed =>
  new Unconfirmed({ what: 'the request', hash: undefined, next: `${again(expires)} asks for it, and pays once` }, cause)

const again = (expires: number): string => `the same with --expires '${timeText(expires)}'`

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
  ...{ expires: Number(options.expires(now)), callbackGas: options.callbackGas },
  ...(options.tip !== undefined && { tip: options.tip }),
})

const byReference = (terms: Terms, input: Uint8Array, uris: readonly string[]): OrderedByReference => ({
  ...terms,
  ...{ inputRoot: toHex(byteTreeRoot(input)), uris },
})

/** With --watch and --json standard output is for the result alone. */
function report({ json, watch }: RequestOptions, { task, request, hash }: Requested): Promise<void> {
  if (json && watch) return print(process.stderr, `${jsonText({ task, hash })}\n`)
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
    ['sent', hash ?? 'nothing: the very same request is on the chain'],
    ['again', `${again(expires)} is this task, paid once`],
  ])
}
