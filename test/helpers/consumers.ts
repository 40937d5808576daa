import { artifacts } from 'hardhat'
import { type Abi, type Address, type Hex, parseEventLogs, type TransactionReceipt, toHex } from 'viem'
import { byteTreeRoot, toHex as wordToHex } from '../../interpreter/index.ts'
import type { Order, Signer } from '../../protocol/index.ts'
import { type Hash, type LocalMarket, ORDER } from './local-market.ts'

/** In the order of the enum in contracts/mocks/HostileConsumer.sol. */
const MOODS = ['takes', 'reverts', 'burns all gas', 'returns a bomb', 'reverts with a bomb', 're-enters'] as const
export type Mood = (typeof MOODS)[number]

/** What a consumer was told, as its event has it. */
export interface Told {
  readonly task: Hash
  readonly outcome: { readonly kind: number; readonly code: number; readonly outputRoot: Hash }
  readonly output: Hex
}

/** Asks for a callback that pays whoever makes it. */
export const CALLBACK = { tip: 10n ** 15n, callbackGas: 500_000 } as const

/** A consumer contract of the tests, and somebody who calls it. */
export class Consumer {
  readonly address: Address
  private readonly market: LocalMarket
  private readonly abi: Abi
  private readonly user: Signer

  private constructor(market: LocalMarket, address: Address, abi: Abi, user: Signer) {
    this.market = market
    this.address = address
    this.abi = abi
    this.user = user
  }

  /** `TaskConsumer` as dapps derive from it, or one that harms its own callback. */
  static async deploy(market: LocalMarket, name: 'ConsumerHarness' | 'HostileConsumer'): Promise<Consumer> {
    const address = await market.deploy(name, [market.rules.market])
    const { abi } = await artifacts.readArtifact(name)
    return new Consumer(market, address, abi as Abi, await market.keyHolder('user of a consumer'))
  }

  /** Requests a task with a callback, and returns its id. */
  async ask(program: Hash, input: Uint8Array, order: Partial<Order> = {}): Promise<Hash> {
    const full = { ...ORDER, ...CALLBACK, ...order, program }
    const receipt = await this.send('ask', [full, toHex(input)], full.maxPrice + full.tip)
    return this.market.requestedIn(receipt)
  }

  /** The same with an input that is named by its root only. */
  async askByReference(program: Hash, input: Uint8Array): Promise<Hash> {
    const full = { ...ORDER, ...CALLBACK, program }
    const args = [full, wordToHex(byteTreeRoot(input)), []]
    return this.market.requestedIn(await this.send('askByReference', args, full.maxPrice + full.tip))
  }

  /** What its callback does from now on. */
  async setMood(mood: Mood): Promise<void> {
    await this.send('setMood', [MOODS.indexOf(mood)])
  }

  /** The calls that its callback makes when it re-enters. */
  async arm(calls: readonly { readonly to: Address; readonly data: Hex }[]): Promise<void> {
    await this.send('arm', [calls.map(({ to }) => to), calls.map(({ data }) => data)])
  }

  /** All results that it took. */
  told(): Promise<Told[]> {
    return this.events<Told>('Told')
  }

  /** How the calls from within its callback ended. */
  async reentries(): Promise<boolean[]> {
    return (await this.events<{ readonly success: boolean }>('Reentered')).map(({ success }) => success)
  }

  private async events<Args>(eventName: string): Promise<Args[]> {
    const { client } = this.market
    const logs = await client.getLogs({ address: this.address, fromBlock: 0n })
    const events = parseEventLogs({ abi: this.abi, logs, eventName })
    return events.map((event) => (event as unknown as { readonly args: Args }).args)
  }

  private send(name: string, args: readonly unknown[], value = 0n): Promise<TransactionReceipt> {
    return this.market.send(this.user, { to: this.address, abi: this.abi, name, args, value })
  }
}
