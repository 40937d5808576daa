import { artifacts, network } from 'hardhat'
import { concatHex, encodeFunctionData, type Hex, numberToHex, toFunctionSelector } from 'viem'
import type { Hash, Node } from '../../interpreter/commit/hash.ts'
import { stepperAbi } from '../../protocol/generated/abi.ts'

/** What the contract answers for a witness: two hashes, or the first word of its revert data. */
export type Answer = { readonly pre: Hash; readonly post: Hash } | { readonly refused: Hash }

const STEPPER: Hex = `0x${'57'.repeat(20)}`
const BATCH: Hex = `0x${'ba'.repeat(20)}`
const NO_LIMIT = 2n ** 40n
/** Small, because the EVM keeps a trace of every instruction of a call. */
const PACKET_BYTES = 2 ** 14
const NO_HASH = `0x${'00'.repeat(32)}`

/** The Solidity stepper in an EVM of this process. */
export class SolidityStepper {
  readonly #request: (method: string, ...params: unknown[]) => Promise<unknown>

  private constructor(request: (method: string, ...params: unknown[]) => Promise<unknown>) {
    this.#request = request
  }

  static async create(): Promise<SolidityStepper> {
    const override = { blockGasLimit: NO_LIMIT, transactionGasCap: NO_LIMIT } as const
    const { provider } = await network.create({ override })
    const request = (method: string, ...params: unknown[]) => provider.request({ method, params })
    const stepper = await artifacts.readArtifact('Stepper')
    const batch = await artifacts.readArtifact('StepperBatch')
    await request('hardhat_setCode', STEPPER, stepper.deployedBytecode)
    await request('hardhat_setCode', BATCH, batch.deployedBytecode)
    return new SolidityStepper(request)
  }

  /** The answers for many witnesses, in few calls. */
  async judge(witnesses: readonly (readonly Node[])[]): Promise<Answer[]> {
    const answers: Answer[] = []
    for (const packet of packets(witnesses)) answers.push(...(await this.#ask(packet)))
    return answers
  }

  async #ask(witnesses: readonly (readonly Node[])[]): Promise<Answer[]> {
    const data = concatHex([RUN, word(BigInt(STEPPER)), word(96n), word(BigInt(witnesses.length)), packed(witnesses)])
    const call = { to: BATCH, data, gas: numberToHex(NO_LIMIT) }
    const result = (await this.#request('eth_call', call, 'latest')) as Hex
    const words = (i: number): Hash => `0x${result.slice(2 + 64 * i, 66 + 64 * i)}`
    return witnesses.map((_, i) => {
      const [pre, post] = [words(2 + 2 * i), words(3 + 2 * i)]
      return pre === NO_HASH ? { refused: post } : { pre, post }
    })
  }
}

const RUN = toFunctionSelector('run(address,bytes,uint256)')

const word = (value: bigint): Hex => numberToHex(value, { size: 32 })

/** A `bytes` argument: for each witness its number of words as a uint32, then its words. */
function packed(witnesses: readonly (readonly Node[])[]): Hex {
  const length = witnesses.reduce((bytes, words) => bytes + 4 + 32 * words.length, 0)
  const bytes = Buffer.alloc(32 * Math.ceil(length / 32))
  let offset = 0
  for (const words of witnesses) {
    offset = bytes.writeUInt32BE(words.length, offset)
    for (const node of words) {
      bytes.set(node, offset)
      offset += 32
    }
  }
  return concatHex([word(BigInt(length)), `0x${bytes.toString('hex')}`])
}

function* packets(witnesses: readonly (readonly Node[])[]): Generator<readonly (readonly Node[])[]> {
  let from = 0
  let bytes = 0
  for (const [i, words] of witnesses.entries()) {
    bytes += 4 + 32 * words.length
    if (bytes < PACKET_BYTES) continue
    yield witnesses.slice(from, i + 1)
    from = i + 1
    bytes = 0
  }
  if (from < witnesses.length) yield witnesses.slice(from)
}

/** Calldata of `step`. */
export const stepCall = (words: readonly Node[]): Hex =>
  encodeFunctionData({
    abi: stepperAbi,
    functionName: 'step',
    args: [words.map((node): Hex => `0x${Buffer.from(node).toString('hex')}`)],
  })
