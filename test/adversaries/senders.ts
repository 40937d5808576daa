import type { Address } from 'viem'
import { type Action, type Call, callOf, type Signer, viewOf, type Writer } from '../../protocol/index.ts'
import type { LocalMarket } from '../helpers/local-market.ts'
import type { Before } from '../helpers/scenario.ts'

type Wrap = (writer: Writer, signer: Signer) => Writer

/** How the forced copies of calls ended. */
export interface Forced {
  readonly kind: Action['kind']
  readonly status: 'success' | 'reverted'
}

/** Sends every call a second time, unsimulated. */
export const duplicating =
  (market: LocalMarket, forced: Forced[]): Wrap =>
  (writer, signer) => ({
    account: writer.account,
    async send(actions) {
      const outcomes = await writer.send(actions)
      for (const action of actions) {
        forced.push({ kind: action.kind, status: await market.force(signer, callOf(action, market.rules)) })
      }
      return outcomes
    },
  })

/** Before each of its actions, sends again all that it ever sent. */
export const replaying = (market: LocalMarket, forced: Forced[]): Wrap => {
  const sent: { kind: Action['kind']; call: Call }[] = []
  return (writer, signer) => ({
    account: writer.account,
    async send(actions) {
      for (const { kind, call } of sent) forced.push({ kind, status: await market.force(signer, call) })
      sent.push(...actions.map((action) => ({ kind: action.kind, call: callOf(action, market.rules) })))
      return writer.send(actions)
    },
  })
}

/** Sends each of its moves in all its other games as well, and those first. */
export const crossPlaying =
  (market: LocalMarket, forced: Forced[]): Wrap =>
  (writer, signer) => ({
    account: writer.account,
    async send(actions) {
      const games = [...viewOf(await market.reader.read()).tasks.values()].flatMap((task) => [...task.games.keys()])
      for (const action of actions) {
        if (action.kind !== 'bisect' && action.kind !== 'prove') continue
        for (const game of games.filter((other) => other !== action.game)) {
          const status = await market.force(signer, callOf({ ...action, game }, market.rules))
          forced.push({ kind: action.kind, status })
        }
      }
      return writer.send(actions)
    },
  })

/** `thief` sees the calls of the player in the pool of transactions, and gets each of them mined first. */
export const frontRun =
  (market: LocalMarket, thief: Signer, forced: Forced[], change = (action: Action): Action => action): Wrap =>
  (writer) => ({
    account: writer.account,
    async send(actions) {
      for (const action of actions) {
        forced.push({ kind: action.kind, status: await market.force(thief, callOf(change(action), market.rules)) })
      }
      return writer.send(actions)
    },
  })

/** The same call with another owner in it, where it names one. */
export const inTheNameOf =
  (owner: Address) =>
  (action: Action): Action =>
    'owner' in action ? { ...action, owner } : action

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
  (market: LocalMarket): Before =>
  async ({ games }, player) => {
    const mine = [...games.values()].find(({ turn, winner }) => turn.mover.player === player && winner === undefined)
    if (mine !== undefined && (await market.now()) < mine.deadline) await market.at(mine.deadline)
  }
