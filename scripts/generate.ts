// Writes the files that are generated from others. See --help.
import { abiModule } from './generate/abi.ts'
import { ArtifactMissing } from './generate/artifact.ts'
import { bytecodeModule } from './generate/bytecode.ts'
import { soliditySpec } from './generate/solidity-spec.ts'
import { goldenVectors } from './generate/vectors.ts'
import { type Generator, runGenerator } from './generator.ts'

const GENERATOR: Generator = {
  command: 'npm run generate',
  about: 'Writes the Solidity constants, the golden vectors, and ABIs and code of the contracts in TypeScript.',
  refusals: [ArtifactMissing],
  /** In the order of their dependence. */
  async *files() {
    yield ['contracts/generated/Spec.sol', soliditySpec()]
    yield ['spec/vectors.json', goldenVectors()]
    yield ['protocol/generated/abi.ts', abiModule()]
    yield ['deployment/generated/bytecode.ts', bytecodeModule()]
  },
}

process.exitCode = await runGenerator(GENERATOR, process.argv.slice(2))
