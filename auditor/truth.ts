import { hexToBytes } from 'viem'
import {
  byteTreeRoot,
  type Hash,
  lowerTask,
  type Outcome,
  type Program,
  programHeader,
  StateOracle,
  toHex,
} from '../interpreter/index.ts'
import { ownSequence, type PlayedTrace, playedTrace, segments } from '../protocol/index.ts'
import { ContentDiffers, ContentMissing } from './errors.ts'
import { type Audit, type Move, requestOf } from './state.ts'

/** What a replay cannot find on chain. */
export interface Content {
  readonly module?: Uint8Array | undefined
  readonly input?: Uint8Array | undefined
}

/** The computation as it truly runs. */
export interface Truth {
  readonly program: Program
  readonly trace: PlayedTrace
  readonly outcome: Outcome
  readonly output: Uint8Array
  /** Which hashes of each move's sequence are true. */
  readonly of: ReadonlyMap<Move, readonly boolean[]>
}

/**
 * Runs the task again, and compares all that was claimed.
 * @throws ContentMissing, ContentDiffers
 */
export function truthOf(audit: Audit, content: Content): Truth {
  const { initial, order } = requestOf(audit)
  const program = programOf(audit, content)
  const run = new StateOracle(program, inputOf(audit, content), Number(order.maxSteps))
  const start = run.hashAt(0)
  if (start !== initial) throw new ContentDiffers('start state', initial, start)
  const trace = playedTrace(run)
  const { outcome, output } = run
  const moves = [...audit.games.values()].flatMap((game) => game.moves)
  return { program, trace, outcome, output, of: compared(moves, trace, audit.rules.arity) }
}

function programOf({ history, request }: Audit, content: Content): Program {
  const id = request?.order.program as Hash
  const module = content.module ?? history.module
  if (module === undefined) throw new ContentMissing('module', id)
  const program = lowerTask(module, { keepSources: true })
  const { programId } = programHeader(program)
  if (programId !== id) throw new ContentDiffers('module', id, programId)
  return program
}

function inputOf(audit: Audit, content: Content): Uint8Array {
  const { inputRoot } = requestOf(audit)
  const input = content.input ?? (audit.input === undefined ? undefined : hexToBytes(audit.input))
  if (input === undefined) throw new ContentMissing('input', inputRoot)
  const root = toHex(byteTreeRoot(input))
  if (root !== inputRoot) throw new ContentDiffers('input', inputRoot, root)
  return input
}

/** All states in one pass over the run, then the substeps in its order. */
function compared(moves: readonly Move[], trace: PlayedTrace, arity: number): Truth['of'] {
  trace.hashesAt(stepsOf(moves, arity))
  const inOrder = [...moves].sort((a, b) => Number(a.turn.lo - b.turn.lo))
  return new Map(
    inOrder.map((move) => {
      const own = ownSequence(trace, move.turn, arity)
      return [move, move.sequence.map((hash, i) => hash === own[i])]
    }),
  )
}

/** Steps at the cuts of all ranges. */
function stepsOf(moves: readonly Move[], arity: number): bigint[] {
  const steps = moves
    .filter(({ turn }) => turn.len > 1n)
    .flatMap(({ turn: { lo, len } }) => {
      const gap = (len + BigInt(arity) - 1n) / BigInt(arity)
      return Array.from({ length: segments(len, arity) + 1 }, (_, i) => smaller(lo + BigInt(i) * gap, lo + len))
    })
  return [...new Set(steps)]
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
