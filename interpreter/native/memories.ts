import { MAX_PAGES, PAGE_BITS } from '../../spec/index.ts'
import { BLOCK_BITS, type Bytes } from '../machine/bytes.ts'
import type { Store } from '../machine/store.ts'
import { ENTRY_BLOCK_BITS, type Tables } from '../machine/tables.ts'
import { CONTROL_WORDS, type Layout, SLOTS } from './layout.ts'
import { NativeUnsupported } from './unsupported.ts'

const PAGE_BYTES = 2 ** PAGE_BITS

const pagesFor = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES)

const allocate = (initial: number, maximum: number): WebAssembly.Memory => {
  try {
    return new WebAssembly.Memory({ initial, maximum })
  } catch (cause) {
    throw new NativeUnsupported(`a memory of ${initial} pages`, { cause })
  }
}

const holding = (content: DataView): WebAssembly.Memory => {
  const pages = pagesFor(content.byteLength)
  const memory = allocate(pages, pages)
  new Uint8Array(memory.buffer).set(new Uint8Array(content.buffer, content.byteOffset, content.byteLength))
  return memory
}

/** Code grows it up to what it may hold. */
const growing = ({ bytes, limit }: Bytes): WebAssembly.Memory => {
  const pages = pagesFor(bytes.length)
  return allocate(pages, Math.max(pages, Math.min(MAX_PAGES, Math.floor(limit / PAGE_BYTES))))
}

const marksFor = (bytes: number): number => Math.floor(bytes / 2 ** BLOCK_BITS) + 2

/**
 * The data of a machine where recompiled code has it: the store's arrays become views of the engine's memories, so that
 * interpreter and engine work on the same bytes.
 */
export class Memories {
  readonly #layout: Layout
  readonly #store: Store
  readonly #state: WebAssembly.Memory
  readonly #output: WebAssembly.Memory
  readonly imports: Readonly<Record<`memory${0 | 1 | 2 | 3}`, WebAssembly.Memory>>
  /** Buffers of which the store's arrays are views. */
  #bound: readonly ArrayBuffer[] = []

  /**
   * Memories that were there `before` are taken over where it does not matter what they grew to.
   * @throws NativeUnsupported
   */
  constructor(layout: Layout, store: Store, before?: Memories) {
    this.#layout = layout
    this.#store = store
    const below = pagesFor(layout.memory)
    const most = Math.min(MAX_PAGES, below + Math.floor(store.memory.limit / PAGE_BYTES))
    this.#state = allocate(below + store.pages, Math.max(most, below + store.pages))
    this.#output = before === undefined ? growing(store.output) : before.#output
    this.imports = {
      memory0: this.#state,
      memory1: before?.imports.memory1 ?? holding(store.input),
      memory2: before?.imports.memory2 ?? holding(store.data),
      memory3: this.#output,
    }
    this.#copyIn()
  }

  /** Pages of the task's memory, as the engine has it. */
  get pages(): number {
    return this.#state.buffer.byteLength / PAGE_BYTES - pagesFor(this.#layout.memory)
  }

  /** After the interpreter ran: it may have taken larger arrays. */
  beforeNative(): void {
    const { memory, output, tables, globals } = this.#store
    if (![memory.bytes, output.bytes, tables.present, globals].every((view) => this.#holds(view))) this.#copyIn()
  }

  /** After the engine ran: its memories may have grown. */
  afterNative(): void {
    if (this.#state.buffer !== this.#bound[0] || this.#output.buffer !== this.#bound[1]) this.#bind()
    this.#store.pages = this.pages
  }

  /** Arrays that are no views of these memories yet become such. */
  #copyIn(): void {
    const { memory, output, tables, globals, slots64, sp, pages } = this.#store
    if (tables.present.indexOf(1, this.#layout.entries) >= 0) throw new NativeUnsupported('tables grew')
    const copies: (() => void)[] = []
    if (!this.#holds(memory.bytes)) copies.push(copyOf(memory, pages * PAGE_BYTES))
    if (!this.#holds(output.bytes)) copies.push(copyOf(output, output.bytes.length))
    if (!this.#holds(tables.present)) copies.push(copyOfTables(tables))
    if (!this.#holds(globals)) copies.push(() => this.#store.globals.set(globals))
    if (!this.#holds(slots64)) copies.push(() => this.#store.slots64.set(slots64.subarray(0, sp)))
    this.#growTo(this.#state, pagesFor(this.#layout.memory) + pages)
    this.#growTo(this.#output, pagesFor(output.bytes.length))
    this.#bind()
    for (const copy of copies) copy()
  }

  #holds({ buffer }: ArrayBufferView): boolean {
    return this.#bound.includes(buffer as ArrayBuffer)
  }

  #growTo(memory: WebAssembly.Memory, pages: number): void {
    const missing = pages - memory.buffer.byteLength / PAGE_BYTES
    if (missing <= 0) return
    try {
      memory.grow(missing)
    } catch (cause) {
      throw new NativeUnsupported(`a memory of ${pages} pages`, { cause })
    }
  }

  #bind(): void {
    const { globals, references, present, tablesDirty, slots, memoryDirty, outputDirty, memory, entries, numbers } =
      this.#layout
    const [state, output] = [this.#state.buffer, this.#output.buffer]
    const store = this.#store
    Object.assign(store, {
      globals: new BigUint64Array(state, globals, numbers),
      slots: new Int32Array(state, slots, 2 * SLOTS),
      slots64: new BigInt64Array(state, slots, SLOTS),
    })
    Object.assign(store.tables, {
      references: new Int32Array(state, references, 2 * entries),
      present: new Uint8Array(state, present, entries),
      dirty: new Uint8Array(state, tablesDirty, Math.ceil(entries / 2 ** ENTRY_BLOCK_BITS)),
    })
    bindBytes(store.memory, { bytes: state, start: memory, marks: state, dirty: memoryDirty })
    bindBytes(store.output, { bytes: output, start: 0, marks: state, dirty: outputDirty })
    this.#bound = [state, output]
  }

  /** The control words. */
  get control(): { readonly counter: bigint; readonly pc: number; readonly returnSlot: number } {
    const view = new DataView(this.#state.buffer)
    return {
      counter: view.getBigInt64(CONTROL_WORDS.counter, true),
      pc: view.getUint32(CONTROL_WORDS.pc, true),
      returnSlot: view.getUint32(CONTROL_WORDS.returnSlot, true),
    }
  }

  setStackLimit(limit: number): void {
    new DataView(this.#state.buffer).setInt32(CONTROL_WORDS.stackLimit, limit, true)
  }
}

const copyOf = (region: Bytes, length: number): (() => void) => {
  const { bytes, dirty } = region
  return () => {
    region.bytes.set(bytes.subarray(0, length))
    region.dirty.set(dirty.subarray(0, region.dirty.length))
  }
}

/** Those that interpreted code made room for may be more than the program can reach. */
const copyOfTables = (tables: Tables): (() => void) => {
  const { references, present, dirty } = tables
  return () => {
    tables.references.set(references.subarray(0, tables.references.length))
    tables.present.set(present.subarray(0, tables.present.length))
    tables.dirty.set(dirty.subarray(0, tables.dirty.length))
  }
}

interface Placed {
  readonly bytes: ArrayBuffer
  readonly start: number
  readonly marks: ArrayBuffer
  readonly dirty: number
}

const bindBytes = (region: Bytes, { bytes, start, marks, dirty }: Placed): void => {
  const length = bytes.byteLength - start
  Object.assign(region, {
    bytes: new Uint8Array(bytes, start, length),
    view: new DataView(bytes, start, length),
    dirty: new Uint8Array(marks, dirty, marksFor(length)),
  })
}
