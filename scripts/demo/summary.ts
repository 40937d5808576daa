import type { Finding } from './checks/index.ts'
import type { Evidence } from './evidence.ts'
import { gasIn, gasOf, PURPOSES, type Purpose } from './gas.ts'
import type { Money } from './money.ts'
import type { ActReport } from './report.ts'
import type { Tried } from './rules/try.ts'
import { bigEndian, count, ether, type Paint, type Print, rawHex, tokens } from './text.ts'

/** Tells how an act ended: answer, money, gas, checks. */
export function summarizeAct(
  print: Print,
  paint: Paint,
  evidence: Evidence,
  tried: readonly Tried[],
  found: readonly Finding[],
): void {
  const section = (heading: string, lines: readonly string[]) => {
    print()
    print(paint('bold', heading))
    for (const line of lines) print(line)
  }
  section('THE OUTPUT', outputLines(evidence, paint))
  section('THE MONEY in the vault', moneyTable(evidence))
  section('THE GAS', gasTable(evidence))
  section(
    `THE CHECKS, and ${tried.length} forbidden calls simulated, but not sent`,
    found.flatMap((finding) => findingLines(finding, paint)),
  )
}

const outputLines = ({ computation: { truth, question } }: Evidence, paint: Paint): string[] => [
  `  ${rawHex(truth.output)}`,
  '  read backwards, as block explorers do, is',
  `  ${paint('bold', bigEndian(truth.output))},`,
  `  the proof-of-work hash of ${question.block}.`,
]

function moneyTable({ money: { before, locked, after } }: Evidence): string[] {
  const row = (name: string, cell: (money: Money) => string) =>
    `  ${name.padEnd(30)}${[before, locked, after].map((at) => cell(at).padStart(14)).join('')}`
  const inTokens = (units: bigint) => count(tokens(units))
  return [
    `  ${''.padEnd(30)}${['before', 'locked', 'at the end'].map((name) => name.padStart(14)).join('')}`,
    row('solver, free SUBSTEP', ({ solver }) => inTokens(solver.free)),
    row('verifier, free SUBSTEP', ({ verifier }) => inTokens(verifier.free)),
    row('behind answers, SUBSTEP', ({ solver, verifier }) => inTokens(solver.locked + verifier.locked)),
    row('burned, SUBSTEP', ({ burned }) => inTokens(burned)),
    row('solver, ether', ({ solver }) => ether(solver.ether)),
    row('verifier, ether', ({ verifier }) => ether(verifier.ether)),
    row('consumer, ether', ({ consumer }) => ether(consumer.ether)),
  ]
}

const PAID_FOR: Readonly<Record<Purpose, string>> = {
  taking: 'taking the task',
  answer: 'answer, with the opening as move 0',
  moves: 'moves from 1 on',
  proof: 'proof, with the burial',
  verdict: 'verdict, result and payments',
  callback: 'calling the consumer back',
}

function gasTable(evidence: Evidence): string[] {
  const { solver, verifier, parts } = gasOf(evidence)
  const row = (name: string, ...cells: readonly string[]) =>
    `  ${name.padEnd(38)}${cells.map((cell) => cell.padStart(12)).join('')}`
  const spent = PURPOSES.filter((purpose) => parts.solver[purpose] + parts.verifier[purpose] > 0)
  return [
    row('', 'solver', 'verifier'),
    ...spent.map((purpose) => row(PAID_FOR[purpose], count(parts.solver[purpose]), count(parts.verifier[purpose]))),
    row('in all', count(solver), count(verifier)),
  ]
}

function findingLines({ name, says, breaches }: Finding, paint: Paint): string[] {
  const holds = breaches.length === 0
  const verdict = holds ? paint('green', 'ok    ') : paint('red', 'FAILED')
  return [`  ${verdict} ${name.padEnd(13)} ${says}`, ...breaches.map((breach) => `         ${breach}`)]
}

/** What both acts came to. */
export function totals(evidences: readonly Evidence[], acts: readonly ActReport[], seconds: number): string[] {
  const [setUp = [], ...histories] = [evidences[0]?.setUp, ...evidences.map(({ history }) => history)]
  const checks = acts.flatMap(({ checks }) => checks)
  const tried = acts.flatMap(({ forbidden }) => forbidden)
  const gas = histories.map((history = []) => count(gasIn(history)))
  const sent = [setUp, ...histories].reduce((sum, history = []) => sum + history.length, 0)
  return [
    '',
    'IN ALL',
    `  ${count(sent)} transactions: ${count(gasIn(setUp))} gas for the stage, ${gas[0]} in act 1, ${gas[1]} in act 2`,
    `  ${checks.length} checks, ${tried.length} forbidden calls`,
    `  ${seconds} s from the start of the chain`,
  ]
}
