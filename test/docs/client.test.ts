import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as errors from '../../client/errors.ts'
import { createSubstepClient } from '../../client/index.ts'
import type { Hash } from '../../interpreter/index.ts'
import { answerOf, solverOf } from '../helpers/answers.ts'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { keyOf, LocalMarket } from '../helpers/local-market.ts'
import { filesOf, shellLinesOf } from '../helpers/transcript.ts'

const document = readFileSync(join(ROOT, 'docs', 'client.md'), 'utf8')
const WASM = readFileSync(join(ROOT, 'wasm-tasks', 'build', 'sha256.wasm'))
const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

let market: LocalMarket
let place: Checkout

beforeAll(async () => {
  place = checkout()
  market = await LocalMarket.create({ chain: 'served' })
  await market.publish(WASM)
  await market.keyHolder('dapp')
})

afterAll(async () => {
  place?.remove()
  await market?.close()
})

/** Answers the task and lets it become final. */
async function solve(task: Hash): Promise<void> {
  const solver = await market.account('solver')
  const substep = createSubstepClient({ publicClient: market.client, market: market.rules.market })
  const { request, input = '0x' } = await substep.getTask({ task })
  const truth = answerOf(WASM, Buffer.from(input.slice(2), 'hex'), request.order.maxSteps)
  const calls = solverOf(market, solver, request)
  await calls.take()
  await calls.post(truth)
  const { phases } = await substep.getTask({ task })
  await market.advanceTo(phases?.challenge ?? 0n)
  await calls.finalise(truth)
  await market.mine(2)
}

describe('docs/client.md', () => {
  it('leads from a question to its verified answer', async () => {
    const [file] = filesOf(document)
    const [line = ''] = shellLinesOf(document)
    const text = (file?.text ?? '').replace('http://127.0.0.1:8545', market.url)
    place.write(file?.name ?? '', text)
    const command = line.replace('MARKET', market.rules.market).replace('KEY', keyOf('dapp'))
    const [program = '', ...args] = command.split(' ')
    const child = spawn(program, args, { cwd: place.folder, stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const { value: task } = await lines.next()
    await solve(task as Hash)
    expect((await lines.next()).value).toBe(`halted 0 ${SHA256_OF_ABC}`)
  })

  it('names errors that there are', () => {
    const named = [...document.matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(([, name = '']) => name)
    expect(named).toHaveLength(6)
    expect(Object.keys(errors)).toEqual(expect.arrayContaining(named))
  })
})
