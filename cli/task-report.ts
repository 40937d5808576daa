import type { Hex } from 'viem'
import { UnknownTask } from '../client/index.ts'
import { createReader, type Head, postingEnd, priceAt, type TaskView, viewOf } from '../protocol/index.ts'
import { TRAP_NAMES } from '../spec/index.ts'
import { etherText, timeText } from './amounts.ts'
import type { Connection } from './chain/connection.ts'
import type { Rows } from './chain/report.ts'
import { byteCount, count, preview, visibleLine } from './text.ts'

/** A task, and the block that it was read at. */
export interface TaskAt {
  readonly task: TaskView
  readonly head: Head
  /** Where its requester says that the input can be had. */
  readonly uris: readonly string[]
  /** The last second in which the solver may post, if it is the solver's turn. */
  readonly postUntil: bigint | undefined
  /** What taking it now would pay, wei, if it may be taken. */
  readonly priceNow: bigint | undefined
}

/**
 * A task as all events of the market tell it.
 * @throws UnknownTask, IncompleteHistory
 */
export async function readTask({ client, deployment }: Connection, id: Hex): Promise<TaskAt> {
  const reader = await createReader(client, deployment.addresses.market, { fromBlock: deployment.block })
  const { tasks, incomplete, rules, head } = viewOf(await reader.read())
  const task = tasks.get(id)
  if (task === undefined) throw incomplete.get(id) ?? new UnknownTask(id)
  const { status, takenAt, requestedAt, origin } = task
  return {
    ...{ task, head },
    // Only a hint, and nothing that is worth no report.
    uris: task.request.byReference ? await reader.readUris(id).catch(() => []) : [],
    postUntil: status === 'taken' && takenAt !== undefined ? postingEnd(rules, takenAt, origin.maxSteps) : undefined,
    priceNow: status === 'open' ? priceAt(task.request, requestedAt, head.timestamp) : undefined,
  }
}

/** All of it, for JSON: times in seconds, amounts in wei. */
export function taskJson({ task, head, uris, postUntil, priceNow }: TaskAt): unknown {
  const { id, request, input, entries, games, values, result, origin, phases, ...others } = task
  const { requestedAt, takenAt, postedAt, ...rest } = others
  return {
    ...{ task: id, request, terms: origin.terms, input: input && hex(input), uris, ...rest, priceNow },
    ...times({ requestedAt, takenAt, postedAt, postUntil }),
    phases: phases && times({ ...phases }),
    result: result && { ...result, output: hex(result.output) },
    values: [...values].map(([value, alive]) => ({ value, alive })),
    entries: [...entries.values()],
    games: [...games.values()].map(({ id, opener, target, deadline, winner, turn }) => ({
      ...{ game: id, opener, target, winner, moves: turn.ply, ...times({ deadline }) },
    })),
    ...times({ block: head.number, time: head.timestamp }),
  }
}

/** Seconds and block numbers are exact as JSON's numbers. */
const times = (values: Readonly<Record<string, bigint | undefined>>): Readonly<Record<string, number | null>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === undefined ? null : Number(value)]))

/** What people want to know of it. */
export function taskRows(at: TaskAt): Rows {
  const { task, head, uris } = at
  const { id, request, input, requestedAt, noShows } = task
  return [
    ['task', id],
    ['status', statusText(at)],
    ['program', request.order.program],
    ['input', input === undefined ? `by reference, root ${request.inputRoot}` : bytesText(input)],
    ...uris.map((uri) => ['input at', visibleLine(uri)] as const),
    ['requester', request.requester],
    ['requested', timeText(requestedAt)],
    ['steps', `at most ${count(request.order.maxSteps)}`],
    ...priceRows(at),
    ...(noShows > 0 ? [['no-shows', `${noShows}`] as const] : []),
    ...phaseRows(task),
    ...entryRows(task),
    ...gameRows(task),
    ...resultRows(task),
    ['read at', `block ${count(head.number)}, ${timeText(head.timestamp)}`],
  ]
}

function statusText({ task: { status, verdict, request, delivered }, postUntil }: TaskAt): string {
  if (status === 'open') return `open, to be taken until ${timeText(request.order.expires)}`
  if (postUntil !== undefined) return `taken, to be answered until ${timeText(postUntil)}`
  if (status === 'posted') return verdict === 'pending' ? 'answered, open to dispute' : `answered, ${verdict}`
  return status === 'final' && delivered ? 'final, delivered' : status
}

function priceRows({ task: { price, solver, request, priceDue, status }, priceNow }: TaskAt): Rows {
  const { minPrice, maxPrice, tip } = request.order
  const range = minPrice === maxPrice ? etherText(maxPrice) : `${etherText(minPrice)} to ${etherText(maxPrice)}`
  const now = priceNow === undefined || minPrice === maxPrice ? '' : `, ${etherText(priceNow)} now`
  const due = status === 'final' && priceDue ? ', not paid yet' : ''
  return [
    ['price', price === undefined ? `${range}${now}` : `${etherText(price)}${due}`],
    ...(solver === undefined ? [] : [['solver', solver] as const]),
    ...(tip === 0n ? [] : [['tip', etherText(tip)] as const]),
  ]
}

function phaseRows({ phases, postedAt, status }: TaskView): Rows {
  if (phases === undefined || postedAt === undefined) return []
  const posted = ['answered', timeText(postedAt)] as const
  if (status !== 'posted') return [posted]
  const { challenge, support, opening, end } = phases
  return [
    posted,
    ['challenge', `until ${timeText(challenge)}`],
    ['support', `until ${timeText(support)}`],
    ['opening', `until ${timeText(opening)}`],
    ['end', timeText(end)],
  ]
}

const entryRows = ({ entries }: TaskView): Rows =>
  [...entries.values()].map(({ owner, value, status }) => ['entry', `${owner} says ${value}, ${status}`] as const)

const gameRows = ({ games, entries }: TaskView): Rows =>
  [...games.values()].map(({ opener, target, winner, deadline, turn }) => {
    const name = (entry: Hex) => entries.get(entry)?.owner ?? entry
    const stand =
      winner === undefined ? `${turn.ply} moves, next until ${timeText(deadline)}` : `won by ${name(winner)}`
    return ['game', `${name(opener)} against ${name(target)}, ${stand}`] as const
  })

function resultRows({ result }: TaskView): Rows {
  if (result === undefined) return []
  const { outcome, output, value } = result
  const { kind, code } = outcome
  const how = {
    halted: `halted, exit code ${code}`,
    trapped: `trapped: ${TRAP_NAMES[code] ?? `trap ${code}`}`,
    outOfSteps: 'out of steps',
  }
  return [
    ['outcome', how[kind]],
    ['output', outcome.outputOmitted ? `too large for the chain, root ${outcome.outputRoot}` : bytesText(output)],
    ['state hash', value],
  ]
}

function bytesText(data: Uint8Array): string {
  if (data.length === 0) return 'no bytes'
  const { text, length } = preview(data)
  return `${byteCount(data.length)}: ${visibleLine(text)}${length < data.length ? '...' : ''}`
}

const hex = (data: Uint8Array): string => `0x${Buffer.from(data).toString('hex')}`
