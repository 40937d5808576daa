import { concatHex, encodeFunctionData, type Hex, toHex } from 'viem'
import { marketAbi, originOf } from '../../../protocol/index.ts'
import type { DisputedEvidence } from '../evidence.ts'
import { ADDRESSES, type Role, STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = marketAbi
const STRANGE = toHex(1n, { size: 32 })

/** Games that must not be opened. */
export function openingAttempts({ market, request, dispute, phases }: DisputedEvidence): Attempt[] {
  const { entries, opened, buried, moves } = dispute
  const inner = moves[0]?.sequence.slice(1, -1) ?? []
  const origin = originOf(request)
  const finalOf = (role: Role) => ({ root: entries[role].args.root, regs: entries[role].args.regs })
  const sides = (by: Role, target: Role) =>
    [origin, ADDRESSES[by], finalOf(by), ADDRESSES[target], finalOf(target)] as const
  const attempt = (what: string, error: string, by: Role, data: Hex, block = opened.transaction.block): Attempt => ({
    ...{ what, error, block, data, from: ADDRESSES[by], to: market.rules.market },
  })
  const open = (by: Role, target: Role) =>
    encodeFunctionData({ abi, functionName: 'open', args: [...sides(by, target), inner] })
  const enterAndOpen = (states: typeof inner) =>
    encodeFunctionData({ abi, functionName: 'enterAndOpen', args: [...sides('verifier', 'solver'), states] })
  const padded = (data: Hex) => concatHex([data, STRANGE])
  const [before, dead] = [opened.transaction.block - 1n, buried.transaction.block]
  const [ours, theirs] = [open('verifier', 'solver'), open('solver', 'verifier')]
  return [
    attempt('send bytes after an answer', 'CalldataNotExact', 'verifier', padded(enterAndOpen(inner)), before),
    attempt('leave a state out', 'SequenceLength', 'verifier', enterAndOpen(inner.slice(0, -1)), before),
    attempt('send bytes after an opening', 'CalldataNotExact', 'solver', padded(theirs)),
    attempt('open the same game twice', 'GameExists', 'solver', theirs),
    attempt('open a game against oneself', 'SameValue', 'solver', open('solver', 'solver')),
    { ...attempt('open a game for another', 'NotAuthorised', 'solver', theirs), from: STRANGER },
    attempt('open a game with a dead answer', 'NotAlive', 'solver', theirs, dead),
    attempt('open a game against a dead answer', 'NotAlive', 'verifier', ours, dead),
    { ...attempt('open a game too late', 'OpeningClosed', 'solver', theirs), time: phases.opening },
  ]
}
