import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { createTestClient, type Hex, http } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { writeDeployment } from '../../deployment/index.ts'
import { marketAbi } from '../../protocol/index.ts'
import { folder, start } from '../helpers/command.ts'
import { substepHere } from '../helpers/command-here.ts'
import { type ServedChain, servedChain } from '../helpers/served-chain.ts'

const SHA256 = 'wasm-tasks/build/sha256.wasm'
const ASK = ['request', SHA256, '--max-steps', '100000', '--max-price', '0.01eth']
const SECRET = 'the-key-of-the-provider'
const TEST_TIMEOUT = { timeout: 60_000 }

const files = folder()
/** Methods of which the node does what they ask, and loses the answer. */
const lost = new Set<string>()
let chain: ServedChain
let lossy: Server
let key: Hex

beforeAll(async () => {
  chain = await servedChain('owner')
  key = await chain.keyOf('owner')
  files.write('key', key)
  writeDeployment(files.path('deployment.json'), chain.deployment)
  expect((await substep(chain.url, ['program', 'publish', SHA256])).code).toBe(EXIT.OK)
  lossy = createServer(async (request, response) => {
    const body = (await json(request)) as { method: string }
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(chain.url, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await answer.text()
    response.writeHead(lost.has(body.method) ? 400 : 200, headers).end(lost.has(body.method) ? '' : text)
  })
  await new Promise<void>((resolve) => lossy.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  lossy?.close()
  await chain?.close()
  files.remove()
})

const at = (url: string) => ['--rpc', url, '--deployment', files.path('deployment.json')]
const substep = (url: string, args: readonly string[]) => substepHere([...args, ...at(url)], key)
const lossyUrl = () => `http://127.0.0.1:${(lossy.address() as AddressInfo).port}/${SECRET}`

/** The same command through a node that loses the answers to a method. */
async function losing(method: string, args: readonly string[]) {
  lost.add(method)
  try {
    return await substep(lossyUrl(), args)
  } finally {
    lost.clear()
  }
}

async function requests(): Promise<readonly Hex[]> {
  const { addresses, block } = chain.deployment
  const asked = { address: addresses.market, abi: marketAbi, eventName: 'TaskRequested', fromBlock: block } as const
  return (await chain.client.getContractEvents({ ...asked, strict: true })).map(({ args }) => args.task)
}

const taskIn = (text: string) => text.match(/0x[0-9a-f]{64}/)?.[0]

describe('a request that was sent', () => {
  it('tells task and transaction before it is mined, and after Ctrl-C how to see it', TEST_TIMEOUT, async () => {
    const control = createTestClient({ mode: 'hardhat', transport: http(chain.url) })
    const before = await requests()
    await control.setAutomine(false)
    const asking = start([...ASK, '--expires', '5h', ...at(chain.url), '--key-file', files.path('key')])
    const written = { stdout: '', stderr: '' }
    asking.stdout.on('data', (chunk: Buffer) => {
      written.stdout += chunk
    })
    asking.stderr.on('data', (chunk: Buffer) => {
      written.stderr += chunk
    })
    const closed = new Promise((resolve) => asking.on('close', resolve))
    while (!written.stdout.includes('\nagain ')) await setTimeout(20)
    // Printing comes before the wait, which listens for Ctrl-C.
    await setTimeout(500)
    asking.kill('SIGINT')
    expect(await closed).toBe(EXIT.INTERRUPTED)
    const task = written.stdout.match(/^task +(0x[0-9a-f]{64})$/m)?.[1]
    const hash = written.stdout.match(/^sent +(0x[0-9a-f]{64})$/m)?.[1]
    expect(written.stderr).toBe(
      `substep: task ${task}: transaction ${hash} was sent, and may still be mined: interrupted before it was mined\n` +
        `next: substep task show ${task}\n`,
    )
    const until = written.stdout.match(/--expires '([^']*)'/)?.[1] ?? ''
    await control.setAutomine(true)
    await control.mine({ blocks: 1 })
    const again = await substep(chain.url, [...ASK, '--expires', until])
    expect(again.code).toBe(EXIT.OK)
    expect(again.stdout).toMatch(/^sent +nothing: the very same request is on the chain$/m)
    expect(await requests()).toEqual([...before, task])
  })

  it('can be asked for again if the node took it and did not say so', TEST_TIMEOUT, async () => {
    const before = await requests()
    const ended = await losing('eth_sendRawTransaction', [...ASK, '--expires', '6h'])
    expect(ended.code).toBe(EXIT.UNAVAILABLE)
    expect(ended.stderr).toContain('substep: the request: the transaction may have been sent, and may still be mined')
    const until = ended.stderr.match(/^next: the same with --expires '([^']*)' asks for it, and pays once$/m)?.[1]
    const again = await substep(chain.url, [...ASK, '--expires', until ?? ''])
    expect(await requests()).toEqual([...before, taskIn(again.stdout)])
    const iso = until?.replace(' ', 'T').replace(' UTC', 'Z')
    const third = await substep(chain.url, [...ASK, '--expires', iso ?? '', '--json'])
    expect(JSON.parse(third.stdout)).toMatchObject({ task: taskIn(again.stdout), hash: null })
  })

  it('takes no time that is over, and none that is no time', async () => {
    const over = await substep(chain.url, [...ASK, '--expires', '2020-01-01T00:00:00Z'])
    expect(over.stderr).toContain('next: give a later --expires')
    expect(over.code).toBe(EXIT.NOT_NOW)
    const none = await substep(chain.url, [...ASK, '--expires', '2020-13-01T00:00:00Z'])
    expect(none.stderr).toContain('or a time such as 2030-12-31T18:00:00Z')
    expect(none.code).toBe(EXIT.USAGE)
  })
})

describe('other transactions that were sent', () => {
  it('may still be mined when the node fails, and are not to be sent again at once', TEST_TIMEOUT, async () => {
    const ended = await losing('eth_getTransactionReceipt', ['stake', 'deposit', '1'])
    expect(ended.stderr).toMatch(/: transaction 0x[0-9a-f]{64} was sent, and may still be mined: /)
    expect(ended.stderr).toContain('\nnext: see what became of it before you send another one\n')
    expect(ended.stderr).not.toContain(SECRET)
    expect(ended.code).toBe(EXIT.UNAVAILABLE)
    const unclear = await losing('eth_sendRawTransaction', ['stake', 'deposit', '1'])
    expect(unclear.stderr).toContain(': the transaction may have been sent, and may still be mined: ')
    expect(unclear.stderr).not.toContain(SECRET)
    expect(unclear.code).toBe(EXIT.UNAVAILABLE)
  })
})

describe('a deployment', () => {
  it('may still be mined when the node fails, and leaves no file', TEST_TIMEOUT, async () => {
    const out = files.path('new.json')
    lost.add('eth_getTransactionReceipt')
    const { stderr, code } = await substepHere(['deploy', '--rpc', lossyUrl(), '--out', out], key)
    lost.clear()
    expect(stderr).toContain('the deployment: the transaction may have been sent, and may still be mined: ')
    expect(code).toBe(EXIT.UNAVAILABLE)
    expect(existsSync(out)).toBe(false)
  })
})

describe('a node that does not answer', () => {
  it('is named without what may be a key', async () => {
    const { stderr } = await losing('eth_chainId', ['stake', 'deposit', '1'])
    expect(stderr).toContain(`no JSON-RPC node answers at ${new URL(lossyUrl()).origin}: `)
    expect(stderr).not.toContain(SECRET)
  })
})
