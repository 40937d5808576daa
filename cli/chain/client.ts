import { createSubstepClient, type SubstepClient } from '../../client/index.ts'
import type { Connection, Wallet } from './connection.ts'

/** The client of the market that a connection leads to. */
export const clientOf = ({
  client: publicClient,
  deployment,
  wallet: walletClient,
}: Connection & { readonly wallet?: Wallet }): SubstepClient =>
  createSubstepClient({ publicClient, walletClient, market: deployment.addresses.market, fromBlock: deployment.block })
