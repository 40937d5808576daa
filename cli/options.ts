import { InvalidArgumentError, Option } from 'commander'
import type { Tier } from '../interpreter/index.ts'

/** Steps are plain numbers, exact up to here. */
const MAX_STEPS = Number.MAX_SAFE_INTEGER

/** A number of steps from the command line. */
export function parseSteps(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= MAX_STEPS) return value
  throw new InvalidArgumentError(`Give a whole number from 0 to ${MAX_STEPS}, in digits only.`)
}

export const FILE = ['<file.wasm>', 'the task, a WebAssembly module that exports main'] as const
export const INPUT = ['--input <file>', 'the input of the task, - for standard input (default: no bytes)'] as const

const TIERS: readonly Tier[] = ['native', 'interpreter']

/** What runs the task. */
export const tierOption = (): Option =>
  new Option('--tier <tier>', 'what runs the task: the engine as far as it can, or the interpreter alone')
    .choices(TIERS)
    .default(TIERS[0])

/** Segments of a sequence in a dispute. */
export function parseArity(text: string): number {
  const value = parseSteps(text)
  if (value >= 2 && value <= 32) return value
  throw new InvalidArgumentError('Give a number from 2 to 32.')
}
