import type { Hash } from '../../../interpreter/index.ts'
import {
  answered,
  commitment,
  decodeTurn,
  gamesAbi,
  marketAbi,
  maxMoves,
  ownSequence,
  pair,
  rootFrom,
  rootOf,
  segments,
  standing,
  withOrdinals,
  won,
} from '../../../protocol/index.ts'
import { bisectArgs } from '../calls.ts'
import { MAX_STEPS } from '../computation.ts'
import type { DisputedEvidence } from '../evidence.ts'
import type { Move } from '../moves.ts'
import { type DisputeCheck, different, same } from './check.ts'

const opening: DisputeCheck = {
  name: 'opening',
  says: "the game began with the whole run and the contract's own start state",
  async breaches({ chain: { client }, market, request, computation: { truth }, dispute }) {
    const { moves, entries, sabotage } = dispute
    const [first] = moves
    const call = { address: market.rules.market, abi: marketAbi, functionName: 'timingOf', args: [MAX_STEPS] } as const
    const [, , , budget, minimum] = await client.readContract(call)
    return [
      ...same(
        'range',
        [first?.turn.lo, first?.turn.len],
        [0, Math.max(truth.steps, sabotage.corrupted.steps)].map(BigInt),
      ),
      ...same('first state', first?.sequence[0], request.initial),
      ...same('last state', first?.sequence.at(-1), entries.verifier.args.value),
      ...same(
        'clocks',
        [first?.turn.mover.left, first?.turn.waiter.left, first?.turn.least],
        [budget, budget, minimum],
      ),
    ]
  },
}

/** What the contract must have made of a move, from its calldata and the assertion that stood. */
function moveBreaches(before: Move, move: Move, { market: { rules } }: DisputedEvidence): readonly string[] {
  const { transaction, turn, sequence } = move
  const name = `move ${turn.ply}`
  const [, named, segment, start, end, path, mine] = bisectArgs(transaction)
  const cut = Number(segment)
  return [
    ...same(`${name}, turn answered`, decodeTurn(named), before.turn),
    ...same(`${name}, turn made`, turn, answered(before.turn, cut, transaction.time, rules.arity)),
    ...same(`${name}, pair`, [start, end], before.sequence.slice(cut, cut + 2)),
    ...same(`${name}, path`, rootFrom(pair(start, end), cut, path), rootOf(before.sequence)),
    ...same(`${name}, assertion`, sequence, [start, ...mine]),
    ...same(`${name}, length`, sequence.length, segments(turn.len, rules.arity) + 1),
    ...different(`${name}, disputed end`, mine.at(-1), end),
  ]
}

const moves: DisputeCheck = {
  name: 'moves',
  says: 'every move answered what stood, and became what the rules make of it',
  breaches: (evidence) =>
    evidence.dispute.moves.flatMap((move, i) => {
      const before = evidence.dispute.moves[i - 1]
      return before === undefined ? [] : moveBreaches(before, move, evidence)
    }),
}

/** The game is the first of both entries. */
const EMPTY_SLOT = withOrdinals(1, 1)

const storage: DisputeCheck = {
  name: 'storage',
  says: "the game's one slot committed to every assertion, and then to the winner",
  async breaches({ chain: { client }, market: { rules }, dispute: { opened, moves: played, judged } }) {
    const slotAt = (blockNumber: bigint): Promise<Hash> =>
      client.readContract({
        ...{ address: rules.games, abi: gamesAbi, blockNumber },
        ...({ functionName: 'standing', args: [opened.args.game] } as const),
      })
    const found = await Promise.all(
      played.map(async ({ turn, sequence, transaction }) => {
        const expected = standing(EMPTY_SLOT, commitment(turn, rootOf(sequence)))
        return same(`after move ${turn.ply}`, await slotAt(transaction.block), expected)
      }),
    )
    const winner = played.at(-1)?.turn.mover.seat ?? 0
    return [
      ...found.flat(),
      ...same('after the proof', await slotAt(judged.transaction.block), won(EMPTY_SLOT, winner)),
    ]
  },
}

/** Every hash that the verifier said is true; the solver's begin true and end false. */
const truth: DisputeCheck = {
  name: 'truth',
  says: 'all that the verifier said is true; all that the solver said ends false',
  breaches: ({ dispute, market: { rules }, computation }) =>
    dispute.moves.flatMap(({ by, turn, sequence }) => {
      const own = ownSequence(computation.played, turn, rules.arity)
      const name = `move ${turn.ply}`
      if (by === 'verifier') return same(name, sequence, own)
      return [...same(`${name}, start`, sequence[0], own[0]), ...different(`${name}, end`, sequence.at(-1), own.at(-1))]
    }),
}

const length: DisputeCheck = {
  name: 'length',
  says: 'the players took turns, for exactly as many moves as the range takes',
  async breaches({ chain: { client }, market: { rules }, dispute: { moves: played } }) {
    const steps = played[0]?.turn.len ?? 0n
    const call = { address: rules.market, abi: marketAbi, functionName: 'maxMoves', args: [steps] } as const
    const turns = played.map((_, i) => (i % 2 === 0 ? 'verifier' : 'solver'))
    return [
      ...same('moves and proof, computed here', played.length, maxMoves(steps, rules.arity)),
      ...same('moves and proof, by the contract', BigInt(played.length), await client.readContract(call)),
      ...same(
        'turns',
        played.map(({ by }) => by),
        turns,
      ),
    ]
  },
}

export const gameChecks: readonly DisputeCheck[] = [opening, moves, storage, truth, length]
