import { readFileSync } from 'node:fs'
import { hexToBytes } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  byteTreeRoot,
  type Hash,
  judge,
  lowerTask,
  Machine,
  programHeader,
  StateOracle,
  toHex,
} from '../../interpreter/index.ts'
import { stepperAbi } from '../../protocol/generated/abi.ts'
import { MACHINE_VERSION } from '../../spec/index.ts'
import { type Contract, Evm } from '../helpers/evm.ts'

interface Vector {
  readonly task: string
  readonly input: Hash
  readonly programId: Hash
  readonly inputRoot: Hash
  readonly output: Hash
  readonly final: { readonly steps: number; readonly root: Hash; readonly regs: Hash }
  readonly states: readonly { readonly step: number; readonly stateHash: Hash }[]
  readonly substeps: readonly { step: number; substep: number; witness: readonly Hash[]; pre: Hash; post: Hash }[]
}

const file = JSON.parse(readFileSync('spec/vectors.json', 'utf8')) as { machineVersion: number; vectors: Vector[] }

/**
 * Typed by hand. A change of these under the same machine version is a broken machine: whoever made
 * programs for it can no longer be judged.
 */
const PINNED: Record<string, { version: number; programId: Hash; final: Hash }> = {
  nbody: {
    version: 2,
    programId: '0x09d5b84f7880356f4bd12e710e0f804db0c3b7525bef3a9e96b589eb98f0e020',
    final: '0xa99330694ef6fb5309b174ce2bebcecc918a5685cd0cd671df606c32a1617296',
  },
  sha256: {
    version: 2,
    programId: '0x11424a4f927b0e7460246ea4378fefadd858414bb888f3d9f58c00e058486f7a',
    final: '0xc66a38785a006ff016a1b4b95703f451c61fb615c6b98efd71aada49505caf77',
  },
  scrypt: {
    version: 2,
    programId: '0x8a8d871131c0f4ddab1fe4024e59a4c60c992584e6313d9b25ed957243686f78',
    final: '0x2204f06e252851dac108971d6ca985cd36b621289f27aba54189431e6285e383',
  },
}

describe('spec/vectors.json', () => {
  let stepper: Contract<typeof stepperAbi>
  let evm: Evm

  beforeAll(async () => {
    evm = await Evm.create()
    stepper = await evm.deploy('Stepper', stepperAbi)
  })

  it('pins this version of the machine', () => {
    for (const { task, programId, states } of file.vectors) {
      expect({ version: file.machineVersion, programId, final: states.at(-1)?.stateHash }).toEqual(PINNED[task])
    }
    expect(file.machineVersion).toBe(MACHINE_VERSION)
  })

  it.each(file.vectors)('$task: the machine reaches every state of it', (vector) => {
    const program = lowerTask(readFileSync(`wasm-tasks/build/${vector.task}.wasm`))
    expect(programHeader(program).programId).toBe(vector.programId)
    const input = hexToBytes(vector.input)
    expect(toHex(byteTreeRoot(input))).toBe(vector.inputRoot)
    const machine = new Machine(program, input)
    for (const { step, stateHash } of vector.states) {
      machine.runTo(step)
      expect(machine.stateHash()).toBe(stateHash)
    }
    const trace = new StateOracle(program, input, 10 ** 8)
    expect(toHex(trace.output)).toBe(vector.output)
    expect(toHex(trace.final.root)).toBe(vector.final.root)
    expect(trace.final.steps).toBe(vector.final.steps)
  })

  it.each(file.vectors)('$task: twelve substeps, judged alike here and in the EVM', async (vector) => {
    expect(vector.substeps).toHaveLength(12)
    for (const { witness, pre, post } of vector.substeps) {
      expect(judge(witness.map((word) => hexToBytes(word)))).toEqual({ pre, post })
      expect(await evm.read(stepper, 'step', [witness])).toEqual([pre, post])
    }
  })
})
