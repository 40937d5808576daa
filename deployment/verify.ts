import {
  type Address,
  domainSeparator,
  type Hex,
  isAddressEqual,
  keccak256,
  type PublicClient,
  stringToHex,
} from 'viem'
import { checkCode, type Immutables, isCodeOf, shortString, word } from './code.ts'
import type { ContractName } from './compiled.ts'
import { CodeMissing, DeploymentDiffers, WrongChain } from './errors.ts'
import type { Deployment } from './file.ts'
import { RULE_NAMES } from './rules.ts'
import { saidBy } from './said.ts'

/** What was found out about a contract of a deployment. */
export interface Verified {
  readonly contract: ContractName
  readonly address: Address
  /** Bytes of its code. */
  readonly bytes: number
  /** `foreign`: a token of somebody else's, which is not judged. */
  readonly code: 'verified' | 'foreign'
}

/** Name and version in the permits of SubstepToken. */
const TOKEN_DOMAIN = { name: 'Substep', version: '1' } as const

const CONTRACTS = [
  ['TaskMarket', 'market'],
  ['Games', 'games'],
  ['StakeVault', 'vault'],
  ['ProgramRegistry', 'registry'],
  ['SubstepToken', 'token'],
  ['Stepper', 'stepper'],
] as const

/**
 * Checks that what lies on the chain is what this version compiles, with the values that the deployment says: first
 * what the contracts say of themselves, then their code, byte by byte.
 * @throws WrongChain, CodeMissing, NotAMarket, DeploymentDiffers, CodeDiffers, ImmutableDiffers
 */
export async function verifyDeployment(client: PublicClient, deployment: Deployment): Promise<readonly Verified[]> {
  const chainId = await client.getChainId()
  if (chainId !== deployment.chainId) throw new WrongChain('the deployment', deployment.chainId, chainId)
  const codes = await Promise.all(
    CONTRACTS.map(([contract, name]) => codeAt(client, contract, deployment.addresses[name])),
  )
  compare(deployment, await saidBy(client, deployment.addresses.market))
  return CONTRACTS.map(([contract, name], i) => {
    const [address, code] = [deployment.addresses[name], codes[i]!]
    const isForeign = contract === 'SubstepToken' && !isCodeOf(contract, code)
    if (!isForeign) checkCode(contract, address, code, immutablesOf(contract, deployment))
    return { contract, address, bytes: code.length / 2 - 1, code: isForeign ? 'foreign' : 'verified' }
  })
}

async function codeAt(client: PublicClient, contract: ContractName, address: Address): Promise<Hex> {
  const code = await client.getCode({ address })
  if (code === undefined) throw new CodeMissing(contract, address)
  return code
}

/** @throws DeploymentDiffers */
function compare(deployment: Deployment, said: Omit<Deployment, 'block'>): void {
  for (const [, name] of CONTRACTS) {
    const [expected, actual] = [deployment.addresses[name], said.addresses[name]]
    if (!isAddressEqual(expected, actual)) throw new DeploymentDiffers(`addresses.${name}`, expected, actual)
  }
  for (const name of RULE_NAMES) {
    const [expected, actual] = [deployment.rules[name], said.rules[name]]
    if (expected !== actual) throw new DeploymentDiffers(`rules.${name}`, `${expected}`, `${actual}`)
  }
}

/** What the immutables of a contract have to be. */
function immutablesOf(contract: ContractName, deployment: Deployment): Immutables {
  const { addresses, rules } = deployment
  switch (contract) {
    case 'TaskMarket':
      return {
        ...Object.fromEntries(RULE_NAMES.map((name) => [constantName(name), word(rules[name])])),
        GAMES: word(addresses.games),
        VAULT: word(addresses.vault),
        REGISTRY: word(addresses.registry),
      }
    case 'Games':
      return {
        STEPPER: word(addresses.stepper),
        ARITY: word(rules.arity),
        ARENA: word(addresses.market),
        OPERATORS: word(addresses.vault),
      }
    case 'StakeVault':
      return {
        TOKEN: word(addresses.token),
        MARKET: word(addresses.market),
        UNBONDING_TIME: word(rules.unbondingTime),
      }
    case 'SubstepToken':
      return tokenImmutables(deployment)
    default:
      return {}
  }
}

/** camelCase as Solidity writes its constants. */
const constantName = (name: string): string => name.replace(/[A-Z]/g, '_$&').toUpperCase()

/** OpenZeppelin keeps what is needed of EIP-712. */
function tokenImmutables({ chainId, addresses: { token } }: Deployment): Immutables {
  const { name, version } = TOKEN_DOMAIN
  return {
    _cachedChainId: word(BigInt(chainId)),
    _cachedDomainSeparator: domainSeparator({ domain: { ...TOKEN_DOMAIN, chainId, verifyingContract: token } }),
    _cachedThis: word(token),
    _hashedName: keccak256(stringToHex(name)),
    _hashedVersion: keccak256(stringToHex(version)),
    _name: shortString(name),
    _version: shortString(version),
  }
}
