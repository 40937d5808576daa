import { concatHex, decodeFunctionData, encodeFunctionData, type Hex, toHex } from 'viem'
import { arenaAbi } from '../../../protocol/index.ts'
import { ADDRESSES, type Role } from '../cast.ts'
import type { Evidence } from '../evidence.ts'
import { DemoFailed } from '../failure.ts'
import type { Attempt } from './attempt.ts'

const abi = arenaAbi
const STRANGE = toHex(1n, { size: 32 })

/** Games that must not be opened. */
export function openingAttempts({ task, entries, opened, buried, phases, moves }: Evidence): Attempt[] {
  const inner = moves[0]?.sequence.slice(1, -1) ?? []
  const claimOf = (role: Role) => ({ owner: ADDRESSES[role], value: entries[role].args.value })
  const open = (what: string, error: string, by: Role, target: Role, at = opened.transaction.block): Attempt => ({
    ...{ what, error, block: at, from: ADDRESSES[by] },
    data: encodeFunctionData({
      abi,
      functionName: 'open',
      args: [task.args.task, claimOf(by).value, claimOf(target), inner],
    }),
  })
  const padded = ({ data, ...attempt }: Attempt): Attempt => ({ ...attempt, data: concatHex([data, STRANGE]) })
  const { from, data, block } = opened.transaction
  const opening = { from, block: block - 1n }
  const dead = buried.transaction.block
  return [
    padded({ what: 'send bytes after an answer', error: 'CalldataNotExact', data, ...opening }),
    { what: 'leave a state out of an opening', error: 'SequenceLength', data: withoutLastState(data), ...opening },
    padded(open('send bytes after an opening', 'CalldataNotExact', 'solver', 'verifier')),
    open('open the same game twice', 'GameExists', 'solver', 'verifier'),
    open('open a game against oneself', 'SameValue', 'solver', 'solver'),
    open('open a game with a dead answer', 'NotAlive', 'solver', 'verifier', dead),
    open('open a game against a dead answer', 'NotAlive', 'verifier', 'solver', dead),
    { ...open('open a game too late', 'OpeningClosed', 'solver', 'verifier'), time: phases.opening },
  ]
}

/** The same entry and opening with the last of the inner states missing. */
function withoutLastState(data: Hex): Hex {
  const { functionName, args } = decodeFunctionData({ abi, data })
  if (functionName !== 'enterAndOpen') throw new DemoFailed('rules', `the game was opened by ${functionName}`)
  const [task, root, regs, target, inner] = args
  return encodeFunctionData({ abi, functionName, args: [task, root, regs, target, inner.slice(0, -1)] })
}
