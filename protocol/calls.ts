import { type Address, encodeFunctionData, erc20Abi, type Hex } from 'viem'
import type { Action } from './actions.ts'
import { arenaAbi } from './generated/abi.ts'
import type { ArenaRules } from './rules.ts'
import { encodeTurn } from './turns.ts'

/** A call of a contract, as a transaction carries it. */
export interface Call {
  readonly to: Address
  readonly data: Hex
}

/** The call that does an action. */
export function callOf(action: Action, { arena, token }: ArenaRules): Call {
  if (action.kind !== 'approve') return { to: arena, data: arenaData(action) }
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [arena, action.amount] })
  return { to: token, data }
}

const abi = arenaAbi

function arenaData(action: Exclude<Action, { kind: 'approve' }>): Hex {
  switch (action.kind) {
    case 'enter':
      return encodeFunctionData({ abi, functionName: 'enter', args: [action.task, action.root, action.regs] })
    case 'open':
      return encodeFunctionData({
        abi,
        functionName: 'open',
        args: [action.task, action.value, action.target, action.inner],
      })
    case 'enterAndOpen':
      return encodeFunctionData({
        abi,
        functionName: 'enterAndOpen',
        args: [action.task, action.root, action.regs, action.target, action.inner],
      })
    case 'bisect': {
      const { game, turn, segment, start, end, path, mine } = action
      return encodeFunctionData({
        abi,
        functionName: 'bisect',
        args: [game, encodeTurn(turn), BigInt(segment), start, end, path, mine],
      })
    }
    case 'prove': {
      const { game, turn, substep, end, path, witness } = action
      return encodeFunctionData({
        abi,
        functionName: 'prove',
        args: [game, encodeTurn(turn), BigInt(substep), end, path, witness],
      })
    }
    case 'timeout':
      return encodeFunctionData({
        abi,
        functionName: 'timeout',
        args: [action.game, encodeTurn(action.turn), action.root],
      })
    case 'bury':
      return encodeFunctionData({ abi, functionName: 'bury', args: [action.task, action.winner, action.loser] })
    case 'settle':
      return encodeFunctionData({ abi, functionName: 'settle', args: [action.task, action.claim] })
    case 'voidTask':
      return encodeFunctionData({ abi, functionName: 'voidTask', args: [action.task] })
    case 'withdraw':
      return encodeFunctionData({ abi, functionName: 'withdraw', args: [action.task, action.claim] })
    case 'divide':
      return encodeFunctionData({ abi, functionName: 'divide', args: [action.task, action.dead, action.winner] })
  }
}
