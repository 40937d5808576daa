import { type Abi, bytesToHex, getAddress, type Hex, hexToBytes, isAddress } from 'viem'
import { encoded, eventsOf } from '../../auditor/history.ts'
import type { History, RawLog } from '../../auditor/index.ts'
import { gamesAbi, marketAbi, vaultAbi } from '../../protocol/index.ts'

/** A history in which one thing is not as it was. */
export interface Forgery {
  /** `Moved 3: sequence.2`: the event by its number, and the field. */
  readonly what: string
  /** The event's name and the field, without numbers. */
  readonly field: string
  readonly history: History
}

const ABI = { market: marketAbi, games: gamesAbi, vault: vaultAbi } as const

/** Every history that differs from a true one in one field of one event. */
export function* forgeriesOf(history: History): Generator<Forgery> {
  for (const [i, { name, source, args }] of eventsOf(history).entries()) {
    const log = history.logs[i] as RawLog
    const named = (path: string) => ({ what: `${name} ${i}: ${path}`, field: `${name}.${path.replace(/\.\d+/g, '')}` })
    for (const { path, value } of variantsOf(args)) {
      const forged = encoded(ABI[source] as Abi, name, value as Readonly<Record<string, unknown>>)
      yield { ...named(path), history: withLog(history, i, { ...log, ...forged }) }
    }
    for (const { path, value } of variantsOf(log)) {
      yield { ...named(`log.${path}`), history: withLog(history, i, value as RawLog) }
    }
    yield { ...named('left out'), history: { ...history, logs: history.logs.toSpliced(i, 1) } }
    yield { ...named('told twice'), history: { ...history, logs: history.logs.toSpliced(i, 0, log) } }
  }
}

const withLog = (history: History, index: number, log: RawLog): History => ({
  ...history,
  logs: history.logs.with(index, log),
})

interface Variant {
  readonly path: string
  readonly value: unknown
}

/** Copies of a value, each with one leaf of it changed. */
export function variantsOf(value: unknown): Variant[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, part]) => inside(value, key, part))
  return [{ path: '', value: changed(value) }]
}

const inside = (whole: object, key: string, part: unknown): Variant[] =>
  variantsOf(part).map(({ path, value }) => ({
    path: path === '' ? key : `${key}.${path}`,
    value: Array.isArray(whole) ? whole.with(Number(key), value) : { ...whole, [key]: value },
  }))

/** Another value of the same type. */
function changed(value: unknown): unknown {
  if (typeof value === 'bigint') return value + 1n
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string' && value.startsWith('0x')) return flipped(value as Hex)
  throw new Error(`nothing to change in ${String(value)}`)
}

/** The last bit flipped; a byte where there is none. */
function flipped(hex: Hex): Hex {
  const bytes = hexToBytes(hex)
  if (bytes.length === 0) return '0x00'
  const last = bytes.length - 1
  bytes[last] = (bytes[last] ?? 0) ^ 1
  return isAddress(hex) ? getAddress(bytesToHex(bytes)) : bytesToHex(bytes)
}
