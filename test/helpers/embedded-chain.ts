import { network } from 'hardhat'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  custom,
  type Hex,
  keccak256,
  type PublicClient,
  parseEther,
  stringToHex,
  type TestClient,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Deployer } from '../../deployment/index.ts'

/** The private key of an account of the tests. */
export const keyOf = (name: string): Hex => keccak256(stringToHex(`test account ${name}`))

/** A chain inside the test, with nothing on it. */
export interface EmbeddedChain {
  readonly client: PublicClient
  readonly control: TestClient
  /** An account with ether; the same name gives the same account. */
  signer(name: string): Promise<Deployer>
  close(): Promise<void>
}

export async function embeddedChain(): Promise<EmbeddedChain> {
  const connection = await network.create({ override: { throwOnTransactionFailures: false } })
  const transport = custom(connection.provider, { retryCount: 0 })
  const control = createTestClient({ mode: 'hardhat', transport })
  return {
    client: createPublicClient({ transport, pollingInterval: 2, cacheTime: 0 }),
    control,
    async signer(name) {
      const account = privateKeyToAccount(keyOf(name))
      await control.setBalance({ address: account.address, value: parseEther('100') })
      return createWalletClient({ transport, account })
    },
    close: () => connection.close(),
  }
}
