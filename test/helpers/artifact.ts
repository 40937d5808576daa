import { artifacts } from 'hardhat'
import type { Abi, Address } from 'viem'
import { type Contract, type Evm, eventsOf, type Receipt } from './evm.ts'

/** ABI of compiled contracts, one after the other. */
export async function abiOf(...names: readonly string[]): Promise<Abi> {
  const all = await Promise.all(names.map((name) => artifacts.readArtifact(name)))
  return all.flatMap(({ abi }) => abi as Abi)
}

/** Deploys a compiled contract; it is known by its own ABI and those of the contracts in `more`. */
export async function deployed(
  evm: Evm,
  name: string,
  args: readonly unknown[] = [],
  more: readonly string[] = [],
): Promise<Contract> {
  return evm.deploy(name, await abiOf(name, ...more), args)
}

/** Arguments of the events of one name, by their names. */
export const argsOf = (contract: Contract, receipt: Receipt, eventName: string): readonly unknown[] =>
  eventsOf(contract, receipt, eventName).map(({ args }) => args)

/** The same contract seen through another ABI. */
export const seenAs = async (address: Address, ...names: readonly string[]): Promise<Contract> => ({
  address,
  abi: await abiOf(...names),
})
