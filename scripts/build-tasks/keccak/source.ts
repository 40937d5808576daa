import { type Arithmetic, hex, NUMBERS, VECTORS } from './arithmetic.ts'
import { type Assign, constant, LANES, type Lane, Round } from './round.ts'

/**
 * Writes the AssemblyScript source of the kernel that hashes pairs of nodes: the rounds of keccak-f[1600], unrolled for
 * one message at a time in numbers, two in vectors, and three in both at once, whose statements alternate.
 * Source: https://keccak.team/keccak_specs_summary.html; why just so: docs/rationale.md, "A kernel for hashes".
 */

const DIGEST_LANES = 4
const BLOCK_LANES = 17
const PAIR_LANES = 8
const ROUNDS = 24
/** Padding of keccak-256, which is not that of SHA3-256: the first byte after the message, and the last of the block. */
const PADDING_FIRST = 1n
const PADDING_LAST = 1n << 63n

/** The constants of iota, from its shift register. */
const ROUND_CONSTANTS: readonly bigint[] = (() => {
  let register = 1
  const bit = () => {
    const out = register & 1
    register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1
    return out
  }
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) if (bit()) constant |= 1n << BigInt(2 ** j - 1)
    return constant
  })
})()

/** A message, or two, of those that a function hashes at once. */
interface Unit {
  readonly arithmetic: Arithmetic
  readonly type: string
  readonly splat: (number: string) => string
  readonly load: (lane: number, lanes: number) => string
  readonly store: (lane: number, text: string) => string
}

const numberUnit = (message: number): Unit => ({
  arithmetic: NUMBERS,
  type: 'u64',
  splat: (number) => number,
  load: (lane, lanes) => `load<u64>(from, ${8 * (message * lanes + lane)})`,
  store: (lane, text) => `store<u64>(to, ${text}, ${8 * (message * DIGEST_LANES + lane)})`,
})

const vectorUnit = (first: number): Unit => ({
  arithmetic: VECTORS,
  type: 'v128',
  splat: (number) => `v128.splat<u64>(${number})`,
  load(lane, lanes) {
    const [low, high] = [8 * (first * lanes + lane), 8 * ((first + 1) * lanes + lane)]
    return `v128.load_lane<u64>(from, v128.load_splat<u64>(from, ${low}), 1, ${high})`
  },
  store(lane, text) {
    const [low, high] = [8 * (first * DIGEST_LANES + lane), 8 * ((first + 1) * DIGEST_LANES + lane)]
    return `v128.store_lane<u64>(to, ${text}, 0, ${low}); v128.store_lane<u64>(to, ${text}, 1, ${high})`
  },
})

/** Statements of the units in turn, so that one fills the processor's gaps of the other. */
const alternate = (lists: readonly (readonly string[])[]): string[] =>
  Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, i) =>
    lists.flatMap((list) => list[i] ?? []),
  ).flat()

const indent = (lines: readonly string[], by: string): string => lines.map((line) => `${by}${line}\n`).join('')

const variable = ({ arithmetic }: Unit, lane: number) => `${arithmetic.prefix}${lane}`

/** The state that is kept between the rounds, in variables. */
const kept = (unit: Unit): Lane[] =>
  Array.from({ length: LANES }, (_, lane) => ({
    value: variable(unit, lane),
    complemented: unit.arithmetic.complemented.includes(lane),
  }))

const withIota =
  ({ arithmetic, splat }: Unit, number: string, assign: Assign): Assign =>
  (lane, text) =>
    assign(lane, lane === 0 ? arithmetic.xor(text, splat(number)) : text)

/** Loads, and the first round, which knows most lanes of a short message. */
function opening(unit: Unit, lanes: number): string[] {
  const { arithmetic, load } = unit
  const name = (lane: number) => `${arithmetic.prefix}m${lane}`
  const loads = Array.from({ length: lanes }, (_, lane) => `const ${name(lane)} = ${load(lane, lanes)}`)
  const padding = new Map(
    lanes < BLOCK_LANES
      ? [
          [lanes, PADDING_FIRST],
          [BLOCK_LANES - 1, PADDING_LAST],
        ]
      : [],
  )
  const state = Array.from({ length: LANES }, (_, lane) =>
    lane < lanes ? { value: name(lane), complemented: false } : constant(padding.get(lane) ?? 0n),
  )
  const round = new Round(arithmetic, 'f')
  const assign: Assign = (lane, text) => `let ${variable(unit, lane)} = ${text}`
  round.run(state, withIota(unit, hex(ROUND_CONSTANTS[0]!), assign), arithmetic.complemented)
  return [...loads, ...round.statements]
}

/** Two rounds, as they are done eleven times. */
function middle(unit: Unit): string[] {
  const { arithmetic } = unit
  const [first, second] = [new Round(arithmetic, 'p'), new Round(arithmetic, 'q')]
  const name = (lane: number) => `${arithmetic.prefix}n${lane}`
  const between = kept(unit).map(({ complemented }, lane) => ({ value: name(lane), complemented }))
  const bind: Assign = (lane, text) => `const ${name(lane)} = ${text}`
  first.run(kept(unit), withIota(unit, 'load<u64>(constants)', bind), arithmetic.complemented)
  const assign: Assign = (lane, text) => `${variable(unit, lane)} = ${text}`
  second.run(between, withIota(unit, 'load<u64>(constants, 8)', assign), arithmetic.complemented)
  return [...first.statements, ...second.statements]
}

/** The last round, as far as the digest needs it. */
function closing(unit: Unit): string[] {
  const round = new Round(unit.arithmetic, 'l')
  const name = (lane: number) => `${unit.arithmetic.prefix}h${lane}`
  const bind: Assign = (lane, text) => `const ${name(lane)} = ${text}`
  round.run(kept(unit), withIota(unit, hex(ROUND_CONSTANTS[ROUNDS - 1]!), bind), [], DIGEST_LANES)
  return [...round.statements, ...[0, 1, 2, 3].map((lane) => unit.store(lane, name(lane)))]
}

/** A function from messages of so many lanes at `from` to digests at `to`. */
const hashFunction = (name: string, units: readonly Unit[], lanes: number): string => `
export function ${name}(from: usize, to: usize): void {
${indent(alternate(units.map((unit) => opening(unit, lanes))), '  ')}\
  for (let constants = CONSTANTS + 8; constants < CONSTANTS + ${8 * (ROUNDS - 1)}; constants += 16) {
${indent(alternate(units.map(middle)), '    ')}\
  }
${indent(alternate(units.map(closing)), '  ')}\
}
`

/** The source of the unrolled functions; `origin` says where it comes from. */
export const keccakSource = (origin: string): string => `// ${origin}
const CONSTANTS: usize = memory.data<u64>([
${indent(
  ROUND_CONSTANTS.map((value) => `${hex(value)},`),
  '  ',
)}\
])
${hashFunction('hashOne', [numberUnit(0)], PAIR_LANES)}\
${hashFunction('hashTwo', [vectorUnit(0)], PAIR_LANES)}\
${hashFunction('hashThree', [numberUnit(0), vectorUnit(1)], PAIR_LANES)}\
${hashFunction('hashBlock', [numberUnit(0)], BLOCK_LANES)}`
