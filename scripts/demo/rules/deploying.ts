import { type Hex, isAddressEqual, size, slice, toHex } from 'viem'
import type { Evidence } from '../evidence.ts'
import { present } from '../failure.ts'
import type { Attempt } from './attempt.ts'

/** Words that the market's constructor takes, in order: struct Setting, then struct Rules. */
const ARGUMENTS = [
  ...(['stepper', 'arity', 'registry', 'token', 'unbondingTime'] as const),
  ...(['challenge', 'support', 'opening', 'budget', 'minimum', 'solving', 'finalising', 'speed'] as const),
  ...(['maxSteps', 'bond', 'gasPriceFloor', 'enterGas', 'moveGas', 'maxCallbackGas', 'maxOutput'] as const),
]
const WORD = 32

/** The creation of a market with one argument changed. */
function withArgument(creation: Hex, name: (typeof ARGUMENTS)[number], value: bigint): Hex {
  const at = size(creation) - (ARGUMENTS.length - ARGUMENTS.indexOf(name)) * WORD
  const word = toHex(value, { size: WORD }).slice(2)
  const after = at + WORD === size(creation) ? '' : slice(creation, at + WORD).slice(2)
  return `${slice(creation, 0, at)}${word}${after}` as Hex
}

/** Markets that must not be. */
export function deployingAttempts({ setUp, market }: Evidence): Attempt[] {
  const made = setUp.find(({ created }) => created !== null && isAddressEqual(created, market.rules.market))
  const { data, block, from } = present('rules', 'creation of the market', made)
  const create = (what: string, error: string, ...change: [(typeof ARGUMENTS)[number], bigint]): Attempt => ({
    ...{ what, error, block, from, to: null },
    data: withArgument(data, ...change),
  })
  return [
    create('cut ranges in one part', 'ArityOutOfRange', 'arity', 1n),
    create('cut ranges in too many parts', 'ArityOutOfRange', 'arity', 33n),
    create('give the players no time', 'ClockTooShort', 'budget', 0n),
    create('give no time for challenges', 'EmptyPhase', 'challenge', 0n),
    create('ask for a bond without halves', 'RuleOutOfRange', 'bond', 1n),
    create('reckon with no gas price', 'RuleOutOfRange', 'gasPriceFloor', 0n),
    create('wait longer than clocks can tell', 'RuleOutOfRange', 'solving', 1n << 32n),
  ]
}
