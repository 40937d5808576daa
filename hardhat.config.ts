import { createRequire } from 'node:module'
import hardhatToolboxViem from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

/** The compiler of package-lock.json, so that nothing is downloaded. */
const compiler = { version: '0.8.37', path: createRequire(import.meta.url).resolve('solc/soljson.js') }
const language = { evmVersion: 'osaka', viaIR: true }

/**
 * The compiler's own sequence of optimizer steps without F, the specialization of functions by literal arguments: it makes
 * a copy of a function for each constant that it is called with, and the market would not fit a contract.
 */
const WITHOUT_COPIES =
  'dhfoDgvulfnTUtnIf[xa[r]EscLMcCTUtTOntnfDIulLculVcul [j]Tpeulxa[rul]xa[r]cLgvifCTUca[r]LSsTOtfDnca[r]Iulc]jmul[jul] VcTOcul jmul:fDnTOcmu'

export default defineConfig({
  plugins: [hardhatToolboxViem],
  solidity: {
    compilers: [
      {
        ...compiler,
        settings: {
          ...language,
          optimizer: {
            enabled: true,
            runs: 800,
            details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: WITHOUT_COPIES } },
          },
        },
      },
    ],
    overrides: {
      // In the judge such copies pay: it is smaller with them, and cheaper. More runs would add a fourth to its code and save
      // a dispute not a tenth of a percent.
      'contracts/machine/Stepper.sol': {
        ...compiler,
        settings: { ...language, optimizer: { enabled: true, runs: 800 } },
      },
    },
  },
  // Sequences of random calls, the same every time.
  test: {
    solidity: {
      fuzz: { seed: '0x5eed' },
      invariant: { runs: 40, depth: 150, failOnRevert: true, shrinkRunLimit: 100 },
    },
  },
  paths: {
    sources: './contracts',
    tests: { solidity: './test/contracts/solidity' },
  },
})
