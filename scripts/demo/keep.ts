import type { ActReport } from './report.ts'
import type { LaidTable } from './table.ts'

/** Commands to try on the chain that stays up. */
export function keepLines({ url, deploymentFile }: LaidTable, acts: readonly ActReport[]): string[] {
  const where = `--rpc ${url} --deployment ${deploymentFile}`
  const last = acts.at(-1)
  const disputed = last?.dispute ?? null
  return [
    '',
    'THE CHAIN STAYS UP',
    '  It has no players any more. Look at what happened, from another terminal, in this folder:',
    '',
    ...acts.map(({ task }) => `npx substep task show ${task} ${where}`),
    ...(last === undefined ? [] : [`npx substep replay ${last.task} ${where}`]),
    ...(disputed === null ? [] : [`npx substep replay ${disputed.game} ${where}`]),
    '',
    '  Ctrl-C ends it.',
  ]
}
