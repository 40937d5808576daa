import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve } from '../../bench/browser/server.ts'

let served: Served
const posted: string[] = []
let ticks: number | undefined

beforeAll(async () => {
  served = await serve({
    files: new Map([['kernels/a.wasm', Uint8Array.of(1, 2)]]),
    posted: (body) => posted.push(body),
    clock: () => ticks,
  })
})
afterAll(() => served.close())

/** As it is: fetch would resolve the dots. */
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(served.url, { path }, ({ statusCode }) => resolve(statusCode))
      .on('error', reject)
      .end()
  })

const get = (path: string) => fetch(new URL(path, served.url))

describe('serve', () => {
  it('serves the page, isolated, so that its clocks tick finely', async () => {
    const page = await fetch(served.url)
    expect(page.headers.get('content-type')).toBe('text/html')
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(await page.text()).toContain('page.ts')
  })

  it.each(['worker.ts', 'page.ts'])(
    'serves everything that %s imports as JavaScript without names of packages',
    async (start) => {
      const [seen, left] = [new Set<string>(), [new URL(start, served.url)]]
      for (let url = left.pop(); url !== undefined; url = left.pop()) {
        if (seen.has(url.pathname)) continue
        seen.add(url.pathname)
        const response = await fetch(url)
        expect(response.status, url.pathname).toBe(200)
        expect(response.headers.get('content-type')).toBe('text/javascript')
        const text = (await response.text()).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        const imported = [...text.matchAll(/\b(?:import|from)\s+['"]([^'"]+)['"]/g)].map(([, name]) => name!)
        expect(
          imported.filter((name) => !/^\.{0,2}\//.test(name)),
          url.pathname,
        ).toEqual([])
        left.push(...imported.map((name) => new URL(name, url)))
      }
      if (start === 'worker.ts') expect(seen).toContain('/interpreter/native/native-machine.ts')
    },
  )

  it('serves nothing else', async () => {
    for (const path of [
      '/package.json',
      '/bench/../package.json',
      '/bench/%2e%2e/package.json',
      '/daemon/index.ts',
      '/bench/',
    ])
      expect(await statusOf(path), path).toBe(404)
  })

  it('offers files of the moment, and the clock where there is one', async () => {
    expect([...(await (await get('/kernels/a.wasm')).bytes())]).toEqual([1, 2])
    expect(await (await get('/clock')).text()).toBe('')
    ticks = 1.5
    expect(await (await get('/clock')).text()).toBe('1.5')
  })

  it('hands on what the page posts', async () => {
    expect((await fetch(new URL('/figures', served.url), { method: 'POST', body: '{"a":1}' })).status).toBe(204)
    expect(posted).toEqual(['{"a":1}'])
  })
})
