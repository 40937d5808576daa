import { artifacts } from 'hardhat'
import {
  type Abi,
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  keccak256,
  maxUint256,
  type PublicClient,
  parseEther,
  parseEventLogs,
  stringToHex,
  type TestClient,
  type TransactionReceipt,
  toHex,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type Addresses, type DeploymentRules, deployMarket } from '../../deployment/index.ts'
import { byteTreeRoot, type Hash, lowerTask, programHeader, toHex as wordToHex } from '../../interpreter/index.ts'
import { marketAbi, registryAbi, tokenAbi, vaultAbi } from '../../protocol/generated/abi.ts'
import {
  createReader,
  type MarketRules,
  type Order,
  type Reader,
  type Signer,
  type TaskView,
  viewOf,
} from '../../protocol/index.ts'
import { type Chain, type ChainKind, startChain } from './chains.ts'

export type { Hash } from '../../interpreter/index.ts'

export interface MarketSettings {
  readonly arity: number
  readonly stepper: 'Stepper' | 'ToyStepper'
  readonly chain: ChainKind
  /** What the market fixes otherwise than those of the tests. */
  readonly rules: Partial<Omit<DeploymentRules, 'arity'>>
}

const GWEI = 10n ** 9n

/** All that the markets of the tests fix; lengths in seconds. */
export const TEST_RULES: DeploymentRules = {
  arity: 2n,
  unbondingTime: 5_000n,
  challenge: 3_000n,
  support: 2_000n,
  opening: 1_000n,
  budget: 600n,
  minimum: 60n,
  solving: 500n,
  finalising: 10_000n,
  // So fast that every run of these tests takes one second.
  speed: 2n ** 63n,
  maxSteps: 2n ** 63n,
  bond: 1_001n,
  gasPriceFloor: GWEI,
  enterGas: 400_000n,
  moveGas: 60_000n,
  maxCallbackGas: 1_000_000n,
  maxOutput: 4_096n,
}
export const BOND = TEST_RULES.bond
/** What every account of the tests has in the vault at the start, tokens and wei. */
export const START_STAKE = 5_005n
export const START_ETHER = parseEther('10')
export const BURN: Address = '0x000000000000000000000000000000000000dEaD'

/** What every request of the tests asks for, but for what the test says. */
export const ORDER: Omit<Order, 'program'> = {
  maxSteps: 1_000_000n,
  minPrice: 2n * 10n ** 15n,
  maxPrice: 5n * 10n ** 15n,
  ramp: 0,
  expires: 2 ** 39,
  tip: 0n,
  callbackGas: 0,
  salt: zeroHash,
}

export type Roots = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex]

/** A call of a contract, and what is sent with it. */
export interface Sending {
  readonly to: Address
  readonly abi: Abi | readonly unknown[]
  readonly name: string
  readonly args: readonly unknown[]
  readonly value?: bigint
}

const POLLING_MS = 2
/** More than any call needs. */
const FORCED_GAS = 3_000_000n
const DEFAULTS: MarketSettings = { arity: 2, stepper: 'Stepper', chain: 'embedded', rules: {} }
const SEND = { chain: null } as const

/** A chain with one market on it, its clock in the hands of the test. */
export class LocalMarket {
  readonly client: PublicClient
  /** For looks at much at once: reads of one moment go as one call. */
  readonly observer: PublicClient
  readonly rules: MarketRules
  /** For the tests' own looks at the chain. */
  reader: Reader
  private readonly chain: Chain
  private readonly testClient: TestClient
  private readonly deployer: Signer

  private constructor(chain: Chain, client: PublicClient, testClient: TestClient, deployer: Signer, reader: Reader) {
    this.chain = chain
    this.client = client
    const batch = { multicall: { deployless: true, wait: 0, batchSize: 0 } } as const
    this.observer = createPublicClient({ transport: chain.transport, pollingInterval: POLLING_MS, batch })
    this.testClient = testClient
    this.deployer = deployer
    this.reader = reader
    this.rules = reader.rules
  }

  static async create(settings: Partial<MarketSettings> = {}): Promise<LocalMarket> {
    const { arity, stepper: judge, chain: kind, rules: others } = { ...DEFAULTS, ...settings }
    const chain = await startChain(kind)
    const { transport } = chain
    const client = createPublicClient({ transport, pollingInterval: POLLING_MS })
    const testClient = createTestClient({ transport, mode: kind === 'anvil' ? 'anvil' : 'hardhat' })
    const account = privateKeyToAccount(keyOf('deployer'))
    await testClient.setBalance({ address: account.address, value: parseEther('1000') })
    const deployer = createWalletClient({ transport, account })
    const rules = { ...TEST_RULES, ...others, arity: BigInt(arity) }
    const { addresses } = await deployMarket(deployer, client, { rules })
    const address = judge === 'Stepper' ? addresses.market : await rejudged(client, deployer, judge, rules, addresses)
    const market = new LocalMarket(chain, client, testClient, deployer, await createReader(client, address))
    const { token, vault } = market.rules
    await market.send(deployer, { to: token, abi: tokenAbi, name: 'approve', args: [vault, maxUint256] })
    return market
  }

  /** The rules and contracts of another market on the chain of `market`, deployed anew. */
  static async beside({ client, deployer, rules }: LocalMarket): Promise<MarketRules> {
    const { addresses } = await deployMarket(deployer, client, { rules: { ...TEST_RULES, arity: BigInt(rules.arity) } })
    return (await createReader(client, addresses.market)).rules
  }

  /** Where processes reach the chain, if it is served. */
  get url(): string {
    return this.chain.url
  }

  /** Who holds the tokens that no account of the tests was given. */
  get treasury(): Address {
    return this.deployer.account.address
  }

  /** A new account with ether of its own, stake and ether in the vault; the same name gives the same account. */
  async account(name: string): Promise<Signer> {
    const signer = await this.keyHolder(name)
    const owner = signer.account.address
    const { free, locked } = await this.accountOf(owner)
    if (free + locked > 0n) return signer
    const { vault } = this.rules
    await this.send(this.deployer, { to: vault, abi: vaultAbi, name: 'deposit', args: [owner, START_STAKE] })
    const deposit = { to: vault, abi: vaultAbi, name: 'depositEther', args: [owner], value: START_ETHER }
    await this.send(this.deployer, deposit)
    return signer
  }

  /** An account with ether for gas and nothing in the vault. */
  async keyHolder(name: string): Promise<Signer> {
    const account = privateKeyToAccount(keyOf(name))
    await this.testClient.setBalance({ address: account.address, value: parseEther('100') })
    return createWalletClient({ transport: this.chain.transport, account })
  }

  /** A key that may act for `owner`. */
  async operator(name: string, owner: Signer, cap = START_STAKE): Promise<Signer> {
    const operator = await this.keyHolder(name)
    const args = [operator.account.address, cap]
    await this.send(owner, { to: this.rules.vault, abi: vaultAbi, name: 'setOperator', args })
    return operator
  }

  /** Takes all ether that an account has to pay gas with. */
  impoverish(signer: Signer): Promise<void> {
    return this.fund(signer, 0n)
  }

  /** Leaves the account with `ether` wei of its own. */
  async fund({ account }: Signer, ether: bigint): Promise<void> {
    await this.testClient.setBalance({ address: account.address, value: ether })
  }

  /** Publishes a module's program, and its bytes unless they are not to be told, once; returns its id. */
  async publish(wasm: Uint8Array, { told = true } = {}): Promise<Hash> {
    const { programId, regionRoots, regs } = programHeader(lowerTask(wasm))
    const roots = regionRoots.map((root) => wordToHex(root))
    const isNew = await this.publishRoots(programId, roots, regs)
    const tell = { to: this.rules.registry, abi: registryAbi, name: 'tell', args: [programId, 0n, 1n, toHex(wasm)] }
    if (isNew && told) await this.send(this.deployer, tell)
    return programId
  }

  /** Publishes a program by its roots and start registers, once; whether it was not there before. */
  async publishRoots(program: Hash, roots: readonly Hex[], regs: bigint): Promise<boolean> {
    const registry = { to: this.rules.registry, abi: registryAbi } as const
    const isThere = { ...registry, name: 'isPublished', args: [program] }
    if (await this.read<boolean>(isThere)) return false
    await this.send(this.deployer, { ...registry, name: 'publish', args: [roots, regs] })
    return true
  }

  /** Deploys a compiled contract of the tests. */
  deploy(name: string, args: readonly unknown[]): Promise<Address> {
    return deploy(this.client, this.deployer, name, args)
  }

  /** Requests a task from an account of the tests, and returns its id. */
  async ask(program: Hash, input: Uint8Array, order: Partial<Order> = {}, name = 'requester'): Promise<Hash> {
    const full = { ...ORDER, ...order, program }
    return this.requested(name, full, 'request', [full, toHex(input)])
  }

  /** The same with an input that is named by its root only. */
  async askByReference(
    program: Hash,
    input: Uint8Array,
    uris: readonly string[],
    order: Partial<Order> = {},
  ): Promise<Hash> {
    const full = { ...ORDER, ...order, program }
    return this.requested('requester', full, 'requestByReference', [full, wordToHex(byteTreeRoot(input)), uris])
  }

  /** A task as the chain tells it now. */
  async task(id: Hash): Promise<TaskView> {
    const task = viewOf(await this.reader.read()).tasks.get(id)
    if (task === undefined) throw new Error(`no task ${id}`)
    return task
  }

  /** Id of the task that a transaction requested. */
  requestedIn({ logs }: TransactionReceipt): Hash {
    const [event] = parseEventLogs({ abi: marketAbi, logs, eventName: 'TaskRequested', strict: true })
    if (event === undefined) throw new Error('no TaskRequested in the receipt')
    return event.args.task
  }

  /** Sends a call and waits for it; throws if it is refused. */
  async send(signer: Signer, { to, abi, name, args, value = 0n }: Sending): Promise<TransactionReceipt> {
    const data = encodeFunctionData({ abi: abi as Abi, functionName: name, args })
    const receipt = await this.mined(await signer.sendTransaction({ ...SEND, to, data, value }))
    if (receipt.status !== 'success') throw new Error(`${name} reverted`)
    return receipt
  }

  /** Sends a call as it is, unsimulated, and returns how it ended. */
  async force(signer: Signer, call: { to: Address; data: Hex }): Promise<'success' | 'reverted'> {
    return (await this.forced(signer, call)).status
  }

  /** The same, with all that the receipt tells. */
  async forced(signer: Signer, call: { to: Address; data: Hex }, gas = FORCED_GAS): Promise<TransactionReceipt> {
    return this.mined(await signer.sendTransaction({ ...SEND, ...call, gas }))
  }

  /** What a view function returns. */
  async read<Result>({ to, abi, name, args }: Sending): Promise<Result> {
    const call = { address: to, abi: abi as Abi, functionName: name, args }
    return (await this.client.readContract(call)) as Result
  }

  /** What an owner has in the vault: tokens, and ether in wei. */
  async accountOf(owner: Address): Promise<{ free: bigint; locked: bigint; ether: bigint }> {
    const call = { address: this.rules.vault, abi: vaultAbi, functionName: 'accountOf', args: [owner] } as const
    const { free, locked, gweiFree } = await this.client.readContract(call)
    return { free, locked, ether: gweiFree * GWEI }
  }

  /** Tokens outside of the vault. */
  async balanceOf(owner: Address): Promise<bigint> {
    return this.read({ to: this.rules.token, abi: tokenAbi, name: 'balanceOf', args: [owner] })
  }

  /** Tokens that were taken from somebody and given to nobody: burned, or waiting for it. */
  async burned(): Promise<bigint> {
    const waiting = await this.read<bigint>({ to: this.rules.vault, abi: vaultAbi, name: 'toBurn', args: [] })
    return waiting + (await this.balanceOf(BURN))
  }

  async now(): Promise<bigint> {
    return (await this.client.getBlock()).timestamp
  }

  /** The next block has exactly this time. */
  async at(time: bigint): Promise<void> {
    await this.testClient.setNextBlockTimestamp({ timestamp: time })
  }

  /** Mines an empty block at `time`. */
  async advanceTo(time: bigint): Promise<void> {
    await this.at(time)
    await this.mine()
  }

  /** Mines empty blocks. */
  async mine(blocks = 1): Promise<void> {
    await this.testClient.mine({ blocks })
  }

  /** From now on blocks come when the test says so. */
  async holdBlocks(): Promise<void> {
    await this.testClient.setAutomine(false)
  }

  async releaseBlocks(): Promise<void> {
    await this.testClient.setAutomine(true)
  }

  /** Mines blocks, the first of them at this base fee. */
  async mineAt(baseFeePerGas: bigint, blocks = 1): Promise<void> {
    await this.testClient.setNextBlockBaseFeePerGas({ baseFeePerGas })
    await this.mine(blocks)
  }

  async snapshot(): Promise<Hex> {
    return this.testClient.snapshot()
  }

  /** Throws away the blocks since the snapshot, as a re-organisation does. */
  async restore(id: Hex): Promise<void> {
    await this.testClient.revert({ id })
    this.reader = await createReader(this.client, this.rules.market)
  }

  async close(): Promise<void> {
    await this.chain.stop()
  }

  private async requested(name: string, order: Order, call: string, args: readonly unknown[]): Promise<Hash> {
    const requester = await this.keyHolder(name)
    const value = order.maxPrice + order.tip
    return this.requestedIn(
      await this.send(requester, { to: this.rules.market, abi: marketAbi, name: call, args, value }),
    )
  }

  private async mined(hash: Hash): Promise<TransactionReceipt> {
    return this.client.waitForTransactionReceipt({ hash })
  }
}

/** Another market with the same token and registry, in which another machine judges. */
async function rejudged(
  client: PublicClient,
  deployer: Signer,
  judge: string,
  { arity, unbondingTime, ...rules }: DeploymentRules,
  { registry, token }: Addresses,
): Promise<Address> {
  const stepper = await deploy(client, deployer, judge, [])
  return deploy(client, deployer, 'TaskMarket', [{ stepper, arity, registry, token, unbondingTime }, rules])
}

/** The private key of an account of the tests. */
export const keyOf = (name: string): Hash => keccak256(stringToHex(`test account ${name}`))

async function deploy(client: PublicClient, signer: Signer, name: string, args: readonly unknown[]): Promise<Address> {
  const { abi, bytecode } = await artifacts.readArtifact(name)
  const hash = await signer.deployContract({ ...SEND, abi, bytecode: bytecode as Hex, args })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  if (contractAddress === null || contractAddress === undefined) throw new Error(`${name} was not deployed`)
  return contractAddress
}
