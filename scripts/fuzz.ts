// Random modules through V8, the interpreter, the native tier, the machine's definition and the Solidity stepper, which have to agree.
import { main } from '../test/differential/fuzz/main.ts'
import { compileContracts } from './demo/contracts.ts'

process.exitCode = await main(process.argv.slice(2), () => compileContracts((line) => console.error(line)))
