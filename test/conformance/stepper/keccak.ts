import { wasmOf } from '../../helpers/wat.ts'

/**
 * keccak-256 of at most one block, generated as WebAssembly: several times as fast as what the project hashes with, and
 * written independently of it. Source: FIPS 202, sections 3.2 and 3.3, with the padding of the original Keccak.
 */

const LANES = 25
const ROUNDS = 24
const RATE_LANES = 17
const RATE_BYTES = 8 * RATE_LANES
const DIGEST_LANES = 4

/** Memory: [0, 200) state | [200, 392) round constants | [512, 1024) two digits for each byte | the callers'. */
const CONSTANTS = 8 * LANES
const DIGITS = 512
const HEAP = 1024
const PAGE_BYTES = 2 ** 16

const lanes = Array.from({ length: LANES }, (_, i) => ({ x: i % 5, y: Math.floor(i / 5), i }))

/** Rotation of each lane, by index x + 5y. */
function rotations(): number[] {
  const offsets = new Array<number>(LANES).fill(0)
  for (let t = 0, x = 1, y = 0; t < ROUNDS; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64
    ;[x, y] = [y, (2 * x + 3 * y) % 5]
  }
  return offsets
}

/** One for each round: seven bits of a shift register at positions 2^j - 1. */
function roundConstants(): bigint[] {
  let register = 1
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) {
      if (register & 1) constant |= 1n << BigInt(2 ** j - 1)
      register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1
    }
    return constant
  })
}

const byteText = (byte: number): string => `\\${byte.toString(16).padStart(2, '0')}`

const digitPairs = (): string => Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('')

function littleEndian(values: readonly bigint[]): string {
  const bytes = new Uint8Array(8 * values.length)
  for (const [i, value] of values.entries()) new DataView(bytes.buffer).setBigUint64(8 * i, value, true)
  return [...bytes].map(byteText).join('')
}

const get = (name: string): string => `(local.get $${name})`
const set = (name: string, value: string): string => `(local.set $${name} ${value})`
const xor = (...values: string[]): string => values.reduce((left, right) => `(i64.xor ${left} ${right})`)
const rotate = (value: string, by: number): string => `(i64.rotl ${value} (i64.const ${by}))`

function roundText(): string {
  const offsets = rotations()
  const column = (x: number) => xor(...[0, 1, 2, 3, 4].map((y) => get(`a${x + 5 * y}`)))
  const theta = [0, 1, 2, 3, 4].map((x) => set(`c${x}`, column(x)))
  const mix = [0, 1, 2, 3, 4].map((x) => set(`d${x}`, xor(get(`c${(x + 4) % 5}`), rotate(get(`c${(x + 1) % 5}`), 1))))
  const move = lanes.map(({ x, y, i }) => {
    const lane = rotate(xor(get(`a${i}`), get(`d${x}`)), offsets[i] as number)
    return set(`b${y + 5 * ((2 * x + 3 * y) % 5)}`, lane)
  })
  const chi = lanes.map(({ x, y, i }) => {
    const [next, second] = [1, 2].map((step) => get(`b${((x + step) % 5) + 5 * y}`))
    return set(`a${i}`, xor(get(`b${i}`), `(i64.and (i64.xor ${next} (i64.const -1)) ${second})`))
  })
  const iota = set('a0', xor(get('a0'), `(i64.load offset=${CONSTANTS} (local.get $round))`))
  return [...theta, ...mix, ...move, ...chi, iota].join('\n')
}

const named = (letter: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `(local $${letter}${i} i64)`).join(' ')

const copy = (from: string, count: number, to: number): string =>
  Array.from({ length: count }, (_, i) => {
    const lane = `(i64.load offset=${8 * i} (local.get $${from}))`
    return `(i64.store offset=${to + 8 * i} (i32.const 0) ${lane})`
  }).join('\n')

const lane = (index: number, value: bigint): string =>
  `(i64.store offset=${8 * index} (i32.const 0) (i64.const ${value}))`

const zeroLanes = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => lane(from + i, 0n)).join('\n')

const LAST_BIT = 1n << 63n

const TEXT = `(module
  (memory (export "memory") 1)
  (data (i32.const ${CONSTANTS}) "${littleEndian(roundConstants())}")
  (data (i32.const ${DIGITS}) "${digitPairs()}")
  (func $permute (param $out i32) (local $round i32)
    ${named('a', LANES)} ${named('b', LANES)} ${named('c', 5)} ${named('d', 5)}
    ${lanes.map(({ i }) => set(`a${i}`, `(i64.load offset=${8 * i} (i32.const 0))`)).join('\n')}
    (loop $again
      ${roundText()}
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 8)))
        (i32.const ${8 * ROUNDS}))))
    ${lanes
      .slice(0, DIGEST_LANES)
      .map(({ i }) => `(i64.store offset=${8 * i} (local.get $out) (local.get $a${i}))`)
      .join('\n')})
  (func (export "pair") (param $left i32) (param $right i32) (param $out i32)
    ${copy('left', DIGEST_LANES, 0)}
    ${copy('right', DIGEST_LANES, 8 * DIGEST_LANES)}
    ${lane(2 * DIGEST_LANES, 1n)} ${zeroLanes(2 * DIGEST_LANES + 1, RATE_LANES - 1)}
    ${lane(RATE_LANES - 1, LAST_BIT)} ${zeroLanes(RATE_LANES, LANES)}
    (call $permute (local.get $out)))
  (func (export "block") (param $in i32) (param $out i32)
    ${copy('in', RATE_LANES, 0)} ${zeroLanes(RATE_LANES, LANES)}
    (call $permute (local.get $out)))
  (func (export "digits") (param $in i32) (param $end i32) (param $out i32)
    (loop $again
      (i32.store16 (local.get $out)
        (i32.load16_u offset=${DIGITS} (i32.shl (i32.load8_u (local.get $in)) (i32.const 1))))
      (local.set $out (i32.add (local.get $out) (i32.const 2)))
      (br_if $again (i32.lt_u
        (local.tee $in (i32.add (local.get $in) (i32.const 1)))
        (local.get $end))))))`

const MODULE = new WebAssembly.Module(wasmOf(TEXT))

/** Hashes what lies in a memory of its own; addresses are bytes from its start. */
export class Keccak {
  /** Replaced when the memory grows. */
  bytes: Uint8Array
  /** out = keccak256(32 bytes at left, 32 bytes at right). */
  readonly pair: (left: number, right: number, out: number) => void
  /** out = keccak256 of what `pad` prepared at the address. */
  readonly block: (at: number, out: number) => void
  /** Writes the bytes from `from` up to `end`, one at least, as lower-case hex digits. */
  readonly digits: (from: number, end: number, out: number) => void
  readonly #memory: WebAssembly.Memory
  #next = HEAP

  constructor() {
    const { exports } = new WebAssembly.Instance(MODULE)
    this.#memory = exports.memory as WebAssembly.Memory
    this.pair = exports.pair as Keccak['pair']
    this.block = exports.block as Keccak['block']
    this.digits = exports.digits as Keccak['digits']
    this.bytes = new Uint8Array(this.#memory.buffer)
  }

  /** Room for `length` bytes, zero. */
  allocate(length: number): number {
    const at = this.#next
    this.#next += length
    if (this.#next > this.bytes.length) {
      this.#memory.grow(Math.max(Math.ceil(length / PAGE_BYTES), this.bytes.length / PAGE_BYTES))
      this.bytes = new Uint8Array(this.#memory.buffer)
    }
    return at
  }

  /** Room for a message of `length` bytes that is hashed as one block. */
  allocateBlock(length: number): number {
    const at = this.allocate(RATE_BYTES)
    this.bytes[at + length] = 1
    this.bytes[at + RATE_BYTES - 1] = (this.bytes[at + RATE_BYTES - 1] as number) | 0x80
    return at
  }
}
