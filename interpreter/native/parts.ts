import type { Bytes } from '../machine/bytes.ts'
import type { Store } from '../machine/store.ts'
import { ENTRY_BLOCK_BITS } from '../machine/tables.ts'
import type { Marks } from './marks.ts'
import { PAGE_WORDS } from './page-pool.ts'

/** An array of a machine's state, seen as pages of words. */
export interface Part {
  /** What it holds now; good until the machine goes on. */
  words(): Int32Array
  /** The first page from `page` on that may be another than when copies were last `settled`; -1 if there is none. */
  nextUnsettled(page: number): number
  /** Its content is that of a copy. */
  settled(): void
  /** A page was written to, as the machine does it. */
  written(page: number): void
}

interface View {
  readonly buffer: ArrayBufferLike
  readonly byteOffset: number
  readonly byteLength: number
}

const wordsOf = ({ buffer, byteOffset, byteLength }: View): Int32Array =>
  new Int32Array(buffer, byteOffset, Math.ceil(byteLength / 4))

/** Only pages that are marked may have changed. */
const markedPart = (region: Bytes, marks: Marks): Part => ({
  words: () => wordsOf(region.bytes),
  nextUnsettled: (page) => marks.nextUncopied(page),
  settled: () => marks.copied(),
  written: (page) => marks.toCommitAgain(page),
})

const unmarkedPart = (words: () => Int32Array, written: (page: number) => void = () => undefined): Part => ({
  words,
  nextUnsettled: (page) => page,
  settled: () => undefined,
  written,
})

const entriesWritten = ({ tables }: Store, page: number, entries: number): void => {
  tables.dirty.fill(1, (page * entries) >>> ENTRY_BLOCK_BITS, ((page + 1) * entries) >>> ENTRY_BLOCK_BITS)
}

/** Entries of which a page holds the references, or whether they are present. */
const REFERENCES = PAGE_WORDS / 2
const PRESENCES = PAGE_WORDS * 4

/** All that a machine's state is made of, but for its registers. */
export const partsOf = (
  store: Store,
  marks: Readonly<Record<'memory' | 'window' | 'output', Marks>>,
): readonly Part[] => [
  markedPart(store.memory, marks.memory),
  markedPart(store.window, marks.window),
  markedPart(store.output, marks.output),
  unmarkedPart(() => store.slots.subarray(0, 2 * store.sp)),
  unmarkedPart(() => wordsOf(store.globals)),
  unmarkedPart(
    () => store.tables.references,
    (page) => entriesWritten(store, page, REFERENCES),
  ),
  unmarkedPart(
    () => wordsOf(store.tables.present),
    (page) => entriesWritten(store, page, PRESENCES),
  ),
]
