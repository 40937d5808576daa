import type { Address } from 'viem'
import { createLog, createPlayer, type Player } from '../../daemon/index.ts'
import {
  createPrograms,
  createReader,
  createWriter,
  type Idle,
  type Outcome,
  type Programs,
  type Reader,
  type Signer,
  type Strategy,
  type Writer,
} from '../../protocol/index.ts'
import type { LocalMarket } from './local-market.ts'
import { sharedTruth } from './shared-traces.ts'
import { SMALL_TASK } from './small-task.ts'

/** What a test player is made of; what is absent is as in the daemons. */
export interface PlayerSettings {
  readonly strategy: Strategy
  readonly idle?: Idle
  readonly programs?: Programs
  readonly reader?: Reader
  /** Whose stake is played with; by default the signer's own. */
  readonly owner?: Address
  /** Puts something between the player and the chain. */
  readonly wrap?: (writer: Writer, signer: Signer) => Writer
  /** Called after each action. */
  readonly afterAction?: (outcome: Outcome) => Promise<void>
}

export interface TestPlayer extends Pick<Player, 'poll'> {
  readonly name: string
  readonly signer: Signer
  readonly owner: Address
  /** All that became of its actions, oldest first. */
  readonly outcomes: readonly Outcome[]
  /** The lines that it logged. */
  readonly lines: readonly string[]
}

/** A player in this process, made of the parts of the daemons; on the same account it is the same player, restarted. */
export async function seat(
  market: LocalMarket,
  name: string,
  signer: Signer,
  settings: PlayerSettings,
): Promise<TestPlayer> {
  const {
    strategy,
    programs = createPrograms([SMALL_TASK], { compute: sharedTruth }),
    wrap = (writer) => writer,
    afterAction,
  } = settings
  const { owner = signer.account.address } = settings
  const reader = settings.reader ?? (await createReader(market.client, market.rules.market))
  const inner = wrap(createWriter(market.client, signer, reader.rules), signer)
  const writer = afterAction === undefined ? inner : oneByOne(inner, afterAction)
  const lines: string[] = []
  const log = createLog(name, 'debug', (line) => lines.push(line))
  const player = createPlayer({ reader, writer, programs, owner, strategy, idle: settings.idle, log })
  const outcomes: Outcome[] = []
  return {
    ...{ name, signer, owner, lines, outcomes },
    async poll() {
      const done = await player.poll()
      outcomes.push(...done)
      return done
    },
  }
}

const oneByOne = (writer: Writer, afterAction: (outcome: Outcome) => Promise<void>): Writer => ({
  account: writer.account,
  async send(actions) {
    const outcomes: Outcome[] = []
    for (const action of actions) {
      const done = await writer.send([action])
      for (const outcome of done) await afterAction(outcome)
      outcomes.push(...done)
    }
    return outcomes
  },
})
