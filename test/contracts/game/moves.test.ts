import { type Address, concatHex, type Hex } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Hash } from '../../../interpreter/index.ts'
import { pathTo, rootOf } from '../../../protocol/bisection.ts'
import { clocksOf } from '../../../protocol/rules.ts'
import { standing as standingSlot, withOrdinals } from '../../../protocol/slots.ts'
import { commitment, encodeTurn, type Turn } from '../../../protocol/turns.ts'
import { encode, eventsOf, revertsWith, withWord } from '../../helpers/evm.ts'
import { bisectArgs, moveData, proveArgs, sendMove, sendTimeout, standingOf, winnerOf } from '../../helpers/toy-game.ts'
import { toyHash, toyState, toyWitness } from '../../helpers/toy-machine.ts'
import { RULES, ToyMarket } from '../../helpers/toy-market.ts'
import { follow, type Standing, type ToyMove } from '../../helpers/toy-players.ts'
import type { ToyClaim } from '../../helpers/toy-task.ts'
import { hashOf } from '../../helpers/twins.ts'

const STEPS = 64n
const ARITY = 4
const CLOCKS = clocksOf(RULES, STEPS)
const TRAILING: Hex = '0x00'

type Bisect = ToyMove & { kind: 'bisect' }

interface Opened {
  readonly game: Hash
  readonly standing: Standing
}

let market: ToyMarket
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  market = await ToyMarket.create({ arity: ARITY })
  const task = await market.createTask(STEPS)
  honest = market.claim(task, market.account(1))
  liar = market.claim(task, market.account(2), { ...task.truth, lie: { substep: 100n, by: 1n } })
  await market.takeAndPost(honest)
  await market.enter(liar)
})

const openAgainst = async (opener: ToyClaim, target: ToyClaim): Promise<Opened> =>
  standingOf(market, await market.open(opener, target))

/** What the player on move would do; its own machine tells. */
function moveOf(standing: Standing, players = [honest, liar]): ToyMove {
  const claim = players.find(({ owner }) => owner === standing.turn.mover.player) as ToyClaim
  return follow(claim.machine)(standing, ARITY) as ToyMove
}

const bisectOf = (standing: Standing): Bisect => moveOf(standing) as Bisect

/** Plays until the range is one step; the opener is on move then, as the number of moves is even. */
async function toSubstep(opener: ToyClaim, target: ToyClaim): Promise<Opened> {
  let { game, standing } = await openAgainst(opener, target)
  while (standing.turn.len > 1n) {
    ;({ game, standing } = standingOf(
      market,
      await sendMove(market, game, standing, moveOf(standing, [opener, target])),
    ))
  }
  return { game, standing }
}

async function setOperators(owner: Address, ...caps: readonly (readonly [Address, bigint])[]): Promise<void> {
  for (const cap of caps) await market.evm.send(owner, market.vault, 'setOperator', cap)
}

const send = (from: string, data: Hex) => market.evm.sendData(from as Hex, market.games, data)

describe('events', () => {
  test('an opening and each move emit the turn and the whole sequence: the slot is rebuilt from them alone', async () => {
    let { game, standing } = await openAgainst(liar, honest)
    for (;;) {
      const slot = standingSlot(withOrdinals(1, 1), commitment(standing.turn, rootOf(standing.sequence)))
      expect(await market.evm.read(market.games, 'standing', [game])).toBe(slot)
      if (standing.turn.len === 1n) break
      const before = standing
      const move = bisectOf(standing)
      ;({ game, standing } = standingOf(market, await sendMove(market, game, standing, move)))
      expect(standing.sequence).toEqual([before.sequence[move.segment], ...move.mine])
      expect(standing.turn.ply).toBe(before.turn.ply + 1n)
    }
    expect(standing.sequence).toHaveLength(13)
  })

  test('a proof tells step, substep and both states; the slot then holds the winner', async () => {
    const { game, standing } = await toSubstep(honest, liar)
    const receipt = await sendMove(market, game, standing, moveOf(standing))
    const { seat } = standing.turn.mover
    const state = (substep: number) => toyHash(toyState(honest.machine, 8n, substep))
    const proved = eventsOf(market.games, receipt, 'Proved').map(({ args }) => args)
    expect(proved).toEqual([{ game, seat: BigInt(seat), step: 8n, substep: 4n, pre: state(4), post: state(5) }])
    expect(await winnerOf(market, game)).toBe(seat)
    expect(standing.turn.mover.player).toBe(honest.owner)
  })
})

describe('bisect', () => {
  let opened: Opened

  beforeEach(async () => {
    opened = await openAgainst(honest, liar)
  })

  const bisect = (changes: Partial<Bisect> & { turn?: Turn; start?: Hash; end?: Hash; path?: Hash[] } = {}) => {
    const { game, standing } = opened
    const { segment, mine } = { ...bisectOf(standing), ...changes }
    const args = bisectArgs(game, standing, segment, mine)
    const turn = changes.turn === undefined ? args[1] : encodeTurn(changes.turn)
    const { start = args[3], end = args[4], path = args[5] } = changes
    return market.evm.send(liar.owner, market.games, 'bisect', [game, turn, args[2], start, end, path, mine])
  }

  test('lets only the player on move and its operators move', async () => {
    const [operator, dismissed] = [market.account(10), market.account(11)]
    await setOperators(liar.owner, [operator, 1n], [dismissed, 1n], [dismissed, 0n])
    await setOperators(honest.owner, [market.account(12), 1n])
    const data = moveData(market, opened.game, opened.standing, bisectOf(opened.standing))
    for (const thief of [honest.owner, market.account(5), market.account(12), dismissed]) {
      await revertsWith(send(thief, data), 'NotYourTurn', [liar.owner])
    }
    const { standing } = standingOf(market, await send(operator, data))
    expect(standing.turn.waiter.player).toBe(liar.owner)
  })

  test('ends an operator’s part at once when its owner says so, and also in a running game', async () => {
    const operator = market.account(10)
    await setOperators(liar.owner, [operator, 1n])
    const next = standingOf(
      market,
      await sendMove(market, opened.game, opened.standing, bisectOf(opened.standing), operator),
    )
    const after = standingOf(market, await sendMove(market, next.game, next.standing, moveOf(next.standing)))
    await setOperators(liar.owner, [operator, 0n])
    const move = moveOf(after.standing)
    await revertsWith(sendMove(market, after.game, after.standing, move, operator), 'NotYourTurn', [liar.owner])
    await sendMove(market, after.game, after.standing, move)
  })

  test('answers one assertion once: a duplicate and an old move are refused', async () => {
    const data = moveData(market, opened.game, opened.standing, bisectOf(opened.standing))
    const next = standingOf(market, await send(liar.owner, data))
    await revertsWith(send(liar.owner, data), 'NotTheStandingAssertion')
    await sendMove(market, next.game, next.standing, moveOf(next.standing))
    await revertsWith(send(liar.owner, data), 'NotTheStandingAssertion')
  })

  test('names the assertion it answers: another turn, pair or path is refused', async () => {
    const { turn } = opened.standing
    const other = { ...turn.mover, left: turn.mover.left + 1n }
    const stale = [{ ply: 1n }, { moved: turn.moved + 1n }, { lo: 1n }, { len: STEPS + 1n }, { mover: other }]
    for (const change of stale) await revertsWith(bisect({ turn: { ...turn, ...change } }), 'NotTheStandingAssertion')
    await revertsWith(bisect({ start: hashOf(1n) }), 'NotTheStandingAssertion')
    await revertsWith(bisect({ end: hashOf(1n) }), 'NotTheStandingAssertion')
    await revertsWith(bisect({ path: [hashOf(1n), hashOf(2n)] }), 'NotTheStandingAssertion')
    await revertsWith(bisect({ turn: { ...turn, mover: turn.waiter, waiter: turn.mover } }), 'NotTheStandingAssertion')
  })

  test('names both what stands and what it answers', async () => {
    const standing = await market.evm.read(market.games, 'standing', [opened.game])
    const turn = { ...opened.standing.turn, ply: 9n }
    const named = standingSlot(standing, commitment(turn, rootOf(opened.standing.sequence)))
    await revertsWith(bisect({ turn }), 'NotTheStandingAssertion', [standing, named])
  })

  test('is refused in a game that is over, unknown, or another one', async () => {
    const third = market.claim(honest.task, market.account(3), { ...honest.machine, lie: { substep: 90n, by: 7n } })
    await market.enter(third)
    const { game: other } = await openAgainst(honest, third)
    const args = bisectArgs(opened.game, opened.standing, 0, bisectOf(opened.standing).mine)
    const replay = (game: Hash) =>
      market.evm.send(liar.owner, market.games, 'bisect', [game, ...args.slice(1)] as never)
    await revertsWith(replay(other), 'NotTheStandingAssertion')
    await revertsWith(replay(hashOf(5n)), 'NotTheStandingAssertion')
    await market.evm.advanceTo(opened.standing.turn.moved + CLOCKS.budget + 1n)
    await sendTimeout(market, opened.game, opened.standing)
    await revertsWith(bisect(), 'NotTheStandingAssertion')
  })

  test('in two games between the same two owners, moves cannot be exchanged', async () => {
    const twin = market.claim(honest.task, liar.owner, { ...honest.machine, lie: { substep: 90n, by: 7n } })
    await market.enter(twin)
    const second = await openAgainst(honest, twin)
    const data = moveData(market, second.game, opened.standing, bisectOf(opened.standing))
    await revertsWith(send(liar.owner, data), 'NotTheStandingAssertion')
  })

  test('takes an index below the number of segments only', async () => {
    await bisectWithIndex(2n ** 255n)
    await bisectWithIndex(BigInt(ARITY))
  })

  const bisectWithIndex = async (index: bigint) => {
    const { game, standing } = opened
    const args = bisectArgs(game, standing, 0, bisectOf(standing).mine)
    const changed = [args[0], args[1], index, args[3], args[4], args[5], args[6]] as const
    await revertsWith(market.evm.send(liar.owner, market.games, 'bisect', changed), 'SegmentOutOfRange', [index, 4n])
  }

  test('takes a path of exactly ceil(log2 n) siblings', async () => {
    const path = pathTo(opened.standing.sequence, bisectOf(opened.standing).segment)
    await revertsWith(bisect({ path: path.slice(1) }), 'PathLength', [1n, 2n])
    await revertsWith(bisect({ path: [...path, hashOf(0n)] }), 'PathLength', [3n, 2n])
  })

  test('takes exactly the hashes of the new sequence', async () => {
    const { mine } = bisectOf(opened.standing)
    await revertsWith(bisect({ mine: mine.slice(1) }), 'SequenceLength', [3n, 4n])
    await revertsWith(bisect({ mine: [...mine, hashOf(1n)] }), 'SequenceLength', [5n, 4n])
    await revertsWith(bisect({ mine: [] }), 'SequenceLength', [0n, 4n])
  })

  test('must dispute the end of its segment', async () => {
    const { segment, mine } = bisectOf(opened.standing)
    const end = opened.standing.sequence[segment + 1] as Hash
    await revertsWith(bisect({ mine: [...mine.slice(0, -1), end] }), 'EndNotDisputed', [end])
  })

  test('is refused for a range of no steps, which no turn has', async () => {
    await revertsWith(bisect({ turn: { ...opened.standing.turn, len: 0n } }), 'NothingToBisect')
  })

  test('is refused where the range is one step', async () => {
    const rival = market.claim(honest.task, market.account(3), { ...honest.machine, lie: { substep: 700n, by: 3n } })
    await market.enter(rival)
    const { game, standing } = await toSubstep(liar, rival)
    const args = bisectArgs(game, standing, 0, standing.sequence.slice(1))
    await revertsWith(market.evm.send(standing.turn.mover.player, market.games, 'bisect', args), 'NothingToBisect')
  })

  test('takes no trailing bytes, padding, or arrays out of place', async () => {
    const data = moveData(market, opened.game, opened.standing, bisectOf(opened.standing))
    const size = BigInt((data.length - 2) / 2)
    await revertsWith(send(liar.owner, concatHex([data, TRAILING])), 'CalldataNotExact', [size + 1n, size])
    await revertsWith(send(liar.owner, concatHex([data, hashOf(0n)])), 'CalldataNotExact', [size + 32n, size])
  })

  test('takes its arrays in one place only: no gap between them, not in another order', async () => {
    const data = moveData(market, opened.game, opened.standing, bisectOf(opened.standing))
    const at = (word: number) => BigInt(32 * word)
    const [head, path, mine] = [
      data.slice(0, 10 + 64 * 9),
      data.slice(10 + 64 * 9, 10 + 64 * 12),
      data.slice(10 + 64 * 12),
    ]
    const gap = withWord(`${head}${path}${hashOf(0n).slice(2)}${mine}` as Hex, 8, at(13))
    await revertsWith(send(liar.owner, gap), 'ArrayMisplaced', [at(13), at(12)])
    const swapped = withWord(withWord(`${head}${mine}${path}` as Hex, 7, at(14)), 8, at(9))
    await revertsWith(send(liar.owner, swapped), 'ArrayMisplaced', [at(14), at(9)])
  })
})

describe('prove', () => {
  const prove = (from: string, { game, standing }: Opened, substep: number, witness: readonly Hex[]) =>
    market.evm.send(from as Hex, market.games, 'prove', proveArgs(game, standing, substep, witness))

  const witnessAt = (substep: number) => toyWitness(toyState(honest.machine, 8n, substep))

  test('is refused while the range is longer than one step', async () => {
    const opened = await openAgainst(honest, liar)
    await revertsWith(prove(liar.owner, opened, 0, witnessAt(0)), 'NotOneStep', [STEPS])
  })

  test('is refused to all but the player on move and its operators', async () => {
    const opened = await toSubstep(honest, liar)
    await setOperators(honest.owner, [market.account(10), 1n])
    for (const thief of [liar.owner, market.account(5)]) {
      await revertsWith(prove(thief, opened, 4, witnessAt(4)), 'NotYourTurn', [honest.owner])
    }
    await prove(market.account(10), opened, 4, witnessAt(4))
    expect(await winnerOf(market, opened.game)).toBe(opened.standing.turn.mover.seat)
  })

  test('refutes the one wrong substep and no other', async () => {
    const opened = await toSubstep(honest, liar)
    for (let substep = 0; substep < 12; substep++) {
      if (substep === 4) continue
      const right = substep < 4
      const reason = right ? 'SubstepHolds' : 'NotTheStandingAssertion'
      await revertsWith(prove(honest.owner, opened, substep, witnessAt(substep)), reason)
    }
    await prove(honest.owner, opened, 4, witnessAt(4))
  })

  test('cannot refute a single substep of the truth', async () => {
    const opened = await toSubstep(liar, honest)
    expect(opened.standing.turn.mover.player).toBe(liar.owner)
    for (let substep = 0; substep < 12; substep++) {
      const end = opened.standing.sequence[substep + 1]
      await revertsWith(prove(liar.owner, opened, substep, witnessAt(substep)), 'SubstepHolds', [end])
    }
  })

  test('takes no witness of another state, length or substep', async () => {
    const opened = await toSubstep(honest, liar)
    await revertsWith(prove(honest.owner, opened, 4, witnessAt(5)), 'NotTheStandingAssertion')
    await revertsWith(prove(honest.owner, opened, 3, witnessAt(4)), 'NotTheStandingAssertion')
    await revertsWith(prove(honest.owner, opened, 4, witnessAt(4).slice(1)), 'WitnessLength', [2n, 3n])
    await revertsWith(prove(honest.owner, opened, 4, [...witnessAt(4), hashOf(0n)]), 'WitnessLength', [4n, 3n])
  })

  test('takes an index below twelve and a path of four siblings only', async () => {
    const { game, standing } = await toSubstep(honest, liar)
    const [, turn, , end, path, witness] = proveArgs(game, standing, 4, witnessAt(4))
    const proof = (substep: bigint, siblings: Hash[]) =>
      market.evm.send(honest.owner, market.games, 'prove', [game, turn, substep, end, siblings, witness])
    await revertsWith(proof(12n, path), 'SegmentOutOfRange', [12n, 12n])
    await revertsWith(proof(4n, path.slice(1)), 'PathLength', [3n, 4n])
    await revertsWith(proof(4n, [...path, hashOf(0n)]), 'PathLength', [5n, 4n])
  })

  test('wins once: a duplicate is refused, and so is a timeout after it', async () => {
    const opened = await toSubstep(honest, liar)
    await prove(honest.owner, opened, 4, witnessAt(4))
    await revertsWith(prove(honest.owner, opened, 4, witnessAt(4)), 'NotTheStandingAssertion')
    await market.evm.advanceTo(opened.standing.turn.moved + CLOCKS.budget + 1n)
    await revertsWith(sendTimeout(market, opened.game, opened.standing), 'NotTheStandingAssertion')
  })

  test('takes no trailing bytes or padding', async () => {
    const { game, standing } = await toSubstep(honest, liar)
    const data = encode(market.games, 'prove', proveArgs(game, standing, 4, witnessAt(4)))
    const size = BigInt((data.length - 2) / 2)
    await revertsWith(send(honest.owner, concatHex([data, TRAILING])), 'CalldataNotExact', [size + 1n, size])
    await send(honest.owner, data)
  })
})

describe('timeout', () => {
  test('takes no trailing bytes', async () => {
    const { game, standing } = await openAgainst(honest, liar)
    const args = [game, encodeTurn(standing.turn), rootOf(standing.sequence)] as const
    const data = concatHex([encode(market.games, 'timeout', args), TRAILING])
    await revertsWith(send(market.stranger, data), 'CalldataNotExact', [165n, 164n])
  })
})
