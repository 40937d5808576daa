import type { Address, Hex } from 'viem'
import type { ContractName } from './compiled.ts'

/** Something about a deployment is wrong; the class says what, the fields where. */
export class DeploymentError extends Error {
  override readonly name: string = 'DeploymentError'
}

/** The file that names a deployment is not there. */
export class DeploymentMissing extends DeploymentError {
  override readonly name = 'DeploymentMissing'
  readonly path: string
  constructor(path: string) {
    super(`${path} is missing: no deployment is known there`)
    this.path = path
  }
}

/** A file is there, but cannot be read, or is no JSON. */
export class FileIllFormed extends DeploymentError {
  override readonly name = 'FileIllFormed'
  readonly path: string
  constructor(path: string, cause: unknown) {
    super(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.path = path
  }
}

/** A field of a file is missing, is unknown, or has a value that it cannot have. */
export class FieldRefused extends DeploymentError {
  override readonly name = 'FieldRefused'
  readonly path: string
  readonly field: string
  constructor(path: string, field: string, problem: string) {
    super(`${path}: ${field} ${problem}`)
    this.path = path
    this.field = field
  }
}

/** A rule has a value that no market takes. */
export class RuleRefused extends DeploymentError {
  override readonly name = 'RuleRefused'
  readonly rule: string
  readonly value: bigint
  constructor(rule: string, value: bigint, wanted: string) {
    super(`${rule} is ${value}: ${wanted}`)
    this.rule = rule
    this.value = value
  }
}

/** The deployment is on another chain than the node. */
export class WrongChain extends DeploymentError {
  override readonly name = 'WrongChain'
  readonly expected: number
  readonly actual: number
  constructor(where: string, expected: number, actual: number) {
    super(`${where} is for chain ${expected}, the node is on chain ${actual}`)
    this.expected = expected
    this.actual = actual
  }
}

/** A contract that was sent is not there. */
export class NotDeployed extends DeploymentError {
  override readonly name = 'NotDeployed'
  readonly contract: ContractName
  readonly hash: Hex
  constructor(contract: ContractName, hash: Hex) {
    super(`${contract} was not deployed: transaction ${hash} reverted`)
    this.contract = contract
    this.hash = hash
  }
}

/** Nothing lies at the address. */
export class CodeMissing extends DeploymentError {
  override readonly name = 'CodeMissing'
  readonly contract: string
  readonly address: Address
  constructor(contract: string, address: Address) {
    super(`there is no contract at ${address}, which should be ${contract}`)
    this.contract = contract
    this.address = address
  }
}

/** What lies at the address is not the contract as this version compiles it. */
export class CodeDiffers extends DeploymentError {
  override readonly name = 'CodeDiffers'
  readonly contract: ContractName
  readonly address: Address
  readonly byte: number
  constructor(contract: ContractName, address: Address, byte: number) {
    super(`${address} is not ${contract} as this version compiles it: byte ${byte} of the code differs`)
    this.contract = contract
    this.address = address
    this.byte = byte
  }
}

/** The contract was made with another value than it says. */
export class ImmutableDiffers extends DeploymentError {
  override readonly name = 'ImmutableDiffers'
  readonly contract: ContractName
  readonly immutable: string
  readonly expected: Hex
  readonly actual: Hex
  constructor(contract: ContractName, immutable: string, expected: Hex, actual: Hex) {
    super(`${immutable} of ${contract} is ${actual}, wanted ${expected}`)
    this.contract = contract
    this.immutable = immutable
    this.expected = expected
    this.actual = actual
  }
}

/** The contracts say something else than the deployment. */
export class DeploymentDiffers extends DeploymentError {
  override readonly name = 'DeploymentDiffers'
  readonly field: string
  readonly expected: string
  readonly actual: string
  constructor(field: string, expected: string, actual: string) {
    super(`${field} is ${actual} on the chain, the deployment says ${expected}`)
    this.field = field
    this.expected = expected
    this.actual = actual
  }
}

/** The address answers none of the questions that a market answers. */
export class NotAMarket extends DeploymentError {
  override readonly name = 'NotAMarket'
  readonly address: Address
  constructor(address: Address, cause: unknown) {
    super(`${address} does not answer as a market does`, { cause })
    this.address = address
  }
}
