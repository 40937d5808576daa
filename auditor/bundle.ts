import { bytesToHex, getAddress, type Hex, hexToBytes, isAddress, isHex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { MarketRules } from '../protocol/index.ts'
import { BundleIllFormed } from './errors.ts'
import type { History, RawLog, Storage, Transaction } from './history.ts'

const FORMAT = 'substep-bundle-1'
const INDENT = 1

/** Fields of the rules, by how they are written. */
const ADDRESSES = ['market', 'games', 'vault', 'registry', 'token', 'stepper'] as const
const NUMBERS = [
  ...['chainId', 'unbonding', 'challenge', 'support', 'opening', 'budget', 'minimum', 'solving', 'finalising'],
  ...['speed', 'maxSteps', 'bond', 'gasPriceFloor', 'enterGas', 'moveGas', 'maxCallbackGas', 'maxOutput'],
] as const

/** A history as the text of a file, from which it can be replayed without a node. */
export function bundleText(history: History): string {
  const { rules, task, head, times, logs, transactions, storage, module } = history
  const bundle = {
    ...{ format: FORMAT, task, rules, head, times: Object.fromEntries(times), logs },
    ...{ transactions: Object.fromEntries(transactions), storage },
    module: module === undefined ? null : bytesToHex(module),
  }
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return `${JSON.stringify(bundle, plain, INDENT)}\n`
}

/**
 * The history that a bundle holds. Only its form is checked.
 * @throws BundleIllFormed
 */
export function parseBundle(text: string): History {
  const bundle = record('it', json(text))
  if (bundle.format !== FORMAT) throw new BundleIllFormed('format', `is not ${FORMAT}`)
  const head = record('head', bundle.head)
  const times = Object.entries(record('times', bundle.times))
  const transactions = Object.entries(record('transactions', bundle.transactions))
  return {
    task: hash('task', bundle.task),
    rules: rulesOf(record('rules', bundle.rules)),
    head: {
      number: natural('head.number', head.number),
      hash: hash('head.hash', head.hash),
      timestamp: natural('head.timestamp', head.timestamp),
    },
    times: new Map(times.map(([block, time]) => [natural('times', block), natural(`times.${block}`, time)])),
    logs: list('logs', bundle.logs).map((log, i) => logOf(`logs.${i}`, record(`logs.${i}`, log))),
    transactions: new Map(transactions.map(([id, told]) => [hash('transactions', id), transactionOf(id, told)])),
    storage: storageOf(record('storage', bundle.storage)),
    module: bundle.module === null ? undefined : hexToBytes(hex('module', bundle.module)),
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BundleIllFormed('it', `is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function rulesOf(told: Readonly<Record<string, unknown>>): MarketRules {
  const addresses = ADDRESSES.map((name) => [name, address(`rules.${name}`, told[name])] as const)
  const numbers = NUMBERS.map((name) => [name, natural(`rules.${name}`, told[name])] as const)
  const arity = index('rules.arity', told.arity)
  if (arity < 2) throw new BundleIllFormed('rules.arity', 'is below 2')
  if (natural('rules.speed', told.speed) === 0n) throw new BundleIllFormed('rules.speed', 'is 0')
  return { ...Object.fromEntries<unknown>([...addresses, ...numbers]), arity } as unknown as MarketRules
}

const logOf = (field: string, told: Readonly<Record<string, unknown>>): RawLog => ({
  address: address(`${field}.address`, told.address),
  topics: list(`${field}.topics`, told.topics).map((topic) => hash(`${field}.topics`, topic)),
  data: hex(`${field}.data`, told.data),
  block: natural(`${field}.block`, told.block),
  index: index(`${field}.index`, told.index),
  transaction: hash(`${field}.transaction`, told.transaction),
})

function transactionOf(id: string, told: unknown): Transaction {
  const { input, gas } = record(`transactions.${id}`, told)
  return { input: hex(`transactions.${id}.input`, input), gas: natural(`transactions.${id}.gas`, gas) }
}

function storageOf(told: Readonly<Record<string, unknown>>): Storage {
  const words = (field: 'values' | 'entries' | 'payouts' | 'games'): Record<Hash, Hex> => {
    const entries = Object.entries(record(`storage.${field}`, told[field]))
    return Object.fromEntries(entries.map(([id, word]) => [hash(field, id), hex(`storage.${field}.${id}`, word)]))
  }
  return {
    task: hex('storage.task', told.task),
    ...{ values: words('values'), entries: words('entries'), payouts: words('payouts'), games: words('games') },
  }
}

function record(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new BundleIllFormed(field, 'is no object')
}

function list(field: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new BundleIllFormed(field, 'is no list')
}

function hex(field: string, value: unknown): Hex {
  if (isHex(value) && value.length % 2 === 0) return value
  throw new BundleIllFormed(field, 'is no hex string')
}

function hash(field: string, value: unknown): Hash {
  const word = hex(field, value)
  if (word.length === 66) return word
  throw new BundleIllFormed(field, 'is no word of 32 bytes')
}

function address(field: string, value: unknown) {
  if (typeof value === 'string' && isAddress(value)) return getAddress(value)
  throw new BundleIllFormed(field, 'is no address')
}

function natural(field: string, value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,78}$/.test(value)) return BigInt(value)
  throw new BundleIllFormed(field, 'is no decimal number in quotes')
}

function index(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new BundleIllFormed(field, 'is no whole number')
}
