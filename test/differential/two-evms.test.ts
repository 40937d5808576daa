import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { createAddressFromString } from '@ethereumjs/util'
import { artifacts } from 'hardhat'
import { hexToBytes, toHex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../bench/gas/operations.ts'
import { casesOf } from '../../bench/gas/witnesses.ts'
import type { Node } from '../../interpreter/commit/hash.ts'
import { zeroNode } from '../../interpreter/commit/merkle.ts'
import { judge } from '../../interpreter/machine/step.ts'
import { SolidityStepper, stepCall } from '../helpers/stepper.ts'

const STEPPER = createAddressFromString(`0x${'57'.repeat(20)}`)
const GAS = 10_000_000n

/** What an independent EVM, in JavaScript and not revm, returns or reverts with. */
async function ask(evm: EVM, words: readonly Node[]) {
  const { execResult } = await evm.runCall({ to: STEPPER, data: hexToBytes(stepCall(words)), gasLimit: GAS })
  return { refused: execResult.exceptionError?.error, data: toHex(execResult.returnValue) }
}

describe('two independent EVMs', () => {
  const witnesses = (['dense', 'sparse'] as const)
    .flatMap((density) => OPERATIONS.flatMap((operation) => casesOf(operation, density, zeroNode)))
    .map(({ words }) => words)
  let evm: EVM
  let hardhat: SolidityStepper

  beforeAll(async () => {
    hardhat = await SolidityStepper.create()
    evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }) })
    const { deployedBytecode } = await artifacts.readArtifact('Stepper')
    await evm.stateManager.putCode(STEPPER, hexToBytes(deployedBytecode as `0x${string}`))
  })

  it('agree with each other and with the TypeScript twin on 2,000 judged substeps', async () => {
    expect(witnesses.length).toBeGreaterThanOrEqual(2_000)
    const answers = await hardhat.judge(witnesses)
    for (const [i, words] of witnesses.entries()) {
      const { pre, post } = judge(words)
      expect(answers[i]).toEqual({ pre, post })
      expect(await ask(evm, words)).toEqual({ refused: undefined, data: `${pre}${post.slice(2)}` })
    }
  })

  it('refuse the same malformed witnesses with the same words', async () => {
    for (const words of witnesses.filter((_, i) => i % 10 === 0)) {
      const short = words.slice(0, -1)
      const answer = await ask(evm, short)
      expect(answer.refused).toBe('revert')
      const [inHardhat] = await hardhat.judge([short])
      expect(inHardhat).toEqual({ refused: answer.data.slice(0, 66) })
    }
  })
})
