import type { Hash, Machine, Program } from '../../interpreter/index.ts'
import { stateHash } from '../../interpreter/index.ts'
import type { Bytes } from '../../interpreter/machine/bytes.ts'
import { Commitment } from '../../interpreter/machine/commitment.ts'
import { ENTRY_BLOCK_BITS, type Tables } from '../../interpreter/machine/tables.ts'

const BLOCK = 2 ** ENTRY_BLOCK_BITS

const allDirty = (region: Bytes): Bytes => ({ ...region, dirty: new Uint8Array(region.dirty.length).fill(1) })

/** No entry that is present becomes absent again. */
const presentBlocks = ({ present, dirty }: Tables): Uint8Array =>
  Uint8Array.from(dirty, (_, block) => Number(present.subarray(block * BLOCK, (block + 1) * BLOCK).includes(1)))

/** The state hash of a machine, all of it made anew: no mark of what was stored to has a say in it. */
export function freshHash(machine: Pick<Machine, 'store' | 'core'>, program: Program, input: Uint8Array): Hash {
  const { store } = machine
  const { memory, window, output, tables } = store
  const tree = new Commitment(program, input).update({
    ...store,
    ...{ memory: allDirty(memory), window: allDirty(window), output: allDirty(output) },
    tables: { ...tables, dirty: presentBlocks(tables) },
  })
  return stateHash(tree.root(), machine.core())
}
