import { formatEther } from 'viem'
import type { Hash, Place } from '../interpreter/index.ts'
import type { Judged } from './judged.ts'
import type { At, Ending, EntryReport, GameReport, MoveReport, PaymentReport, Report } from './report.ts'

/** A report as JSON: numbers that may be large as decimal strings. */
export const reportJson = (report: Report): string =>
  JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)

/** Characters by which ids are told apart in text. */
const SHORT = 10
const short = (id: string): string => id.slice(0, SHORT)

/** A report for people. */
export function reportText(report: Report): string {
  const { entries, games, payments } = report
  const names = new Map(entries.map(({ id }, i) => [id, `entry ${i + 1}`]))
  return [
    ...headText(report),
    '',
    'Entries',
    ...entries.map((entry, i) => `  ${i + 1}  ${entryText(entry)}`),
    ...games.flatMap((game, i) => ['', ...gameText(game, i + 1, names)]),
    '',
    'Payments',
    ...payments.map((payment) => `  ${paymentText(payment, names, report.task)}`),
    '',
    verdictText(report),
    `All ${report.events} events are what the contracts emit; what they keep is what the events add up to.`,
  ].join('\n')
}

const headText = ({ task, request, status, truth, head, verdict }: Report): string[] => [
  `Task      ${task}`,
  `program   ${request.order.program}`,
  `asked by  ${request.requester}, for at most ${request.order.maxSteps} steps${request.byReference ? ', input by reference' : ''}`,
  `status    ${status}, verdict ${verdict}, at block ${head.number}`,
  `truth     ${endingText(truth)} after ${truth.steps} steps: ${truth.value}`,
]

function endingText({ outcome, exitCode, trap }: Ending): string {
  if (outcome === 'halted') return `halted with exit code ${exitCode}`
  return outcome === 'trapped' ? `trapped: ${trap}` : 'out of steps'
}

function entryText({ owner, value, steps, isTrue, status, entered, ...ending }: EntryReport): string {
  const word = isTrue ? 'TRUE ' : 'false'
  return `${word}  ${short(value)}  by ${owner}, ${endingText(ending)} after ${steps} steps, ${status}; ${atText(entered)}`
}

const atText = ({ block, time }: At): string => `block ${block}, second ${time}`

function gameText(game: GameReport, number: number, names: ReadonlyMap<Hash, string>): string[] {
  const { id, opener, target, moves, judged, end, winner, ended } = game
  const nameOf = (entry: Hash) => names.get(entry) ?? short(entry)
  const by = { proved: 'by proof', timedOut: 'as the other ran out of time', unfinished: '' }[end]
  const won = winner === null ? 'unfinished' : `won by ${nameOf(winner)} ${by}`
  return [
    `Game ${number}  ${id}`,
    `  ${nameOf(opener)} against ${nameOf(target)}: ${won}${ended === null ? '' : `; ${atText(ended)}`}`,
    ...moves.map((move) => `  ${moveText(move)}`),
    ...(judged === null ? [] : judgedText(judged).map((line) => `  ${line}`)),
  ]
}

function moveText({ ply, by, segment, lo, len, says, isTrue, left, gas, at }: MoveReport): string {
  const range = len === 1n ? `the substeps of step ${lo}` : `steps ${lo} to ${lo + len}`
  const what = segment === null ? 'opens over' : `disputes segment ${segment}:`
  const truth = `${says} (${isTrue.map((each) => (each ? 't' : 'f')).join('')})`
  const spent = gas === null ? '' : `, ${gas} gas`
  return `${ply}  ${short(by)} ${what} ${range}, ${truth}; ${left} s left${spent}; ${atText(at)}`
}

function judgedText({
  step,
  substep,
  name,
  does,
  pre,
  claimed,
  computed,
  isOnTruePath,
  place,
  judges,
}: Judged): string[] {
  const again = judges.stepper === undefined ? 'again here' : 'again here and on the contract'
  return [
    `judged: substep ${substep} of step ${step}, ${name}: ${does}`,
    ...(place === undefined ? [] : [`  at ${placeText(place)}`]),
    `  before    ${pre}${isOnTruePath ? '' : ', which the true run never reaches'}`,
    `  claimed   ${claimed}`,
    `  computed  ${computed}, ${again}`,
  ]
}

function placeText({ pc, module, function: name, offset, instruction }: Place): string {
  const where = name === null ? 'the start stub' : `function ${visible(name)} of ${module}`
  const at = offset === null ? [] : [`offset 0x${offset.toString(16)}`]
  return [`${visible(instruction)} in ${where}`, ...at, `pc ${pc}`].join(', ')
}

/** Names come from a module: nothing in them may steer a terminal. */
const visible = (text: string): string => text.replace(/\p{C}/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)

function paymentText(payment: PaymentReport, names: ReadonlyMap<Hash, string>, task: Hash): string {
  const { kind, subject, owner, tokens, wei, reward, winner, at } = payment
  const about = subject === task ? 'the task' : (names.get(subject) ?? short(subject))
  const amounts = [tokens === 0n ? [] : [`${tokens} tokens`], wei === 0n ? [] : [`${formatEther(wei)} ether`]].flat()
  const to = winner === null ? (kind === 'slashed' ? ', all burned' : '') : `, ${reward} of them to ${short(winner)}`
  return `${kind.padEnd(8)}  ${amounts.join(' and ') || 'nothing'} of ${short(owner)} for ${about}${to}; block ${at.block}`
}

function verdictText({ settled, isTruth, verdict, status }: Report): string {
  if (isTruth === true) return 'The truth settled.'
  if (isTruth === false) return `A FALSEHOOD SETTLED: ${settled}.`
  return verdict === 'void' ? 'The answers never became one: void.' : `Nothing settled yet; the task is ${status}.`
}
