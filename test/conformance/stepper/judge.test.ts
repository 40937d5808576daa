import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Machine } from '../../../interpreter/machine/machine.ts'
import { findAnvil } from '../../helpers/chains.ts'
import { lowerFields } from '../../helpers/lowered.ts'
import { NO_INPUT } from '../interpreter.ts'
import { Judge } from './judge.ts'
import { Keccak } from './keccak.ts'
import { LiveTree } from './live-tree.ts'
import { loadProgram } from './load-program.ts'
import { Packet, type Sealed } from './packet.ts'
import { Walker } from './walker.ts'

/** A packet of three steps; the last one belongs to command 8. */
function packet(): Sealed {
  const program = lowerFields('(global (mut i32) (i32.const 3))')
  const keccak = new Keccak()
  const [tree, sealed] = [new LiveTree(keccak), new Packet(keccak, 48)]
  loadProgram(tree, program)
  const walker = new Walker(tree, sealed)
  walker.start(new Machine(program, NO_INPUT).core())
  sealed.mark(7)
  walker.step()
  walker.step()
  sealed.mark(8)
  walker.step()
  return sealed.seal()
}

/** The same with one digit of something changed. */
function flipped(buffer: Buffer, at: number): Buffer {
  const copy = Buffer.from(buffer)
  copy.write(copy.toString('latin1', at, at + 1) === '0' ? '1' : '0', at, 'latin1')
  return copy
}

const EVMS: readonly (readonly [name: string, anvil: string | null | undefined])[] = [
  ['anvil', findAnvil()],
  ['hardhat', null],
]

describe.each(EVMS)('Judge in %s', (name, anvil) => {
  let judge: Judge

  beforeAll(async () => {
    judge = await Judge.create(anvil)
    if (judge.evm !== name) console.log(`${name} is not there, ${judge.evm} is asked instead`)
  })

  afterAll(() => judge.close())

  const judged = async (sealed: Sealed) => {
    await judge.submit(sealed, 0)
    return judge.finish()
  }

  it('has nothing to say where the stepper agrees', async () => {
    expect(await judged(packet())).toEqual([])
  })

  it('names the command of an answer that is not what was wanted', async () => {
    const honest = packet()
    const substep = 2 * 64
    for (const [at, command] of [
      [5, 7],
      [23 * substep + 100, 7],
      [24 * substep, 8],
    ] as const) {
      const found = await judged({ ...honest, answers: flipped(honest.answers, at) })
      expect(found).toEqual([{ command, reason: expect.stringContaining('stepper: pre and post') }])
    }
  })

  it('names the command of a witness that was changed', async () => {
    const honest = packet()
    const register = 2 * (4 + 31)
    const [found] = await judged({ ...honest, witnesses: flipped(honest.witnesses, register) })
    expect(found?.command).toBe(7)
  })
})
