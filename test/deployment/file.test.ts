import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, describe, expect, it } from 'vitest'
import { DeploymentMissing, FieldRefused, FileIllFormed, WrongChain } from '../../deployment/errors.ts'
import { type Deployment, deploymentPath, readDeployment, writeDeployment } from '../../deployment/file.ts'
import { DEFAULT_RULES } from '../../deployment/rules.ts'
import { folder } from '../helpers/command.ts'

const files = folder()
afterAll(() => files.remove())

const CHAIN = 31337
const address = (digit: string): Address => `0x${digit.repeat(40)}`
const DEPLOYMENT: Deployment = {
  chainId: CHAIN,
  block: 12n,
  addresses: {
    market: address('1'),
    games: address('2'),
    vault: address('3'),
    registry: address('4'),
    token: address('5'),
    stepper: address('6'),
  },
  rules: DEFAULT_RULES,
}

type Json = Record<string, unknown>

/** The path of a file of the deployment after a change. */
function changed(change: (file: Json & { addresses: Json; rules: Json }) => unknown): string {
  const path = files.path('deployment.json')
  writeDeployment(path, DEPLOYMENT)
  const file = JSON.parse(readFileSync(path, 'utf8'))
  return files.write('changed.json', JSON.stringify(change(file) ?? file))
}

describe('readDeployment', () => {
  it('reads what writeDeployment wrote, in a folder that was not there', () => {
    const path = files.path(deploymentPath(CHAIN))
    expect(path.endsWith(join('deployments', '31337.json'))).toBe(true)
    writeDeployment(path, DEPLOYMENT)
    expect(readDeployment(path, CHAIN)).toEqual(DEPLOYMENT)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      block: 12,
      rules: { challenge: 86_400, bond: '1000000000000000000000' },
    })
  })

  it('refuses a file for another chain', () => {
    const path = changed(() => undefined)
    expect(() => readDeployment(path, 1)).toThrow(WrongChain)
    expect(() => readDeployment(path, 1)).toThrow(`${path} is for chain 31337, the node is on chain 1`)
  })

  it('refuses a file that is missing, a folder, or no JSON', () => {
    const missing = files.path('missing.json')
    expect(() => readDeployment(missing, CHAIN)).toThrow(DeploymentMissing)
    expect(() => readDeployment(missing, CHAIN)).toThrow(missing)
    expect(() => readDeployment(files.path('.'), CHAIN)).toThrow(FileIllFormed)
    expect(() => readDeployment(files.write('bad.json', 'market'), CHAIN)).toThrow(FileIllFormed)
  })

  const cases: [Parameters<typeof changed>[0], string][] = [
    [(file) => ({ ...file, chainId: undefined }), 'chainId is missing'],
    [(file) => ({ ...file, block: 'first' }), 'block is "first", no whole number'],
    [(file) => ({ ...file, owner: 1 }), 'owner is unknown'],
    [(file) => ({ ...file, addresses: [] }), 'addresses is no object'],
    [(file) => ({ ...file, rules: undefined }), 'rules is missing'],
    [
      ({ addresses, ...file }) => ({ ...file, addresses: { ...addresses, vault: '0x12' } }),
      'addresses.vault is "0x12"',
    ],
    [
      ({ addresses, ...file }) => ({ ...file, addresses: { ...addresses, games: undefined } }),
      'addresses.games is missing',
    ],
    [({ rules, ...file }) => ({ ...file, rules: { ...rules, speed: undefined } }), 'rules.speed is missing'],
    [({ rules, ...file }) => ({ ...file, rules: { ...rules, haste: 1 } }), 'rules.haste is unknown'],
    [({ rules, ...file }) => ({ ...file, rules: { ...rules, arity: 1 } }), 'rules arity is 1: it must be 2 to 32'],
  ]
  it.each(cases.map(([change, problem]) => ({ change, problem })))(
    'names file and field: $problem',
    ({ change, problem }) => {
      const path = changed(change)
      expect(() => readDeployment(path, CHAIN)).toThrow(FieldRefused)
      expect(() => readDeployment(path, CHAIN)).toThrow(`${path}: ${problem}`)
    },
  )
})
