import { ACCESS, EXTENSION } from '../../spec/index.ts'
import { loadSparse, storeSparse } from './bytes.ts'
import { type Store, WINDOW_START } from './store.ts'

/** Loads and stores of windows for the fast run, any width: few programs have any. */

/** Bytes that an access moves. */
export const widthOf = (access: number): number => 2 ** (access & ACCESS.WIDTH_MASK)

/** Where an address lies behind WINDOW_START: a lowered program bounds it before. */
function inWindow(address: number): number {
  if (address < WINDOW_START) throw new RangeError(`no window holds address ${address}`)
  return address - WINDOW_START
}

/** Loads into the slot whose low half is at `to`. */
export function loadWindow({ window, slots }: Store, address: number, access: number, to: number): void {
  const at = inWindow(address)
  const [width, extension] = [widthOf(access), access >> ACCESS.EXTENSION_SHIFT]
  const unused = Math.max(0, 32 - 8 * width)
  const read = loadSparse(window.view, at, Math.min(width, 4))
  const low = extension === EXTENSION.ZERO ? read : (read << unused) >> unused
  slots[to] = low
  slots[to + 1] = extension === EXTENSION.SIGN64 ? low >> 31 : 0
  if (width === 8) slots[to + 1] = loadSparse(window.view, at + 4, 4)
}

/** Stores the slot whose low half is at `from`. */
export function storeWindow({ window, slots }: Store, address: number, access: number, from: number): void {
  const at = inWindow(address)
  const width = widthOf(access)
  storeSparse(window, at, Math.min(width, 4), slots[from]!)
  if (width === 8) storeSparse(window, at + 4, 4, slots[from + 1]!)
}
