import { type Field, REGION, REGIONS, REGS, STATUS, UNIT } from '../../spec/index.ts'
import { bytesOf } from '../commit/bits.ts'
import type { Hash, Node } from '../commit/hash.ts'
import { boundaryHashes } from '../commit/state-hash.ts'
import { Versions } from '../commit/versions.ts'
import type { Commitment } from './commitment.ts'
import { type CommittedNumbers, halvesOf } from './committed-numbers.ts'
import type { FastCode } from './forms.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { run } from './run.ts'
import { type Store, WINDOW_START } from './store.ts'
import { leafOf } from './tables.ts'
import { widthOf } from './window.ts'
import { WORD_BYTES, WORD_OFFSET } from './word.ts'

/** A state on a machine's way. */
export interface TracedState {
  readonly step: number
  /** The instruction that runs next; of a trapped machine the one that trapped. */
  readonly pc: number
  /** `outOfSteps` while the machine runs. */
  readonly outcome: Outcome
  readonly stateHash: Hash
}

/** Steps hashed together: most levels then fill the kernel once. */
const WAVE_STEPS = 1000

const REGS_BYTES = 32

/** Where a field of the registers lies among their big-endian bytes. */
const offsetOf = ([low, width]: Field): number => REGS_BYTES - (low + width) / 8

const AT = {
  steps: offsetOf(REGS.steps),
  pc: offsetOf(REGS.pc),
  sp: offsetOf(REGS.sp),
  pages: offsetOf(REGS.pages),
  status: offsetOf(REGS.status),
  exit: offsetOf(REGS.exit),
}

const LEAF_BYTES = 32

const unitsOf = (code: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: code.length / WORD_BYTES }, (_, pc) => code[WORD_BYTES * pc + WORD_OFFSET.unit]!)

/**
 * A machine that goes step by step and is hashed at each of them, but many steps at once. Of a step it is known from
 * its word which leaves it may change; these are read after it.
 */
export class Wave {
  readonly #code: FastCode
  /** The unit byte of each instruction word. */
  readonly #units: Uint8Array
  readonly #store: Store
  readonly #commitment: Commitment
  readonly #versions: readonly Versions[] = REGIONS.map(() => new Versions())
  readonly #regs = new DataView(new ArrayBuffer(REGS_BYTES * WAVE_STEPS))

  constructor(code: FastCode, words: Uint8Array, store: Store, commitment: Commitment) {
    this.#code = code
    this.#units = unitsOf(words)
    this.#store = store
    this.#commitment = commitment
  }

  /** Runs at most `steps` steps, and no more than are hashed together; the states after them. */
  run(steps: number): TracedState[] {
    const tree = this.#commitment.update(this.#store)
    const root = tree.root()
    const states: Omit<TracedState, 'stateHash'>[] = []
    for (let time = 0; time < Math.min(steps, WAVE_STEPS) && this.#store.status === STATUS.RUNNING; time++) {
      this.#step(time)
      states.push(this.#state(time))
    }
    const roots = tree.raise(this.#versions, states.length)
    for (const versions of this.#versions) versions.count = 0
    const hashes = boundaryHashes(root, roots, new Uint8Array(this.#regs.buffer, 0, REGS_BYTES * states.length))
    return states.map(({ step, pc, outcome }, i) => ({ step, pc, outcome, stateHash: hashes[i]! }))
  }

  /** One step, and what it may have changed. */
  #step(time: number): void {
    const store = this.#store
    const { pc, sp } = store
    const unit = this.#units[pc] ?? 0
    const a = this.#code.a[pc] ?? 0
    const address = (a === 0 ? 0 : store.slots[2 * sp - a]! >>> 0) + (this.#code.low[pc]! >>> 0)
    while (run(this.#code, store, 1) === 0);
    if (store.status === STATUS.TRAPPED) return
    if (unit & UNIT.WRITE) this.#noteSlot(time, sp - this.#code.result[pc]! / 2)
    for (let slot = Math.min(sp, store.sp); slot < Math.max(sp, store.sp); slot++) this.#noteSlot(time, slot)
    this.#commitment.stack.end = store.sp
    if (unit & UNIT.STORE) this.#noteStore(time, unit, address, this.#code.access[pc]!)
  }

  #noteSlot(time: number, slot: number): void {
    const { slots, sp } = this.#store
    this.#noteNumber(time, REGION.STACK, this.#commitment.stack, slot, slots, sp)
  }

  #noteGlobal(time: number, index: number): void {
    const { globals } = this.#store
    this.#noteNumber(time, REGION.GLOBALS, this.#commitment.globals, index, halvesOf(globals), globals.length)
  }

  #noteNumber(
    time: number,
    region: number,
    committed: CommittedNumbers,
    index: number,
    halves: Int32Array,
    end: number,
  ): void {
    if (!committed.take(index, halves, end)) return
    this.#versions[region]!.addNumber(time, index, committed.high(index), committed.low(index))
  }

  #noteStore(time: number, unit: number, address: number, access: number): void {
    const region = unit & UNIT.REGION_MASK
    const { tables } = this.#store
    const versions = this.#versions[region]!
    if (region === REGION.GLOBALS) this.#noteGlobal(time, address)
    else if (region === REGION.TABLES) versions.add(time, address, bytesOf(leafOf(tables, address)))
    else {
      const last = Math.floor((address + widthOf(access) - 1) / LEAF_BYTES)
      for (let leaf = Math.floor(address / LEAF_BYTES); leaf <= last; leaf++)
        versions.add(time, leaf, this.#leaf(unit, leaf))
    }
  }

  /** A leaf of MEMORY, in or before a window, or of OUTPUT. */
  #leaf(unit: number, leaf: number): Node {
    const { memory, window, output } = this.#store
    const at = LEAF_BYTES * leaf - (unit & UNIT.WINDOW ? WINDOW_START : 0)
    const { bytes } = unit & UNIT.WINDOW ? window : (unit & UNIT.REGION_MASK) === REGION.OUTPUT ? output : memory
    return bytes.subarray(at, at + LEAF_BYTES)
  }

  /** The state after a step, whose registers are noted. */
  #state(time: number): Omit<TracedState, 'stateHash'> {
    const { steps, pc, sp, pages, status, exit } = this.#store
    const at = REGS_BYTES * time
    this.#regs.setUint32(at + AT.steps, steps / 2 ** 32)
    this.#regs.setUint32(at + AT.steps + 4, steps)
    this.#regs.setUint32(at + AT.pc, pc)
    this.#regs.setUint32(at + AT.sp, sp)
    this.#regs.setUint32(at + AT.pages, pages)
    this.#regs.setUint8(at + AT.status, status)
    this.#regs.setUint32(at + AT.exit, exit)
    return { step: steps, pc, outcome: outcomeOf(status, exit) }
  }
}
