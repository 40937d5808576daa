import { artifacts, network } from 'hardhat'
import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  custom,
  erc20Abi,
  type Hex,
  http,
  keccak256,
  type PublicClient,
  parseEther,
  parseEventLogs,
  stringToHex,
  type TestClient,
  type Transport,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { lowerTask, programHeader, toHex as wordToHex } from '../../interpreter/index.ts'
import { type ArenaRules, arenaAbi, type Call, createReader, type Reader, type Signer } from '../../protocol/index.ts'
import type { Roots } from './toy-arena.ts'

export type Hash = `0x${string}`

export interface ArenaSettings {
  readonly arity: number
  readonly stepper: 'Stepper' | 'ToyStepper'
  /** Served over HTTP too, for processes. */
  readonly http: boolean
}

/** Lengths in seconds, and the bond, of every arena of the tests. */
export const LENGTHS = { budget: 600n, minimum: 60n, challenge: 3_000n, support: 2_000n, opening: 1_000n } as const
export const BOND = 1_001n
/** Tokens that every account of the tests starts with. */
export const START_BALANCE = 5_005n
export const BURN: Address = '0x000000000000000000000000000000000000dEaD'

const POLLING_MS = 2
/** More than any call needs. */
const FORCED_GAS = 1_000_000n
const DEFAULTS: ArenaSettings = { arity: 2, stepper: 'Stepper', http: false }

/** An embedded chain with one arena on it, its clock in the hands of the test. */
export class LocalArena {
  readonly client: PublicClient
  readonly rules: ArenaRules
  /** For the tests' own looks at the chain. */
  reader: Reader
  /** Where processes reach the chain, if it is served. */
  readonly url: string
  private readonly transport: Transport
  private readonly testClient: TestClient
  private readonly deployer: Signer
  private readonly stop: () => Promise<void>

  private constructor(chain: Chain, client: PublicClient, testClient: TestClient, deployer: Signer, reader: Reader) {
    this.url = chain.url
    this.transport = chain.transport
    this.stop = chain.stop
    this.client = client
    this.testClient = testClient
    this.deployer = deployer
    this.reader = reader
    this.rules = reader.rules
  }

  static async create(settings: Partial<ArenaSettings> = {}): Promise<LocalArena> {
    const { arity, stepper, http: served } = { ...DEFAULTS, ...settings }
    const chain = served ? await serve() : await embed()
    const { transport } = chain
    const client = createPublicClient({ transport, pollingInterval: POLLING_MS })
    const testClient = createTestClient({ transport, mode: 'hardhat' })
    const deployer = await fundedSigner(transport, testClient, 'deployer')
    const judge = await deploy(client, deployer, stepper, [])
    const token = await deploy(client, deployer, 'TestToken', [0n])
    const { budget, minimum, challenge, support, opening } = LENGTHS
    const settingsOfArena = [judge, BigInt(arity), budget, minimum, challenge, support, opening, token, BOND]
    const arena = await deploy(client, deployer, 'BondedArena', settingsOfArena)
    return new LocalArena(chain, client, testClient, deployer, await createReader(client, arena))
  }

  /** A new account with ether and tokens; the same name gives the same account. */
  async account(name: string): Promise<Signer> {
    const signer = await fundedSigner(this.transport, this.testClient, name)
    if ((await this.balanceOf(signer.account.address)) > 0n) return signer
    const { abi } = await artifacts.readArtifact('TestToken')
    const args = [signer.account.address, START_BALANCE] as const
    await this.mined(
      await this.deployer.writeContract({ ...SEND, address: this.rules.token, abi, functionName: 'mint', args }),
    )
    return signer
  }

  /** Takes all ether of an account. */
  impoverish(signer: Signer): Promise<void> {
    return this.fund(signer, 0n)
  }

  /** Leaves the account with `ether` wei. */
  async fund({ account }: Signer, ether: bigint): Promise<void> {
    await this.testClient.setBalance({ address: account.address, value: ether })
  }

  /** Creates a task for a module, and returns its id. */
  async createTask(wasm: Uint8Array, input: Uint8Array, maxSteps: bigint): Promise<Hash> {
    const { regionRoots, regs } = programHeader(lowerTask(wasm))
    return this.createTaskOf(regionRoots.map((root) => wordToHex(root)) as unknown as Roots, regs, input, maxSteps)
  }

  /** Creates a task for a program by its region roots and start registers. */
  async createTaskOf(roots: Roots, regs: bigint, input: Uint8Array, maxSteps: bigint): Promise<Hash> {
    const receipt = await this.mined(
      await this.deployer.writeContract({
        ...SEND,
        address: this.rules.arena,
        abi: arenaAbi,
        functionName: 'createTask',
        args: [roots, regs, toHex(input), maxSteps, keccak256(stringToHex('salt'))],
      }),
    )
    const [created] = parseEventLogs({ abi: arenaAbi, logs: receipt.logs, eventName: 'TaskCreated', strict: true })
    if (created === undefined) throw new Error('no TaskCreated in the receipt')
    return created.args.task
  }

  /** Sends a call as it is, unsimulated, and returns how it ended. */
  async force(signer: Signer, call: Call): Promise<'success' | 'reverted'> {
    const receipt = await this.mined(await signer.sendTransaction({ ...SEND, ...call, gas: FORCED_GAS }))
    return receipt.status
  }

  async balanceOf(owner: Address): Promise<bigint> {
    return this.client.readContract({
      address: this.rules.token,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [owner],
    })
  }

  async totalSupply(): Promise<bigint> {
    return this.client.readContract({ address: this.rules.token, abi: erc20Abi, functionName: 'totalSupply' })
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
    await this.testClient.mine({ blocks: 1 })
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
    await this.testClient.mine({ blocks })
  }

  async snapshot(): Promise<Hex> {
    return this.testClient.snapshot()
  }

  /** Throws away the blocks since the snapshot, as a re-organisation does. */
  async restore(id: Hex): Promise<void> {
    await this.testClient.revert({ id })
    this.reader = await createReader(this.client, this.rules.arena)
  }

  async close(): Promise<void> {
    await this.stop()
  }

  private async mined(hash: Hash) {
    return this.client.waitForTransactionReceipt({ hash })
  }
}

interface Chain {
  readonly transport: Transport
  readonly url: string
  readonly stop: () => Promise<void>
}

const SEND = { chain: null } as const

/** A refusal is an answer; asking again would only cost time. */
const NO_RETRY = { retryCount: 0 } as const

/** A transaction that reverts is mined all the same, as elsewhere. */
const NETWORK = { override: { throwOnTransactionFailures: false } } as const

async function embed(): Promise<Chain> {
  const connection = await network.create(NETWORK)
  return { transport: custom(connection.provider, NO_RETRY), url: '', stop: () => connection.close() }
}

async function serve(): Promise<Chain> {
  const server = await network.createServer(NETWORK, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  const url = `http://${address}:${port}`
  return { transport: http(url, NO_RETRY), url, stop: () => server.close() }
}

/** The private key of an account of the tests. */
export const keyOf = (name: string): Hash => keccak256(stringToHex(`test account ${name}`))

async function fundedSigner(transport: Transport, testClient: TestClient, name: string): Promise<Signer> {
  const account = privateKeyToAccount(keyOf(name))
  await testClient.setBalance({ address: account.address, value: parseEther('100') })
  return createWalletClient({ transport, account })
}

async function deploy(client: PublicClient, signer: Signer, name: string, args: readonly unknown[]): Promise<Address> {
  const { abi, bytecode } = await artifacts.readArtifact(name)
  const hash = await signer.deployContract({ ...SEND, abi, bytecode: bytecode as Hex, args })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  if (contractAddress === null || contractAddress === undefined) throw new Error(`${name} was not deployed`)
  return contractAddress
}
