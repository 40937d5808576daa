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
  const seconds = secondsOf(text)
  if (seconds !== undefined) return seconds
  throw new InvalidArgumentError(`Give ${DURATION}.`)
}

const DURATION = 'a length of time below 2^32 seconds, such as 90, 10m, 2h or 1d'

function secondsOf(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? []
  const seconds = Number(digits) * (DURATION_UNITS[unit] ?? 1)
  return digits !== '' && seconds < 2 ** 32 ? seconds : undefined
}

/** A last moment, in seconds: fixed, or so long after now. */
export type Moment = (now: bigint) => bigint

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:Z| UTC)$/

/** A moment from a length of time, or from a time in the form of ISO 8601 or of `timeText`. */
export function parseMoment(text: string): Moment {
  const [, date, time] = TIME.exec(text) ?? []
  const until = Date.parse(`${date}T${time}Z`) / 1000
  if (!Number.isNaN(until)) return () => BigInt(until)
  const seconds = secondsOf(text)
  if (seconds !== undefined) return after(seconds)
  throw new InvalidArgumentError(`Give ${DURATION}; or a time such as 2030-12-31T18:00:00Z.`)
}

export const after =
  (seconds: number): Moment =>
  (now) =>
    now + BigInt(seconds)

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
