import type { Address } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import type { ToyMachine, ToyState } from './toy-machine.ts'
import type { Naming, Standing } from './toy-players.ts'

/** A claim, as far as an arena looks at it. */
export interface ModelClaim {
  readonly owner: Address
  readonly value: Hash
  readonly entry: Hash
  readonly steps: bigint
  readonly machine: ToyMachine
}

export interface ModelEntry {
  readonly claim: ModelClaim
  status: 'alive' | 'dead' | 'released' | 'divided'
  /** In the order of opening. */
  readonly games: ModelGame[]
  readonly payout: { cursor: number; refunds: number; rewarded: boolean }
}

export interface ModelGame {
  readonly id: Hash
  readonly opener: ModelClaim
  readonly target: ModelClaim
  /** The last is the standing one. */
  readonly standings: Standing[]
  winner?: ModelClaim
}

/** Lengths for the task at hand, its money, and how states and games are named. */
export interface ModelRules {
  readonly arity: number
  readonly maxSteps: bigint
  readonly initial: Hash
  readonly challenge: bigint
  readonly support: bigint
  readonly opening: bigint
  readonly budget: bigint
  readonly least: bigint
  readonly bond: bigint
  readonly refund: bigint
  readonly price: bigint
  readonly requester: Address
  readonly naming: Naming
  readonly gameId: (a: Hash, b: Hash) => Hash
  /** Who acts for whom besides the owners themselves. */
  readonly operator: Address
}

export type Verdict = 'pending' | 'settled' | 'void'

/** As in the enums of contracts/interfaces/Task.sol. */
export const VERDICT_NUMBER = { pending: 0, settled: 1, void: 2 } as const
export const TASK_NUMBER = { posted: 3, final: 4, void: 5 } as const
export const ENTRY_NUMBER = { alive: 1, dead: 2, released: 3, divided: 4 } as const

/** Something that somebody tries to do. */
export type Action = { readonly by: Address } & (
  | { readonly kind: 'enter'; readonly claim: ModelClaim }
  | { readonly kind: 'open'; readonly opener: ModelClaim; readonly target: ModelClaim }
  | { readonly kind: 'enterAndOpen'; readonly opener: ModelClaim; readonly target: ModelClaim }
  | {
      readonly kind: 'bisect'
      readonly game: ModelGame
      readonly standing: Standing
      readonly segment: number
      readonly mine: readonly Hash[]
    }
  | {
      readonly kind: 'prove'
      readonly game: ModelGame
      readonly standing: Standing
      readonly substep: number
      readonly state: ToyState
    }
  | { readonly kind: 'timeout'; readonly game: ModelGame; readonly standing: Standing }
  | { readonly kind: 'bury'; readonly winner: ModelClaim; readonly loser: ModelClaim }
  | { readonly kind: 'release'; readonly claim: ModelClaim }
  | { readonly kind: 'finalise'; readonly claim: ModelClaim }
  | { readonly kind: 'payDead'; readonly dead: ModelClaim; readonly opponents: readonly ModelClaim[] }
  | { readonly kind: 'payPrice'; readonly value: Hash; readonly claims: readonly ModelClaim[] }
  | { readonly kind: 'voidTask' }
)
