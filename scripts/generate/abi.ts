import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ARTIFACTS = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'artifacts', 'contracts')

/** Exported name to the compiled contract it describes. */
const CONTRACTS = {
  marketAbi: 'market/TaskMarket.sol/TaskMarket',
  gamesAbi: 'game/Games.sol/Games',
  vaultAbi: 'market/StakeVault.sol/StakeVault',
  registryAbi: 'market/ProgramRegistry.sol/ProgramRegistry',
  tokenAbi: 'market/SubstepToken.sol/SubstepToken',
  consumerAbi: 'interfaces/ITaskConsumer.sol/ITaskConsumer',
  stepperAbi: 'interfaces/IStepper.sol/IStepper',
} as const

interface Artifact {
  readonly abi: readonly unknown[]
}

/** The compiled contract to read is not there. */
export class ArtifactMissing extends Error {
  override readonly name = 'ArtifactMissing'
  readonly path: string
  constructor(path: string) {
    super(`${path} is missing\n  next: npm run compile`)
    this.path = path
  }
}

function abiOf(contract: string): readonly unknown[] {
  const path = join(ARTIFACTS, `${contract}.json`)
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as Artifact).abi
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ArtifactMissing(path) : error
  }
}

/** The ABIs as TypeScript, so that calls and events are typed; one line for each entry. */
export function abiModule(): string {
  const constants = Object.entries(CONTRACTS).map(([name, contract]) => {
    const entries = abiOf(contract).map((entry) => `  ${JSON.stringify(entry)},`)
    return [`/** ABI of ${contract.split('/').at(-1)}. */`, `export const ${name} = [`, ...entries, '] as const'].join(
      '\n',
    )
  })
  return `// Generated from the compiled contracts by \`npm run generate\`.\n\n${constants.join('\n\n')}\n`
}
