import type { PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from '../protocol/index.ts'
import { type Context, type Head, headOf } from './context.ts'
import { Aborted, EventMissing } from './errors.ts'

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds between two looks at the chain; by default the public client's. */
  readonly pollingInterval?: number | undefined
  /** Blocks that must hold what is told: 1 = the latest block is believed. */
  readonly confirmations?: number | undefined
}

/** A node that fails so often in a row does not answer any more. */
const MOST_FAILURES = 10

/**
 * Looks at the chain as it is at the newest confirmed block, until `look` finds something. What it finds counts only
 * if that block is still in the chain afterwards. A failure of the node is not the end of a wait, ten in a row are.
 * @throws Aborted, what `look` throws, and the node's last failure
 */
export async function poll<T>(
  { publicClient }: Context,
  task: Hash,
  { signal, pollingInterval = publicClient.pollingInterval, confirmations = 1 }: WaitOptions,
  look: (head: Head) => Promise<T | undefined>,
): Promise<T> {
  for (let failures = 0; ; ) {
    if (signal?.aborted) throw new Aborted(task, signal.reason)
    try {
      const found = await unlessAborted(lookOnce(publicClient, confirmations, look), signal)
      if (found !== undefined) return found
      failures = 0
    } catch (error) {
      if (error instanceof ProtocolError && !(error instanceof EventMissing)) throw error
      if (!signal?.aborted && ++failures >= MOST_FAILURES) throw error
    }
    await pause(pollingInterval, signal)
  }
}

async function lookOnce<T>(
  client: PublicClient,
  confirmations: number,
  look: (head: Head) => Promise<T | undefined>,
): Promise<T | undefined> {
  const head = await confirmedHead(client, confirmations)
  if (head === undefined) return undefined
  try {
    const found = await look(head)
    return found !== undefined && (await isInChain(client, head)) ? found : undefined
  } catch (error) {
    // What was read across a re-organisation may contradict itself, and means nothing.
    if (await isInChain(client, head)) throw error
    return undefined
  }
}

/** The newest block that has so many confirmations, itself included. */
async function confirmedHead(client: PublicClient, confirmations: number): Promise<Head | undefined> {
  const latest = headOf(await client.getBlock())
  const blockNumber = latest.number - BigInt(Math.max(1, confirmations) - 1)
  if (blockNumber === latest.number) return latest
  return blockNumber < 0n ? undefined : headOf(await client.getBlock({ blockNumber }))
}

/** Whether a block is in the chain that the node shows. */
export async function isInChain(client: PublicClient, { number: blockNumber, hash }: Pick<Head, 'number' | 'hash'>) {
  const latest = await client.getBlock()
  if (latest.number < blockNumber) return false
  return latest.number === blockNumber ? latest.hash === hash : (await client.getBlock({ blockNumber })).hash === hash
}

/** The promise, or a failure as soon as the signal says so. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('aborted', { cause: signal.reason }))
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Waits so many milliseconds, or until the signal says so. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    if (signal?.aborted) done()
    else signal?.addEventListener('abort', done, { once: true })
  })
}
