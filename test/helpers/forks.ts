import type { Hash, LocalMarket } from './local-market.ts'

interface Mark {
  readonly block: bigint
  readonly snapshot: Hash
}

/** The states of a chain that it can be thrown back to, as by a re-organisation. */
export class Forks {
  private readonly market: LocalMarket
  private readonly marks: Mark[] = []

  constructor(market: LocalMarket) {
    this.market = market
  }

  /** Remembers the chain as it is now. */
  async mark(): Promise<void> {
    const block = await this.market.client.getBlockNumber()
    this.marks.push({ block, snapshot: await this.market.snapshot() })
  }

  /** Throws away at least so many of the last blocks, and as few more as the marks allow; returns how many. */
  async drop(depth: number): Promise<number> {
    const head = await this.market.client.getBlockNumber()
    for (;;) {
      const mark = this.marks.pop()
      if (mark === undefined) throw new Error(`no mark is ${depth} blocks deep`)
      if (head - mark.block < BigInt(depth)) continue
      await this.market.restore(mark.snapshot)
      await this.mark()
      return Number(head - mark.block)
    }
  }
}
