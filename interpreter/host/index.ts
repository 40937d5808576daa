export { runtimeWasm } from './generated/runtime.ts'
