import { abortText } from './abort.ts'
import { STANDARD } from './files.ts'
import { placeText } from './place.ts'
import type { RunReport } from './report.ts'
import { byteCount, count, memorySize, type Preview, pageCount, preview, short, table, visibleLine } from './text.ts'

/** What the seconds of a report are rounded to. */
const CLOCK_SECONDS = 1e-6

/** The report of a run for people: the output unless it went to `target`, then a table. */
export function reportText(report: RunReport, output: Uint8Array, target: string | undefined): string {
  const shown = target === undefined && output.length > 0 ? preview(output) : undefined
  const rows = table([
    ['outcome', outcomeText(report)],
    ...optional('at', report.at, placeText),
    ...optional('caller', report.caller, placeText),
    ...optional('abort', report.abort, abortText),
    ['output', outputText(output.length, target, shown)],
    ['steps', `${count(report.steps)} (${speedText(report)})`],
    ['tier', tierText(report)],
    ['memory', `${memorySize(report.memoryPages)} (${pageCount(report.memoryPages)})`],
    ['program', report.programId],
    ['state hash', report.stateHash],
  ])
  if (shown === undefined) return rows
  return shown.text.endsWith('\n') ? `${shown.text}\n${rows}` : `${shown.text}\n\n${rows}`
}

/** A row for what is there. */
const optional = <T>(name: string, value: T | null, text: (value: T) => string) =>
  value === null ? [] : [[name, text(value)] as const]

function outcomeText({ outcome, exitCode, trap }: RunReport): string {
  if (outcome === 'halted') return `halted, exit code ${exitCode}`
  if (outcome === 'trapped') return `trapped: ${trap}`
  return 'out of steps: the task was still running; --max-steps sets the limit'
}

function outputText(length: number, target: string | undefined, shown: Preview | undefined): string {
  if (target === STANDARD) return `${byteCount(length)}, on standard output`
  if (target !== undefined) return `${byteCount(length)}, in ${visibleLine(target)}`
  if (shown === undefined) return 'none'
  if (shown.length === length) return `${byteCount(length)}, above as ${shown.form}`
  return `${byteCount(length)}, the first ${count(shown.length)} above as ${shown.form}; --output <file> writes them all`
}

const tierText = ({ tier, fallback }: RunReport): string =>
  fallback === null ? tier : `${tier === 'native' ? 'native, then interpreter' : tier}: ${fallback}`

function speedText({ steps, seconds }: RunReport): string {
  return `${short(steps / Math.max(seconds, CLOCK_SECONDS))} steps/s, ${seconds.toFixed(3)} s`
}
