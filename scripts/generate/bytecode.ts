import { type Artifact, artifactOf, compilerOutputOf } from './artifact.ts'

/** What a deployment consists of. */
const CONTRACTS = {
  Stepper: 'machine/Stepper.sol/Stepper',
  ProgramRegistry: 'market/ProgramRegistry.sol/ProgramRegistry',
  SubstepToken: 'market/SubstepToken.sol/SubstepToken',
  TaskMarket: 'market/TaskMarket.sol/TaskMarket',
  StakeVault: 'market/StakeVault.sol/StakeVault',
  Games: 'game/Games.sol/Games',
} as const

/** Made by the market's constructor: their creation code is part of its own. */
const MADE_BY_THE_MARKET = ['StakeVault', 'Games']

const WORD_BYTES = 32

/** Immutables cannot be told apart in the deployed code. */
class ImmutableUnknown extends Error {
  override readonly name = 'ImmutableUnknown'
  constructor(contract: string, what: string) {
    super(`${contract}: ${what}`)
  }
}

/** Code of the contracts as TypeScript, so that the package deploys and checks without a compiler. */
export function bytecodeModule(): string {
  const rows = Object.entries(CONTRACTS).map(([name, path]) => {
    const artifact = artifactOf(path)
    const creation = MADE_BY_THE_MARKET.includes(name) ? '0x' : artifact.bytecode
    return [
      `  ${name}: {`,
      `    creation: '${creation}',`,
      `    runtime: '${artifact.deployedBytecode}',`,
      `    immutables: ${JSON.stringify(immutablesOf(name, artifact))},`,
      '  },',
    ].join('\n')
  })
  return [
    '// Generated from the compiled contracts by `npm run generate`.',
    '',
    "import type { Compiled, ContractName } from '../compiled.ts'",
    '',
    '/** Code of all contracts of a deployment; creation code is empty where the market makes the contract. */',
    'export const COMPILED: Readonly<Record<ContractName, Compiled>> = {',
    ...rows,
    '}',
    '',
  ].join('\n')
}

/** Name of each immutable to the bytes at which its value stands in the deployed code. */
function immutablesOf(contract: string, artifact: Artifact): Readonly<Record<string, readonly number[]>> {
  const ids = Object.keys(artifact.immutableReferences)
  if (ids.length === 0) return {}
  const names = variableNames(compilerOutputOf(artifact), new Set(ids))
  const rows = ids.map((id) => {
    const places = artifact.immutableReferences[id] ?? []
    if (places.some(({ length }) => length !== WORD_BYTES)) throw new ImmutableUnknown(contract, `${id} is no word`)
    const name = names.get(id)
    if (name === undefined) throw new ImmutableUnknown(contract, `nothing declares ${id}`)
    return [name, places.map(({ start }) => start)] as const
  })
  const found = Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)))
  if (Object.keys(found).length !== rows.length) throw new ImmutableUnknown(contract, 'two have one name')
  return found
}

/** Names of the variables with these numbers, wherever in the compiler's output they are declared. */
function variableNames(node: unknown, ids: ReadonlySet<string>, found = new Map<string, string>()) {
  if (typeof node !== 'object' || node === null) return found
  if ('nodeType' in node && node.nodeType === 'VariableDeclaration' && 'id' in node && 'name' in node) {
    if (ids.has(String(node.id))) found.set(String(node.id), String(node.name))
  }
  for (const child of Object.values(node)) variableNames(child, ids, found)
  return found
}
