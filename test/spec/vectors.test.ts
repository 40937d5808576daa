import { readFileSync } from 'node:fs'
import { hexToBytes } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  byteTreeRoot,
  ExecutionTrace,
  type Hash,
  judge,
  lowerTask,
  Machine,
  programHeader,
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
  sha256: {
    version: 1,
    programId: '0x10615f32857d638e234165accfbd617cb4c6fe0cc6d427310cfb6e2e88e1858b',
    final: '0x8e9109d05b7e182628321557b57024fdf78276f1abde61da4b2e62cf84baff9e',
  },
  scrypt: {
    version: 1,
    programId: '0x76404257a53c5a8045d3b32c31b34716e4de7ac8973e6bf61f6fe9350f0ec1d3',
    final: '0x8f71b1b379b55cb77cb4604388c912c9f3916592962ffe98648bc536dbf98f71',
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
    const trace = new ExecutionTrace(program, input, 10 ** 8)
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
