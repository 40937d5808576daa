import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { Address } from 'viem'
import {
  type Deployment,
  defaultRules,
  deployMarket,
  deploymentJson,
  deploymentPath,
  readRules,
  type Verified,
  verifyDeployment,
  writeDeployment,
} from '../deployment/index.ts'
import { connect, reach, walletOf } from './chain/connection.ts'
import { DeploymentExists } from './chain/errors.ts'
import { readAccount } from './chain/key.ts'
import { parseAddress, type SignerOptions, signing } from './chain/options.ts'
import { printReport } from './chain/report.ts'
import { LOOK } from './chain/sending.ts'
import { untilMined } from './chain/waiting.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { checkWritable } from './files.ts'
import { parseArity } from './options.ts'
import { count } from './text.ts'

interface DeployOptions extends SignerOptions {
  readonly arity?: number
  readonly rules?: string
  readonly token?: Address
  readonly out?: string
  readonly verify?: boolean
}

export function addDeploy(program: Command, finish: (code: ExitCode) => void): void {
  signing(program.command('deploy'))
    .summary('put a market on a chain, or verify one')
    .description(
      'Deploys judge, registry, token and market, verifies the code of all, and writes the deployment to a file.',
    )
    .option('--rules <file>', 'JSON file of the rules that shall differ from the defaults')
    .option('--arity <n>', 'segments that a move cuts a range into, 2 to 32 (default: 16)', parseArity)
    .option('--token <address>', 'token of the bonds, a plain ERC-20 (default: a new one)', parseAddress)
    .option('--out <file>', 'where the deployment is written (default: deployments/<chain id>.json)')
    .option('--verify', 'deploy nothing: verify the deployment that there is')
    .action(async (options: DeployOptions) => finish(await (options.verify ? verify(options) : deploy(options))))
}

async function deploy({
  rpc,
  keyFile,
  rules: file,
  arity: wanted,
  token,
  out,
  json,
}: DeployOptions): Promise<ExitCode> {
  const account = readAccount(keyFile)
  const arity = wanted === undefined ? undefined : BigInt(wanted)
  const rules = file === undefined ? defaultRules(arity) : readRules(file, arity)
  const node = await reach(rpc)
  const path = out ?? deploymentPath(node.chainId)
  if (existsSync(path)) throw new DeploymentExists(path)
  if (out !== undefined) checkWritable(out)
  const deployment = await untilMined({ what: 'the deployment', hash: undefined, next: LOOK }, () =>
    deployMarket(walletOf(node, account), node.client, { rules, token }),
  )
  writeDeployment(path, deployment)
  await report(json, deployment, await verifyDeployment(node.client, deployment), path)
  return EXIT.OK
}

async function verify({ deployment: file, ...options }: DeployOptions): Promise<ExitCode> {
  const { client, chainId, deployment } = await connect({ ...options, ...(file && { deployment: file }) })
  await report(options.json, deployment, await verifyDeployment(client, deployment), file ?? deploymentPath(chainId))
  return EXIT.OK
}

function report(
  json: boolean | undefined,
  deployment: Deployment,
  contracts: readonly Verified[],
  file: string,
): Promise<void> {
  const { chainId, block } = deployment
  return printReport(json, { ...deploymentJson(deployment), contracts, file }, [
    ...contracts.map(({ contract, address, code }) => [contract, `${address}  ${CODE[code]}`] as const),
    ['chain', `${chainId}, from block ${count(block)} on`],
    ['file', file],
  ])
}

const CODE = { verified: 'verified', foreign: 'somebody else’s: not verified' } as const
