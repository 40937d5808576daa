import { playAct, type TurnClock, untilSaid } from './act.ts'
import { type PlayerProcess, startCorruptSolver, startSolver } from './cast.ts'
import type { Chain } from './chain.ts'
import { type Computation, compute, type Module } from './computation.ts'
import { type Evidence, gather } from './evidence.ts'
import { lastOf, type Transaction, told, transactionsOf } from './history.ts'
import type { Market, Sender } from './market.ts'
import { LATER_BLOCK } from './questions.ts'
import { sabotage } from './sabotage.ts'
import type { Story } from './story/index.ts'
import type { LaidTable } from './table.ts'

/** What both acts are played with. */
export interface Theatre {
  readonly chain: Chain
  readonly sender: Sender
  readonly market: Market
  readonly module: Module
  readonly table: LaidTable
  readonly story: Story
  readonly patienceMs: number
  /** All that was sent before the first act. */
  readonly setUp: readonly Transaction[]
  readonly verifier: PlayerProcess
}

/** What the log of a verifier says of a task that it has computed and has no stake in. */
const COMPUTED = { event: 'skipped', subject: 'finalise', reason: 'nothingAtStake' }

/** An honest solver: its answer stands through the window in which anybody could give another. */
export async function playActOne(theatre: Theatre, computation: Computation): Promise<Evidence> {
  const { table, verifier, market, patienceMs } = theatre
  const story = theatre.story.act('ACT 1: AN HONEST ANSWER', market, computation)
  const solver = startSolver(table)
  const turnClock: TurnClock = async (last, { challenge }) => {
    const [entered] = told([last], 'Entered')
    if (entered === undefined) return undefined
    await untilSaid(verifier, { ...COMPUTED, task: entered.args.task }, patienceMs)
    story.agreement()
    return challenge
  }
  try {
    const fromBlock = lastOf(theatre.setUp).block + 1n
    const history = await playAct({ ...theatre, computation, players: [solver, verifier], story, turnClock }, fromBlock)
    return await gather({ ...theatre, computation, history })
  } finally {
    await solver.stop()
  }
}

/** The same question about another block; the solver's machine has broken since. */
export async function playActTwo(theatre: Theatre, before: Evidence): Promise<Evidence> {
  const { chain, table, verifier, market, module, sender } = theatre
  const computation = compute(module, LATER_BLOCK)
  const broken = sabotage(computation)
  const story = theatre.story.act('ACT 2: A LIE', market, computation, broken)
  const solver = startCorruptSolver(table, broken.flip)
  const turnClock: TurnClock = async (last, { opening }) => (told([last], 'Buried').length > 0 ? opening : undefined)
  try {
    const fromBlock = lastOf(before.history).block + 1n
    const played = await playAct({ ...theatre, computation, players: [solver, verifier], story, turnClock }, fromBlock)
    const burning = await burn(chain, sender, market)
    for (const transaction of burning) story.transaction(transaction)
    return await gather({ ...theatre, computation, history: [...played, ...burning] }, broken)
  } finally {
    await solver.stop()
  }
}

async function burn({ client }: Chain, sender: Sender, market: Market): Promise<Transaction[]> {
  const block = await sender.burn(market)
  return transactionsOf(client, market, block)
}
