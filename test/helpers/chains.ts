/** Chains for the tests: blocks come with transactions, and the clock is in the hands of the test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { network } from 'hardhat'
import { custom, http, type Transport } from 'viem'

/** In this process, served over HTTP by this process, or a node of another make in a process of its own. */
export type ChainKind = 'embedded' | 'served' | 'anvil'

export interface Chain {
  readonly kind: ChainKind
  readonly transport: Transport
  /** Where processes reach the chain; empty if it is embedded. */
  readonly url: string
  readonly stop: () => Promise<void>
}

/** A refusal is an answer; asking again would only cost time. */
const NO_RETRY = { retryCount: 0 } as const

/** A transaction that reverts is mined all the same, as elsewhere. */
const NETWORK = { override: { throwOnTransactionFailures: false } } as const

/** Starts a chain. */
export function startChain(kind: ChainKind): Promise<Chain> {
  if (kind === 'embedded') return embed()
  return kind === 'served' ? serve() : startAnvil()
}

async function embed(): Promise<Chain> {
  const connection = await network.create(NETWORK)
  const stop = () => connection.close()
  return { kind: 'embedded', transport: custom(connection.provider, NO_RETRY), url: '', stop }
}

async function serve(): Promise<Chain> {
  const server = await network.createServer(NETWORK, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  const url = `http://${address}:${port}`
  return { kind: 'served', transport: http(url, NO_RETRY), url, stop: () => server.close() }
}

/** Where the program `anvil` is: among the project's packages, or on the PATH; nothing if it is not there. */
export function findAnvil(): string | undefined {
  // The package that is locked is for this platform only.
  const isPackaged = process.platform === 'linux' && process.arch === 'x64'
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const folders = isPackaged ? [join('node_modules', '.bin'), ...onPath] : onPath
  return folders.map((folder) => join(folder, 'anvil')).find((file) => existsSync(file))
}

async function startAnvil(): Promise<Chain> {
  const file = findAnvil()
  if (file === undefined) throw new Error('anvil is neither a package of this project nor on the PATH')
  const child = spawn(file, ['--hardfork', 'osaka', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const url = `http://${await listeningAt(child)}`
  const stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { kind: 'anvil', transport: http(url, NO_RETRY), url, stop }
}

/** The address that the node tells when it is ready; what it prints later is thrown away. */
export async function listeningAt(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout')
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /^Listening on (\S+)$/.exec(line) ?? []
    if (address === undefined) continue
    child.stdout.resume()
    return address
  }
  throw new Error('anvil ended before it listened')
}
