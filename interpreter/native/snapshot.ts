import type { Bytes } from '../machine/bytes.ts'
import type { Store } from '../machine/store.ts'
import type { Marks } from './marks.ts'

/** A copy of bytes that only takes in what changed. */
class Copy {
  readonly #region: Bytes
  readonly #marks: Marks
  #bytes = new Uint8Array(0)

  constructor(region: Bytes, marks: Marks) {
    this.#region = region
    this.#marks = marks
  }

  take(): void {
    const { bytes } = this.#region
    if (this.#bytes.length < bytes.length) {
      const longer = new Uint8Array(bytes.length)
      longer.set(this.#bytes)
      this.#bytes = longer
    }
    for (const [start, end] of this.#marks.changed()) this.#bytes.set(bytes.subarray(start, end), start)
  }

  restore(): void {
    const { bytes } = this.#region
    for (const [start, end] of this.#marks.changed()) bytes.set(this.#bytes.subarray(start, end), start)
  }
}

type Registers = Pick<Store, 'steps' | 'pc' | 'sp' | 'pages' | 'status' | 'exit'>

/** The state of a machine to which it may be brought back, as long as its memory did not grow. */
export class Snapshot {
  readonly #store: Store
  readonly #copies: readonly Copy[]
  #registers: Registers
  #globals = new BigUint64Array(0)
  #references = new Int32Array(0)
  #present = new Uint8Array(0)
  #slots = new BigInt64Array(0)

  constructor(store: Store, memory: Marks, output: Marks) {
    this.#store = store
    this.#copies = [new Copy(store.memory, memory), new Copy(store.output, output)]
    this.#registers = store
  }

  get steps(): number {
    return this.#registers.steps
  }

  get pages(): number {
    return this.#registers.pages
  }

  take(): void {
    const { steps, pc, sp, pages, status, exit, globals, tables, slots64 } = this.#store
    this.#registers = { steps, pc, sp, pages, status, exit }
    for (const copy of this.#copies) copy.take()
    this.#globals = globals.slice()
    this.#references = tables.references.slice()
    this.#present = tables.present.slice()
    this.#slots = slots64.slice(0, sp)
  }

  restore(): void {
    const { globals, tables, slots64 } = this.#store
    Object.assign(this.#store, this.#registers)
    for (const copy of this.#copies) copy.restore()
    globals.set(this.#globals)
    tables.references.set(this.#references)
    tables.present.set(this.#present)
    slots64.set(this.#slots)
  }
}
