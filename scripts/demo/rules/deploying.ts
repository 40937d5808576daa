import { type Hex, size, slice, toHex } from 'viem'
import type { Evidence } from '../evidence.ts'
import { present } from '../failure.ts'
import type { Attempt } from './attempt.ts'

/** Arguments of the arena's constructor, in order. */
const ARGUMENTS = ['stepper', 'arity', 'budget', 'minimum', 'challenge', 'support', 'opening', 'token', 'bond'] as const
const WORD = 32

/** The creation of an arena with one argument changed. */
function withArgument(creation: Hex, name: (typeof ARGUMENTS)[number], value: bigint): Hex {
  const at = size(creation) - (ARGUMENTS.length - ARGUMENTS.indexOf(name)) * WORD
  const word = toHex(value, { size: WORD }).slice(2)
  const after = at + WORD === size(creation) ? '' : slice(creation, at + WORD).slice(2)
  return `${slice(creation, 0, at)}${word}${after}` as Hex
}

/** Arenas that must not be. */
export function deployingAttempts({ history }: Evidence): Attempt[] {
  const { data, block, from } = present('rules', 'creation', history.filter(({ to }) => to === null).at(-1))
  const create = (what: string, error: string, ...change: [(typeof ARGUMENTS)[number], bigint]): Attempt => ({
    ...{ what, error, block, from, creates: true },
    data: withArgument(data, ...change),
  })
  return [
    create('cut ranges in one part', 'ArityOutOfRange', 'arity', 1n),
    create('cut ranges in too many parts', 'ArityOutOfRange', 'arity', 33n),
    create('give the players no time', 'ClockTooShort', 'budget', 0n),
    create('give no time for challenges', 'EmptyPhase', 'challenge', 0n),
    create('ask for a bond without halves', 'BondTooSmall', 'bond', 1n),
  ]
}
