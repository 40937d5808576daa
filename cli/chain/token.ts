import { type Address, formatUnits, type PublicClient, parseUnits } from 'viem'
import { tokenAbi } from '../../protocol/index.ts'
import { grouped } from '../amounts.ts'
import { UsageRefused } from '../errors.ts'

/** The staking token, as people count it. */
export interface Token {
  readonly address: Address
  /** Units of the token from an amount such as 0.5. @throws UsageRefused */
  parse(amount: string): bigint
  text(units: bigint): string
}

export async function readToken(client: PublicClient, address: Address): Promise<Token> {
  const token = { address, abi: tokenAbi } as const
  const [symbol, decimals] = await Promise.all([
    client.readContract({ ...token, functionName: 'symbol' }),
    client.readContract({ ...token, functionName: 'decimals' }),
  ])
  return {
    address,
    parse(amount) {
      const [, fraction = ''] = amount.split('.')
      if (fraction.length <= decimals) return parseUnits(amount, decimals)
      throw new UsageRefused(`${amount} has too many decimals`, `${symbol} has ${decimals} of them`)
    },
    text: (units) => `${grouped(formatUnits(units, decimals))} ${symbol}`,
  }
}
