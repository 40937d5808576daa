import type { Account, Chain, PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Action } from './actions.ts'
import { aloneCallOf, type Call, callOf, followersOf } from './calls.ts'
import type { Purse, Purser } from './purse.ts'
import type { MarketRules } from './rules.ts'
import type { Signer } from './writer.ts'
import { NotEnoughEther } from './writer-errors.ts'

/** A transaction under way. */
export interface Sent {
  readonly call: Call
  readonly hash: Hash
  readonly followers: readonly Action[]
}

/** Estimates hold for the state they are made on; storage that warms or cools by then moves them by less. */
const GAS_MARGIN_PERCENT = 25n

/** Sends the transaction of an action, simulated first; what waits already is not sent again. */
export function createSubmitter(client: PublicClient, signer: Signer, rules: MarketRules, purser: Purser) {
  const account: Account = signer.account
  const chain = chainOf(rules)

  async function sendCall(action: Action, call: Call, purse: Purse): Promise<Hash> {
    await client.call({ account, ...call })
    const estimate = await client.estimateGas({ account, ...call })
    const gas = estimate + (estimate * GAS_MARGIN_PERCENT) / 100n
    const { nonce, ether, fees } = purse
    const cost = gas * fees.maxFeePerGas
    // A stake without the ether to defend it is lost.
    const needed = 'reserve' in action ? cost + action.reserve : cost
    if (needed > ether) throw new NotEnoughEther(ether, needed)
    const hash = await signer.sendTransaction({ ...call, ...fees, gas, account, nonce, chain })
    purser.sent(call.data, hash, purse)
    purse.nonce++
    purse.ether -= cost
    return hash
  }

  /**
   * With what follows the action; alone where that fails in any way, for it needs more ether, gas and bytes and more that
   * the contract accepts. Both would have the same nonce, so they cannot both be mined.
   */
  async function submit(action: Action, purse: Purse): Promise<Sent> {
    const call = callOf(action, rules)
    const waiting = purser.waiting(call.data)
    if (waiting !== undefined) return { call, hash: waiting, followers: followersOf(action) }
    try {
      return { call, hash: await sendCall(action, call, purse), followers: followersOf(action) }
    } catch (error) {
      if (followersOf(action).length === 0) throw error
      return submitAlone(action, purse)
    }
  }

  async function submitAlone(action: Action, purse: Purse): Promise<Sent> {
    const call = aloneCallOf(action, rules)
    return { call, hash: purser.waiting(call.data) ?? (await sendCall(action, call, purse)), followers: [] }
  }

  return submit
}

/** The chain of the rules: a node that speaks of another one by now gets no signature. */
const chainOf = ({ chainId }: MarketRules): Chain => ({
  ...{ id: Number(chainId), name: `chain ${chainId}` },
  ...{ nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [] } } },
})
