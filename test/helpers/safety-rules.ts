import {
  commitment,
  depositOf,
  disputedSegment,
  type EntryView,
  type GameView,
  ownSequence,
  refundOf,
  rootOf,
  type Seat,
  type TaskView,
} from '../../protocol/index.ts'
import { standing, withOrdinals, won } from '../../protocol/slots.ts'
import { BOND, type Hash, START_ETHER, START_STAKE } from './local-market.ts'
import type { Observation } from './observation.ts'

/** What must hold after every action of every scenario, whatever the others do. */
export interface SafetyRule {
  readonly name: string
  /** What is wrong, or nothing. */
  breaches(now: Observation): readonly string[]
}

/** Order of the enums in contracts/interfaces/Task.sol. */
const TASK_STATUS = { open: 1, taken: 2, posted: 3, final: 4, void: 5, cancelled: 6, expired: 7, abandoned: 8 } as const
const ENTRY_STATUS = { alive: 1, dead: 2, released: 3, divided: 4 } as const
const VERDICT = { pending: 0, settled: 1, void: 2 } as const
const HALF = BOND / 2n

const entriesOf = ({ entries }: TaskView): EntryView[] => [...entries.values()]
const isHonest = ({ honest, truth }: Observation, { owner, value }: EntryView): boolean =>
  honest.includes(owner) && value === truth.final.value
const isLocked = ({ status, payout }: EntryView): boolean =>
  status === 'alive' || (status === 'dead' && !payout.rewarded)
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, amount) => all + amount, 0n)

export const SAFETY_RULES: readonly SafetyRule[] = [
  {
    name: 'no entry of an honest player dies',
    breaches: (now) =>
      entriesOf(now.task)
        .filter((entry) => isHonest(now, entry) && (entry.status === 'dead' || entry.status === 'divided'))
        .map((entry) => `${entry.id} is ${entry.status}`),
  },
  {
    name: 'an honest player never has less stake than it had, what is locked counted',
    breaches: (now) =>
      now.honest.flatMap((owner) => {
        const { free, locked, outside } = purseOf(now, owner)
        const has = free + locked + outside
        return has < START_STAKE ? [`${owner} has ${has} of ${START_STAKE}`] : []
      }),
  },
  {
    name: 'an honest player never has less ether in the vault than it had, its deposits counted',
    breaches: (now) =>
      now.honest.flatMap((owner) => {
        const has = purseOf(now, owner).ether + sum(now.tasks.map((task) => depositsOf(now, task, owner)))
        return has < START_ETHER ? [`${owner} has ${has} of ${START_ETHER}`] : []
      }),
  },
  {
    name: 'what an owner has locked is exactly what backs its entries and the tasks that it took',
    breaches: (now) =>
      [...now.purses].flatMap(([owner, { locked }]) => {
        const due = BOND * sum(now.tasks.map((task) => stakesOf(task, owner)))
        return locked === due ? [] : [`${owner} has ${locked} locked, ${due} due`]
      }),
  },
  {
    name: 'an honest player has a true answer whenever it is on move',
    breaches: (now) =>
      [...now.task.games.values()]
        .filter((game) => game.winner === undefined && isHonest(now, moverOf(now, game)))
        .filter((game) => disputedSegment(game.sequence, ownSequence(now.truth, game.turn, now.rules.arity)) < 0)
        .map((game) => `none in ${game.id} at ply ${game.turn.ply}`),
  },
  {
    name: 'an honest player loses games only to the dead',
    breaches: (now) =>
      [...now.task.games.values()].filter((game) => game.winner !== undefined).flatMap((game) => lostBy(now, game)),
  },
  {
    name: 'nothing but the truth settles, and no other result is told',
    breaches({ task, truth }) {
      const living = [...task.values].filter(([, alive]) => alive > 0).map(([value]) => value)
      const settled = task.verdict === 'settled' ? living : []
      const told = task.result === undefined ? [] : [task.result.value]
      return [...settled, ...told].filter((value) => value !== truth.final.value).map((value) => `${value} settled`)
    },
  },
  {
    name: 'a task with an honest entry is not void, and has one value when its end comes',
    breaches(now) {
      const { task } = now
      if (!entriesOf(task).some((entry) => isHonest(now, entry))) return []
      const alive = [...task.values.values()].filter((living) => living > 0).length
      const late = task.phases !== undefined && now.now >= task.phases.end && alive > 1
      const isVoid = task.status === 'void' || task.verdict === 'void'
      return [...(isVoid ? ['void'] : []), ...(late ? [`${alive} values alive at the end`] : [])]
    },
  },
  {
    name: 'one entry of a posted task always lives',
    breaches: ({ task }) =>
      task.entries.size > 0 && entriesOf(task).every(({ status }) => status === 'dead' || status === 'divided')
        ? ['all entries are dead']
        : [],
  },
  {
    name: 'the vault holds exactly the stake of all owners and what waits to be burned',
    breaches({ purses, vault }) {
      const due = sum([...purses.values()].map(({ free, locked }) => free + locked)) + vault.toBurn
      return vault.tokens === due ? [] : [`${vault.tokens} held, ${due} due`]
    },
  },
  {
    name: 'the vault holds exactly the ether of all owners, the deposits and the escrows',
    breaches(now) {
      const owned = sum([...now.purses.values()].map(({ ether }) => ether))
      const due = owned + sum(now.tasks.map((task) => depositsOf(now, task) + escrowOf(task)))
      return now.vault.ether === due ? [] : [`${now.vault.ether} held, ${due} due`]
    },
  },
  {
    name: 'no token appears, vanishes, or goes to a stranger',
    breaches: ({ elsewhere }) => (elsewhere === 0n ? [] : [`${elsewhere} tokens are elsewhere`]),
  },
  {
    name: 'at least half of a lost bond is burned',
    breaches({ tasks, vault, burned }) {
      const lost = tasks.map((task) => {
        const slashed = entriesOf(task).filter(({ status, payout }) => status === 'divided' || payout.rewarded)
        return BigInt(slashed.length + task.noShows)
      })
      const least = (BOND - HALF) * sum(lost)
      const gone = vault.toBurn + burned
      return gone >= least ? [] : [`${gone} burned, at least ${least} due`]
    },
  },
  {
    name: 'the price is paid at most once, and to a living entry of the truth',
    breaches({ task, truth, paid }) {
      const isDue = (owner: string) =>
        entriesOf(task).some(
          (entry) =>
            entry.owner === owner &&
            entry.value === truth.final.value &&
            (entry.status === 'alive' || entry.status === 'released'),
        )
      const wrong = paid.filter((owner) => !isDue(owner)).map((owner) => `${owner} was paid`)
      return paid.length > 1 ? [`paid ${paid.length} times`, ...wrong] : wrong
    },
  },
  {
    name: 'the events tell what the storage holds',
    breaches: (now) => [...taskDiffers(now), ...entriesDiffer(now), ...gamesDiffer(now)],
  },
]

/** The names of the rules that are broken, with what broke them. */
export const brokenRules = (now: Observation): string[] =>
  SAFETY_RULES.flatMap((rule) => rule.breaches(now).map((breach) => `${rule.name}: ${breach}`))

const NO_PURSE = { free: 0n, locked: 0n, ether: 0n, outside: 0n }

const purseOf = ({ purses }: Observation, owner: string) =>
  [...purses].find(([account]) => account === owner)?.[1] ?? NO_PURSE

const isOf = (owner: string | undefined) => (whose: string | undefined) => owner === undefined || whose === owner

/** Stakes that are locked in a task, of one owner. */
function stakesOf(task: TaskView, owner: string): bigint {
  const taken = task.status === 'taken' && task.solver === owner ? 1 : 0
  return BigInt(taken + entriesOf(task).filter((entry) => entry.owner === owner && isLocked(entry)).length)
}

/** Wei of the deposits of a task that are not paid out yet, of one owner or of all. */
function depositsOf({ rules }: Observation, task: TaskView, owner?: string): bigint {
  const { maxSteps } = task.request.order
  const isWanted = isOf(owner)
  const deposit = depositOf(rules, task.gasPrice, maxSteps)
  const refund = refundOf(rules, task.gasPrice, maxSteps)
  const kept = entriesOf(task)
    .filter((entry) => isWanted(entry.owner) && (entry.status === 'alive' || entry.status === 'dead'))
    .map(({ payout }) => deposit - BigInt(payout.refunds) * refund)
  const taken = task.status === 'taken' && isWanted(task.solver) ? [deposit] : []
  return sum([...kept, ...taken])
}

/** Wei of a request that are neither spent nor refunded. */
function escrowOf({ status, request, price, priceDue, tipPaid }: TaskView): bigint {
  const { maxPrice, tip } = request.order
  if (status === 'open' || status === 'taken' || status === 'posted') return maxPrice + tip
  if (status !== 'final') return 0n
  return (priceDue ? (price ?? 0n) : 0n) + (tipPaid ? 0n : tip)
}

function moverOf({ task }: Observation, game: GameView): EntryView {
  return task.entries.get(game.seats[game.turn.mover.seat]) as EntryView
}

function lostBy(now: Observation, game: GameView): string[] {
  const [winner, loser] = game.seats[0] === game.winner ? game.seats : [game.seats[1], game.seats[0]]
  const { dead, divided } = ENTRY_STATUS
  const isDead = ([dead, divided] as number[]).includes(now.chain.entries.get(winner)?.status ?? 0)
  return isHonest(now, now.task.entries.get(loser) as EntryView) && !isDead ? [`${loser} lost ${game.id}`] : []
}

function taskDiffers({ task, chain }: Observation): string[] {
  const alive = [...task.values.values()].filter((living) => living > 0).length
  const seen = [task.values.size, alive, task.noShows, VERDICT[task.verdict]]
  const told = [TASK_STATUS[task.status], ...seen, ...timesOf(task.phases)]
  const { status, valuesSeen, valuesAlive, noShows, verdict, phases } = chain
  const held = [status, valuesSeen, valuesAlive, noShows, verdict, ...timesOf(phases)]
  return told.join() === held.join() ? [] : [`task: ${told} told, ${held} held`]
}

const timesOf = (phases: TaskView['phases']) => [phases?.challenge, phases?.support, phases?.opening, phases?.end]

const entriesDiffer = ({ task, chain }: Observation): string[] =>
  entriesOf(task).flatMap(({ id, status, ordinal, opponents }) => {
    const told = [ENTRY_STATUS[status], opponents.length, ordinal]
    const entry = chain.entries.get(id)
    const held = [entry?.status, entry?.games, entry?.ordinal]
    return told.join() === held.join() ? [] : [`entry ${id}: ${told} told, ${held} held`]
  })

const roots = new Map<string, Hash>()

/** The root of a sequence, reckoned once however often it is looked at. */
function rootOnce(sequence: readonly Hash[]): Hash {
  const key = sequence.join('')
  const root = roots.get(key) ?? rootOf(sequence)
  roots.set(key, root)
  return root
}

const gamesDiffer = ({ task, chain }: Observation): string[] =>
  [...task.games.values()].flatMap(({ id, turn, sequence, winner, seats, ordinals }) => {
    const word = withOrdinals(...ordinals)
    const told =
      winner === undefined
        ? standing(word, commitment(turn, rootOnce(sequence)))
        : won(word, seats.indexOf(winner) as Seat)
    return told === chain.standings.get(id) ? [] : [`game ${id}: ${told} told, ${chain.standings.get(id)} held`]
  })
