import {
  MAX_PAGES,
  PAGE_BITS,
  REGION,
  REGIONS,
  STACK_LIMIT,
  STATUS,
  TRAP,
  TRUNCATE,
  TRUNCATE_BASE,
} from '../../spec/index.ts'
import { BLOCK_BITS, loadSparse, resize, storeSparse } from './bytes.ts'
import { nearest } from './float.ts'
import type { FastCode } from './forms.ts'
import * as long from './long.ts'
import { growSlots, type Store } from './store.ts'
import { callTarget, presentEntry, setEntry, storeEntry } from './tables.ts'
import { truncate } from './truncate.ts'
import { loadWindow, storeWindow, widthOf } from './window.ts'

const END_OF_BYTES = 2 ** 32
const END_OF_GLOBALS = 2 ** REGIONS[REGION.GLOBALS].depth

/** Grows linear memory; the new page count is in the store. Returns the old one, or -1 as an i32. */
function grow(store: Store, delta: number, maximum: number): number {
  const old = store.pages
  if (old + delta > Math.min(maximum, MAX_PAGES)) return -1
  const { memory } = store
  const wanted = (old + delta) * 2 ** PAGE_BITS
  if (wanted > memory.bytes.length) {
    const doubled = Math.min(2 * memory.bytes.length, Math.min(maximum, MAX_PAGES) * 2 ** PAGE_BITS)
    resize(memory, wanted, doubled)
  }
  store.pages = old + delta
  return old
}

const markDirty = (dirty: Uint8Array, at: number): void => {
  dirty[at >>> BLOCK_BITS] = 1
}

const trailingZeros = (x: number): number => (x === 0 ? 32 : 31 - Math.clz32(x & -x))

function popcount(x: number): number {
  const pairs = x - ((x >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Index of a global that is held: the lowering addresses no other. */
function globalAt({ globals }: Store, index: number): number {
  if (index >= globals.length) throw new RangeError(`no global ${index}`)
  return index
}

/** Conversions from f64 have this opcode and above. */
const FIRST_FROM_DOUBLE = TRUNCATE_BASE | TRUNCATE.F64

const SIGN = -(2 ** 31)
const MAGNITUDE = 2 ** 31 - 1

/** The canonical NaN; of f64, its high half. */
const NAN32 = 0x7fc00000
const NAN64 = 0x7ff80000

/**
 * Runs at most `fuel` steps (below 2^31) of a lowered program and returns how many were done: fewer, too, where
 * it needs to begin again with more slots. The
 * fast twin of `advance`: a switch over the opcodes of forms.ts; p is sp counted in half slots, so
 * `p - 2` is the low half of the topmost operand. Case labels are literals because only those
 * become a jump table.
 */
export function run(code: FastCode, store: Store, fuel: number): number {
  const { op, a, b, result, delta, low, high, access } = code
  const { slots, slots64, globals, tables } = store
  const singles = new Float32Array(slots.buffer, slots.byteOffset, slots.length)
  const doubles = new Float64Array(slots.buffer, slots.byteOffset, slots64.length)
  const top = Math.min(slots.length - 2 * code.startSlots, 2 * STACK_LIMIT)
  let { view, dirty } = store.memory
  let limit = store.pages * 2 ** PAGE_BITS
  let pc = store.pc
  let p = 2 * store.sp
  let left = fuel
  let trap: number = TRAP.NONE
  let halted = false
  while (left > 0) {
    left--
    switch (op[pc]) {
      case 1: {
        // A, any slots
        const from = p - a[pc]!
        const to = p - result[pc]!
        slots[to] = slots[from]!
        slots[to + 1] = slots[from + 1]!
        p += delta[pc++]!
        continue
      }
      case 2: {
        // local.get
        const from = p - a[pc++]!
        slots[p] = slots[from]!
        slots[p + 1] = slots[from + 1]!
        p += 2
        continue
      }
      case 3: {
        // local.set
        const to = p - result[pc++]!
        slots[to] = slots[p - 2]!
        slots[to + 1] = slots[p - 1]!
        p -= 2
        continue
      }
      case 4: {
        // const
        slots[p] = low[pc]!
        slots[p + 1] = high[pc++]!
        p += 2
        continue
      }
      case 5: {
        // select
        if (slots[p - 2] === 0) {
          slots[p - 6] = slots[p - 4]!
          slots[p - 5] = slots[p - 3]!
        }
        p -= 4
        pc++
        continue
      }
      case 6: {
        // memory.size
        slots[p] = store.pages
        slots[p + 1] = 0
        p += 2
        pc++
        continue
      }
      case 7: {
        // memory.grow
        slots[p - 2] = grow(store, slots[p - 2]! >>> 0, low[pc++]! >>> 0)
        view = store.memory.view
        dirty = store.memory.dirty
        limit = store.pages * 2 ** PAGE_BITS
        continue
      }
      case 8: {
        // ENTER
        const end = p + delta[pc]!
        const need = low[pc]! >>> 0
        if (end > top || p + 2 * need > top) {
          if (end > 2 * STACK_LIMIT || (p >> 1) + need > STACK_LIMIT) {
            trap = TRAP.STACK_EXHAUSTED
            break
          }
          growSlots(store, Math.max(end >> 1, (p >> 1) + need) + code.startSlots)
          left++
          break
        }
        slots.fill(0, p, end)
        p = end
        pc++
        continue
      }
      case 9: {
        // drop
        p += delta[pc++]!
        continue
      }
      case 10: {
        // br without values
        p += delta[pc]!
        pc = low[pc]!
        continue
      }
      case 11: {
        // last move of a br
        const from = p - a[pc]!
        const to = p - result[pc]!
        slots[to] = slots[from]!
        slots[to + 1] = slots[from + 1]!
        p += delta[pc]!
        pc = low[pc]!
        continue
      }
      case 12: {
        // JUMPZ
        p -= 2
        pc = slots[p] === 0 ? low[pc]! : pc + 1
        continue
      }
      case 13: {
        // JUMPNZ
        p -= 2
        pc = slots[p] === 0 ? pc + 1 : low[pc]!
        continue
      }
      case 14: {
        // br_table
        p -= 2
        pc += 1 + Math.min(slots[p]! >>> 0, low[pc]! >>> 0)
        continue
      }
      case 15: {
        // call
        slots[p] = pc + 1
        slots[p + 1] = 0
        p += 2
        pc = low[pc]!
        continue
      }
      case 16: {
        // call_indirect
        const target = callTarget(tables, slots[p - 2]! >>> 0, access[pc]!, low[pc]! >>> 0, high[pc]!)
        if (target < 0) {
          trap = -target
          break
        }
        slots[p - 2] = pc + 1
        pc = target
        continue
      }
      case 17: {
        // return
        const back = slots[p - b[pc]!]!
        p += delta[pc]!
        pc = back
        continue
      }
      case 18: {
        // return with a value
        const back = slots[p - b[pc]!]!
        const from = p - a[pc]!
        const to = p - result[pc]!
        slots[to] = slots[from]!
        slots[to + 1] = slots[from + 1]!
        p += delta[pc]!
        pc = back
        continue
      }
      case 19: {
        // HALT
        store.exit = a[pc] === 0 ? 0 : slots[p - a[pc]!]! >>> 0
        p += delta[pc]!
        halted = true
        break
      }
      case 20: // TRAP
        trap = low[pc]! === 0 ? TRAP.ILLEGAL : low[pc]! >>> 0
        break
      case 21: {
        // global.get
        slots64[p >> 1] = globals[low[pc++]!]!
        p += 2
        continue
      }
      case 22: {
        // global.set
        p -= 2
        globals[low[pc++]!] = slots64[p >> 1]!
        continue
      }
      case 23: {
        // BOUND
        const end = (slots[p - a[pc]!]! >>> 0) + (high[pc]! >>> 0) * END_OF_BYTES + (low[pc]! >>> 0)
        if (end > (slots[p - 2]! >>> 0) * 2 ** PAGE_BITS) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        p -= 2
        pc++
        continue
      }
      case 24: {
        // load from GLOBALS by address
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at >= END_OF_GLOBALS) {
          trap = TRAP.ILLEGAL
          break
        }
        slots64[(p >> 1) - 1] = globals[globalAt(store, at)]!
        pc++
        continue
      }
      case 25: {
        // store to GLOBALS by address
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at >= END_OF_GLOBALS) {
          trap = TRAP.ILLEGAL
          break
        }
        globals[globalAt(store, at)] = slots64[(p >> 1) - 1]!
        p -= 4
        pc++
        continue
      }
      case 26: {
        // table.get
        const entry = presentEntry(tables, slots[p - 2]! >>> 0, access[pc]!, low[pc]! >>> 0)
        if (entry < 0) {
          trap = TRAP.TABLE_BOUNDS
          break
        }
        slots[p - 2] = tables.references[2 * entry]!
        slots[p - 1] = tables.references[2 * entry + 1]!
        pc++
        continue
      }
      case 27: {
        // table.set
        const entry = presentEntry(tables, slots[p - 4]! >>> 0, access[pc]!, low[pc]! >>> 0)
        if (entry < 0) {
          trap = TRAP.TABLE_BOUNDS
          break
        }
        setEntry(tables, entry, slots[p - 2]!, slots[p - 1]!)
        p -= 4
        pc++
        continue
      }
      case 28: {
        // store to TABLES
        const index = slots[p - 4]! >>> 0
        if (!storeEntry(tables, index, access[pc]!, low[pc]! >>> 0, slots[p - 2]!, slots[p - 1]!)) {
          trap = TRAP.TABLE_BOUNDS
          break
        }
        p -= 4
        pc++
        continue
      }
      case 29: {
        // CHECKREF
        const target = callTarget(tables, slots[p - 2]! >>> 0, access[pc]!, low[pc]! >>> 0, high[pc]!)
        if (target < 0) {
          trap = -target
          break
        }
        slots[p - 2] = target
        pc++
        continue
      }
      case 0x60: {
        // load 8
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getUint8(at)
        pc++
        continue
      }
      case 0x61: {
        // load 8, sign to 32
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getInt8(at)
        pc++
        continue
      }
      case 0x62: {
        // load 8, sign to 64
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getInt8(at)
        slots[p - 1] = slots[p - 2]! >> 31
        pc++
        continue
      }
      case 0x63: {
        // load 16
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 2 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getUint16(at, true)
        pc++
        continue
      }
      case 0x64: {
        // load 16, sign to 32
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 2 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getInt16(at, true)
        pc++
        continue
      }
      case 0x65: {
        // load 16, sign to 64
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 2 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getInt16(at, true)
        slots[p - 1] = slots[p - 2]! >> 31
        pc++
        continue
      }
      case 0x66: {
        // load 32
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 4 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getInt32(at, true)
        pc++
        continue
      }
      case 0x67: {
        // load 32, sign to 64
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 4 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getInt32(at, true)
        slots[p - 1] = slots[p - 2]! >> 31
        pc++
        continue
      }
      case 0x68: {
        // load 64
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 8 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = view.getInt32(at, true)
        slots[p - 1] = view.getInt32(at + 4, true)
        pc++
        continue
      }
      case 0x70: {
        // store 8
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        p -= 4
        view.setInt8(at, slots[p + 2]!)
        markDirty(dirty, at)
        pc++
        continue
      }
      case 0x71: {
        // store 16
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at + 2 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        p -= 4
        view.setInt16(at, slots[p + 2]!, true)
        markDirty(dirty, at)
        markDirty(dirty, at + 1)
        pc++
        continue
      }
      case 0x72: {
        // store 32
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at + 4 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        p -= 4
        view.setInt32(at, slots[p + 2]!, true)
        markDirty(dirty, at)
        markDirty(dirty, at + 3)
        pc++
        continue
      }
      case 0x73: {
        // store 64
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at + 8 > limit) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        p -= 4
        view.setInt32(at, slots[p + 2]!, true)
        view.setInt32(at + 4, slots[p + 3]!, true)
        markDirty(dirty, at)
        markDirty(dirty, at + 7)
        pc++
        continue
      }
      case 0x78: {
        // load 8 of INPUT
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = loadSparse(store.input, at, 1)
        pc++
        continue
      }
      case 0x79: {
        // load 64 of INPUT
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 8 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = loadSparse(store.input, at, 4)
        slots[p - 1] = loadSparse(store.input, at + 4, 4)
        pc++
        continue
      }
      case 0x7a: {
        // load 8 of OUTPUT
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = loadSparse(store.output.view, at, 1)
        pc++
        continue
      }
      case 0x7b: {
        // load 64 of OUTPUT
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 8 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = loadSparse(store.output.view, at, 4)
        slots[p - 1] = loadSparse(store.output.view, at + 4, 4)
        pc++
        continue
      }
      case 0x7c: {
        // store 8 to OUTPUT
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        storeSparse(store.output, at, 1, slots[p - 2]!)
        p -= 4
        pc++
        continue
      }
      case 0x7d: {
        // store 64 to OUTPUT
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at + 8 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        storeSparse(store.output, at, 4, slots[p - 2]!)
        storeSparse(store.output, at + 4, 4, slots[p - 1]!)
        p -= 4
        pc++
        continue
      }
      case 0x7e: {
        // load 8 of DATA
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 1 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = loadSparse(store.data, at, 1)
        pc++
        continue
      }
      case 0x7f: {
        // load 64 of DATA
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + 8 > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        slots[p - 2] = loadSparse(store.data, at, 4)
        slots[p - 1] = loadSparse(store.data, at + 4, 4)
        pc++
        continue
      }
      case 0xd0: {
        // load from a window, any width
        const at = (slots[p - 2]! >>> 0) + (low[pc]! >>> 0)
        if (at + widthOf(access[pc]!) > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        loadWindow(store, at, access[pc]!, p - 2)
        pc++
        continue
      }
      case 0xd1: {
        // store to a window, any width
        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)
        if (at + widthOf(access[pc]!) > END_OF_BYTES) {
          trap = TRAP.MEMORY_BOUNDS
          break
        }
        storeWindow(store, at, access[pc]!, p - 2)
        p -= 4
        pc++
        continue
      }
      case 0x20: {
        // i32.eqz
        slots[p - 2] = slots[p - 2]! === 0 ? 1 : 0
        pc++
        continue
      }
      case 0x21: {
        // i32.eq
        slots[p - 4] = slots[p - 4]! === slots[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x22: {
        // i32.ne
        slots[p - 4] = slots[p - 4]! !== slots[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x23: {
        // i32.lt_s
        slots[p - 4] = slots[p - 4]! < slots[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x24: {
        // i32.lt_u
        slots[p - 4] = slots[p - 4]! >>> 0 < slots[p - 2]! >>> 0 ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x25: {
        // i32.gt_s
        slots[p - 4] = slots[p - 4]! > slots[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x26: {
        // i32.gt_u
        slots[p - 4] = slots[p - 4]! >>> 0 > slots[p - 2]! >>> 0 ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x27: {
        // i32.le_s
        slots[p - 4] = slots[p - 4]! <= slots[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x28: {
        // i32.le_u
        slots[p - 4] = slots[p - 4]! >>> 0 <= slots[p - 2]! >>> 0 ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x29: {
        // i32.ge_s
        slots[p - 4] = slots[p - 4]! >= slots[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x2a: {
        // i32.ge_u
        slots[p - 4] = slots[p - 4]! >>> 0 >= slots[p - 2]! >>> 0 ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x2b: {
        // i32.clz
        slots[p - 2] = Math.clz32(slots[p - 2]!)
        pc++
        continue
      }
      case 0x2c: {
        // i32.ctz
        slots[p - 2] = trailingZeros(slots[p - 2]!)
        pc++
        continue
      }
      case 0x2d: {
        // i32.popcnt
        slots[p - 2] = popcount(slots[p - 2]!)
        pc++
        continue
      }
      case 0x2e: {
        // i32.add
        slots[p - 4] = slots[p - 4]! + slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x2f: {
        // i32.sub
        slots[p - 4] = slots[p - 4]! - slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x30: {
        // i32.mul
        slots[p - 4] = Math.imul(slots[p - 4]!, slots[p - 2]!)
        p -= 2
        pc++
        continue
      }
      case 0x31: {
        // i32.div_s
        if (slots[p - 2] === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        if (slots[p - 4] === -(2 ** 31) && slots[p - 2] === -1) {
          trap = TRAP.INTEGER_OVERFLOW
          break
        }
        slots[p - 4] = slots[p - 4]! / slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x32: {
        // i32.div_u
        if (slots[p - 2] === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        slots[p - 4] = (slots[p - 4]! >>> 0) / (slots[p - 2]! >>> 0)
        p -= 2
        pc++
        continue
      }
      case 0x33: {
        // i32.rem_s
        if (slots[p - 2] === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        slots[p - 4] = slots[p - 4]! % slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x34: {
        // i32.rem_u
        if (slots[p - 2] === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        slots[p - 4] = (slots[p - 4]! >>> 0) % (slots[p - 2]! >>> 0)
        p -= 2
        pc++
        continue
      }
      case 0x35: {
        // i32.and
        slots[p - 4] = slots[p - 4]! & slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x36: {
        // i32.or
        slots[p - 4] = slots[p - 4]! | slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x37: {
        // i32.xor
        slots[p - 4] = slots[p - 4]! ^ slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x38: {
        // i32.shl
        slots[p - 4] = slots[p - 4]! << slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x39: {
        // i32.shr_s
        slots[p - 4] = slots[p - 4]! >> slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x3a: {
        // i32.shr_u
        slots[p - 4] = slots[p - 4]! >>> slots[p - 2]!
        p -= 2
        pc++
        continue
      }
      case 0x3b: {
        // i32.rotl
        slots[p - 4] = (slots[p - 4]! << slots[p - 2]!) | (slots[p - 4]! >>> -slots[p - 2]!)
        p -= 2
        pc++
        continue
      }
      case 0x3c: {
        // i32.rotr
        slots[p - 4] = (slots[p - 4]! >>> slots[p - 2]!) | (slots[p - 4]! << -slots[p - 2]!)
        p -= 2
        pc++
        continue
      }
      case 0x3d: {
        // i32.ext8
        slots[p - 2] = (slots[p - 2]! << 24) >> 24
        pc++
        continue
      }
      case 0x3e: {
        // i32.ext16
        slots[p - 2] = (slots[p - 2]! << 16) >> 16
        pc++
        continue
      }
      case 0x3f: {
        // i32.ext32: wrap, or i64.extend_i32_u
        slots[p - 1] = 0
        pc++
        continue
      }
      case 0x40: {
        // i64.eqz
        slots[p - 2] = (slots[p - 2]! | slots[p - 1]!) === 0 ? 1 : 0
        slots[p - 1] = 0
        pc++
        continue
      }
      case 0x41: {
        // i64.eq
        slots[p - 4] = slots[p - 4] === slots[p - 2] && slots[p - 3] === slots[p - 1] ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x42: {
        // i64.ne
        slots[p - 4] = slots[p - 4] !== slots[p - 2] || slots[p - 3] !== slots[p - 1] ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x43: {
        // i64.lt_s
        slots[p - 4] = long.lessSigned(slots, p - 4, p - 2) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x44: {
        // i64.lt_u
        slots[p - 4] = long.lessUnsigned(slots, p - 4, p - 2) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x45: {
        // i64.gt_s
        slots[p - 4] = long.lessSigned(slots, p - 2, p - 4) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x46: {
        // i64.gt_u
        slots[p - 4] = long.lessUnsigned(slots, p - 2, p - 4) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x47: {
        // i64.le_s
        slots[p - 4] = !long.lessSigned(slots, p - 2, p - 4) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x48: {
        // i64.le_u
        slots[p - 4] = !long.lessUnsigned(slots, p - 2, p - 4) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x49: {
        // i64.ge_s
        slots[p - 4] = !long.lessSigned(slots, p - 4, p - 2) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x4a: {
        // i64.ge_u
        slots[p - 4] = !long.lessUnsigned(slots, p - 4, p - 2) ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0x4b: {
        // i64.clz
        slots[p - 2] = slots[p - 1] === 0 ? 32 + Math.clz32(slots[p - 2]!) : Math.clz32(slots[p - 1]!)
        slots[p - 1] = 0
        pc++
        continue
      }
      case 0x4c: {
        // i64.ctz
        slots[p - 2] = slots[p - 2] === 0 ? 32 + trailingZeros(slots[p - 1]!) : trailingZeros(slots[p - 2]!)
        slots[p - 1] = 0
        pc++
        continue
      }
      case 0x4d: {
        // i64.popcnt
        slots[p - 2] = popcount(slots[p - 2]!) + popcount(slots[p - 1]!)
        slots[p - 1] = 0
        pc++
        continue
      }
      case 0x4e: {
        // i64.add
        slots64[(p >> 1) - 2] = slots64[(p >> 1) - 2]! + slots64[(p >> 1) - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x4f: {
        // i64.sub
        slots64[(p >> 1) - 2] = slots64[(p >> 1) - 2]! - slots64[(p >> 1) - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x50: {
        // i64.mul
        slots64[(p >> 1) - 2] = slots64[(p >> 1) - 2]! * slots64[(p >> 1) - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x51: {
        // i64.div_s
        if ((slots[p - 2]! | slots[p - 1]!) === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        if (slots64[(p >> 1) - 1] === -1n && slots64[(p >> 1) - 2] === long.MINIMUM) {
          trap = TRAP.INTEGER_OVERFLOW
          break
        }
        slots64[(p >> 1) - 2] = slots64[(p >> 1) - 2]! / slots64[(p >> 1) - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x52: {
        // i64.div_u
        if ((slots[p - 2]! | slots[p - 1]!) === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        slots64[(p >> 1) - 2] = BigInt.asUintN(64, slots64[(p >> 1) - 2]!) / BigInt.asUintN(64, slots64[(p >> 1) - 1]!)
        p -= 2
        pc++
        continue
      }
      case 0x53: {
        // i64.rem_s
        if ((slots[p - 2]! | slots[p - 1]!) === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        slots64[(p >> 1) - 2] = slots64[(p >> 1) - 2]! % slots64[(p >> 1) - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x54: {
        // i64.rem_u
        if ((slots[p - 2]! | slots[p - 1]!) === 0) {
          trap = TRAP.DIVISION_BY_ZERO
          break
        }
        slots64[(p >> 1) - 2] = BigInt.asUintN(64, slots64[(p >> 1) - 2]!) % BigInt.asUintN(64, slots64[(p >> 1) - 1]!)
        p -= 2
        pc++
        continue
      }
      case 0x55: {
        // i64.and
        slots[p - 4] = slots[p - 4]! & slots[p - 2]!
        slots[p - 3] = slots[p - 3]! & slots[p - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x56: {
        // i64.or
        slots[p - 4] = slots[p - 4]! | slots[p - 2]!
        slots[p - 3] = slots[p - 3]! | slots[p - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x57: {
        // i64.xor
        slots[p - 4] = slots[p - 4]! ^ slots[p - 2]!
        slots[p - 3] = slots[p - 3]! ^ slots[p - 1]!
        p -= 2
        pc++
        continue
      }
      case 0x58: {
        // i64.shl
        long.shiftLeft(slots, p - 4, slots[p - 2]! & 63)
        p -= 2
        pc++
        continue
      }
      case 0x59: {
        // i64.shr_s
        long.shiftRightSigned(slots, p - 4, slots[p - 2]! & 63)
        p -= 2
        pc++
        continue
      }
      case 0x5a: {
        // i64.shr_u
        long.shiftRight(slots, p - 4, slots[p - 2]! & 63)
        p -= 2
        pc++
        continue
      }
      case 0x5b: {
        // i64.rotl
        long.rotateLeft(slots, p - 4, slots[p - 2]! & 63)
        p -= 2
        pc++
        continue
      }
      case 0x5c: {
        // i64.rotr
        long.rotateRight(slots, p - 4, slots[p - 2]! & 63)
        p -= 2
        pc++
        continue
      }
      case 0x5d: {
        // i64.ext8
        slots[p - 2] = (slots[p - 2]! << 24) >> 24
        slots[p - 1] = slots[p - 2]! >> 31
        pc++
        continue
      }
      case 0x5e: {
        // i64.ext16
        slots[p - 2] = (slots[p - 2]! << 16) >> 16
        slots[p - 1] = slots[p - 2]! >> 31
        pc++
        continue
      }
      case 0x5f: {
        // i64.ext32
        slots[p - 1] = slots[p - 2]! >> 31
        pc++
        continue
      }
      case 0x80: {
        // f32.add
        const x = singles[p - 4]! + singles[p - 2]!
        p -= 2
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x81: {
        // f32.sub
        const x = singles[p - 4]! - singles[p - 2]!
        p -= 2
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x82: {
        // f32.mul
        const x = singles[p - 4]! * singles[p - 2]!
        p -= 2
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x83: {
        // f32.div
        const x = singles[p - 4]! / singles[p - 2]!
        p -= 2
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x84: {
        // f32.min
        const x = Math.min(singles[p - 4]!, singles[p - 2]!)
        p -= 2
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x85: {
        // f32.max
        const x = Math.max(singles[p - 4]!, singles[p - 2]!)
        p -= 2
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x86: {
        // f32.copysign
        slots[p - 4] = (slots[p - 4]! & MAGNITUDE) | (slots[p - 2]! & SIGN)
        p -= 2
        pc++
        continue
      }
      case 0x88: {
        // f32.eq
        slots[p - 4] = singles[p - 4]! === singles[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x89: {
        // f32.ne
        slots[p - 4] = singles[p - 4]! !== singles[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x8a: {
        // f32.lt
        slots[p - 4] = singles[p - 4]! < singles[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x8b: {
        // f32.gt
        slots[p - 4] = singles[p - 4]! > singles[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x8c: {
        // f32.le
        slots[p - 4] = singles[p - 4]! <= singles[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x8d: {
        // f32.ge
        slots[p - 4] = singles[p - 4]! >= singles[p - 2]! ? 1 : 0
        p -= 2
        pc++
        continue
      }
      case 0x90: {
        // f32.abs
        slots[p - 2] = slots[p - 2]! & MAGNITUDE
        pc++
        continue
      }
      case 0x91: {
        // f32.neg
        slots[p - 2] = slots[p - 2]! ^ SIGN
        pc++
        continue
      }
      case 0x92: {
        // f32.sqrt
        const x = Math.sqrt(singles[p - 2]!)
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x93: {
        // f32.ceil
        const x = Math.ceil(singles[p - 2]!)
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x94: {
        // f32.floor
        const x = Math.floor(singles[p - 2]!)
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x95: {
        // f32.trunc
        const x = Math.trunc(singles[p - 2]!)
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x96: {
        // f32.nearest
        const x = nearest(singles[p - 2]!)
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0x98: {
        // f32.convert_i32_s
        singles[p - 2] = slots[p - 2]!
        pc++
        continue
      }
      case 0x99: {
        // f32.convert_i32_u
        singles[p - 2] = slots[p - 2]! >>> 0
        pc++
        continue
      }
      case 0x9a: {
        // f32.convert_i64_s
        singles[p - 2] = long.withStickyBit(slots[p - 2]!, slots[p - 1]!)
        slots[p - 1] = 0
        pc++
        continue
      }
      case 0x9b: {
        // f32.convert_i64_u
        singles[p - 2] = long.withStickyBit(slots[p - 2]!, slots[p - 1]! >>> 0)
        slots[p - 1] = 0
        pc++
        continue
      }
      case 0x9c: {
        // f32.demote_f64
        const x = doubles[(p >> 1) - 1]!
        slots[p - 1] = 0
        if (Number.isNaN(x)) slots[p - 2] = NAN32
        else singles[p - 2] = x
        pc++
        continue
      }
      case 0xa0: {
        // f64.add
        const x = doubles[(p >> 1) - 2]! + doubles[(p >> 1) - 1]!
        p -= 2
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xa1: {
        // f64.sub
        const x = doubles[(p >> 1) - 2]! - doubles[(p >> 1) - 1]!
        p -= 2
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xa2: {
        // f64.mul
        const x = doubles[(p >> 1) - 2]! * doubles[(p >> 1) - 1]!
        p -= 2
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xa3: {
        // f64.div
        const x = doubles[(p >> 1) - 2]! / doubles[(p >> 1) - 1]!
        p -= 2
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xa4: {
        // f64.min
        const x = Math.min(doubles[(p >> 1) - 2]!, doubles[(p >> 1) - 1]!)
        p -= 2
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xa5: {
        // f64.max
        const x = Math.max(doubles[(p >> 1) - 2]!, doubles[(p >> 1) - 1]!)
        p -= 2
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xa6: {
        // f64.copysign
        slots[p - 3] = (slots[p - 3]! & MAGNITUDE) | (slots[p - 1]! & SIGN)
        p -= 2
        pc++
        continue
      }
      case 0xa8: {
        // f64.eq
        slots[p - 4] = doubles[(p >> 1) - 2]! === doubles[(p >> 1) - 1]! ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0xa9: {
        // f64.ne
        slots[p - 4] = doubles[(p >> 1) - 2]! !== doubles[(p >> 1) - 1]! ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0xaa: {
        // f64.lt
        slots[p - 4] = doubles[(p >> 1) - 2]! < doubles[(p >> 1) - 1]! ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0xab: {
        // f64.gt
        slots[p - 4] = doubles[(p >> 1) - 2]! > doubles[(p >> 1) - 1]! ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0xac: {
        // f64.le
        slots[p - 4] = doubles[(p >> 1) - 2]! <= doubles[(p >> 1) - 1]! ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0xad: {
        // f64.ge
        slots[p - 4] = doubles[(p >> 1) - 2]! >= doubles[(p >> 1) - 1]! ? 1 : 0
        slots[p - 3] = 0
        p -= 2
        pc++
        continue
      }
      case 0xb0: {
        // f64.abs
        slots[p - 1] = slots[p - 1]! & MAGNITUDE
        pc++
        continue
      }
      case 0xb1: {
        // f64.neg
        slots[p - 1] = slots[p - 1]! ^ SIGN
        pc++
        continue
      }
      case 0xb2: {
        // f64.sqrt
        const x = Math.sqrt(doubles[(p >> 1) - 1]!)
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xb3: {
        // f64.ceil
        const x = Math.ceil(doubles[(p >> 1) - 1]!)
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xb4: {
        // f64.floor
        const x = Math.floor(doubles[(p >> 1) - 1]!)
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xb5: {
        // f64.trunc
        const x = Math.trunc(doubles[(p >> 1) - 1]!)
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xb6: {
        // f64.nearest
        const x = nearest(doubles[(p >> 1) - 1]!)
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xb8: {
        // f64.convert_i32_s
        doubles[(p >> 1) - 1] = slots[p - 2]!
        pc++
        continue
      }
      case 0xb9: {
        // f64.convert_i32_u
        doubles[(p >> 1) - 1] = slots[p - 2]! >>> 0
        pc++
        continue
      }
      case 0xba: {
        // f64.convert_i64_s
        doubles[(p >> 1) - 1] = slots[p - 1]! * 2 ** 32 + (slots[p - 2]! >>> 0)
        pc++
        continue
      }
      case 0xbb: {
        // f64.convert_i64_u
        doubles[(p >> 1) - 1] = (slots[p - 1]! >>> 0) * 2 ** 32 + (slots[p - 2]! >>> 0)
        pc++
        continue
      }
      case 0xbc: {
        // f64.promote_f32
        const x = singles[p - 2]!
        if (Number.isNaN(x)) {
          slots[p - 2] = 0
          slots[p - 1] = NAN64
        } else doubles[(p >> 1) - 1] = x
        pc++
        continue
      }
      case 0xc0:
      case 0xc1:
      case 0xc2:
      case 0xc3:
      case 0xc4:
      case 0xc5:
      case 0xc6:
      case 0xc7:
      case 0xc8:
      case 0xc9:
      case 0xca:
      case 0xcb:
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf: {
        // float to integer
        const opcode = op[pc]!
        const x = opcode < FIRST_FROM_DOUBLE ? singles[p - 2]! : doubles[(p >> 1) - 1]!
        trap = truncate(slots, p - 2, opcode - TRUNCATE_BASE, x)
        if (trap !== TRAP.NONE) break
        pc++
        continue
      }
      default: // a pc beyond the program
        trap = TRAP.ILLEGAL
    }
    break
  }
  store.pc = pc
  store.sp = p >> 1
  if (trap !== TRAP.NONE) Object.assign(store, { status: STATUS.TRAPPED, exit: trap })
  else if (halted) store.status = STATUS.HALTED
  store.steps += fuel - left
  return fuel - left
}
