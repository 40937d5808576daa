import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { Account, type Address, bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { artifacts } from 'hardhat'
import type { Hex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { randomState } from '../helpers/random-states.ts'
import { stepCall } from '../helpers/stepper.ts'
import { walk } from '../helpers/substeps.ts'

const STATES = 50
const GAS_LIMIT = 1_000_000n

let evm: EVM
let stepper: Address

beforeAll(async () => {
  evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }) })
  stepper = createAddressFromString(`0x${'57'.repeat(20)}`)
  const { deployedBytecode } = await artifacts.readArtifact('Stepper')
  await evm.stateManager.putAccount(stepper, new Account())
  await evm.stateManager.putCode(stepper, hexToBytes(deployedBytecode as Hex))
})

describe('another EVM', () => {
  it('gives the same judgements', async () => {
    const random = createRandom(TEST_SEED + 2)
    console.log(`evms: seed ${random.seed}`)
    for (let i = 0; i < STATES; i++) {
      const { core, leaves } = randomState(random)
      for (const { words, judgement } of walk(core, leaves, random).judged) {
        const call = { to: stepper, data: hexToBytes(stepCall(words)), gasLimit: GAS_LIMIT }
        const { execResult } = await evm.runCall(call)
        expect(execResult.exceptionError).toBeUndefined()
        expect(bytesToHex(execResult.returnValue)).toBe(judgement.pre + judgement.post.slice(2))
      }
    }
  })
})
