import type { ActReport } from './report.ts'
import type { LaidTable } from './table.ts'

/** Commands to try on the chain that stays up. */
export function keepLines({ url, deploymentFile }: LaidTable, acts: readonly ActReport[]): string[] {
  const where = `--rpc ${url} --deployment ${deploymentFile}`
  const replayed = acts.map(({ task, dispute }) => dispute?.game ?? task)
  return [
    '',
    'THE CHAIN STAYS UP, without players. In another terminal, in this folder:',
    '',
    ...acts.map(({ task }) => `npx substep task show ${task} ${where}`),
    ...replayed.map((id) => `npx substep replay ${id} ${where}`),
    '',
    'Ctrl-C ends it.',
  ]
}
