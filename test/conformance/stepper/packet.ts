import { SUBSTEPS } from '../../../spec/index.ts'
import type { Keccak } from './keccak.ts'

const WORD = 32

/** Bytes that a packet has room for, and those of a step whose witnesses are as long as they can be. */
const CAPACITY = 2 ** 18
const LONGEST_STEP = SUBSTEPS * (4 + 40 * WORD)

/** The command that the substeps from `from` on belong to. */
interface Mark {
  readonly from: number
  readonly command: number
}

/** Witnesses on their way to the judge, and what he should answer, as hex digits in ASCII. */
export interface Sealed {
  /** For each witness its number of words as 4 bytes, then its words; zeros up to a whole word. */
  readonly witnesses: Buffer
  /** Bytes of the witnesses. */
  readonly length: number
  /** For each witness the hash before and the hash after. */
  readonly answers: Buffer
  readonly count: number
  readonly marks: readonly Mark[]
}

/** The command that a substep of a packet belongs to. */
export const commandOf = ({ marks }: Sealed, substep: number): number =>
  marks.findLast(({ from }) => from <= substep)?.command ?? 0

/** Collects witnesses in the memory of the hash function, where the nodes lie that they are made of. */
export class Packet {
  readonly #keccak: Keccak
  readonly #limit: number
  readonly #witnesses: number
  readonly #answers: number
  readonly #text: number
  #length = 0
  #count = 0
  #marks: Mark[] = []

  /** For at most `limit` substeps. */
  constructor(keccak: Keccak, limit: number) {
    this.#keccak = keccak
    this.#limit = limit
    this.#witnesses = keccak.allocate(CAPACITY)
    this.#answers = keccak.allocate(2 * WORD * limit)
    this.#text = keccak.allocate(2 * CAPACITY)
  }

  get empty(): boolean {
    return this.#count === 0
  }

  /** Whether there may be no room for one more step. */
  get full(): boolean {
    return this.#count + SUBSTEPS > this.#limit || this.#length + LONGEST_STEP > CAPACITY
  }

  /** What is added from now on belongs to a command. */
  mark(command: number): void {
    this.#marks.push({ from: this.#count, command })
  }

  /** Begins a witness of so many words, less than 256. */
  begin(words: number): void {
    const { bytes } = this.#keccak
    const at = this.#witnesses + this.#length
    bytes.fill(0, at, at + 3)
    bytes[at + 3] = words
    this.#length += 4
  }

  /** Adds words from an address. */
  words(from: number, count: number): void {
    this.#keccak.bytes.copyWithin(this.#witnesses + this.#length, from, from + WORD * count)
    this.#length += WORD * count
  }

  /** Adds one number below 2^32 as a word. */
  number(value: number): void {
    const { bytes } = this.#keccak
    const at = this.#witnesses + this.#length
    bytes.fill(0, at, at + WORD - 4)
    bytes[at + WORD - 4] = value >>> 24
    bytes[at + WORD - 3] = value >>> 16
    bytes[at + WORD - 2] = value >>> 8
    bytes[at + WORD - 1] = value
    this.#length += WORD
  }

  /** Ends a witness; `pre` and `post` are the addresses of the hashes that the judge should find. */
  end(pre: number, post: number): void {
    const { bytes } = this.#keccak
    const at = this.#answers + 2 * WORD * this.#count++
    bytes.copyWithin(at, pre, pre + WORD)
    bytes.copyWithin(at + WORD, post, post + WORD)
  }

  /** Gives away what was collected and begins anew, with the same command. */
  seal(): Sealed {
    const padded = Math.ceil(this.#length / WORD) * WORD
    this.#keccak.bytes.fill(0, this.#witnesses + this.#length, this.#witnesses + padded)
    const sealed = {
      witnesses: this.#digits(this.#witnesses, padded),
      length: this.#length,
      answers: this.#digits(this.#answers, 2 * WORD * this.#count),
      count: this.#count,
      marks: this.#marks,
    }
    this.#marks = this.#marks.slice(-1).map(({ command }) => ({ from: 0, command }))
    this.#length = 0
    this.#count = 0
    return sealed
  }

  #digits(at: number, length: number): Buffer {
    this.#keccak.digits(at, at + length, this.#text)
    return Buffer.from(this.#keccak.bytes.subarray(this.#text, this.#text + 2 * length))
  }
}
