import type { Hash } from '../../../interpreter/index.ts'
import {
  answered,
  arenaAbi,
  commitment,
  decodeTurn,
  maxMoves,
  ownSequence,
  pair,
  rootFrom,
  rootOf,
  segments,
} from '../../../protocol/index.ts'
import type { Evidence } from '../evidence.ts'
import { bisectArgs, type Move } from '../moves.ts'
import { type Check, different, same } from './check.ts'

const opening: Check = {
  name: 'opening',
  says: "the game began with the whole run and the contract's own start state",
  breaches: ({ moves: [first], rules, entries, task, computation: { truth, corrupted } }) => [
    ...same('range', [first?.turn.lo, first?.turn.len], [0, Math.max(truth.steps, corrupted.steps)].map(BigInt)),
    ...same('first state', first?.sequence[0], task.args.initial),
    ...same('last state', first?.sequence.at(-1), entries.verifier.args.value),
    ...same('clocks', [first?.turn.mover.left, first?.turn.waiter.left], [rules.budget, rules.budget]),
  ],
}

/** What the contract must have made of a move, from its calldata and the assertion that stood. */
function moveBreaches(before: Move, move: Move, { rules }: Evidence): readonly string[] {
  const { transaction, turn, sequence } = move
  const name = `move ${turn.ply}`
  const [, named, segment, start, end, path, mine] = bisectArgs(transaction)
  const cut = Number(segment)
  return [
    ...same(`${name}, turn answered`, decodeTurn(named), before.turn),
    ...same(`${name}, turn made`, turn, answered(before.turn, cut, transaction.time, rules)),
    ...same(`${name}, pair`, [start, end], before.sequence.slice(cut, cut + 2)),
    ...same(`${name}, path`, rootFrom(pair(start, end), cut, path), rootOf(before.sequence)),
    ...same(`${name}, assertion`, sequence, [start, ...mine]),
    ...same(`${name}, length`, sequence.length, segments(turn.len, rules.arity) + 1),
    ...different(`${name}, disputed end`, mine.at(-1), end),
  ]
}

const moves: Check = {
  name: 'moves',
  says: 'every move answered what stood, and became what the rules make of it',
  breaches: (evidence) =>
    evidence.moves.flatMap((move, i) => {
      const before = evidence.moves[i - 1]
      return before === undefined ? [] : moveBreaches(before, move, evidence)
    }),
}

const storage: Check = {
  name: 'storage',
  says: "the game's one slot committed to every assertion, and then to the winner",
  async breaches({ chain: { client }, rules, opened, moves: played, judged }) {
    const slotAt = (blockNumber: bigint): Promise<Hash> =>
      client.readContract({
        ...{ address: rules.arena, abi: arenaAbi, blockNumber },
        ...({ functionName: 'standing', args: [opened.args.game] } as const),
      })
    const found = await Promise.all(
      played.map(async ({ turn, sequence, transaction }) =>
        same(`after move ${turn.ply}`, await slotAt(transaction.block), commitment(turn, rootOf(sequence))),
      ),
    )
    const won = BigInt(await slotAt(judged.transaction.block))
    return [...found.flat(), ...same('after the proof', won, BigInt(played.at(-1)?.turn.mover.seat ?? -1) + 1n)]
  },
}

/** Every hash that the verifier said is true; the solver's begin true and end false. */
const truth: Check = {
  name: 'truth',
  says: 'all that the verifier said is true; all that the solver said ends false',
  breaches: ({ moves: played, rules, computation }) =>
    played.flatMap(({ by, turn, sequence }) => {
      const own = ownSequence(computation.played, turn, rules.arity)
      const name = `move ${turn.ply}`
      if (by === 'verifier') return same(name, sequence, own)
      return [...same(`${name}, start`, sequence[0], own[0]), ...different(`${name}, end`, sequence.at(-1), own.at(-1))]
    }),
}

const length: Check = {
  name: 'length',
  says: 'the players took turns, for exactly as many moves as the range takes',
  async breaches({ chain: { client }, rules, moves: played }) {
    const steps = played[0]?.turn.len ?? 0n
    const call = { address: rules.arena, abi: arenaAbi, functionName: 'maxMoves', args: [steps] } as const
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

export const gameChecks: readonly Check[] = [opening, moves, storage, truth, length]
