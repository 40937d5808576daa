import { MAX_PAGES, PAGE_BITS, STACK_LIMIT, STATUS, TRAP } from '../../spec/index.ts'
import type { FastCode } from './forms.ts'
import * as long from './long.ts'
import { BLOCK_BITS, loadSparse, resize, type Store, storeOutput, tableReference } from './store.ts'

const END_OF_BYTES = 2 ** 32

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

/** Reference of an indirect call, or the trap that refuses it as a negative number. */
function callTarget(store: Store, index: number, capacityBits: number, base: number, typeId: number): number {
  const reference = index < 2 ** capacityBits ? tableReference(store.tables[base + index]) : undefined
  if (reference === undefined) return -TRAP.UNDEFINED_ELEMENT
  if (reference === 0n) return -TRAP.UNINITIALIZED_ELEMENT
  if (Number(reference >> 32n) !== typeId) return -TRAP.TYPE_MISMATCH
  return Number(reference & 0xffffffffn)
}

/**
 * Runs at most `fuel` steps (below 2^31) of a lowered program and returns how many were done. The
 * fast twin of `advance`: a switch over the opcodes of forms.ts; p is sp counted in half slots, so
 * `p - 2` is the low half of the topmost operand. Case labels are literals because only those
 * become a jump table.
 */
export function run(code: FastCode, store: Store, fuel: number): number {
  const { op, a, b, result, delta, low, high, access } = code
  const { slots, slots64, globals } = store
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
        if (end > 2 * STACK_LIMIT || (p >> 1) + (low[pc]! >>> 0) > STACK_LIMIT) {
          trap = TRAP.STACK_EXHAUSTED
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
        const target = callTarget(store, slots[p - 2]! >>> 0, access[pc]!, low[pc]! >>> 0, high[pc]! >>> 0)
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
        slots64[(p >> 1) - 1] = loadSparse(store.input, at, 1)
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
        slots64[(p >> 1) - 1] = loadSparse(store.input, at, 8)
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
        slots64[(p >> 1) - 1] = loadSparse(store.output.view, at, 1)
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
        slots64[(p >> 1) - 1] = loadSparse(store.output.view, at, 8)
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
        storeOutput(store.output, at, 1, slots64[(p >> 1) - 1]!)
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
        storeOutput(store.output, at, 8, slots64[(p >> 1) - 1]!)
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
