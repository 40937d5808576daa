import { type Address, isAddressEqual, keccak256, stringToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { DemoFailed } from './failure.ts'

/** Who answers, and who checks the answers. */
export type Role = 'solver' | 'verifier'

/** All that send transactions: the deployer builds the stage, the payer asks by way of the consumer. */
export type Party = Role | 'deployer' | 'payer'

const PARTIES: readonly Party[] = ['deployer', 'payer', 'solver', 'verifier']

/** Keys of a chain that lives as long as the demo: nothing to keep secret. */
export const keyOf = (party: Party) => keccak256(stringToHex(`substep demo: ${party}`))

export const accountOf = (party: Party): PrivateKeyAccount => privateKeyToAccount(keyOf(party))

/** The addresses of all parties. */
export const ADDRESSES: Readonly<Record<Party, Address>> = Object.fromEntries(
  PARTIES.map((party) => [party, accountOf(party).address]),
) as Record<Party, Address>

/** An address that takes part in nothing. */
export const STRANGER: Address = '0x0000000000000000000000000000000000000123'

/** @throws DemoFailed for an address that is no player's */
export function roleOf(address: Address): Role {
  if (isAddressEqual(address, ADDRESSES.solver)) return 'solver'
  if (isAddressEqual(address, ADDRESSES.verifier)) return 'verifier'
  throw new DemoFailed('players', `${address} is no player`)
}

/** What an address is called in a sentence. */
export function nameOf(address: Address, consumer: Address): string {
  if (isAddressEqual(address, consumer)) return 'consumer'
  return PARTIES.find((party) => isAddressEqual(ADDRESSES[party], address)) ?? address
}
