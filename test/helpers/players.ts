import { createLog, createPlayer, type Player } from '../../daemon/index.ts'
import {
  type Compute,
  createPrograms,
  createReader,
  createWriter,
  type Outcome,
  type Programs,
  type Signer,
  type Strategy,
} from '../../protocol/index.ts'
import { solve } from '../../solver/index.ts'
import { verify } from '../../verifier/index.ts'
import type { LocalArena } from './local-arena.ts'
import { SMALL_TASK } from './small-task.ts'

export interface TestPlayer extends Player {
  readonly name: string
  readonly signer: Signer
  /** Everything that became of its actions, oldest first. */
  readonly outcomes: readonly Outcome[]
  /** The lines it logged. */
  readonly lines: readonly string[]
}

export interface PlayerSettings {
  readonly strategy?: Strategy
  readonly compute?: Compute
  readonly programs?: Programs
}

/** A player in this process, on an account of its own, made of the parts of the daemons. */
export async function seat(arena: LocalArena, name: string, settings: PlayerSettings = {}): Promise<TestPlayer> {
  const signer = await arena.account(name)
  return sit(arena, name, signer, settings)
}

/** The same on an account that exists: a player that is started again. */
export async function sit(
  arena: LocalArena,
  name: string,
  signer: Signer,
  { strategy = verify, compute, programs = createPrograms([SMALL_TASK], compute) }: PlayerSettings = {},
): Promise<TestPlayer> {
  const reader = await createReader(arena.client, arena.rules.arena)
  const writer = createWriter(arena.client, signer, reader.rules)
  const lines: string[] = []
  const log = createLog(name, 'debug', (line) => lines.push(line))
  const player = createPlayer({ reader, writer, programs, strategy, log })
  const outcomes: Outcome[] = []
  return {
    name,
    signer,
    lines,
    outcomes,
    async poll() {
      const done = await player.poll()
      outcomes.push(...done)
      return done
    },
  }
}

export { solve, verify }
