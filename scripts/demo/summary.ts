import type { Balances } from './bonds.ts'
import type { Finding } from './checks/index.ts'
import type { Evidence } from './evidence.ts'
import { gasOf, PURPOSES, type Purpose } from './gas.ts'
import type { Tried } from './rules/try.ts'
import { bigEndian, count, type Paint, type Print, rawHex, tokens } from './text.ts'

/** Tells how it ended: bonds, answer, checks, totals. */
export function summarize(
  print: Print,
  paint: Paint,
  evidence: Evidence,
  tried: readonly Tried[],
  found: readonly Finding[],
): void {
  const heading = (text: string) => {
    print()
    print(paint('bold', text))
  }
  heading('THE BONDS, in TEST')
  for (const line of bondTable(evidence)) print(line)
  heading('THE ANSWER')
  const { output } = evidence.computation.truth
  print(`  ${rawHex(output)}`)
  print('  is the output in the settled state; read backwards, as block explorers do:')
  print(`  ${paint('bold', bigEndian(output))}`)
  print("  is the proof-of-work hash of Litecoin's first block.")
  heading('THE GAS')
  for (const line of gasTable(evidence)) print(line)
  heading(`THE CHECKS, and ${tried.length} forbidden calls simulated, but not sent`)
  for (const finding of found) for (const line of findingLines(finding, paint)) print(line)
  heading('IN ALL')
  for (const line of totals(evidence)) print(line)
}

function bondTable({ bonds }: Evidence): string[] {
  const row = (name: string, holder: keyof Balances) =>
    `  ${name.padEnd(14)}${[bonds.before, bonds.locked, bonds.after].map((at) => count(tokens(at[holder])).padStart(12)).join('')}`
  return [
    `  ${''.padEnd(14)}${['before', 'locked', 'at the end'].map((name) => name.padStart(12)).join('')}`,
    row('solver', 'solver'),
    row('verifier', 'verifier'),
    row('arena', 'arena'),
    row('burned', 'burned'),
  ]
}

const PAID_FOR: Readonly<Record<Purpose, string>> = {
  approval: 'approval: the arena may take the bond',
  answer: 'answer, with the opening as move 0',
  moves: 'moves from 1 on',
  proof: 'proof',
  verdict: 'verdict and bonds',
}

function gasTable(evidence: Evidence): string[] {
  const { solver, verifier, parts } = gasOf(evidence)
  const row = (name: string, ...cells: readonly string[]) =>
    `  ${name.padEnd(38)}${cells.map((cell) => cell.padStart(12)).join('')}`
  return [
    row('', 'solver', 'verifier'),
    ...PURPOSES.map((purpose) => row(PAID_FOR[purpose], count(parts.solver[purpose]), count(parts.verifier[purpose]))),
    row('in all', count(solver), count(verifier)),
  ]
}

function findingLines({ name, says, breaches }: Finding, paint: Paint): string[] {
  const holds = breaches.length === 0
  const verdict = holds ? paint('green', 'ok    ') : paint('red', 'FAILED')
  return [`  ${verdict} ${name.padEnd(13)} ${says}`, ...breaches.map((breach) => `         ${breach}`)]
}

function totals(evidence: Evidence): string[] {
  const { computation, moves, history } = evidence
  const { game, requester } = gasOf(evidence)
  return [
    `  ${count(computation.truth.steps)} steps, ${moves.length - 1} moves, one substep executed by the contract`,
    `  ${count(game)} gas for the moves and the proof of both players`,
    `  ${count(requester)} gas before, for contracts, tokens and the question`,
    `  ${history.length} transactions`,
  ]
}
