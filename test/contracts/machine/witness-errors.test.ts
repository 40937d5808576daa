import { beforeAll, describe, test } from 'vitest'
import { stepperAbi } from '../../../protocol/generated/abi.ts'
import { REGION_LEVELS, REGIONS, REGS_BITS } from '../../../spec/index.ts'
import { type Contract, Evm, revertsWith } from '../../helpers/evm.ts'
import { hashOf } from '../../helpers/twins.ts'

const CODE_DEPTH = BigInt(REGIONS[0].depth + REGION_LEVELS)

let evm: Evm
let stepper: Contract<typeof stepperAbi>

beforeAll(async () => {
  evm = await Evm.create()
  stepper = await evm.deploy('Stepper', stepperAbi)
})

/** A witness of a fetch: regs, misc, leaf, bitmap, siblings. */
const step = (regs: bigint, bitmap: bigint, siblings: number) => {
  const words = [regs, 0n, 0n, bitmap, ...Array.from({ length: siblings }, () => 1n)]
  return evm.read(stepper, 'step', [words.map(hashOf)])
}

describe('a witness', () => {
  test('has exactly the words that its state and bitmap ask for', async () => {
    await step(0n, 3n, 2)
    await revertsWith(step(0n, 3n, 1), 'WitnessLength', [5n, 6n])
    await revertsWith(step(0n, 3n, 3), 'WitnessLength', [7n, 6n])
  })

  test('has no sibling beyond the depth of its path', async () => {
    await step(0n, 1n << (CODE_DEPTH - 1n), 1)
    await revertsWith(step(0n, 1n << CODE_DEPTH, 1), 'BitmapBeyondDepth', [1n << CODE_DEPTH, CODE_DEPTH])
  })

  test('has no register bits that no register has', async () => {
    const regs = 1n << BigInt(REGS_BITS)
    await revertsWith(step(regs, 0n, 0), 'RegistersTooWide', [regs])
  })
})
