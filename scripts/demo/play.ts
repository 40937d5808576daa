import { type ArenaRules, phasesOf } from '../../protocol/index.ts'
import { ADDRESSES, accountOf, type PlayerProcess, startCorruptSolver, startVerifier } from './cast.ts'
import { type Chain, startChain } from './chain.ts'
import { findings } from './checks/index.ts'
import { type Computation, compute, MAX_STEPS } from './computation.ts'
import type { LoadCode } from './contracts.ts'
import { createRequester } from './deploy.ts'
import { gather } from './evidence.ts'
import { DemoFailed, present } from './failure.ts'
import { follow, NothingMined, type Transaction, told, toldFirst } from './history.ts'
import { judgedFrom } from './judged.ts'
import { movesOf } from './moves.ts'
import { failureReport, fullReport, type Report } from './report.ts'
import { tryForbidden } from './rules/try.ts'
import { createStory, type Story } from './story.ts'
import { summarize } from './summary.ts'
import type { Paint, Print } from './text.ts'

interface Dispute {
  readonly chain: Chain
  readonly rules: ArenaRules
  readonly computation: Computation
  readonly story: Story
}

export interface Stage {
  readonly print: Print
  readonly paint: Paint
  /** Where the contracts' code comes from. */
  readonly loadCode: LoadCode
  /** Longest wait for the next transaction, in milliseconds. */
  readonly patienceMs: number
}

/** Plays the demo from its first line to its last. What fails is in the report, not thrown. */
export async function playDemo(stage: Stage): Promise<Report> {
  const start = performance.now()
  const seconds = () => Math.round((performance.now() - start) / 100) / 10
  try {
    const report = await perform(stage, seconds)
    stage.print(`  ${seconds()} s from the start of the chain`)
    if (!report.ok) fail(stage, report.reason ?? '')
    return report
  } catch (error) {
    const reason = error instanceof DemoFailed ? error.message : `unexpected: ${stackOf(error)}`
    fail(stage, reason)
    return failureReport(reason, seconds())
  }
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

function fail({ print, paint }: Stage, reason: string): void {
  print()
  print(`${paint('red', 'FAILED')} ${reason}`)
}

async function perform(stage: Stage, seconds: () => number): Promise<Report> {
  const chain = await startChain()
  try {
    const computation = compute()
    const requester = createRequester(chain, accountOf('requester'), stage.loadCode)
    const rules = await requester.deploy(Object.values(ADDRESSES))
    await requester.createTask(rules, computation)
    const story = createStory(stage.print, stage.paint, computation, rules)
    story.question(chain.url)
    const history = await playDispute(stage, { chain, rules, computation, story })
    const evidence = await gather({ chain, rules, computation, history })
    const tried = await tryForbidden(evidence)
    const found = await findings(evidence, tried)
    summarize(stage.print, stage.paint, evidence, tried, found)
    return fullReport(evidence, tried, found, seconds())
  } finally {
    await chain.close()
  }
}

/** From the start of the players to the last bond that is paid or slashed. */
async function playDispute(stage: Stage, dispute: Dispute): Promise<Transaction[]> {
  const { chain, rules, computation, story } = dispute
  const table = { url: chain.url, arena: rules.arena }
  const players = [startCorruptSolver(table, computation.flip), startVerifier(table)]
  const assertAlive = () => players.forEach((player) => void player.assertAlive())
  const history: Transaction[] = []
  try {
    story.players(players)
    const { client } = chain
    const { patienceMs } = stage
    for await (const transaction of follow({ client, arena: rules.arena, fromBlock: 0n, assertAlive, patienceMs })) {
      history.push(transaction)
      await tell(dispute, history, transaction)
      if (isOver(history)) break
    }
    return history
  } catch (error) {
    throw error instanceof NothingMined ? stuck(error, players) : error
  } finally {
    for (const player of players) player.stop()
  }
}

/** Tells of a transaction, and turns the clock forward when all that is left to do is to wait. */
async function tell({ chain, rules, computation, story }: Dispute, history: readonly Transaction[], last: Transaction) {
  story.transaction(last)
  for (const proved of told([last], 'Proved')) {
    const lastMove = present('judged', 'move before the proof', movesOf(history).at(-1))
    story.judged(judgedFrom(proved, lastMove, computation))
  }
  if (told([last], 'Buried').length === 0) return
  const posted = toldFirst(history, 'Entered').transaction.time
  const { opening } = phasesOf(rules, posted, MAX_STEPS)
  story.clock(opening - last.time)
  await chain.advanceTo(opening)
}

/** Every bond that was locked is paid back or slashed. */
const isOver = (history: readonly Transaction[]): boolean => {
  const locked = told(history, 'BondLocked').length
  return locked > 0 && told(history, 'BondPaid').length + told(history, 'BondSlashed').length >= locked
}

const stuck = (error: NothingMined, players: readonly PlayerProcess[]): DemoFailed =>
  new DemoFailed('progress', [error.message, ...players.map(({ role, tail }) => `${role}:\n${tail()}`)].join('\n'))
