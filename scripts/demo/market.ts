import {
  type Abi,
  type Address,
  createWalletClient,
  encodeFunctionData,
  getAddress,
  type Hex,
  http,
  parseEther,
  type TransactionReceipt,
  toHex,
} from 'viem'
import { DEFAULT_RULES, type Deployer, type Deployment, deployMarket } from '../../deployment/index.ts'
import { type Hash, toHex as hashHex, programHeader } from '../../interpreter/index.ts'
import { type MarketRules, registryAbi, tokenAbi, vaultAbi } from '../../protocol/index.ts'
import type { Chain } from './chain.ts'
import type { Module } from './computation.ts'
import type { LoadCode } from './contracts.ts'
import { dappAbi } from './dapp.ts'
import { present } from './failure.ts'
import { ADDRESSES, accountOf } from './parties.ts'

/**
 * Not 16, which costs least over long runs: over this one it would leave the solver the last word, a proof that a liar
 * cannot give, and silence is ended by the clock instead of the judge.
 */
const ARITY = 10n
const RULES = { ...DEFAULT_RULES, arity: ARITY }

/** What each player has in the vault at the start. */
export const STAKE = 2n * RULES.bond
export const ETHER = parseEther('0.1')

/** What the consumer is given for each question: a sixteenth of it is the tip. */
const PAYMENT = parseEther('0.016')

/** The market and the consumer, as they were deployed. */
export interface Market {
  readonly deployment: Deployment
  readonly rules: MarketRules
  readonly consumer: Address
  readonly program: Hash
}

/** Sends what the demo itself sends. */
export interface Sender {
  /** Deploys the market and the consumer, publishes the program, and gives each player a stake. */
  build(module: Module, load: LoadCode): Promise<Market>
  /** Pays the consumer for a check of a block header. */
  ask(market: Market, header: Uint8Array): Promise<void>
  /** Sends the slashed tokens to the burn address, which anyone may do; returns the block. */
  burn(market: Market): Promise<bigint>
}

type Call = (from: Deployer, to: Address, data: Hex, value?: bigint) => Promise<TransactionReceipt>

export function createSender({ client, url, fund }: Chain): Sender {
  const walletOf = (party: 'deployer' | 'payer'): Deployer =>
    createWalletClient({ account: accountOf(party), transport: http(url) })
  const [deployer, payer] = [walletOf('deployer'), walletOf('payer')]
  const mined = (hash: Hash) => client.waitForTransactionReceipt({ hash })
  const call: Call = async (from, to, data, value = 0n) =>
    mined(await from.sendTransaction({ to, data, value, chain: null }))

  async function deployConsumer(market: Address, program: Hash, bytecode: Hex): Promise<Address> {
    const creation = { abi: dappAbi as Abi, args: [market, program], bytecode }
    const { contractAddress } = await mined(await deployer.deployContract({ ...creation, chain: null }))
    return getAddress(present('contracts', 'address of the consumer', contractAddress))
  }

  return {
    async build(module, load) {
      for (const account of Object.values(ADDRESSES)) await fund(account)
      const deployment = await deployMarket(deployer, client, { rules: RULES, creationOf: load })
      const { addresses } = deployment
      await call(deployer, addresses.registry, publication(module))
      const program = programHeader(module.program).programId
      const consumer = await deployConsumer(addresses.market, program, await load('LitecoinProofOfWork'))
      await stake(call, deployer, addresses)
      return { deployment, rules: rulesOf(deployment), consumer, program }
    },
    async ask({ consumer }, header) {
      const data = encodeFunctionData({ abi: dappAbi, functionName: 'check', args: [toHex(header)] })
      await call(payer, consumer, data, PAYMENT)
    },
    async burn({ rules: { vault } }) {
      const { blockNumber } = await call(deployer, vault, encodeFunctionData({ abi: vaultAbi, functionName: 'burn' }))
      return blockNumber
    },
  }
}

/** Publishes the program and tells its module, in one call. */
function publication({ wasm, program }: Module): Hex {
  const { regionRoots, regs, programId } = programHeader(program)
  const roots = regionRoots.map(hashHex) as unknown as Roots
  const abi = registryAbi
  const steps = [
    encodeFunctionData({ abi, functionName: 'publish', args: [roots, regs] }),
    encodeFunctionData({ abi, functionName: 'tell', args: [programId, 0n, 1n, toHex(wasm)] }),
  ]
  return encodeFunctionData({ abi, functionName: 'multicall', args: [steps] })
}

/** Gives each player a stake, which anyone may do. */
async function stake(call: Call, from: Deployer, { token, vault }: Deployment['addresses']): Promise<void> {
  const players = [ADDRESSES.solver, ADDRESSES.verifier]
  const all = BigInt(players.length) * STAKE
  await call(from, token, encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [vault, all] }))
  for (const player of players) {
    const abi = vaultAbi
    await call(from, vault, encodeFunctionData({ abi, functionName: 'deposit', args: [player, STAKE] }))
    await call(from, vault, encodeFunctionData({ abi, functionName: 'depositEther', args: [player] }), ETHER)
  }
}

type Roots = readonly [Hash, Hash, Hash, Hash, Hash, Hash, Hash, Hash]

/** What was deployed, in the terms of the protocol; the players read the same from the chain. */
function rulesOf({ chainId, addresses, rules: { arity, unbondingTime, ...rules } }: Deployment): MarketRules {
  return { chainId: BigInt(chainId), ...addresses, arity: Number(arity), unbonding: unbondingTime, ...rules }
}
