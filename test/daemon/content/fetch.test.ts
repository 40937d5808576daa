import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FetchLimits, fetchBytes, SCHEMES } from '../../../daemon/content/fetch.ts'

const BYTES = new TextEncoder().encode('sixteen bytes...')
const LIMITS: FetchLimits = { schemes: SCHEMES, size: 16, timeoutMs: 2_000 }

let server: Server
let base: string
let folder: string

const answers: Readonly<Record<string, RequestListener>> = {
  '/here': (_, response) => response.end(BYTES),
  '/long': (_, response) => response.end(Buffer.concat([BYTES, BYTES])),
  '/moved': (_, response) => response.writeHead(302, { location: '/here' }).end(),
  '/round': (_, response) => response.writeHead(302, { location: '/round' }).end(),
  '/out': (_, response) => response.writeHead(302, { location: 'file:///etc/hostname' }).end(),
  '/silent': () => undefined,
  '/slow': (_, response) => void response.write('a'),
  '/gone': (_, response) => response.writeHead(404).end(),
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'substep-fetch-'))
  server = createServer((request, response) => answers[request.url ?? '']?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

const failing = (uri: string, changes: Partial<FetchLimits> = {}) =>
  fetchBytes(uri, { ...LIMITS, ...changes }).then(
    () => 'got it',
    (error: unknown) => (error instanceof Error && 'problem' in error ? error.problem : error),
  )

describe('fetchBytes', () => {
  it('gets what a URI names, also by a redirection', async () => {
    expect(await fetchBytes(`${base}/here`, LIMITS)).toEqual(BYTES)
    expect(await fetchBytes(`${base}/moved`, LIMITS)).toEqual(BYTES)
  })

  it('reads plain files, and nothing else of the kind', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, BYTES)
    expect(await fetchBytes(pathToFileURL(path).href, LIMITS)).toEqual(BYTES)
    expect(await failing(pathToFileURL(path).href, { size: 15 })).toBe('contentTooLarge')
    const empty = join(folder, 'empty')
    writeFileSync(empty, '')
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const other of ['/dev/zero', '/proc/self/status', empty, pipe, folder, join(folder, 'missing')]) {
      expect(await failing(pathToFileURL(other).href)).toBe('uriUnreachable')
    }
  })

  it('reads no file after it was told to stop', async () => {
    const path = join(folder, 'unread')
    writeFileSync(path, BYTES)
    expect(await failing(pathToFileURL(path).href, { stop: AbortSignal.abort() })).toBe('uriUnreachable')
  })

  it('takes no more than the limit', async () => {
    expect(await failing(`${base}/long`)).toBe('contentTooLarge')
    expect(await failing(`${base}/here`, { size: 15 })).toBe('contentTooLarge')
  })

  it.each(['/gone', '/round'])('gives up at %s', async (path) => {
    expect(await failing(base + path)).toBe('uriUnreachable')
  })

  it.each(['/silent', '/slow'])('does not wait for %s longer than it is told', async (path) => {
    expect(await failing(base + path, { timeoutMs: 50 })).toBe('uriUnreachable')
  })

  it('gives up at once when it is told to stop', async () => {
    const controller = new AbortController()
    const failed = failing(`${base}/silent`, { stop: controller.signal, timeoutMs: 60_000 })
    controller.abort()
    expect(await failed).toBe('uriUnreachable')
  })

  it('opens only what is allowed, wherever a redirection leads', async () => {
    expect(await failing(`${base}/here`, { schemes: ['https', 'file'] })).toBe('uriNotAllowed')
    expect(await failing(`${base}/here`, { schemes: [] })).toBe('uriNotAllowed')
    expect(await failing(`${base}/out`)).toBe('uriNotAllowed')
    for (const uri of ['here', 'ftp://127.0.0.1/', 'data:,abc']) expect(await failing(uri)).toBe('uriNotAllowed')
  })
})
