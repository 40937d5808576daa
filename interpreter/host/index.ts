export { taskAbiWasm } from './generated/task-abi.ts'
