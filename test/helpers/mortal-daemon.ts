import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalMarket } from './local-market.ts'
import { PlayerProcess } from './player-process.ts'
import { TransactionTap } from './transaction-tap.ts'

const PAUSE_MS = 50
const PATIENCE_MS = 100_000

export interface MortalSettings {
  readonly script: string
  readonly name: string
  /** What goes on in the world while it lives. */
  readonly meanwhile: () => Promise<unknown>
}

/**
 * A daemon that is killed as soon as the node has taken a transaction of it, before it hears that it was taken, and
 * started again by its operator.
 */
export class MortalDaemon {
  /** Calls that the node took from it, oldest first. */
  readonly taken: string[] = []
  private readonly market: LocalMarket
  private readonly settings: MortalSettings
  private player: PlayerProcess | undefined

  constructor(market: LocalMarket, settings: MortalSettings) {
    this.market = market
    this.settings = settings
  }

  /** Lives, as often as that takes, until something is so; then it is told to stop. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    const { script, name, meanwhile } = this.settings
    const tap = await TransactionTap.open(this.market.url, (calls) => this.took(calls))
    const deadline = Date.now() + PATIENCE_MS
    try {
      while (!(await isSo())) {
        if (Date.now() > deadline) throw new Error(`${name} did not come to its end; it sent ${this.taken}`)
        this.player ??= new PlayerProcess(this.market, script, name, { rpc: tap.url })
        await meanwhile()
        await sleep(PAUSE_MS)
      }
    } finally {
      await this.player?.end('SIGTERM')
      this.player = undefined
      await tap.close()
    }
  }

  private took(calls: readonly string[]): 'hang up' {
    this.taken.push(...calls)
    this.player?.signal('SIGKILL')
    this.player = undefined
    return 'hang up'
  }
}
