import { constants, type Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Schemes that an operator can allow; what a stranger wrote on the chain is opened in no other way. */
export const SCHEMES = ['https', 'http', 'file'] as const
export type Scheme = (typeof SCHEMES)[number]

/** Why nothing came from a URI. */
export type FetchProblem =
  /** Its scheme is not among those allowed. */
  | 'uriNotAllowed'
  /** No answer, a bad one, or none in time. */
  | 'uriUnreachable'
  | 'contentTooLarge'

/** What a URI names could not be had. */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed'
  readonly problem: FetchProblem
  constructor(problem: FetchProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}

export interface FetchLimits {
  readonly schemes: readonly Scheme[]
  /** Bytes. */
  readonly size: number
  readonly timeoutMs: number
  /** Gives up at once. */
  readonly stop?: AbortSignal | undefined
}

const MAX_REDIRECTS = 5

/**
 * The bytes that a URI names. Nothing is believed of them; the caller checks.
 * @throws FetchFailed
 */
export async function fetchBytes(uri: string, limits: FetchLimits): Promise<Uint8Array> {
  const { timeoutMs, stop } = limits
  const signals = [AbortSignal.timeout(timeoutMs), ...(stop === undefined ? [] : [stop])]
  try {
    return await bytesOf(uri, limits, AbortSignal.any(signals))
  } catch (error) {
    if (error instanceof FetchFailed) throw error
    throw new FetchFailed('uriUnreachable', `${uri}: ${told(error)}`, { cause: error })
  }
}

async function bytesOf(uri: string, limits: FetchLimits, signal: AbortSignal): Promise<Uint8Array> {
  let url = allowed(uri, limits)
  if (url.protocol === 'file:') return fileBytes(url, limits.size, signal)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetch(url, { signal, redirect: 'manual' })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return bodyOf(response, uri, limits.size)
    await response.body?.cancel()
    // Each hop anew: a redirection must not lead where the URI itself could not.
    url = allowed(new URL(location, url).href, limits)
    if (url.protocol === 'file:') throw new FetchFailed('uriNotAllowed', `${uri} leads to ${url.href}`)
  }
  throw new FetchFailed('uriUnreachable', `${uri} redirects more than ${MAX_REDIRECTS} times`)
}

function allowed(uri: string, { schemes }: FetchLimits): URL {
  const url = URL.parse(uri)
  if (url !== null && schemes.some((scheme) => url.protocol === `${scheme}:`)) return url
  const what = schemes.length === 0 ? 'none is' : `only ${schemes.join(', ')}`
  throw new FetchFailed('uriNotAllowed', `${uri}: of the schemes ${SCHEMES.join(', ')} ${what} allowed by --allow-uris`)
}

async function bodyOf(response: Response, uri: string, size: number): Promise<Uint8Array> {
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    throw new FetchFailed('uriUnreachable', `${uri} answers with status ${response.status}`)
  }
  return collected(response.body, uri, size)
}

/** Plain files only, looked at before they are opened and after: opening or reading anything else may never end. */
async function fileBytes(url: URL, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const path = fileURLToPath(url)
  checkFile(url, await stat(path), limit)
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    checkFile(url, await file.stat(), limit)
    // One byte more tells a file that has grown.
    return await collected(file.createReadStream({ signal, end: limit }), url.href, limit)
  } finally {
    await file.close()
  }
}

/** Files of the system's state say that they are empty, and may go on for ever. */
function checkFile(url: URL, found: Stats, limit: number): void {
  if (!found.isFile()) throw new FetchFailed('uriUnreachable', `${url.href} is no plain file`)
  if (found.size === 0) throw new FetchFailed('uriUnreachable', `${url.href} is empty`)
  if (found.size > limit) throw tooLarge(url.href, limit)
}

/** The bytes of a stream, given up as soon as there are too many. */
async function collected(body: AsyncIterable<Uint8Array>, uri: string, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > size) throw tooLarge(uri, size)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

const tooLarge = (uri: string, size: number) =>
  new FetchFailed('contentTooLarge', `${uri} has more than ${size} bytes, the most that is taken`)

/** A failed connection says why in its cause. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
