import type { PublicClient } from 'viem'
import { audit } from './audit.ts'
import { eventsOf, type History } from './history.ts'
import { type Judged, judgedIn } from './judged.ts'
import { type Report, reportOf } from './report.ts'
import type { Game } from './state.ts'
import { type Content, truthOf } from './truth.ts'

export interface ReplayOptions {
  readonly history: History
  /** What is not on chain: a module that nobody told, an input that is named by its root. */
  readonly content?: Content
  /** A node whose stepper executes the judged substeps again; without one only this program does. */
  readonly client?: PublicClient | undefined
}

/**
 * Plays a dispute again from what a chain knows of it: checks each event against the rules, runs the task, and says who
 * was right at every move.
 * @throws ForgedHistory, ContentMissing, ContentDiffers
 */
export async function replay({ history, content = {}, client }: ReplayOptions): Promise<Report> {
  const checked = audit(history)
  const truth = truthOf(checked, content)
  const judged = new Map<Game, Judged | undefined>()
  for (const game of checked.games.values()) judged.set(game, await judgedIn(checked, game, truth, client))
  return reportOf(checked, eventsOf(history), truth, judged)
}
