import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

/** Serves the sources as they are, but for their types: a browser runs what Node runs. */

const ROOT = join(import.meta.dirname, '..', '..')
const SERVED = ['bench', 'interpreter', 'spec', 'node_modules/@noble']
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.ts': 'text/javascript',
  '.wasm': 'application/wasm',
}
/** Names of packages mean nothing in a worker, as import maps are the page's alone. */
const PACKAGE_IMPORT = /(\bfrom ')(@noble\/)/g
/** With these, clocks of the page tick finely. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export interface Served {
  readonly url: string
  close(): void
}

/** What is served besides the sources, by path, and who takes what the page posts. */
export interface Offered {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly posted: (body: string) => void
  /** Seconds of the processor that the page's worker has had, where that is known. */
  readonly clock: () => number | undefined
}

/** Where the clock is. */
const CLOCK = 'clock'

export async function serve(offered: Offered): Promise<Served> {
  const server: Server = createServer((request, response) => {
    answer(request, offered).then(
      (reply) => send(response, reply),
      () => send(response, { status: 404, type: 'text/plain', body: 'not here' }),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/bench/browser/page.html`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string | Uint8Array
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { ...ISOLATED, 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body)
}

async function answer(request: IncomingMessage, { files, posted, clock }: Offered): Promise<Reply> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1)
  if (request.method === 'POST') {
    posted(Buffer.concat(await request.toArray()).toString())
    return { status: 204, type: 'text/plain', body: '' }
  }
  if (path === CLOCK) return { status: 200, type: 'text/plain', body: String(clock() ?? '') }
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  return { status: 200, type, body: files.get(path) ?? (await source(path)) }
}

async function source(path: string): Promise<string> {
  if (normalize(path) !== path || !SERVED.some((folder) => path.startsWith(`${folder}/`))) throw new Error(path)
  const text = await readFile(join(ROOT, path), 'utf8')
  if (!path.endsWith('.ts')) return text
  return stripTypeScriptTypes(text).replaceAll(PACKAGE_IMPORT, '$1/node_modules/$2')
}
