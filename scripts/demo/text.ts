import { styleText } from 'node:util'
import { formatEther } from 'viem'

/** Text for people. */

export type Print = (line?: string) => void

/** Gives a text a style, or not. */
export type Paint = (style: 'bold' | 'green' | 'red' | 'dim', text: string) => string

/** Colours on a terminal whose user has not refused them. */
export const painter = (isTerminal: boolean, noColor: string | undefined): Paint =>
  isTerminal && !noColor ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text

export const count = (value: number | bigint): string => value.toLocaleString('en')

export const hex = (value: number | bigint, digits = 0): string => `0x${value.toString(16).padStart(digits, '0')}`

/** Bytes in their order, as `substep run` prints them. */
export const rawHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A hash read backwards, as block explorers show it. */
export const bigEndian = (hash: Uint8Array): string => Buffer.from(hash).reverse().toString('hex')

const TOKEN_UNIT = 10n ** 18n

/** Units of a token with 18 decimals as whole tokens. */
export const tokens = (units: bigint): number => Number(units) / Number(TOKEN_UNIT)

/** Wei as ether. */
export const ether = (wei: bigint): string => formatEther(wei)

/** Lines of a name and a value, the values below one another. */
export const fields = (rows: readonly (readonly [name: string, value: string])[]): string[] => {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`)
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A time span, rounded to days or hours where it is long. */
export function duration(seconds: number): string {
  if (seconds >= 2 * DAY) return `${Math.round(seconds / DAY)} days`
  if (seconds >= 2 * HOUR) return `${Math.round(seconds / HOUR)} hours`
  return `${seconds} s`
}
