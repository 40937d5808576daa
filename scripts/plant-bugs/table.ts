import type { Trial } from './trial.ts'

export const BEGIN = '<!-- The table is written by `npm run plant-bugs -- --update`. -->'
export const END = '<!-- End of the table. -->'

/** The document lacks one of the comments between which the table stands. */
export class NoTable extends Error {
  override readonly name = 'NoTable'
  constructor() {
    super(`the document has no lines\n${BEGIN}\n${END}`)
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const row = (trial: Trial): string => {
  const { id, what, edits } = trial.bug
  const where = [...new Set(edits.map(({ file }) => `\`${file}\``))].join(', ')
  const caughtBy = 'caughtBy' in trial ? `\`${trial.caughtBy.file}\`: ${trial.caughtBy.title}` : 'nothing'
  return `| ${[`\`${id}\``, what, where, caughtBy].map(cell).join(' | ')} |`
}

/** The document with the table of these trials in place of its own. */
export function withTable(document: string, trials: readonly Trial[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin < 0 || end < begin) throw new NoTable()
  const table = ['| Name | Bug | Where | Caught by |', '| --- | --- | --- | --- |', ...trials.map(row)].join('\n')
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${document.slice(end)}`
}
