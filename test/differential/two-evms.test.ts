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
import { trapOf } from '../../interpreter/machine/trap.ts'
import { ALU_ROWS, CONTROL, STATUS, SUBSTEP, UNIT } from '../../spec/index.ts'
import { drawFloatSample, floatCases, readFloatSample } from '../helpers/float-vectors.ts'
import { createRandom, type Random, TEST_SEED } from '../helpers/random.ts'
import { randomState } from '../helpers/random-states.ts'
import { SolidityStepper, stepCall } from '../helpers/stepper.ts'
import { coreAt, type Judged, walk, walkInstruction } from '../helpers/substeps.ts'

const STEPPER = createAddressFromString(`0x${'57'.repeat(20)}`)
const GAS = 10_000_000n
const RANDOM_SUBSTEPS = 5_000
const FLOAT_VECTORS = 1_000

/** What an independent EVM, in JavaScript and not revm, returns or reverts with. */
async function ask(evm: EVM, words: readonly Node[]) {
  const { execResult } = await evm.runCall({ to: STEPPER, data: hexToBytes(stepCall(words)), gasLimit: GAS })
  return { refused: execResult.exceptionError?.error, data: toHex(execResult.returnValue) }
}

/** Where the EVM's words and the machine's differ in sign and width, and where division has no result. */
const EDGES: readonly (readonly [a: bigint, b: bigint])[] = [
  [0n, 0n],
  [7n, 0n],
  [2n ** 31n, 2n ** 32n - 1n],
  [2n ** 63n, 2n ** 64n - 1n],
  [2n ** 128n - 1n, 2n ** 64n],
]

/** Substep 7 of an ALU operation. */
function execution(alu: number, a: bigint, b: bigint, random: Random): Judged {
  const word = { alu, control: CONTROL.NEXT, unit: UNIT.WRITE, a: 3, b: 2, c: 1, result: 3, delta: -2 }
  return walkInstruction({ word, a, b }, random).judged[SUBSTEP.EXECUTE] as Judged
}

/** Every ALU operation at the edges. */
const edgeSubsteps = (random: Random): Judged[] =>
  ALU_ROWS.flatMap(({ code }) => EDGES.map(([a, b]) => execution(code, a, b, random)))

/** Substeps of random states: addresses out of bounds, words that are none, steps in flight, stopped machines. */
function randomSubsteps(random: Random): Judged[] {
  const judged: Judged[] = [...walk(coreAt({ status: STATUS.TRAPPED }), () => zeroNode(0), random).judged]
  while (judged.length < RANDOM_SUBSTEPS) {
    const { core, leaves } = randomState(random)
    judged.push(...walk(core, leaves, random).judged)
  }
  return judged
}

describe('two independent EVMs', () => {
  const witnesses = (['dense', 'sparse'] as const)
    .flatMap((density) => OPERATIONS.flatMap((operation) => casesOf(operation, density, zeroNode)))
    .map(({ words }) => words)
  let evm: EVM
  let hardhat: SolidityStepper

  beforeAll(async () => {
    console.log(`two EVMs: seed ${TEST_SEED}`)
    hardhat = await SolidityStepper.create()
    evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }) })
    const { deployedBytecode } = await artifacts.readArtifact('Stepper')
    await evm.stateManager.putCode(STEPPER, hexToBytes(deployedBytecode as `0x${string}`))
  })

  /** Asserts that both EVMs answer as TypeScript did. */
  async function agree(judged: readonly Pick<Judged, 'words' | 'judgement'>[]): Promise<void> {
    const answers = await hardhat.judge(judged.map(({ words }) => words))
    for (const [i, { words, judgement }] of judged.entries()) {
      const { pre, post } = judgement
      expect(answers[i]).toEqual(judgement)
      expect(await ask(evm, words)).toEqual({ refused: undefined, data: `${pre}${post.slice(2)}` })
    }
  }

  it('agree with each other and with the TypeScript twin on the 5,000 judged substeps whose gas is measured', async () => {
    expect(witnesses.length).toBeGreaterThanOrEqual(5_000)
    await agree(witnesses.map((words) => ({ words, judgement: judge(words) })))
  })

  it('agree on every ALU operation at the edges of its operands', async () => {
    const judged = edgeSubsteps(createRandom(TEST_SEED))
    const traps = new Set(judged.map(({ after }) => Number(trapOf(after.core.misc))))
    expect([...traps].sort()).toEqual([0, 2, 3, 4, 5, 7])
    await agree(judged)
  })

  it(`agree on ${FLOAT_VECTORS} IEEE vectors, and the result is theirs`, async () => {
    const random = createRandom(TEST_SEED)
    const cases = drawFloatSample(readFloatSample(), FLOAT_VECTORS).flatMap(floatCases)
    expect(cases.length).toBeGreaterThan(FLOAT_VECTORS / 2)
    const judged = cases.map(({ row, a, b }) => execution(row.code, a, b, random))
    cases.forEach(({ r, trap }, i) => {
      const { misc, r: result } = (judged[i] as Judged).after.core
      expect({ r: trap === 0 ? result : 0n, trap: Number(trapOf(misc)) }).toEqual({ r, trap })
    })
    await agree(judged)
  })

  it(`agree on ${RANDOM_SUBSTEPS} substeps of random states`, async () => {
    const judged = randomSubsteps(createRandom(TEST_SEED))
    expect(new Set(judged.map(({ n }) => n)).size).toBe(13)
    await agree(judged)
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
