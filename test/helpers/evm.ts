import { artifacts, network } from 'hardhat'
import {
  type Abi,
  type AbiStateMutability,
  type Address,
  type ContractEventName,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  concatHex,
  decodeErrorResult,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  getAddress,
  type Hex,
  numberToHex,
  type ParseEventLogsReturnType,
  parseEventLogs,
  type RpcLog,
} from 'viem'
import { expect } from 'vitest'

type Names<A extends Abi> = ContractFunctionName<A, AbiStateMutability>
type Args<A extends Abi, N extends Names<A>> = ContractFunctionArgs<A, AbiStateMutability, N>
type Result<A extends Abi, N extends Names<A>> = ContractFunctionReturnType<A, AbiStateMutability, N>

/** A deployed contract. */
export interface Contract<A extends Abi = Abi> {
  readonly address: Address
  readonly abi: A
}

/** What tests read of a receipt. */
export interface Receipt {
  readonly gasUsed: bigint
  readonly contractAddress: Address | null
  readonly logs: readonly RpcLog[]
}

/** A transaction or call that reverted, with what it returned. */
export class Reverted extends Error {
  override readonly name = 'Reverted'
  readonly errorName: string
  readonly args: readonly unknown[]
  constructor(errorName: string, args: readonly unknown[]) {
    super(`reverted with ${errorName}(${args.map(String).join(', ')})`)
    this.errorName = errorName
    this.args = args
  }
}

/** Contracts whose errors come through others: the judge, the parts of a market, a token. */
const FOREIGN = ['IStepper', 'IGames', 'IStakeVault', 'IProgramRegistry', 'ITaskMarket', 'TestToken']

/** Gas given to every transaction, so that nothing is estimated; no transaction may have more. */
const GAS_LIMIT = 2 ** 24

const dataOf = (error: unknown): Hex | undefined => {
  const data = error instanceof Error ? (error as Error & { data?: unknown }).data : undefined
  return typeof data === 'string' ? (data as Hex) : undefined
}

function revertedWith(error: unknown, abi: Abi): unknown {
  const data = dataOf(error)
  if (data === undefined) return error
  if (data === '0x') return new Reverted('', [])
  try {
    const { errorName, args } = decodeErrorResult({ abi, data })
    return new Reverted(errorName, (args ?? []) as readonly unknown[])
  } catch {
    return new Reverted(data, [])
  }
}

/** An EVM in this process, one block for each transaction, with its clock in the hands of the test. */
export class Evm {
  readonly accounts: readonly Address[]
  /** Errors that contracts called by the tested ones may raise. */
  readonly foreignErrors: Abi
  private readonly request: (method: string, ...params: unknown[]) => Promise<unknown>
  private readonly nonces = new Map<Address, number>()
  /** Time of the latest transaction, where the clock ticks with transactions. */
  private ticking: bigint | undefined
  /** Whether the time of the next block was set already. */
  private timeSet = false

  private constructor(accounts: readonly Address[], foreignErrors: Abi, request: Evm['request']) {
    this.accounts = accounts
    this.foreignErrors = foreignErrors
    this.request = request
  }

  /** On a chain with this id, or with the id that these chains have by themselves; blocks may be told to share a second. */
  static async create(
    override: { readonly chainId?: number; readonly allowBlocksWithSameTimestamp?: boolean } = {},
  ): Promise<Evm> {
    const { provider } = await network.create({ override })
    const request = (method: string, ...params: unknown[]) => provider.request({ method, params })
    const accounts = (await request('eth_accounts')) as Address[]
    const foreign = await Promise.all(FOREIGN.map((name) => artifacts.readArtifact(name)))
    const errors = foreign.flatMap(({ abi }) => abi as Abi).filter(({ type }) => type === 'error')
    return new Evm(
      accounts.map((account) => getAddress(account)),
      errors,
      request,
    )
  }

  /** Time of the latest block. */
  async now(): Promise<bigint> {
    return BigInt(((await this.request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex }).timestamp)
  }

  /** Base fee of the latest block, wei. */
  async baseFee(): Promise<bigint> {
    return BigInt(
      ((await this.request('eth_getBlockByNumber', 'latest', false)) as { baseFeePerGas: Hex }).baseFeePerGas,
    )
  }

  async chainId(): Promise<bigint> {
    return BigInt((await this.request('eth_chainId')) as Hex)
  }

  /** The next block has exactly this time. */
  async at(time: bigint): Promise<void> {
    await this.request('evm_setNextBlockTimestamp', Number(time))
    this.timeSet = true
    if (this.ticking !== undefined) this.ticking = time
  }

  /** Mines an empty block at `time`. */
  async advanceTo(time: bigint): Promise<void> {
    await this.at(time)
    await this.request('evm_mine')
    this.timeSet = false
  }

  /** From now on each transaction comes one second after the one before, so that a run can be repeated to the byte. */
  tickFrom(time: bigint): void {
    this.ticking = time
  }

  private async tick(): Promise<void> {
    if (this.ticking !== undefined && !this.timeSet) await this.at(this.ticking + 1n)
    this.timeSet = false
  }

  snapshot(): Promise<unknown> {
    return this.request('evm_snapshot')
  }

  async restore(snapshot: unknown): Promise<void> {
    await this.request('evm_revert', snapshot)
    this.nonces.clear()
  }

  async deploy<A extends Abi>(name: string, abi: A, args: readonly unknown[] = []): Promise<Contract<A>> {
    const artifact = await artifacts.readArtifact(name)
    const data = encodeDeployData({ abi: artifact.abi as Abi, bytecode: artifact.bytecode as Hex, args })
    const receipt = await this.sendData(this.accounts[0] as Address, { abi }, data)
    return { abi, address: getAddress(receipt.contractAddress as Address) }
  }

  /** Sends a transaction, with `value` wei, and waits for its receipt; throws `Reverted`. */
  send<A extends Abi, N extends Names<A>>(
    from: Address,
    contract: Contract<A>,
    functionName: N,
    args: Args<A, N>,
    value = 0n,
  ): Promise<Receipt> {
    return this.sendData(from, contract, encode(contract, functionName, args), value)
  }

  /** The same with calldata as given, and with at most `gasLimit` gas. */
  async sendData(
    from: Address,
    to: { address?: Address; abi: Abi },
    data: Hex,
    value = 0n,
    gasLimit = GAS_LIMIT,
  ): Promise<Receipt> {
    await this.tick()
    const nonce = this.nonces.get(from) ?? Number(await this.request('eth_getTransactionCount', from, 'latest'))
    this.nonces.set(from, nonce + 1)
    const target = to.address === undefined ? {} : { to: to.address }
    const [nonceHex, gas] = [numberToHex(nonce), numberToHex(gasLimit)]
    const transaction = { from, ...target, data, nonce: nonceHex, gas, value: numberToHex(value) }
    try {
      const hash = await this.request('eth_sendTransaction', transaction)
      const receipt = (await this.request('eth_getTransactionReceipt', hash)) as Omit<Receipt, 'gasUsed'> & {
        gasUsed: Hex
      }
      return { ...receipt, gasUsed: BigInt(receipt.gasUsed) }
    } catch (error) {
      throw revertedWith(error, [...to.abi, ...this.foreignErrors])
    }
  }

  /** What a function would return in the next block. */
  async read<A extends Abi, N extends Names<A>>(
    contract: Contract<A>,
    functionName: N,
    args: Args<A, N>,
    from: Address = this.accounts[0] as Address,
  ): Promise<Result<A, N>> {
    const call = { from, to: contract.address, data: encode(contract, functionName, args), gas: numberToHex(GAS_LIMIT) }
    try {
      const data = (await this.request('eth_call', call, 'pending')) as Hex
      return decodeFunctionResult({ abi: contract.abi as Abi, functionName: functionName as string, data }) as Result<
        A,
        N
      >
    } catch (error) {
      throw revertedWith(error, [...contract.abi, ...this.foreignErrors])
    }
  }

  /** Writes a contract's storage directly. */
  async setStorage(address: Address, slot: Hex, value: Hex): Promise<void> {
    await this.request('hardhat_setStorageAt', address, numberToHex(BigInt(slot)), value)
  }

  /** Replaces a contract's code by that of another. */
  async setCode(address: Address, like: Address): Promise<void> {
    await this.request('hardhat_setCode', address, await this.request('eth_getCode', like, 'latest'))
  }

  /** Wei of an account. */
  async balanceOf(address: Address): Promise<bigint> {
    return BigInt((await this.request('eth_getBalance', address, 'latest')) as Hex)
  }

  /** Gives an account exactly this many wei. */
  async setBalance(address: Address, wei: bigint): Promise<void> {
    await this.request('hardhat_setBalance', address, numberToHex(wei))
  }

  async codeSize(address: Address): Promise<number> {
    return (((await this.request('eth_getCode', address, 'latest')) as Hex).length - 2) / 2
  }
}

/** Calldata of a call. */
export const encode = <A extends Abi, N extends Names<A>>(
  contract: Contract<A>,
  functionName: N,
  args: Args<A, N>,
): Hex =>
  encodeFunctionData({
    abi: contract.abi as Abi,
    functionName: functionName as string,
    args: args as readonly unknown[],
  })

/** Calldata with one word replaced; word 0 follows the selector. */
export function withWord(data: Hex, index: number, value: bigint): Hex {
  const start = 2 + 8 + 64 * index
  return concatHex([
    data.slice(0, start) as Hex,
    `0x${numberToHex(value, { size: 32 }).slice(2)}`,
    `0x${data.slice(start + 64)}`,
  ])
}

/** Events of one name that a contract emitted in a transaction. */
export const eventsOf = <A extends Abi, N extends ContractEventName<A>>(
  contract: Contract<A>,
  receipt: Receipt,
  eventName: N,
): ParseEventLogsReturnType<A, N, true> => parseEventLogs({ abi: contract.abi, eventName, logs: [...receipt.logs] })

/** Asserts that `action` reverts with the custom error `errorName`, and with `args` if they are given. */
export async function revertsWith(
  action: Promise<unknown>,
  errorName: string,
  args?: readonly unknown[],
): Promise<void> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error !== undefined && !(error instanceof Reverted)) throw error
  expect(error?.errorName).toBe(errorName)
  if (args !== undefined) expect(error?.args).toEqual(args)
}
