import { type Address, keccak256, numberToHex, stringToHex } from 'viem'
import { packRegisters, unpackRegisters } from '../../interpreter/index.ts'
import {
  type ArenaRules,
  deadlineOf,
  type EntryView,
  entryId,
  type GameView,
  gameId,
  ownSequence,
  type PlayedTrace,
  phasesOf,
  type Situation,
  seatOf,
  type TaskView,
} from '../../protocol/index.ts'
import { STATUS, SUBSTEPS } from '../../spec/index.ts'

type Hash = `0x${string}`

const hashOf = (text: string): Hash => keccak256(stringToHex(text))
const addressOf = (text: string): Address => `0x${hashOf(text).slice(26)}`

export const ME = addressOf('me')
export const RIVAL = addressOf('rival')
const TASK = hashOf('task')

export const RULES: ArenaRules = {
  ...{ chainId: 1n, arena: addressOf('arena'), stepper: addressOf('stepper'), token: addressOf('token') },
  ...{ arity: 2, budget: 100n, minimum: 10n, challenge: 1_000n, support: 500n, opening: 200n, bond: 101n },
}
const MAX_STEPS = 8n
export const POSTED = 10_000n
export const PHASES = phasesOf(RULES, POSTED, MAX_STEPS)

/** A computation of eight steps, that of TRUTH up to step `from`. */
function namedTrace(name: string, from = 0n): PlayedTrace {
  const regs = packRegisters({ ...unpackRegisters(0n), steps: MAX_STEPS, status: STATUS.HALTED })
  const final = { root: hashOf(`${name} root`), regs, steps: MAX_STEPS, value: hashOf(`${name} value`) }
  const hashAt = (step: bigint): Hash => {
    if (step >= MAX_STEPS) return final.value
    return hashOf(`${step <= from ? 'truth' : name} ${step}`)
  }
  const inner = (step: bigint, n: number): Hash => hashOf(`${step < from ? 'truth' : name} ${step}.${n}`)
  return {
    final,
    hashAt,
    substepHashes: (step) => [
      hashAt(step),
      ...Array.from({ length: SUBSTEPS - 1 }, (_, n) => inner(step, n + 1)),
      hashAt(step + 1n),
    ],
    witness: (step, substep) => [hashOf(`${name} witness ${step}.${substep}`)],
  }
}

export const TRUTH = namedTrace('truth')
/** True up to step 5. */
export const LIE = namedTrace('lie', 5n)

/** True up to step 2. */
export const OTHER_LIE = namedTrace('other lie', 2n)

/** An entry of an owner for what a trace ends in. */
export function entryOf(owner: Address, trace: PlayedTrace, changes: Partial<EntryView> = {}): EntryView {
  const { value, root, regs } = trace.final
  const id = entryId(RULES, TASK, owner, value)
  return { id, owner, value, root, regs, status: 'alive', buriedBy: undefined, ...changes }
}

export const MINE = entryOf(ME, TRUTH)
export const FALSE = entryOf(RIVAL, LIE)
export const OTHER = entryOf(RIVAL, OTHER_LIE)
export const THIRD = entryOf(addressOf('third'), LIE)

/** A game in which `asserted` stands for a range, and the owner of `mover` is to answer it. */
export function gameOf(mover: EntryView, waiter: EntryView, asserted: PlayedTrace, lo: bigint, len: bigint): GameView {
  const seats: [Hash, Hash] = seatOf(mover.id, waiter.id) === 0 ? [mover.id, waiter.id] : [waiter.id, mover.id]
  const side = ({ id, owner }: EntryView) => ({ player: owner, left: 50n, seat: seats[0] === id ? 0 : 1 }) as const
  const turn = { mover: side(mover), waiter: side(waiter), lo, len, moved: POSTED, ply: 1n }
  const sequence = ownSequence(asserted, { lo, len }, RULES.arity)
  const [opener, target] = [mover.id, waiter.id]
  const deadline = deadlineOf(turn)
  return { id: gameId(mover.id, waiter.id), opener, target, seats, turn, sequence, deadline, winner: undefined }
}

export interface Setting {
  readonly now?: bigint
  readonly entries?: readonly EntryView[]
  readonly games?: readonly GameView[]
  readonly status?: TaskView['status']
  readonly settled?: Hash
  /** Values that were entered though no entry is listed. */
  readonly seen?: readonly Hash[]
  readonly balance?: bigint
  readonly allowance?: bigint
}

/** What a player with the truth sees. */
export function situationOf(setting: Setting): Situation {
  const { now = POSTED, entries = [], games = [], seen = [], balance = RULES.bond, allowance = RULES.bond } = setting
  const { status = entries.length === 0 ? 'open' : 'live', settled } = setting
  const alive = (value: Hash) => entries.filter((entry) => entry.value === value && entry.status === 'alive').length
  const values = new Map([...entries.map(({ value }) => value), ...seen].map((value) => [value, alive(value)]))
  const task: TaskView = {
    ...{ id: TASK, program: hashOf('program'), creator: addressOf('creator'), salt: numberToHex(0, { size: 32 }) },
    ...{ maxSteps: MAX_STEPS, initial: TRUTH.hashAt(0n), input: new Uint8Array(0), status, settled, values },
    phases: entries.length === 0 ? undefined : PHASES,
    entries: new Map(entries.map((entry) => [entry.id, entry])),
    games: new Map(games.map((game) => [game.id, game])),
  }
  return { rules: RULES, task, trace: TRUTH, me: { address: ME, balance, allowance }, now }
}
