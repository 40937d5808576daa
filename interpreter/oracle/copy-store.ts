import { PAGE_BITS } from '../../spec/index.ts'
import { type Bytes, resize } from '../machine/bytes.ts'
import { growSlots, type Store } from '../machine/store.ts'

const copyBytes = (from: Bytes, to: Bytes, size: number): void => {
  resize(to, size, size)
  to.bytes.set(from.bytes.subarray(0, size))
  to.dirty.fill(1)
}

/**
 * Makes the store of a machine that was not run yet hold the state of another one.
 * @throws MemoryExhausted
 */
export const copyStore = (from: Store, to: Store): void => {
  const { steps, pc, sp, pages, status, exit } = from
  copyBytes(from.memory, to.memory, pages * 2 ** PAGE_BITS)
  copyBytes(from.window, to.window, from.window.bytes.length)
  copyBytes(from.output, to.output, from.output.bytes.length)
  // A frame may go on above sp without asking for room again.
  if (to.slots64.length < from.slots64.length) growSlots(to, from.slots64.length)
  to.slots64.set(from.slots64.subarray(0, sp))
  to.globals.set(from.globals)
  Object.assign(to.tables, {
    references: from.tables.references.slice(),
    present: from.tables.present.slice(),
    dirty: new Uint8Array(from.tables.dirty.length).fill(1),
  })
  Object.assign(to, { steps, pc, sp, pages, status, exit })
}
