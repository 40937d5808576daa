import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { DEFAULT_RULES, writeDeployment } from '../../deployment/index.ts'
import { lowerTask, programHeader } from '../../interpreter/index.ts'
import { marketAbi, registryAbi } from '../../protocol/index.ts'
import { folder, ROOT, start } from '../helpers/command.ts'
import { substepHere } from '../helpers/command-here.ts'
import { type ServedChain, servedChain } from '../helpers/served-chain.ts'
import * as tasks from '../helpers/small-tasks.ts'

const SHA256 = join(ROOT, 'wasm-tasks/build/sha256.wasm')
const DIGEST = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const TEST_TIMEOUT = { timeout: 60_000 }

const files = folder()
let chain: ServedChain
let owner: `0x${string}`

beforeAll(async () => {
  chain = await servedChain('owner')
  owner = await chain.keyOf('owner')
  writeDeployment(files.path('deployment.json'), chain.deployment)
})
afterAll(async () => {
  await chain?.close()
  files.remove()
})

const onChain = () => ['--rpc', chain.url, '--deployment', files.path('deployment.json')]
const substep = (args: readonly string[], key: string | undefined = owner) => substepHere([...args, ...onChain()], key)

/** What a command that succeeds prints as JSON. */
async function json<T>(args: readonly string[], key = owner): Promise<T> {
  const { code, stdout, stderr } = await substep([...args, '--json'], key)
  expect({ code, stderr }).toEqual({ code: EXIT.OK, stderr: '' })
  return JSON.parse(stdout)
}

async function expectRefusal(args: readonly string[], code: number, what: string, next: string) {
  const ended = await substep(args)
  expect(ended.stderr).toContain(`substep: ${what}`)
  expect(ended.stderr).toContain(`next: ${next}`)
  expect([ended.code, ended.stdout]).toEqual([code, ''])
}

interface Told {
  readonly published: boolean
  readonly pieces: number
  readonly programId: string
  readonly transactions: readonly string[]
}

interface Ask {
  readonly task: string
}

const ASK = ['--max-steps', '100000', '--max-price', '0.01eth']
const ask = (...more: readonly string[]) => json<Ask>(['request', SHA256, '--input-hex', '0x616263', ...ASK, ...more])

describe('program', () => {
  it('publishes a program and its module, which can be had back', async () => {
    const { published, pieces, programId } = await json<Told>(['program', 'publish', SHA256, '--uri', 'ipfs://x\u001b'])
    expect([published, pieces]).toEqual([true, 1])
    const { stdout } = await substep(['program', 'show', programId, '--output', files.path('back.wasm')])
    expect(stdout).toMatch(/module +2,053 bytes, told by 0x[0-9a-fA-F]{40}: lowers to this program\n/)
    expect(stdout).toContain('ipfs://x\\u{1b}, says')
    expect(readFileSync(files.path('back.wasm'))).toEqual(readFileSync(SHA256))
  })

  it('publishes nothing twice', async () => {
    await expectRefusal(['program', 'publish', SHA256], EXIT.NOT_NOW, 'program 0x', 'substep program show 0x')
  })

  it('tells a large module in pieces, several in a transaction, and adds those that are missing', async () => {
    const large = tasks.nothing()
    // A custom section without meaning: eleven pieces in all.
    const padded = Uint8Array.from([...large, 0, ...leb(250_003), 2, 0x69, 0x64, ...new Uint8Array(250_000)])
    const file = files.write('large.wasm', padded)
    const { programId } = programHeader(lowerTask(padded))
    const told = await json<Told>(['program', 'publish', file])
    expect(told).toMatchObject({ programId, published: true, pieces: 11 })
    expect(told.transactions).toHaveLength(3)
    const changed = Uint8Array.from(padded)
    changed[changed.length - 1] = 1
    const again = await json<Told>(['program', 'publish', files.write('changed.wasm', changed)])
    expect(again).toMatchObject({ programId, published: false, pieces: 1 })
    expect(await isPublished(programId)).toBe(true)
  })

  it('says that a module is not a program, or that a program is unknown', async () => {
    const file = files.write('text.wasm', 'module')
    await expectRefusal(['program', 'publish', file], EXIT.REFUSED, 'malformed module', 'give a compiled module')
    const id = `0x${'12'.repeat(32)}`
    await expectRefusal(['program', 'show', id], EXIT.NOT_NOW, `no program ${id} was published`, 'check the id')
    expect((await substep(['program', 'show', '0x12'])).stderr).toContain('Give 0x and 64 hex digits.')
  })
})

const isPublished = (program: `0x${string}`) =>
  chain.client.readContract({
    ...{ address: chain.deployment.addresses.registry, abi: registryAbi },
    ...({ functionName: 'isPublished', args: [program] } as const),
  })

/** A number as WebAssembly writes it. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...leb(Math.floor(value / 128))]
}

describe('request', () => {
  it('escrows the price, and shows the task', async () => {
    const { task } = await ask('--min-price', '0.001eth', '--ramp', '10m', '--expires', '2h')
    const { stdout } = await substep(['task', 'show', task], undefined)
    expect(stdout).toMatch(/status +open, to be taken until/)
    expect(stdout).toMatch(/price +0.001 ETH to 0.01 ETH, 0.001\d* ETH now/)
    expect(stdout).toMatch(/input +3 bytes: abc/)
  })

  it('names an input by its root', async () => {
    const input = files.write('input', 'abc')
    const args = ['request', SHA256, '--input', input, '--by-reference', '--uri', 'https://example.org/abc', ...ASK]
    const { task } = await json<Ask>(args)
    const { stdout } = await substep(['task', 'show', task], undefined)
    expect(stdout).toMatch(/input +by reference, root 0x/)
    expect(stdout).toContain('https://example.org/abc')
  })

  it.each([
    [[], 'neither or both of a module and --program', 'give one of them'],
    [[SHA256, '--program', `0x${'12'.repeat(32)}`], 'neither or both of a module', 'give one of them'],
    [[SHA256, '--input', 'a', '--input-hex', '0x'], 'both --input and --input-hex', 'give one of them'],
    [[SHA256, '--input-hex', '0x123'], '--input-hex 0x123 is not bytes', 'give 0x and an even number'],
    [[SHA256, '--uri', 'x'], '--uri without --by-reference', 'an input that goes on the chain'],
    [[SHA256, '--output', 'x'], '--output without --watch', 'there is no output'],
  ])('refuses %j', async (args, what, next) => expectRefusal(['request', ...args, ...ASK], EXIT.USAGE, what, next))

  it.each([
    [['--program', `0x${'12'.repeat(32)}`], 'UnknownProgram', 'substep program publish'],
    [[SHA256, '--max-steps', `${2 ** 41}`], 'MaxStepsOutOfRange', 'ask for fewer steps'],
    [[SHA256, '--min-price', '1eth'], 'PricesReversed', 'give a --min-price'],
    [[SHA256, '--max-price', '1wei'], 'PriceNotWholeGwei', 'round prices'],
    [[SHA256, '--callback-gas', '3000000'], 'CallbackGasOutOfRange', 'ask for less'],
    [[SHA256, '--tip', '1gwei'], 'TipWithoutCallback', 'give --callback-gas'],
  ])('tells what the chain has against %j', async (args, what, next) => {
    const { code, stderr } = await substep(['request', ...ASK, ...args])
    expect(stderr).toContain(what)
    expect(stderr).toContain(`next: ${next}`)
    expect(code).toBe(EXIT.NOT_NOW)
  })

  it.each([
    ['--max-price', '1', 'Give an amount with its unit'],
    ['--ramp', '1w', 'Give a length of time'],
    ['--expires', '5000000000', 'Give a length of time'],
    ['--max-steps', '-1', 'Give a whole number'],
  ])('refuses %s %s as wrong usage', async (option, value, what) => {
    const { code, stderr } = await substep(['request', SHA256, ...ASK, option, value])
    expect(stderr).toContain(what)
    expect(code).toBe(EXIT.USAGE)
  })
})

describe('task', () => {
  const UNKNOWN = `0x${'34'.repeat(32)}`
  it.each(['show', 'watch', 'cancel', 'refund'])('%s refuses a task that nobody asked for', (command) =>
    expectRefusal(['task', command, UNKNOWN], EXIT.NOT_NOW, `no task ${UNKNOWN} was ever`, 'check the id'),
  )

  it('cancels, by the requester only, and tells what is in the vault', async () => {
    const { task } = await ask('--expires', '3h')
    const stranger = await substep(['task', 'cancel', task], await chain.keyOf('stranger'))
    expect(stranger.stderr).toContain('next: use the key of the requester')
    const { stdout } = await substep(['task', 'cancel', task])
    expect(stdout).toMatch(/status +cancelled\n/)
    expect(stdout).toMatch(/vault +0.01 ETH of yours\n/)
    await expectRefusal(['task', 'cancel', task], EXIT.NOT_NOW, 'the chain would have refused', 'substep task show')
    const watched = await substep(['task', 'watch', task], undefined)
    expect(watched.stdout).toMatch(/^block \d+ {2}TaskRequested\nblock \d+ {2}TaskClosed {2}refund 0.01 ETH\n$/)
    expect(watched.code).toBe(EXIT.NO_RESULT)
  })

  it('refunds what nobody took in time, and says before when that is', async () => {
    const { task } = await ask('--expires', '4h')
    await expectRefusal(['task', 'refund', task], EXIT.NOT_NOW, `nothing of task ${task} is to be`, 'try again after 2')
    await chain.pass(4n * 3600n + 1n)
    const refunded = await json<{ status: string; ether: string }>(
      ['task', 'refund', task],
      await chain.keyOf('stranger'),
    )
    expect(refunded).toMatchObject({ status: 'expired', ether: `${2n * 10n ** 16n}` })
    await expectRefusal(['task', 'refund', task], EXIT.NOT_NOW, `nothing of task ${task} is to be`, 'substep task show')
  })
})

describe('solve, verify', () => {
  it.each([
    ['solve', 'solver: plays in a market'],
    ['verify', 'verifier: plays in a market'],
  ])('%s shows the flags of its daemon, and takes none that is wrong', async (command, what) => {
    const { code, stdout } = await substepHere([command, '--help'])
    expect(stdout).toContain(what)
    expect(code).toBe(EXIT.OK)
    const wrong = await substepHere([command, '--rpc', 'nowhere'])
    expect(wrong.stderr).toContain('--rpc')
    expect(wrong.code).toBe(EXIT.USAGE)
  })

  it('is paid for an answer, which request --watch, task watch, task show and replay tell', TEST_TIMEOUT, async () => {
    const key = await chain.keyOf('solver')
    const deposit = ['stake', 'deposit', '1000', '--ether', '1eth', '--owner', privateKeyToAccount(key).address]
    expect((await substep(deposit)).code).toBe(EXIT.OK)
    const keyFile = files.write('solver.key', key)
    const solver = start(['solve', ...onChain(), '--key-file', keyFile, '--poll-ms', '50'])
    const ended = new Promise<number | null>((resolve) => solver.on('close', resolve))
    try {
      const output = files.path('output')
      const watched = substep(['request', SHA256, '--input-hex', '0x616263', ...ASK, '--watch', '--output', output])
      await somebodyEntered()
      await chain.pass(DEFAULT_RULES.challenge + 2n)
      const { stdout, code, stderr } = await watched
      expect({ code, stderr }).toEqual({ code: EXIT.OK, stderr: '' })
      expect(stdout).toMatch(/outcome +halted, exit code 0\n/)
      expect(readFileSync(output).toString('hex')).toBe(DIGEST)
      const task = /^task +(0x[0-9a-f]{64})$/m.exec(stdout)?.[1] ?? ''
      expect(await json<object>(['task', 'watch', task])).toMatchObject({ outcome: 'halted', output: `0x${DIGEST}` })
      expect((await substep(['task', 'show', task], undefined)).stdout).toContain(DIGEST)
      const bundle = files.path('bundle.json')
      const replayed = await substep(['replay', task, '--save-bundle', bundle], undefined)
      expect(replayed.stdout).toContain('The truth settled.')
      const again = await substepHere(['replay', '--bundle', bundle])
      expect(again.stdout).toBe(replayed.stdout)
    } finally {
      solver.kill('SIGTERM')
    }
    expect(await ended).toBe(EXIT.OK)
  })
})

/** Waits until somebody has entered. */
async function somebodyEntered(): Promise<void> {
  const { addresses, block } = chain.deployment
  const entered = { address: addresses.market, abi: marketAbi, eventName: 'Entered', fromBlock: block } as const
  while ((await chain.client.getContractEvents(entered)).length === 0) await setTimeout(20)
}

describe('replay', () => {
  it.each([
    [[], 'neither or both of an id and --bundle', 'name a task'],
    [[`0x${'12'.repeat(32)}`], 'no --rpc', 'a history is on a chain'],
    [['--bundle', 'a', '--save-bundle', 'b'], '--save-bundle with --bundle', 'copy the file'],
  ])('refuses %j', async (args, what, next) => {
    const { code, stderr } = await substepHere(['replay', ...args])
    expect(stderr).toContain(`substep: ${what}\nnext: ${next}`)
    expect(code).toBe(EXIT.USAGE)
  })

  it('refuses a file that is no bundle, and a task that nobody asked for', async () => {
    const { code, stderr } = await substepHere(['replay', '--bundle', files.write('bundle', '{}')])
    expect(stderr).toContain('the bundle is ill-formed')
    expect(code).toBe(EXIT.REFUSED)
    await expectRefusal(['replay', `0x${'34'.repeat(32)}`], EXIT.NOT_NOW, 'there is no task or game', 'check the id')
  })
})
