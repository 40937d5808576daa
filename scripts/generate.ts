// Writes the files that are generated from others. See --help.
import { ArtifactMissing, abiModule } from './generate/abi.ts'
import { soliditySpec } from './generate/solidity-spec.ts'
import { goldenVectors } from './generate/vectors.ts'
import { type Generator, runGenerator } from './generator.ts'

const GENERATOR: Generator = {
  command: 'npm run generate',
  about: 'Writes the Solidity constants, the golden vectors and the ABIs in TypeScript.',
  refusals: [ArtifactMissing],
  /** In the order of their dependence. */
  async *files() {
    yield ['contracts/generated/Spec.sol', soliditySpec()]
    yield ['spec/vectors.json', goldenVectors()]
    yield ['protocol/generated/abi.ts', abiModule()]
  },
}

process.exitCode = await runGenerator(GENERATOR, process.argv.slice(2))
