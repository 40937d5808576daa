import type { Hash } from '../../interpreter/index.ts'
import type { Verdict } from './arena-actions.ts'
import type { ArenaSimulation, Step } from './arena-simulation.ts'

/** What must hold after every action of every random arena. */
export interface ArenaRule {
  readonly name: string
  holds(now: Watched): boolean
}

/** An arena after a step, and what was known of it before. */
export interface Watched {
  readonly arena: ArenaSimulation
  readonly step: Step
  readonly sums: readonly [bigint, bigint]
  readonly before: Settled
  readonly now: Settled
}

/** The verdict, and the values that live. */
export interface Settled {
  readonly verdict: Verdict
  readonly living: readonly Hash[]
}

const honestEntry = ({ arena }: Watched) => arena.model.entries.get(arena.cast.honest?.claim.entry ?? '0x')

export const ARENA_RULES: readonly ArenaRule[] = [
  {
    name: 'an honest entry that answers in time never dies',
    holds: (now) => !['dead', 'divided'].includes(honestEntry(now)?.status ?? 'alive'),
  },
  {
    name: 'an honest player is never refused',
    holds: ({ step }) => !step.isDuty || step.outcome === 'ok',
  },
  {
    name: 'an honest player never has less than it had, its stake counted',
    holds(now) {
      const { honest } = now.arena.cast
      if (honest === undefined) return true
      const { free, locked, wei } = now.arena.model.money.of(honest.claim.owner)
      const [tokens, ether] = now.arena.held
      const staked = locked > 0n ? 4n * now.arena.model.rules.refund : 0n
      return free + locked >= tokens && wei + staked >= ether
    },
  },
  {
    name: 'nothing but the truth settles where an honest player plays',
    holds({ arena, now }) {
      const { honest } = arena.cast
      return honest === undefined || now.verdict !== 'settled' || now.living.join() === honest.claim.value
    },
  },
  {
    name: 'the truth has settled by the end where an honest player plays',
    holds: ({ arena, step, now }) =>
      arena.cast.honest === undefined || step.time < arena.model.phases.end || now.verdict === 'settled',
  },
  {
    name: 'one value settles, and no verdict changes',
    holds: ({ before, now }) =>
      (now.verdict !== 'settled' || now.living.length === 1) &&
      (before.verdict === 'pending' || (before.verdict === now.verdict && before.living.join() === now.living.join())),
  },
  {
    name: 'one entry always lives',
    holds: ({ now }) => now.living.length > 0,
  },
  {
    name: 'no token and no ether appears or vanishes',
    holds: ({ arena, sums }) => arena.model.money.sums().join() === sums.join(),
  },
]

/** How an arena stands at `time`. */
export function settledAt({ model }: ArenaSimulation, time: bigint): Settled {
  const lived = [...model.entries.values()].filter(({ status }) => status === 'alive' || status === 'released')
  return { verdict: model.verdict(time), living: [...new Set(lived.map(({ claim }) => claim.value))] }
}
