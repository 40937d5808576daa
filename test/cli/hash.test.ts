import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { byteTreeRoot, lowerTask, Machine, programIdOf, toHex, unpackRegisters } from '../../interpreter/index.ts'
import { REGIONS } from '../../spec/index.ts'
import { ROOT, substep } from '../helpers/command.ts'

const TASK = join(ROOT, 'wasm-tasks/build/sha256.wasm')

interface HashReport {
  readonly programId: string
  readonly inputRoot: string
  readonly initialStateHash: string
  readonly startRegisters: string
  readonly regionRoots: Readonly<Record<string, string>>
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))

describe('hash', () => {
  const program = lowerTask(new Uint8Array(readFileSync(TASK)))

  it('gives the words that the program id is the hash of', async () => {
    const report = JSON.parse((await substep(['hash', TASK, '--json'])).stdout) as HashReport
    const roots = REGIONS.map(({ name }) => bytes(report.regionRoots[name] ?? ''))
    expect(programIdOf(roots, BigInt(report.startRegisters))).toBe(report.programId)
    expect(unpackRegisters(BigInt(report.startRegisters))).toEqual({
      steps: 0n,
      pc: 0,
      sp: 0,
      pages: program.pages,
      status: 0,
      exit: 0,
    })
  })

  it('puts the input into the initial state, not into the program', async () => {
    const input = new TextEncoder().encode('abc')
    const { stdout, code } = await substep(['hash', TASK, '--json', '--input', '-'], input)
    const [with_, without] = [stdout, (await substep(['hash', TASK, '--json'])).stdout].map(
      (text) => JSON.parse(text) as HashReport,
    )
    expect(with_?.inputRoot).toBe(toHex(byteTreeRoot(input)))
    expect(with_?.initialStateHash).toBe(new Machine(program, input).stateHash())
    expect(without?.initialStateHash).toBe(new Machine(program, new Uint8Array(0)).stateHash())
    expect(with_?.programId).toBe(without?.programId)
    expect(code).toBe(0)
  })

  it('shows the same to people', async () => {
    const json = JSON.parse((await substep(['hash', TASK, '--json'])).stdout) as HashReport
    const { stdout } = await substep(['hash', TASK])
    const { programId, inputRoot, initialStateHash, startRegisters, regionRoots } = json
    const expected = [programId, inputRoot, initialStateHash, startRegisters, ...Object.values(regionRoots)]
    expect(stdout.match(/0x[0-9a-f]{64}/g)).toEqual(expected)
  })
})
