import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Address } from 'viem'
import { DeploymentMissing, FieldRefused, RuleRefused, WrongChain } from './errors.ts'
import { JsonObject, readText } from './json.ts'
import { checkRules, type DeploymentRules, defaultRules, RULE_NAMES } from './rules.ts'

const ADDRESS_NAMES = ['market', 'games', 'vault', 'registry', 'token', 'stepper'] as const

export type Addresses = Readonly<Record<(typeof ADDRESS_NAMES)[number], Address>>

/** A market and all that it is built on. */
export interface Deployment {
  readonly chainId: number
  /** Nothing of it happened before this block. */
  readonly block: bigint
  readonly addresses: Addresses
  readonly rules: DeploymentRules
}

/** Where the deployment on a chain is kept, below the current folder, unless somebody says otherwise. */
export const deploymentPath = (chainId: number): string => join('deployments', `${chainId}.json`)

/**
 * The deployment that a file names, for a node on chain `chainId`.
 * @throws DeploymentMissing, FileIllFormed, FieldRefused, WrongChain
 */
export function readDeployment(path: string, chainId: number): Deployment {
  if (!existsSync(path)) throw new DeploymentMissing(path)
  const file = JsonObject.parse(path, readText(path)).only(['chainId', 'block', 'addresses', 'rules'])
  const found = Number(file.whole('chainId'))
  if (found !== chainId) throw new WrongChain(path, found, chainId)
  const addresses = file.object('addresses').only(ADDRESS_NAMES)
  const rules = file.object('rules').only(RULE_NAMES)
  return {
    chainId,
    block: file.whole('block'),
    addresses: byName(ADDRESS_NAMES, (name) => addresses.address(name)),
    rules: checked(
      path,
      byName(RULE_NAMES, (name) => rules.whole(name)),
    ),
  }
}

/** Writes the file, and its folder if need be. */
export function writeDeployment(path: string, deployment: Deployment): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(deploymentJson(deployment), null, 2)}\n`)
}

/** A deployment as its file has it. */
export const deploymentJson = ({
  chainId,
  block,
  addresses,
  rules,
}: Deployment): Readonly<Record<string, unknown>> => ({
  chainId,
  block: jsonNumber(block),
  addresses,
  rules: byName(RULE_NAMES, (name) => jsonNumber(rules[name])),
})

/**
 * Rules from a file of those that differ from the defaults.
 * @param arity in place of that of the file
 * @throws FileIllFormed, FieldRefused
 */
export function readRules(path: string, arity?: bigint): DeploymentRules {
  const file = JsonObject.parse(path, readText(path)).only(RULE_NAMES)
  const names = RULE_NAMES.filter((name) => file.has(name))
  const given: Partial<DeploymentRules> = Object.fromEntries(names.map((name) => [name, file.whole(name)]))
  const wanted = arity ?? given.arity
  return checked(path, { ...defaultRules(wanted), ...given, ...(wanted !== undefined && { arity: wanted }) })
}

const byName = <K extends string, V>(names: readonly K[], read: (name: K) => V): Record<K, V> =>
  Object.fromEntries(names.map((name) => [name, read(name)])) as Record<K, V>

function checked(path: string, rules: DeploymentRules): DeploymentRules {
  try {
    checkRules(rules)
    return rules
  } catch (error) {
    throw error instanceof RuleRefused ? new FieldRefused(path, 'rules', error.message) : error
  }
}

/** Digits in quotes where JSON's numbers are not exact. */
const jsonNumber = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value)
