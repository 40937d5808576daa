import { type Address, type Hex, parseEther } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deployMarket, TOKEN_SUPPLY } from '../../deployment/deploy.ts'
import {
  CodeDiffers,
  CodeMissing,
  DeploymentDiffers,
  ImmutableDiffers,
  NotAMarket,
  RuleRefused,
  WrongChain,
} from '../../deployment/errors.ts'
import type { Addresses, Deployment } from '../../deployment/file.ts'
import { COMPILED } from '../../deployment/generated/bytecode.ts'
import { DEFAULT_RULES, RULE_NAMES } from '../../deployment/rules.ts'
import { verifyDeployment } from '../../deployment/verify.ts'
import { tokenAbi } from '../../protocol/generated/abi.ts'
import { type EmbeddedChain, embeddedChain } from '../helpers/embedded-chain.ts'

let chain: EmbeddedChain
let deployment: Deployment
let clean: Hex

beforeAll(async () => {
  chain = await embeddedChain()
  deployment = await deployMarket(await chain.signer('deployer'), chain.client)
  clean = await chain.control.snapshot()
})
afterAll(() => chain?.close())

beforeEach(async () => {
  await chain.control.revert({ id: clean })
  clean = await chain.control.snapshot()
})

const verify = (change: Partial<Deployment> = {}) => verifyDeployment(chain.client, { ...deployment, ...change })

/** Changes one hex digit of the code at an address. */
async function tamper(name: keyof Addresses, at: number): Promise<void> {
  const address = deployment.addresses[name]
  const code = await chain.client.getCode({ address })
  const digits = [...(code ?? '')]
  digits[2 + 2 * at] = digits[2 + 2 * at] === '7' ? '8' : '7'
  await chain.control.setCode({ address, bytecode: digits.join('') as Hex })
}

describe('deployMarket', () => {
  it('gives the whole supply of a new token to the deployer', async () => {
    const [token, { account }] = [deployment.addresses.token, await chain.signer('deployer')]
    const asked = { address: token, abi: tokenAbi, functionName: 'balanceOf', args: [account.address] } as const
    expect(await chain.client.readContract(asked)).toBe(TOKEN_SUPPLY)
  })

  it('names the first block in which anything of it can be', async () => {
    const { addresses, block } = deployment
    for (const address of Object.values(addresses)) {
      expect(await chain.client.getCode({ address, blockNumber: block - 1n })).toBeUndefined()
    }
    expect(await chain.client.getCode({ address: addresses.stepper, blockNumber: block })).toBeDefined()
  })

  it('sends nothing for rules that no market takes, or a token that is not there', async () => {
    const signer = await chain.signer('careless')
    const rules = { ...DEFAULT_RULES, bond: 1n }
    await expect(deployMarket(signer, chain.client, { rules })).rejects.toThrow(RuleRefused)
    const token = signer.account.address
    await expect(deployMarket(signer, chain.client, { token })).rejects.toThrow(CodeMissing)
    expect(await chain.client.getBalance({ address: token })).toBe(parseEther('100'))
  })
})

describe('verifyDeployment', () => {
  it('finds the code of all six contracts as it was compiled', async () => {
    const found = await verify()
    expect(found.map(({ contract, code, bytes }) => [contract, code, bytes])).toEqual(
      found.map(({ contract }) => [contract, 'verified', COMPILED[contract].runtime.length / 2 - 1]),
    )
    expect(found.map(({ contract }) => contract).sort()).toEqual(Object.keys(COMPILED).sort())
  })

  it('does not judge a token that was given', async () => {
    const token = deployment.addresses.registry
    const other = await deployMarket(await chain.signer('deployer'), chain.client, { token })
    const found = await verifyDeployment(chain.client, other)
    expect(found.filter(({ code }) => code === 'foreign')).toMatchObject([{ contract: 'SubstepToken', address: token }])
  })

  it('refuses another chain', async () => {
    await expect(verify({ chainId: 1 })).rejects.toThrow(WrongChain)
  })

  it.each(['market', 'games', 'vault', 'registry', 'token', 'stepper'] as const)(
    'refuses %s where there is no contract, or another one',
    async (name) => {
      const addresses = (address: Address) => ({ addresses: { ...deployment.addresses, [name]: address } })
      await expect(verify(addresses(`0x${'12'.repeat(20)}`))).rejects.toThrow(CodeMissing)
      const other = deployment.addresses[name === 'registry' ? 'stepper' : 'registry']
      await expect(verify(addresses(other))).rejects.toThrow(name === 'market' ? NotAMarket : DeploymentDiffers)
    },
  )

  it.each(RULE_NAMES)('refuses another %s than the contracts have', async (name) => {
    const rules = { ...deployment.rules, [name]: deployment.rules[name] + 1n }
    await expect(verify({ rules })).rejects.toThrow(DeploymentDiffers)
    await expect(verify({ rules })).rejects.toThrow(`rules.${name} is ${deployment.rules[name]} on the chain`)
  })

  it.each(['market', 'games', 'vault', 'registry', 'stepper'] as const)(
    'refuses %s with one byte changed',
    async (name) => {
      const code = await chain.client.getCode({ address: deployment.addresses[name] })
      // In the compiler's notes at the end: what the contract does stays the same.
      const byte = (code?.length ?? 0) / 2 - 20
      await tamper(name, byte)
      await expect(verify()).rejects.toThrow(CodeDiffers)
      await expect(verify()).rejects.toMatchObject({ byte })
    },
  )

  it("counts a token with one byte changed as somebody else's", async () => {
    await tamper('token', 100)
    const found = await verify()
    expect(found.filter(({ code }) => code === 'foreign')).toMatchObject([{ contract: 'SubstepToken' }])
  })

  const immutables = (['TaskMarket', 'Games', 'StakeVault', 'SubstepToken'] as const).flatMap((contract) =>
    Object.entries(COMPILED[contract].immutables).map(([name, places]) => [name, contract, places.at(-1)!] as const),
  )
  const ADDRESS_OF = { TaskMarket: 'market', Games: 'games', StakeVault: 'vault', SubstepToken: 'token' } as const

  it.each(immutables)('refuses %s of %s where one of its places holds another value', async (name, contract, place) => {
    await tamper(ADDRESS_OF[contract], place)
    const refused = verify()
    await expect(refused).rejects.toThrow()
    const error = await refused.catch((reason: unknown) => reason)
    // The last place may be the one that the getter reads; then the contract itself says so.
    if (error instanceof ImmutableDiffers) expect(error).toMatchObject({ contract, immutable: name })
    else expect(error instanceof DeploymentDiffers || error instanceof NotAMarket).toBe(true)
  })
})
