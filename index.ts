/**
 * The library: the machine, the game as `protocol`, what a dapp needs as `client`, the replay of disputes as `auditor`, and
 * the numbers of the definition that their users need.
 */
export * as auditor from './auditor/index.ts'
export * as client from './client/index.ts'
export * from './interpreter/index.ts'
export * as protocol from './protocol/index.ts'
export {
  ALU,
  CONTROL,
  MACHINE_VERSION,
  MAX_BYTES,
  MAX_PAGES,
  REGION,
  REGIONS,
  STACK_LIMIT,
  STATUS,
  SUBSTEPS,
  TASK_IMPORTS,
  TASK_MAIN,
  TASK_MODULE,
  TRAP,
  TRAP_NAMES,
  UNIT,
} from './spec/index.ts'
