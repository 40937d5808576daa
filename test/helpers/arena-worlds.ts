import type { Address } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { clocksOf, type MarketRules, type Rules, refundOf, runTime } from '../../protocol/rules.ts'
import type { ModelClaim, ModelRules } from './arena-actions.ts'
import type { Cast } from './arena-cast.ts'
import type { Account } from './arena-ledger.ts'
import type { World } from './arena-simulation.ts'
import type { Random } from './random.ts'
import { type ToyMachine, type ToyState, toyState } from './toy-machine.ts'

/** What is drawn at random for an arena, before anybody acts. */
export interface Plot {
  readonly maxSteps: bigint
  readonly haltAt: bigint
  readonly lies: readonly Lie[]
  readonly solver: 'honest' | 'truth' | 'lie'
  readonly hasHonest: boolean
  readonly haste: number
  readonly waits: boolean
  /** An owner who can pay for two entries only. */
  readonly isOnePoor: boolean
}

/** Where a machine begins to differ, and where it says that it stopped. */
interface Lie {
  readonly substep: bigint
  readonly stopsAt: bigint | undefined
}

export interface People {
  readonly honest: Address
  readonly others: readonly Address[]
  readonly stranger: Address
  readonly operator: Address
  readonly requester: Address
}

const LIES = 3
const MOST_STEPS = 600

/** Draws an arena. */
export function drawPlot(random: Random): Plot {
  const maxSteps = BigInt(1 + random.below(MOST_STEPS))
  const haltAt = 1n + BigInt(random.below(Number(maxSteps)))
  const lies = Array.from({ length: LIES }, (): Lie => {
    const stopsAt = random.chance(0.3) ? 1n + BigInt(random.below(Number(maxSteps))) : undefined
    const steps = stopsAt ?? haltAt
    return { substep: BigInt(random.below(Number(steps) * 12)), stopsAt }
  })
  const hasHonest = random.chance(0.85)
  return {
    maxSteps,
    haltAt,
    lies,
    solver: random.pick(hasHonest ? (['honest', 'truth', 'lie', 'lie'] as const) : (['truth', 'lie'] as const)),
    hasHonest,
    haste: random.pick([0, 0.1, 0.5, 1]),
    waits: random.chance(0.5),
    isOnePoor: random.chance(0.3),
  }
}

/** The machines of a plot; `by` says how far the root of the n-th lie is off. */
export const machinesOf = ({ lies }: Plot, truth: ToyMachine, by: (n: number) => bigint): World['machines'] => [
  truth,
  ...lies.map(({ substep, stopsAt }, n) => ({
    ...truth,
    ...(stopsAt === undefined ? {} : { stopsAt }),
    lie: { substep, by: by(n) },
  })),
]

/** What the model is to know of a market's rules, for one task. */
export function modelRules(
  rules: MarketRules,
  maxSteps: bigint,
  gasPrice: bigint,
  rest: Pick<ModelRules, 'initial' | 'price' | 'requester' | 'naming' | 'gameId' | 'operator'>,
): ModelRules {
  const run = runTime(rules, maxSteps)
  return {
    ...rest,
    ...clocksOf(rules, maxSteps),
    arity: rules.arity,
    maxSteps,
    challenge: rules.challenge + 2n * run,
    support: rules.support + run,
    opening: rules.opening + run,
    bond: rules.bond,
    refund: refundOf(rules, gasPrice, maxSteps),
  }
}

export function castOf({ hasHonest, haste, waits }: Plot, people: People, world: World): Cast {
  const claim = world.claim(people.honest, world.machines[0])
  return { ...people, honest: hasHonest ? { claim, haste, waits } : undefined }
}

/** Whose claim is the first. */
export function firstClaim({ solver }: Plot, people: People, world: World): ModelClaim {
  const [truth, lie] = world.machines
  const [other] = people.others as readonly [Address, ...Address[]]
  if (solver === 'honest') return world.claim(people.honest, truth)
  return world.claim(other, solver === 'truth' ? truth : (lie as ToyMachine))
}

/** Claims by owner and machine, each made once. */
export function claimsBy(make: (owner: Address, machine: ToyMachine) => ModelClaim): World['claim'] {
  const made = new Map<ToyMachine, Map<Address, ModelClaim>>()
  return (owner, machine) => {
    const byOwner = made.get(machine) ?? new Map<Address, ModelClaim>()
    made.set(machine, byOwner)
    const claim = byOwner.get(owner) ?? make(owner, machine)
    byOwner.set(owner, claim)
    return claim
  }
}

/** A state told by its fields: only equality of states matters to a game. */
const plainName = ({ root, regs, substep }: ToyState): Hash => `0x${root.toString(36)}-${regs.toString(36)}-${substep}`

const PEOPLE: People = {
  honest: '0x01',
  others: ['0x02', '0x03', '0x04', '0x05'],
  stranger: '0x09',
  operator: '0x0a',
  requester: '0x00',
}

const TOKENS = 10n ** 9n
const WEI = 10n ** 20n

/** A deployment that is none. */
export const plainRules = (rules: Rules & Pick<MarketRules, 'arity' | 'unbonding'>): MarketRules => {
  const nowhere: Address = '0x00'
  const places = { games: nowhere, vault: nowhere, registry: nowhere, token: nowhere, stepper: nowhere }
  return { ...rules, ...places, chainId: 0n, market: nowhere }
}

/** An arena that takes place nowhere: nothing is hashed. */
export function plainWorld(rules: MarketRules, plot: Plot): { world: World; people: People } {
  const truth = { root: 0n, haltAt: plot.haltAt }
  const initial = plainName(toyState(truth, 0n))
  const claim = claimsBy((owner, machine) => {
    const steps = machine.stopsAt ?? machine.haltAt
    const value = plainName(toyState(machine, steps))
    return { owner, value, entry: `0x${owner}:${value}`, steps, machine }
  })
  const price = 5n * 10n ** 9n
  const gameId = (a: Hash, b: Hash): Hash => (a < b ? `0x${a}|${b}` : `0x${b}|${a}`)
  const rest = { initial, price, requester: PEOPLE.requester, naming: plainName, gameId, operator: PEOPLE.operator }
  const accounts = new Map<Address, Account>()
  for (const owner of [PEOPLE.requester, PEOPLE.honest, ...PEOPLE.others]) {
    const isPoor = plot.isOnePoor && owner === PEOPLE.others.at(-1)
    accounts.set(owner, { free: isPoor ? 2n * rules.bond : TOKENS, locked: 0n, wei: WEI })
  }
  const world: World = {
    rules: modelRules(rules, plot.maxSteps, 10n ** 9n, rest),
    machines: machinesOf(plot, truth, (n) => BigInt(n + 1)),
    claim,
    posted: 1_000_000n,
    accounts,
  }
  return { world, people: PEOPLE }
}
