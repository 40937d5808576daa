import { type Action, type Call, callOf, type Signer, viewOf, type Writer } from '../../protocol/index.ts'
import type { LocalArena } from '../helpers/local-arena.ts'
import type { Before } from '../helpers/scenario.ts'

type Wrap = (writer: Writer, signer: Signer) => Writer

/** How the forced copies of calls ended. */
export interface Forced {
  readonly kind: Action['kind']
  readonly status: 'success' | 'reverted'
}

/** Sends every call a second time, unsimulated. */
export const duplicating =
  (arena: LocalArena, forced: Forced[]): Wrap =>
  (writer, signer) => ({
    account: writer.account,
    async send(actions) {
      const outcomes = await writer.send(actions)
      for (const action of actions) {
        forced.push({ kind: action.kind, status: await arena.force(signer, callOf(action, arena.rules)) })
      }
      return outcomes
    },
  })

/** Before each of its actions, sends again all that it ever sent. */
export const replaying = (arena: LocalArena, forced: Forced[]): Wrap => {
  const sent: { kind: Action['kind']; call: Call }[] = []
  return (writer, signer) => ({
    account: writer.account,
    async send(actions) {
      for (const { kind, call } of sent) forced.push({ kind, status: await arena.force(signer, call) })
      sent.push(...actions.map((action) => ({ kind: action.kind, call: callOf(action, arena.rules) })))
      return writer.send(actions)
    },
  })
}

/** Sends each of its moves in all its other games as well, and those first. */
export const crossPlaying =
  (arena: LocalArena, forced: Forced[]): Wrap =>
  (writer, signer) => ({
    account: writer.account,
    async send(actions) {
      const games = [...viewOf(await arena.reader.read()).tasks.values()].flatMap((task) => [...task.games.keys()])
      for (const action of actions) {
        if (action.kind !== 'bisect' && action.kind !== 'prove') continue
        for (const game of games.filter((other) => other !== action.game)) {
          const status = await arena.force(signer, callOf({ ...action, game }, arena.rules))
          forced.push({ kind: action.kind, status })
        }
      }
      return writer.send(actions)
    },
  })

/** `thief` sees these calls of the player in the pool of transactions, and gets each of them mined first. */
export const frontRun =
  (arena: LocalArena, thief: Signer, forced: Forced[], isWanted: (kind: Action['kind']) => boolean): Wrap =>
  (writer) => ({
    account: writer.account,
    async send(actions) {
      for (const action of actions.filter(({ kind }) => isWanted(kind))) {
        forced.push({ kind: action.kind, status: await arena.force(thief, callOf(action, arena.rules)) })
      }
      return writer.send(actions)
    },
  })

/** Lets `first` happen before the first action of a kind is sent. */
export const delayed =
  (kind: Action['kind'], first: () => Promise<void>): Wrap =>
  (writer) => {
    let happened = false
    return {
      account: writer.account,
      async send(actions) {
        if (!happened && actions.some((action) => action.kind === kind)) {
          happened = true
          await first()
        }
        return writer.send(actions)
      },
    }
  }

/** Makes the player's next move the one of the last second that it has. */
export const lastSecond =
  (arena: LocalArena): Before =>
  async ({ games }, player) => {
    const mine = [...games.values()].find(({ turn, winner }) => turn.mover.player === player && winner === undefined)
    if (mine !== undefined && (await arena.now()) < mine.deadline) await arena.at(mine.deadline)
  }
