import type { Address } from 'viem'
import type { TaskView } from '../protocol/index.ts'

/** Tasks in two classes, in each of them by the time that presses: where a bond is at stake, and the others. */
export function byUrgency(tasks: readonly TaskView[], me: Address, now: bigint): [TaskView[], TaskView[]] {
  const isStaked = ({ entries }: TaskView) => [...entries.values()].some(({ owner }) => owner === me)
  const staked = tasks.filter(isStaked)
  const others = tasks.filter((task) => !isStaked(task))
  return [sorted(staked, (task) => nextDeadline(task, me)), sorted(others, (task) => closing(task, now))]
}

const NEVER = 2n ** 256n

function sorted(tasks: readonly TaskView[], timeOf: (task: TaskView) => bigint): TaskView[] {
  const timed = tasks.map((task) => ({ task, time: timeOf(task) }))
  return timed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({ task }) => task)
}

/** The last second of the first clock that runs against `me`. */
function nextDeadline({ games }: TaskView, me: Address): bigint {
  const running = [...games.values()].filter(({ winner, turn }) => winner === undefined && turn.mover.player === me)
  return running.reduce((first, { deadline }) => (deadline < first ? deadline : first), NEVER)
}

/** When the phase ends in which one may enter now. */
function closing({ phases }: TaskView, now: bigint): bigint {
  if (phases === undefined) return NEVER
  return now < phases.challenge ? phases.challenge : phases.support
}
