import { InvalidArgumentError } from 'commander'
import { formatEther, parseUnits } from 'viem'
import { count } from './text.ts'

/** Decimals of wei in each unit. */
const ETHER_UNITS: Readonly<Record<string, number>> = { eth: 18, ether: 18, gwei: 9, wei: 0 }

const NUMBER = /^(\d+)(?:\.(\d+))?/

/** Wei from an amount with its unit. A unit is asked for, as tools disagree on what a bare number means. */
export function parseWei(text: string): bigint {
  const number = NUMBER.exec(text)
  const decimals = ETHER_UNITS[text.slice(number?.[0].length ?? 0).trim()]
  if (number === null || decimals === undefined || (number[2]?.length ?? 0) > decimals)
    throw new InvalidArgumentError('Give an amount with its unit, such as 0.01eth or 500gwei.')
  return parseUnits(number[0], decimals)
}

/** A plain decimal number; how many decimals it may have is up to the token. */
export function parseDecimal(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return text
  throw new InvalidArgumentError('Give a number such as 1000 or 0.5.')
}

const DURATION_UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds from a length of time such as 90, 10m, 2h or 1d. */
export function parseDuration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? []
  const seconds = Number(digits) * (DURATION_UNITS[unit] ?? 1)
  if (digits !== '' && seconds < 2 ** 32) return seconds
  throw new InvalidArgumentError('Give a length of time below 2^32 seconds, such as 90, 10m, 2h or 1d.')
}

/** An amount of ether for people. */
export const etherText = (wei: bigint): string => `${grouped(formatEther(wei))} ETH`

/** A decimal number with its thousands set apart. */
export function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.')
  return fraction === undefined ? count(BigInt(whole)) : `${count(BigInt(whole))}.${fraction}`
}

/** A time on the chain for people. */
export const timeText = (seconds: bigint | number): string =>
  `${new Date(Number(seconds) * 1000).toISOString().replace('T', ' ').slice(0, 19)} UTC`
