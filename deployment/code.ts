import { type Address, type Hex, numberToHex, padHex, sliceHex, stringToHex } from 'viem'
import type { Compiled, ContractName } from './compiled.ts'
import { CodeDiffers, ImmutableDiffers } from './errors.ts'
import { COMPILED } from './generated/bytecode.ts'

/** Value of each immutable, a word. */
export type Immutables = Readonly<Record<string, Hex>>

const WORD_BYTES = 32

/** Characters of `0x`. */
const PREFIX = 2

/** Addresses are written in both cases. */
const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex

/** A number or an address as a word. */
export const word = (value: bigint | Hex): Hex =>
  padHex(typeof value === 'bigint' ? numberToHex(value) : lower(value), { size: WORD_BYTES })

/** A text below 32 bytes as OpenZeppelin's ShortString: the bytes, and their number in the last one. */
export function shortString(text: string): Hex {
  const bytes = stringToHex(text, { size: WORD_BYTES - 1 })
  return `${bytes}${text.length.toString(16).padStart(2, '0')}`
}

/**
 * Checks the code at an address against what the compiler made, immutables included.
 * @throws CodeDiffers, ImmutableDiffers
 */
export function checkCode(contract: ContractName, address: Address, code: Hex, immutables: Immutables): void {
  const compiled = COMPILED[contract]
  const masked = withoutImmutables(code, compiled)
  if (masked !== compiled.runtime) throw new CodeDiffers(contract, address, firstDifference(masked, compiled.runtime))
  for (const [name, places] of Object.entries(compiled.immutables)) {
    const expected = immutables[name]
    if (expected === undefined) throw new TypeError(`nothing tells what ${name} of ${contract} should be`)
    for (const place of places) {
      const actual = sliceHex(lower(code), place, place + WORD_BYTES)
      if (actual !== expected) throw new ImmutableDiffers(contract, name, expected, actual)
    }
  }
}

/** Whether the code is that of a contract, whatever its immutables. */
export const isCodeOf = (contract: ContractName, code: Hex): boolean =>
  withoutImmutables(code, COMPILED[contract]) === COMPILED[contract].runtime

/** Zeros in place of the immutables; as it is where the code has another length. */
function withoutImmutables(code: Hex, { runtime, immutables }: Compiled): string {
  if (code.length !== runtime.length) return lower(code)
  const digits = [...lower(code)]
  for (const place of Object.values(immutables).flat()) {
    const start = PREFIX + 2 * place
    digits.fill('0', start, start + 2 * WORD_BYTES)
  }
  return digits.join('')
}

/** The first byte that differs, or with which the shorter one ends. */
function firstDifference(actual: string, expected: string): number {
  const shorter = Math.min(actual.length, expected.length)
  let at = PREFIX
  while (at < shorter && actual[at] === expected[at]) at++
  return Math.floor((at - PREFIX) / 2)
}
