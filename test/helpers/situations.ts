import { type Address, getAddress, keccak256, stringToHex, zeroHash } from 'viem'
import { packRegisters, unpackRegisters } from '../../interpreter/index.ts'
import {
  clocksOf,
  deadlineOf,
  depositOf,
  type EntryView,
  entryId,
  type GameView,
  gameId,
  type MarketRules,
  type Me,
  type Order,
  originOf,
  ownSequence,
  type PlayedTrace,
  phasesOf,
  postingEnd,
  type Request,
  refundOf,
  type Situation,
  seatOf,
  type TaskView,
  taskId,
  verdictOf,
} from '../../protocol/index.ts'
import { STATUS, SUBSTEPS } from '../../spec/index.ts'

type Hash = `0x${string}`

export const hashOf = (text: string): Hash => keccak256(stringToHex(text))
export const addressOf = (text: string): Address => getAddress(`0x${hashOf(text).slice(26)}`)

export const ME = addressOf('me')
export const RIVAL = addressOf('rival')
export const REQUESTER = addressOf('requester')

const GWEI = 10n ** 9n
const MAX_STEPS = 8n
export const POSTED = 10_000n
const TAKEN = 9_990n
const REQUESTED = 9_900n
/** Of the task of these situations, in wei. */
const GAS_PRICE = 2n * GWEI

export const RULES: MarketRules = {
  ...{ chainId: 1n, market: addressOf('market'), games: addressOf('games'), vault: addressOf('vault') },
  ...{ registry: addressOf('registry'), token: addressOf('token'), stepper: addressOf('stepper') },
  ...{ arity: 2, unbonding: 900n, challenge: 1_000n, support: 500n, opening: 200n, budget: 100n, minimum: 10n },
  // The slowest player takes two seconds for the task.
  ...{ solving: 300n, finalising: 5_000n, speed: 4n, maxSteps: 1_000_000_000n, bond: 101n, gasPriceFloor: GWEI },
  ...{ enterGas: 200_000n, moveGas: 60_000n, maxCallbackGas: 1_000_000n, maxOutput: 4n },
}
export const PHASES = phasesOf(RULES, POSTED, MAX_STEPS)

/** An order whose price rises from 1000 to 3000 gwei in 100 seconds. */
export const ORDER: Order = {
  ...{ program: hashOf('program'), maxSteps: MAX_STEPS, minPrice: 1_000n * GWEI, maxPrice: 3_000n * GWEI },
  ...{ ramp: 100, expires: 20_000, tip: 0n, callbackGas: 0, salt: zeroHash },
}

/** A computation of eight steps, that of TRUTH up to step `from`. */
function namedTrace(name: string, from = 0n, outputBytes = 3): PlayedTrace {
  const regs = packRegisters({ ...unpackRegisters(0n), steps: MAX_STEPS, status: STATUS.HALTED })
  const final = { root: hashOf(`${name} root`), regs, steps: MAX_STEPS, value: hashOf(`${name} value`) }
  const hashAt = (step: bigint): Hash => {
    if (step >= MAX_STEPS) return final.value
    return hashOf(`${step <= from ? 'truth' : name} ${step}`)
  }
  const inner = (step: bigint, n: number): Hash => hashOf(`${step < from ? 'truth' : name} ${step}.${n}`)
  return {
    final,
    result: () => ({
      length: outputBytes,
      output: new Uint8Array(outputBytes),
      root: hashOf(`${name} output`),
      path: [hashOf(`${name} 0`), hashOf(`${name} 1`), hashOf(`${name} 2`)],
      lengthPath: Array.from({ length: 27 }, (_, i) => hashOf(`${name} length ${i}`)),
    }),
    hashAt,
    hashesAt: (steps) => steps.map(hashAt),
    substepHashes: (step) => [
      hashAt(step),
      ...Array.from({ length: SUBSTEPS - 1 }, (_, n) => inner(step, n + 1)),
      hashAt(step + 1n),
    ],
    witness: (step, substep) => [hashOf(`${name} witness ${step}.${substep}`)],
    agreement: () => 'agrees',
  }
}

export const TRUTH = namedTrace('truth')
/** The same with an output above the market's cap. */
export const LARGE_TRUTH = namedTrace('truth', 0n, Number(RULES.maxOutput) + 1)
/** True up to step 5. */
export const LIE = namedTrace('lie', 5n)

/** True up to step 2. */
export const OTHER_LIE = namedTrace('other lie', 2n)

const requestOf = (order: Partial<Order> = {}): Request => ({
  ...{ initial: TRUTH.hashAt(0n), requester: REQUESTER, inputRoot: hashOf('input root'), byReference: false },
  order: { ...ORDER, ...order },
})
const TASK = taskId(RULES, originOf(requestOf()))

/** Ether behind an entry, and one side's gas of the longest dispute. */
export const DEPOSIT = depositOf(RULES, GAS_PRICE, MAX_STEPS)
export const RESERVE = refundOf(RULES, GAS_PRICE, MAX_STEPS)

/** An entry of an owner for what a trace ends in. */
export function entryOf(owner: Address, trace: PlayedTrace, changes: Partial<EntryView> = {}): EntryView {
  const { value, root, regs } = trace.final
  const id = entryId(RULES, TASK, owner, value)
  const payout = { cursor: 0, refunds: 0, rewarded: false }
  const fresh = { status: 'alive', ordinal: 0, buriedBy: undefined, opponents: [], payout } as const
  return { id, owner, value, root, regs, ...fresh, ...changes }
}

export const MINE = entryOf(ME, TRUTH)
export const FALSE = entryOf(RIVAL, LIE)
export const OTHER = entryOf(RIVAL, OTHER_LIE)
export const THIRD = entryOf(addressOf('third'), LIE)

/** An ally's entry of the truth. */
export const ALLY = entryOf(RIVAL, TRUTH)
/** An entry that died by that of ME, and whom it played. */
export const dead = (entry: EntryView, opponents: readonly EntryView[] = [MINE]): EntryView => ({
  ...entry,
  ...{ status: 'dead', buriedBy: MINE.id, opponents: opponents.map(({ id }) => id) },
})
/** An entry that has its stake back. */
export const released = (entry: EntryView): EntryView => ({ ...entry, status: 'released' })

/** The last second in which a task that was taken may be posted, and the least time of a move. */
export const POSTING_END = postingEnd(RULES, TAKEN, MAX_STEPS)
export const LEAST = clocksOf(RULES, MAX_STEPS).least

/** A game in which `asserted` stands for a range, and the owner of `mover` is to answer it. */
export function gameOf(mover: EntryView, waiter: EntryView, asserted: PlayedTrace, lo: bigint, len: bigint): GameView {
  const seats: [Hash, Hash] = seatOf(mover.id, waiter.id) === 0 ? [mover.id, waiter.id] : [waiter.id, mover.id]
  const side = ({ id, owner }: EntryView) => ({ player: owner, left: 50n, seat: seats[0] === id ? 0 : 1 }) as const
  const turn = { mover: side(mover), waiter: side(waiter), lo, len, moved: POSTED, least: 14n, ply: 1n }
  const sequence = ownSequence(asserted, { lo, len }, RULES.arity)
  const [opener, target] = [mover.id, waiter.id]
  const [deadline, ordinals] = [deadlineOf(turn), [1, 1]] as const
  return {
    id: gameId(mover.id, waiter.id),
    opener,
    target,
    seats,
    ordinals,
    turn,
    sequence,
    deadline,
    winner: undefined,
  }
}

const outcome = {
  kind: 'halted',
  code: 0,
  inputByReference: false,
  outputOmitted: false,
  outputRoot: zeroHash,
} as const
/** A task that settled undisputed, and is opened. */
export const FINAL = {
  status: 'final',
  now: PHASES.challenge,
  result: { value: TRUTH.final.value, outcome, output: Uint8Array.of(1) },
} as const
/** An order with a callback that pays at the base fee of these situations. */
export const CALLBACK = { callbackGas: 100_000, tip: 200_000n * GWEI }

type Fields = 'status' | 'solver' | 'noShows' | 'result' | 'priceDue' | 'tipPaid' | 'delivered'

export interface Setting extends Partial<Pick<TaskView, Fields>>, Partial<Me> {
  readonly now?: bigint
  readonly entries?: readonly EntryView[]
  readonly games?: readonly GameView[]
  /** Values that were entered though no entry is listed. */
  readonly seen?: readonly Hash[]
  /** What the order differs in; the entries' ids stay those of the common order. */
  readonly order?: Partial<Order>
  readonly baseFee?: bigint
  readonly trace?: PlayedTrace
}

/** A task as a setting tells it. */
export function taskOf(setting: Setting): TaskView {
  const { now = POSTED, entries = [], games = [], seen = [], order, solver = ME } = setting
  const { status = entries.length === 0 ? 'open' : 'posted', noShows = 0, result } = setting
  const { priceDue = false, tipPaid = false, delivered = false } = setting
  const lives = (value: Hash) => entries.filter((entry) => entry.value === value && hasLived(entry)).length
  const values = new Map([...entries.map(({ value }) => value), ...seen].map((value) => [value, lives(value)]))
  const phases = entries.length === 0 ? undefined : PHASES
  const request = requestOf(order)
  const taken = status === 'open' ? {} : { solver, takenAt: TAKEN, price: ORDER.maxPrice }
  return {
    ...{ id: TASK, request, origin: originOf(request), gasPrice: GAS_PRICE, input: new Uint8Array(0) },
    ...{ status, requestedAt: REQUESTED, noShows, solver: undefined, takenAt: undefined, price: undefined, ...taken },
    ...{ postedAt: phases === undefined ? undefined : POSTED, phases, verdict: verdictOf({ phases, values }, now) },
    entries: new Map(entries.map((entry) => [entry.id, entry])),
    values,
    games: new Map(games.map((game) => [game.id, game])),
    ...{ result, priceDue, tipPaid, delivered },
  }
}

const hasLived = ({ status }: EntryView): boolean => status === 'alive' || status === 'released'

/** What a player with the truth sees. */
export function situationOf(setting: Setting): Situation {
  const { now = POSTED, baseFee = GWEI, trace = TRUTH } = setting
  const { stake = RULES.bond, allowance = RULES.bond, ether = DEPOSIT, wallet = RESERVE, reserved = 0n } = setting
  const me = { owner: ME, stake, allowance, ether, wallet, reserved }
  return { rules: RULES, task: taskOf(setting), trace, me, now, baseFee }
}
