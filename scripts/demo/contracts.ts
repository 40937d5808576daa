import { type Hex, isHex } from 'viem'
import type { ContractName } from '../../deployment/index.ts'
import { DemoFailed } from './failure.ts'

/** Creation code of a contract. */
export type LoadCode = (name: ContractName | 'LitecoinProofOfWork') => Promise<Hex>

/** Compiling is worth a line when it takes longer than this. */
const UNNOTICED_MS = 2000

/** Compiles what has changed since the last time: everything on a fresh clone, mostly nothing. */
export async function compileContracts(say: (line: string) => void): Promise<void> {
  const { tasks } = await import('hardhat')
  const start = performance.now()
  let isSaid = false
  const timer = setTimeout(() => {
    isSaid = true
    say('set-up: compiling the contracts ...')
  }, UNNOTICED_MS)
  try {
    await tasks.getTask('build').run({ quiet: true, noTests: true })
  } finally {
    clearTimeout(timer)
  }
  if (isSaid) say(`set-up: done in ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

/** Code as Hardhat compiled it. */
export const compiledCode: LoadCode = async (name) => {
  const { artifacts } = await import('hardhat')
  const { bytecode } = await artifacts.readArtifact(name)
  if (!isHex(bytecode)) throw new DemoFailed('contracts', `${name} has no code`)
  return bytecode
}
