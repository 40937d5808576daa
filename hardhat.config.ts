import { createRequire } from 'node:module'
import hardhatToolboxViem from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

export default defineConfig({
  plugins: [hardhatToolboxViem],
  solidity: {
    compilers: [
      {
        version: '0.8.37',
        // The compiler of package-lock.json, so that nothing is downloaded.
        path: createRequire(import.meta.url).resolve('solc/soljson.js'),
        settings: {
          evmVersion: 'osaka',
          viaIR: true,
          optimizer: { enabled: true, runs: 1_000_000 },
        },
      },
    ],
  },
  paths: {
    sources: './contracts',
    tests: { solidity: './test/contracts/solidity' },
  },
})
