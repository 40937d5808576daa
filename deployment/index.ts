export type { ContractName } from './compiled.ts'
export { type Deployer, type DeployOptions, deployMarket, TOKEN_SUPPLY } from './deploy.ts'
export {
  CodeDiffers,
  CodeMissing,
  DeploymentDiffers,
  DeploymentError,
  DeploymentMissing,
  FieldRefused,
  FileIllFormed,
  ImmutableDiffers,
  NotAMarket,
  NotDeployed,
  RuleRefused,
  WrongChain,
} from './errors.ts'
export {
  type Addresses,
  type Deployment,
  deploymentJson,
  deploymentPath,
  readDeployment,
  readRules,
  writeDeployment,
} from './file.ts'
export { checkRules, DEFAULT_RULES, type DeploymentRules, defaultRules, RULE_NAMES, type RuleName } from './rules.ts'
export { saidBy } from './said.ts'
export { type Verified, verifyDeployment } from './verify.ts'
