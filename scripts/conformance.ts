// Runs the official WebAssembly suite through an engine: `npm run conformance -- --engine interpreter|stepper|v8`.
import { main } from '../test/conformance/main.ts'
import { compileContracts } from './demo/contracts.ts'

process.exitCode = await main(process.argv.slice(2), () => compileContracts((line) => console.error(line)))
