import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { artifacts, network } from 'hardhat'
import { type Hex, numberToHex, toFunctionSelector } from 'viem'
import { findAnvil, listeningAt } from '../../helpers/chains.ts'
import type { Disagreement } from '../engine.ts'
import { commandOf, type Sealed } from './packet.ts'

/** An EVM, and how many substeps one call is best given. */
interface Evm {
  readonly name: string
  readonly packetSize: number
  /** Puts code at an address. */
  setCode(address: Hex, code: string): Promise<void>
  /** What a contract answers; hex digits in ASCII both. */
  call(to: Hex, data: readonly Buffer[]): Promise<Buffer>
  stop(): Promise<void>
}

const STEPPER: Hex = `0x${'57'.repeat(20)}`
const BATCH: Hex = `0x${'ba'.repeat(20)}`
const NO_LIMIT = 2n ** 40n
const RUN = toFunctionSelector('run(address,bytes,uint256)').slice(2)
const WORD_DIGITS = 64
/** Offset and length of the array come before what a packet is answered. */
const ANSWER_HEAD_DIGITS = 2 * WORD_DIGITS

const digits = (value: bigint | number): string => BigInt(value).toString(16).padStart(WORD_DIGITS, '0')

/** The node answered a call with an error. */
class CallFailed extends Error {
  override readonly name = 'CallFailed'
  constructor(answer: string) {
    super(`the node says: ${answer}`)
  }
}

const GAS = numberToHex(NO_LIMIT)

/** A request, written by hand: what is sent is large, and nothing but digits. */
const body = (method: string, head: string, data: readonly Buffer[] = [], tail = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":[${head}`),
    ...data,
    Buffer.from(`${tail}]}`),
  ])

/** What follows `head` in an answer, as far as the next quotation mark. */
function resultIn(answer: Buffer, head: string): Buffer {
  const at = answer.indexOf(head)
  if (at < 0) throw new CallFailed(answer.toString())
  return answer.subarray(at + head.length, answer.indexOf('"', at + head.length))
}

/** Anvil does no bookkeeping for each instruction, so that it is several times as fast, in a process of its own. */
async function startAnvil(file: string): Promise<Evm> {
  const limit = ['--hardfork', 'osaka', '--gas-limit', String(NO_LIMIT), '--no-request-size-limit']
  const child = spawn(file, [...limit, '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  // Whatever ends this process ends the node.
  process.once('exit', () => child.kill())
  const post = poster(`http://${await listeningAt(child)}`)
  return {
    name: 'anvil',
    packetSize: 400,
    setCode: async (address, code) =>
      void resultIn(await post(body('anvil_setCode', `"${address}","${code}"`)), '"result":'),
    call: async (to, data) => {
      const call = body('eth_call', `{"to":"${to}","gas":"${GAS}","data":"0x`, data, '"},"latest"')
      return resultIn(await post(call), '"result":"0x')
    },
    stop: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Sends bodies to a node and gives what it answers, all in a few connections. */
function poster(url: string): (body: Buffer) => Promise<Buffer> {
  const agent = new Agent({ keepAlive: true })
  return async (body) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const sent = request(url, { method: 'POST', headers, agent })
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return Buffer.concat(await response.toArray())
  }
}

/** The EVM of this process keeps a trace of every instruction of a call: calls are small. */
async function startEmbedded(): Promise<Evm> {
  const override = { blockGasLimit: NO_LIMIT, transactionGasCap: NO_LIMIT } as const
  const { provider, close } = await network.create({ override })
  return {
    name: 'hardhat',
    packetSize: 48,
    setCode: async (address, code) =>
      void (await provider.request({ method: 'hardhat_setCode', params: [address, code] })),
    call: async (to, data) => {
      const call = { to, gas: GAS, data: `0x${Buffer.concat(data).toString('latin1')}` }
      const answer = (await provider.request({ method: 'eth_call', params: [call, 'latest'] })) as string
      return Buffer.from(answer.slice(2), 'latin1')
    },
    stop: close,
  }
}

/** What the deployed stepper says of packets. */
export class Judge {
  readonly #evm: Evm
  readonly #disagreements: Disagreement[] = []
  /** Packets that are under way, oldest first. */
  readonly #waiting: Promise<void>[] = []

  private constructor(evm: Evm) {
    this.#evm = evm
  }

  /** In anvil if it is there, else in the EVM of this process. */
  static async create(anvil: string | null = findAnvil() ?? null): Promise<Judge> {
    const evm = anvil === null ? await startEmbedded() : await startAnvil(anvil)
    for (const [address, name] of [
      [STEPPER, 'Stepper'],
      [BATCH, 'StepperBatch'],
    ] as const) {
      await evm.setCode(address, (await artifacts.readArtifact(name)).deployedBytecode)
    }
    return new Judge(evm)
  }

  get evm(): string {
    return this.#evm.name
  }

  get packetSize(): number {
    return this.#evm.packetSize
  }

  /** Sends a packet; waits while more than `pending` are under way. */
  async submit(packet: Sealed, pending: number): Promise<void> {
    this.#waiting.push(this.#judge(packet))
    while (this.#waiting.length > pending) await this.#waiting.shift()
  }

  /** What did not agree since the last time, when everything is judged. */
  async finish(): Promise<Disagreement[]> {
    while (this.#waiting.length > 0) await this.#waiting.shift()
    return this.#disagreements.splice(0)
  }

  close(): Promise<void> {
    return this.#evm.stop()
  }

  async #judge(packet: Sealed): Promise<void> {
    const head = [digits(BigInt(STEPPER)), digits(96), digits(packet.count), digits(packet.length)].join('')
    const answer = await this.#evm.call(BATCH, [Buffer.from(RUN + head), packet.witnesses])
    const answers = answer.subarray(ANSWER_HEAD_DIGITS)
    if (!answers.equals(packet.answers)) this.#disagreements.push(...differences(packet, answers))
  }
}

/** For each command the first substep at which the judge found something else. */
function differences(packet: Sealed, answers: Buffer): Disagreement[] {
  const found = new Map<number, string>()
  for (let i = 0; i < packet.count; i++) {
    const [wanted, got] = [packet.answers, answers].map((all) =>
      all.toString('latin1', 2 * WORD_DIGITS * i, 2 * WORD_DIGITS * (i + 1)),
    )
    const command = commandOf(packet, i)
    if (wanted === got || found.has(command)) continue
    found.set(command, `stepper: pre and post ${got}, wanted ${wanted}`)
  }
  return [...found].map(([command, reason]) => ({ command, reason }))
}
