import { artifactOf } from './artifact.ts'

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

/** The ABIs as TypeScript, so that calls and events are typed; one line for each entry. */
export function abiModule(): string {
  const constants = Object.entries(CONTRACTS).map(([name, contract]) => {
    const entries = artifactOf(contract).abi.map((entry) => `  ${JSON.stringify(entry)},`)
    return [`/** ABI of ${contract.split('/').at(-1)}. */`, `export const ${name} = [`, ...entries, '] as const'].join(
      '\n',
    )
  })
  return `// Generated from the compiled contracts by \`npm run generate\`.\n\n${constants.join('\n\n')}\n`
}
