import type { Command } from 'commander'
import type { Address, Hex } from 'viem'
import {
  bundleText,
  collect,
  type History,
  parseBundle,
  replay as replayHistory,
  reportJson,
  reportText,
} from '../auditor/index.ts'
import { connect, type Node, reach } from './chain/connection.ts'
import { type ChainOptions, maybeOnChain, parseAddress, parseHash } from './chain/options.ts'
import { UsageRefused } from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { checkWritable, print, readFile, readInput, writeFile } from './files.ts'
import { INPUT } from './options.ts'

interface ReplayOptions extends Partial<ChainOptions> {
  readonly market?: Address
  readonly bundle?: string
  readonly saveBundle?: string
  readonly wasm?: string
  readonly input?: string
}

export function addReplay(program: Command, finish: (code: ExitCode) => void): void {
  maybeOnChain(program.command('replay'))
    .summary('play a dispute again, and say who was right')
    .description(
      'Checks all that a chain tells of a task against the rules, runs the task, and judges every move again.',
    )
    .argument('[id]', 'a task, or one of its games', parseHash)
    .option('--market <address>', 'the market, in place of a deployment', parseAddress)
    .option('--bundle <file>', 'read the history from a file; with --rpc the stepper of that chain judges again')
    .option('--save-bundle <file>', 'write the history to a file that --bundle reads')
    .option('--wasm <file>', 'the module, where nobody told it on the chain')
    .option(INPUT[0], 'the input, where the task names it by reference; - for standard input')
    .action(async (id: Hex | undefined, options: ReplayOptions) => finish(await replay(id, options)))
}

async function replay(id: Hex | undefined, options: ReplayOptions): Promise<ExitCode> {
  const { saveBundle, wasm, input, json } = options
  if (saveBundle !== undefined) checkWritable(saveBundle)
  const { history, client } = await historyOf(id, options)
  if (saveBundle !== undefined) writeFile(saveBundle, new TextEncoder().encode(bundleText(history)))
  const content = {
    module: wasm === undefined ? undefined : readFile(wasm),
    input: input === undefined ? undefined : await readInput(input),
  }
  const report = await replayHistory({ history, content, client })
  await print(process.stdout, `${json ? reportJson(report) : reportText(report)}\n`)
  return EXIT.OK
}

interface Source {
  readonly history: History
  /** Its stepper executes the judged substeps again. */
  readonly client: Node['client'] | undefined
}

async function historyOf(id: Hex | undefined, options: ReplayOptions): Promise<Source> {
  const { bundle, rpc, saveBundle } = options
  if ((id === undefined) === (bundle === undefined))
    throw new UsageRefused('neither or both of an id and --bundle', 'name a task or a game on a chain, or a file')
  if (bundle !== undefined) {
    if (saveBundle !== undefined) throw new UsageRefused('--save-bundle with --bundle', 'copy the file')
    const client = rpc === undefined ? undefined : (await reach(rpc)).client
    return { history: parseBundle(new TextDecoder().decode(readFile(bundle))), client }
  }
  if (rpc === undefined || id === undefined)
    throw new UsageRefused('no --rpc', 'a history is on a chain, or in a --bundle')
  const { client, market, fromBlock } = await marketOf({ ...options, rpc })
  return { history: await collect({ client, market, taskOrGame: id, fromBlock }), client }
}

/** The market as it is named, else by the deployment. */
async function marketOf({ rpc, deployment, market }: ReplayOptions & { readonly rpc: string }) {
  if (market !== undefined) return { client: (await reach(rpc)).client, market, fromBlock: 0n }
  const connection = await connect({ rpc, ...(deployment !== undefined && { deployment }) })
  const { addresses, block } = connection.deployment
  return { client: connection.client, market: addresses.market, fromBlock: block }
}
