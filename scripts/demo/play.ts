import { BaseError } from 'viem'
import { playActOne, playActTwo, type Theatre } from './acts.ts'
import { startVerifier } from './cast.ts'
import { type Chain, startChain } from './chain.ts'
import { findings } from './checks/index.ts'
import { compute, readModule } from './computation.ts'
import type { LoadCode } from './contracts.ts'
import type { Evidence } from './evidence.ts'
import { DemoFailed } from './failure.ts'
import { type Transaction, transactionsOf } from './history.ts'
import { keepLines } from './keep.ts'
import { createSender, type Market } from './market.ts'
import { FIRST_BLOCK } from './questions.ts'
import { type ActReport, actReport, failureReport, fullReport, type Report } from './report.ts'
import { tryForbidden } from './rules/try.ts'
import { createStory } from './story/index.ts'
import { summarizeAct, totals } from './summary.ts'
import { type LaidTable, layTable } from './table.ts'
import type { Paint, Print } from './text.ts'

export interface Stage {
  readonly print: Print
  readonly paint: Paint
  /** Where the contracts' code comes from. */
  readonly loadCode: LoadCode
  /** Longest wait for the next transaction, in milliseconds. */
  readonly patienceMs: number
  /** Present if the chain is to stay up after the acts: it does until this resolves. */
  readonly keepUntil?: (report: Report) => Promise<void>
}

/** Plays the demo from its first line to its last. What fails is in the report, not thrown. */
export async function playDemo(stage: Stage): Promise<Report> {
  const start = performance.now()
  const seconds = () => Math.round((performance.now() - start) / 100) / 10
  try {
    return await withChain((chain) => perform(stage, chain, seconds))
  } catch (error) {
    const reason = error instanceof DemoFailed ? error.message : `unexpected: ${stackOf(error)}`
    fail(stage, reason)
    return failureReport(reason, seconds())
  }
}

/** What viem throws tells all that was sent, too. */
function stackOf(error: unknown): string {
  if (error instanceof BaseError) return `${error.name}: ${error.shortMessage} ${error.details}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function fail({ print, paint }: Stage, reason: string): void {
  print()
  print(`${paint('red', 'FAILED')} ${reason}`)
}

async function withChain<T>(use: (chain: Chain) => Promise<T>): Promise<T> {
  const chain = await startChain()
  try {
    return await use(chain)
  } finally {
    await chain.close()
  }
}

/** Builds the stage, plays on it, and leaves it up as long as is wanted. */
async function perform(stage: Stage, chain: Chain, seconds: () => number): Promise<Report> {
  const module = readModule()
  const sender = createSender(chain)
  const market = await sender.build(module, stage.loadCode)
  const setUp = await everythingOn(chain, market)
  const table = layTable(chain.url, market.deployment)
  try {
    const story = createStory(stage.print, stage.paint)
    story.stage(market, module, chain.url)
    const theatre = { chain, sender, market, module, table, story, setUp, patienceMs: stage.patienceMs }
    const report = await performActs(stage, theatre, seconds)
    if (stage.keepUntil !== undefined) await keepUp(stage, stage.keepUntil, table, report)
    return report
  } finally {
    table.clear()
  }
}

async function everythingOn({ client }: Chain, market: Market): Promise<Transaction[]> {
  const head = await client.getBlockNumber({ cacheTime: 0 })
  const blocks = Array.from({ length: Number(head) + 1 }, (_, block) => BigInt(block))
  return (await Promise.all(blocks.map((block) => transactionsOf(client, market, block)))).flat()
}

/** Both acts, one after the other; the verifier stays through both. */
async function performActs(stage: Stage, theatre: Omit<Theatre, 'verifier'>, seconds: () => number) {
  const verifier = startVerifier(theatre.table)
  try {
    const start = seconds()
    const one = await playActOne({ ...theatre, verifier }, compute(theatre.module, FIRST_BLOCK))
    const first = await conclude(stage, one, () => seconds() - start)
    const two = await playActTwo({ ...theatre, verifier }, one)
    const second = await conclude(stage, two, () => seconds() - start - first.seconds)
    const report = fullReport([first, second], seconds())
    for (const line of totals([one, two], [first, second], report.seconds)) stage.print(line)
    if (!report.ok) fail(stage, report.reason ?? '')
    return report
  } finally {
    await verifier.stop()
  }
}

/** Checks an act, and tells how it ended. */
async function conclude(stage: Stage, evidence: Evidence, seconds: () => number): Promise<ActReport> {
  const tried = await tryForbidden(evidence)
  const found = await findings(evidence, tried)
  summarizeAct(stage.print, stage.paint, evidence, tried, found)
  return actReport(evidence, tried, found, Math.round(10 * seconds()) / 10)
}

async function keepUp(
  stage: Stage,
  until: (report: Report) => Promise<void>,
  table: LaidTable,
  report: ReturnType<typeof fullReport>,
): Promise<void> {
  for (const line of keepLines(table, report.acts)) stage.print(line)
  await until(report)
}
