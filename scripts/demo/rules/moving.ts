import { type Address, concatHex, encodeFunctionData, type Hex, toHex } from 'viem'
import { deadlineOf, gamesAbi, rootOf } from '../../../protocol/index.ts'
import { type BisectArgs, bisectArgs } from '../calls.ts'
import type { DisputedEvidence } from '../evidence.ts'
import { present } from '../failure.ts'
import { ADDRESSES } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = gamesAbi
const STRANGE = toHex(1n, { size: 32 })
/** More segments than any arity allows. */
const FAR = 32n

/** Moves that must not count: each is the solver's first one, changed in one way. */
export function movingAttempts({ market, dispute: { moves, opened } }: DisputedEvidence): Attempt[] {
  const [opening, first] = [present('moves', 'opening', moves[0]), present('moves', 'first move', moves[1])]
  const { block, from } = first.transaction
  const args = bisectArgs(first.transaction)
  const [game, turn, segment, start, end, path, mine] = args
  const before = block - 1n
  const data = encodeFunctionData({ abi, functionName: 'bisect', args })
  const raw = (what: string, error: string, bytes: Hex, sender: Address = from, at = before): Attempt => ({
    ...{ what, error, block: at, from: sender, to: market.rules.games, data: bytes },
  })
  const move = (what: string, error: string, ...changed: BisectArgs): Attempt =>
    raw(what, error, encodeFunctionData({ abi, functionName: 'bisect', args: changed }))
  const timeoutBy = (root: Hex) => encodeFunctionData({ abi, functionName: 'timeout', args: [game, turn, root] })
  const timeout = timeoutBy(rootOf(opening.sequence))
  const undisputed = [...mine.slice(0, -1), end]
  return [
    { ...raw('move after the clock ran out', 'ClockRanOut', data), time: deadlineOf(opening.turn) + 1n },
    raw("make the rival's move", 'NotYourTurn', data, ADDRESSES.verifier),
    raw('make the same move twice', 'NotTheStandingAssertion', data, from, block),
    move('answer what was not asserted', 'NotTheStandingAssertion', game, turn, segment, STRANGE, end, path, mine),
    move('move in a game that is not', 'NotTheStandingAssertion', STRANGE, turn, segment, start, end, path, mine),
    move('end in the disputed state', 'EndNotDisputed', game, turn, segment, start, end, path, undisputed),
    move('leave a state out', 'SequenceLength', game, turn, segment, start, end, path, mine.slice(1)),
    move('answer a segment that is not', 'SegmentOutOfRange', game, turn, FAR, start, end, path, mine),
    move('send a longer path', 'PathLength', game, turn, segment, start, end, [...path, STRANGE], mine),
    raw('send bytes after a move', 'CalldataNotExact', concatHex([data, STRANGE])),
    raw('give one array for two', 'ArrayMisplaced', withArraysInOnePlace(data)),
    raw('end a game by what was not asserted', 'NotTheStandingAssertion', timeoutBy(STRANGE)),
    raw('send bytes after a timeout', 'CalldataNotExact', concatHex([timeout, STRANGE])),
    raw('end a game before its clock', 'ClockStillRuns', timeout, from, opened.transaction.block),
  ]
}

/** Hex digits of 0x and the selector, and of a word. */
const HEAD = 2 + 8
const WORD = 64
/** Which words of a move point to its two arrays. */
const [PATH_WORD, MINE_WORD] = [7, 8]

/** The second array where the first one is. */
function withArraysInOnePlace(data: Hex): Hex {
  const [path, mine] = [HEAD + PATH_WORD * WORD, HEAD + MINE_WORD * WORD]
  return `${data.slice(0, mine)}${data.slice(path, path + WORD)}${data.slice(mine + WORD)}` as Hex
}
