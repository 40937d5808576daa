import { numberToHex } from 'viem'
import {
  commitment,
  disputedSegment,
  type EntryView,
  type GameView,
  ownSequence,
  rootOf,
} from '../../protocol/index.ts'
import { BOND, START_BALANCE } from './local-arena.ts'
import type { Observation } from './observation.ts'

/** What must hold after every action of every scenario, whatever the others do. */
export interface SafetyRule {
  readonly name: string
  /** What is wrong, or nothing. */
  breaches(now: Observation): readonly string[]
}

/** Order of TaskStatus and EntryStatus in contracts/interfaces/IArena.sol. */
const TASK_STATUS = { open: 1, live: 1, settled: 2, void: 3 } as const
const ENTRY_STATUS = { alive: 1, dead: 2, withdrawn: 3, divided: 4 } as const
const HALF = BOND / 2n

const entriesOf = ({ task }: Observation): EntryView[] => [...task.entries.values()]
const isHonest = ({ honest, truth }: Observation, { owner, value }: EntryView): boolean =>
  honest.includes(owner) && value === truth.final.value
const count = (entries: readonly EntryView[], ...statuses: readonly EntryView['status'][]): bigint =>
  BigInt(entries.filter(({ status }) => statuses.includes(status)).length)

export const SAFETY_RULES: readonly SafetyRule[] = [
  {
    name: 'no entry of an honest player dies',
    breaches: (now) =>
      entriesOf(now)
        .filter((entry) => isHonest(now, entry) && (entry.status === 'dead' || entry.status === 'divided'))
        .map((entry) => `${entry.id} is ${entry.status}`),
  },
  {
    name: 'an honest player never has less than it had, its locked bonds counted',
    breaches(now) {
      return now.honest.flatMap((owner) => {
        const locked =
          BOND *
          count(
            entriesOf(now).filter((entry) => entry.owner === owner),
            'alive',
          )
        const has = (now.balances.get(owner) ?? 0n) + locked
        return has < START_BALANCE ? [`${owner} has ${has} of ${START_BALANCE}`] : []
      })
    },
  },
  {
    name: 'an honest player has a true answer whenever it is on move',
    breaches: (now) =>
      [...now.task.games.values()]
        .filter((game) => game.winner === undefined && isHonest(now, moverOf(now, game)))
        .filter((game) => disputedSegment(game.sequence, ownSequence(now.truth, game.turn, now.arity)) < 0)
        .map((game) => `none in ${game.id} at ply ${game.turn.ply}`),
  },
  {
    name: 'an honest player loses games only to the dead',
    breaches: (now) =>
      [...now.task.games.values()].filter((game) => game.winner !== undefined).flatMap((game) => lostBy(now, game)),
  },
  {
    name: 'nothing but the truth settles',
    breaches: ({ task, truth }) =>
      task.settled === undefined || task.settled === truth.final.value ? [] : [`${task.settled} settled`],
  },
  {
    name: 'a task with an honest entry is not void, and has one value when its end comes',
    breaches(now) {
      const { task } = now
      if (!entriesOf(now).some((entry) => isHonest(now, entry))) return []
      const alive = [...task.values.values()].filter((living) => living > 0).length
      const late = task.status === 'live' && task.phases !== undefined && now.now >= task.phases.end && alive > 1
      return [...(task.status === 'void' ? ['void'] : []), ...(late ? [`${alive} values alive at the end`] : [])]
    },
  },
  {
    name: 'one entry always lives while the task runs',
    breaches: (now) =>
      now.task.status === 'live' && count(entriesOf(now), 'alive') === 0n ? ['all entries are dead'] : [],
  },
  {
    name: 'the escrow holds exactly the bonds locked and not shared out',
    breaches(now) {
      const due = BOND * count(entriesOf(now), 'alive', 'dead')
      return now.escrow === due ? [] : [`${now.escrow} held, ${due} due`]
    },
  },
  {
    name: 'no token appears, vanishes, or goes to a stranger',
    breaches: ({ elsewhere }) => (elsewhere === 0n ? [] : [`${elsewhere} tokens are elsewhere`]),
  },
  {
    name: 'at least half of a shared bond is burned',
    breaches(now) {
      const least = (BOND - HALF) * count(entriesOf(now), 'divided')
      return now.burned >= least ? [] : [`${now.burned} burned, at least ${least} due`]
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

function moverOf({ task }: Observation, game: GameView): EntryView {
  return task.entries.get(game.seats[game.turn.mover.seat]) as EntryView
}

function lostBy(now: Observation, game: GameView): string[] {
  const [winner, loser] = game.seats[0] === game.winner ? game.seats : [game.seats[1], game.seats[0]]
  const isDead = now.chain.entries.get(winner)?.status !== ENTRY_STATUS.alive
  return isHonest(now, now.task.entries.get(loser) as EntryView) && !isDead ? [`${loser} lost ${game.id}`] : []
}

function taskDiffers({ task, chain }: Observation): string[] {
  const alive = [...task.values.values()].filter((living) => living > 0).length
  const { challenge, support, opening, end } = task.phases ?? {}
  const told = [TASK_STATUS[task.status], BigInt(task.values.size), BigInt(alive), challenge, support, opening, end]
  const { status, valuesSeen, valuesAlive, phases } = chain
  const held = [status, valuesSeen, valuesAlive, phases?.challenge, phases?.support, phases?.opening, phases?.end]
  return told.join() === held.join() ? [] : [`task: ${told} told, ${held} held`]
}

const entriesDiffer = (now: Observation): string[] =>
  entriesOf(now).flatMap(({ id, status, buriedBy }) => {
    const told = [ENTRY_STATUS[status], buriedBy ?? numberToHex(0, { size: 32 })]
    const entry = now.chain.entries.get(id)
    return told.join() === [entry?.status, entry?.buriedBy].join() ? [] : [`entry ${id}: ${told} told`]
  })

const gamesDiffer = ({ task, chain }: Observation): string[] =>
  [...task.games.values()].flatMap(({ id, turn, sequence, winner, seats }) => {
    const over = winner === undefined ? undefined : numberToHex(seats.indexOf(winner) + 1, { size: 32 })
    const told = over ?? commitment(turn, rootOf(sequence))
    return told === chain.standings.get(id) ? [] : [`game ${id}: ${told} told, ${chain.standings.get(id)} held`]
  })
