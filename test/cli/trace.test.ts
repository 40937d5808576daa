import { afterAll, describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../interpreter/index.ts'
import { folder, substep } from '../helpers/command.ts'
import { dividing, endless, nothing } from '../helpers/small-tasks.ts'

interface Line {
  readonly step: number
  readonly stateHash: string
  readonly status: string
  readonly exitCode: number | null
  readonly trap: string | null
  readonly at: { readonly pc: number; readonly instruction: string } | null
}

const files = folder()
afterAll(() => files.remove())

async function trace(wasm: Uint8Array, from: number, to: number): Promise<Line[]> {
  const file = files.write('task.wasm', wasm)
  const { stdout } = await substep(['trace', file, '--from', `${from}`, '--to', `${to}`, '--json'])
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

describe('trace', () => {
  it('gives the state hash of every step of the range, both ends included', async () => {
    const machine = new Machine(lowerTask(dividing()), new Uint8Array(0))
    const lines = await trace(dividing(), 3, 20)
    machine.runTo(3)
    for (const { step, stateHash, status, at } of lines) {
      const { pc } = machine.registers
      expect({ step, stateHash, status, pc: at?.pc }).toEqual({
        step: machine.steps,
        stateHash: machine.stateHash(),
        status: 'running',
        pc,
      })
      machine.step()
    }
    expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, i) => 3 + i))
  })

  it.each(['native', 'interpreter'])('gives the same far from the start, with --tier %s', async (tier) => {
    const [from, to] = [3_000_001, 3_001_500]
    const machine = new Machine(lowerTask(endless()), new Uint8Array(0))
    const file = files.write('endless.wasm', endless())
    const { stdout } = await substep(['trace', file, '--from', `${from}`, '--to', `${to}`, '--tier', tier])
    const lines = stdout.trimEnd().split('\n')
    const expected = [...machine.trace(from, to)].map(({ step, stateHash }) => `${step}  ${stateHash}`)
    expect(lines.map((line) => line.split('  ').slice(0, 2).join('  '))).toEqual(expected)
  })

  it('ends with the state that trapped', async () => {
    const lines = await trace(dividing(), 0, 1_000_000)
    expect(lines.at(-2)).toMatchObject({ status: 'running', trap: null, at: { instruction: 'i32.div_u' } })
    expect(lines.at(-1)).toMatchObject({ status: 'trapped', trap: 'integer divide by zero', exitCode: null })
  })

  it('ends with the state that halted', async () => {
    const lines = await trace(nothing(), 0, 1_000_000)
    expect(lines.at(-1)).toMatchObject({ status: 'halted', exitCode: 0, at: null })
    expect(lines.slice(0, -1).every(({ status }) => status === 'running')).toBe(true)
  })

  it('shows the same to people, one line for each step', async () => {
    const lines = await trace(dividing(), 0, 1000)
    const { stdout, code } = await substep(['trace', files.path('task.wasm'), '--from', '0', '--to', '1000'])
    const shown = stdout.trimEnd().split('\n')
    expect(shown).toHaveLength(lines.length)
    for (const [i, { step, stateHash }] of lines.entries()) expect(shown[i]).toContain(`${step}  ${stateHash}  `)
    expect(shown.at(-1)).toMatch(/ {2}trapped: integer divide by zero at i32.div_u in function main of task, offset 0x/)
    expect(code).toBe(0)
  })
})
