import { artifacts, network } from 'hardhat'
import { type Hex, numberToHex, toFunctionSelector } from 'viem'
import type { Outcome } from '../../interpreter/machine/numeric.ts'

/** The operands of one operation. */
export type Operands = readonly [a: bigint, b: bigint]

const BATCH: Hex = `0x${'f1'.repeat(20)}`
const NO_LIMIT = 2n ** 40n
const RUN = toFunctionSelector('run(uint256,uint256[])')
/** Of one call; more of them take longer, because the EVM keeps a trace of every instruction of a call. */
const OPERATIONS = 1024
const HALF = 128n

/** The contract's floats in an EVM of this process. */
export class FloatBatch {
  readonly #call: (data: Hex) => Promise<Hex>

  private constructor(call: (data: Hex) => Promise<Hex>) {
    this.#call = call
  }

  static async create(): Promise<FloatBatch> {
    const override = { blockGasLimit: NO_LIMIT, transactionGasCap: NO_LIMIT } as const
    const { provider } = await network.create({ override })
    const { deployedBytecode } = await artifacts.readArtifact('FloatBatch')
    await provider.request({ method: 'hardhat_setCode', params: [BATCH, deployedBytecode] })
    return new FloatBatch(async (data) => {
      const call = { to: BATCH, data, gas: numberToHex(NO_LIMIT) }
      return (await provider.request({ method: 'eth_call', params: [call, 'latest'] })) as Hex
    })
  }

  /** What an ALU operation gives for each pair of 128-bit operands. */
  async run(alu: number, operands: readonly Operands[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (let from = 0; from < operands.length; from += OPERATIONS) {
      outcomes.push(...(await this.#run(alu, operands.slice(from, from + OPERATIONS))))
    }
    return outcomes
  }

  async #run(alu: number, operands: readonly Operands[]): Promise<Outcome[]> {
    const words = [BigInt(alu), 64n, BigInt(operands.length), ...operands.map(([a, b]) => (a << HALF) | b)]
    const result = await this.#call(`${RUN}${words.map(digits).join('')}`)
    return operands.map((_, i) => {
      const outcome = BigInt(`0x${result.slice(130 + 64 * i, 194 + 64 * i)}`)
      return { r: BigInt.asUintN(Number(HALF), outcome), trap: Number(outcome >> HALF) }
    })
  }
}

const digits = (word: bigint): string => word.toString(16).padStart(64, '0')
