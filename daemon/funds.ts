import type { Address } from 'viem'
import type { Funds, Reader } from '../protocol/index.ts'
import { failureFields } from './describe.ts'
import { createTeller, type Log } from './log.ts'

const NOTHING: Funds = { stake: 0n, allowance: 0n, ether: 0n, wallet: 0n }

/** What `signer` can lock for `owner`. Where the node will not tell it is nothing, which stops no move in a game. */
export function createFunds(reader: Reader, owner: Address, signer: Address, log: Log): () => Promise<Funds> {
  const teller = createTeller(log)
  return async () => {
    try {
      const funds = await reader.funds(owner, signer)
      teller.clear(owner)
      return funds
    } catch (error) {
      teller.once(owner, 'warn', 'fundsUnknown', { owner, ...failureFields(error) })
      return NOTHING
    }
  }
}
