import { type Address, type ContractFunctionArgs, encodeFunctionData, type Hex, toHex } from 'viem'
import type { Action, Bisect, Bury, Collecting, Prove, Timeout } from './actions.ts'
import { gamesAbi, marketAbi } from './generated/abi.ts'
import type { MarketRules } from './rules.ts'
import { encodeTurn } from './turns.ts'

/** A call of a contract, as a transaction carries it. */
export interface Call {
  readonly to: Address
  readonly data: Hex
}

type Move = Bisect | Prove | Timeout

/** The call that does an action, and what follows it. */
export function callOf(action: Action, rules: MarketRules): Call {
  const alone = aloneCallOf(action, rules)
  const followers = followersOf(action)
  if (followers.length === 0) return alone
  const abi = alone.to === rules.games ? gamesAbi : marketAbi
  // The games pass a burial on to the market: it is the same call in both.
  const calls = [alone.data, ...followers.map(marketData)]
  return { to: alone.to, data: encodeFunctionData({ abi, functionName: 'multicall', args: [calls] }) }
}

/** The call that does an action alone. */
export const aloneCallOf = (action: Action, { market, games }: MarketRules): Call =>
  isMove(action) ? { to: games, data: moveData(action) } : { to: market, data: marketData(action) }

/** What follows an action in its transaction. */
export const followersOf = (action: Action): readonly (Bury | Collecting)[] =>
  'followedBy' in action ? action.followedBy : []

const isMove = (action: Action): action is Move =>
  action.kind === 'bisect' || action.kind === 'prove' || action.kind === 'timeout'

function moveData(action: Move): Hex {
  const [abi, turn] = [gamesAbi, encodeTurn(action.turn)]
  switch (action.kind) {
    case 'bisect': {
      const { game, segment, start, end, path, mine } = action
      const args = [game, turn, BigInt(segment), start, end, path, mine] as const
      return encodeFunctionData({ abi, functionName: 'bisect', args })
    }
    case 'prove': {
      const { game, substep, end, path, witness } = action
      return encodeFunctionData({
        abi,
        functionName: 'prove',
        args: [game, turn, BigInt(substep), end, path, witness],
      })
    }
    case 'timeout':
      return encodeFunctionData({ abi, functionName: 'timeout', args: [action.game, turn, action.root] })
  }
}

const abi = marketAbi

function marketData(action: Exclude<Action, Move>): Hex {
  switch (action.kind) {
    case 'take':
      return encodeFunctionData({ abi, functionName: 'take', args: [action.request, action.owner] })
    case 'post':
      return encodeFunctionData({ abi, functionName: 'post', args: [action.origin, action.root, action.regs] })
    case 'noShow':
    case 'voidTask':
      return encodeFunctionData({ abi, functionName: action.kind, args: [action.request] })
    case 'enter':
      return encodeFunctionData({ abi, functionName: 'enter', args: [action.origin, action.owner, action] })
    case 'open':
    case 'enterAndOpen': {
      const { kind, origin, owner, target, inner } = action
      return encodeFunctionData({
        abi,
        functionName: kind,
        args: [origin, owner, action, target.owner, target, inner],
      })
    }
    case 'bury':
      return encodeFunctionData({ abi, functionName: 'bury', args: [action.origin, action.winner, action.loser] })
    case 'release':
      return encodeFunctionData({ abi, functionName: 'release', args: [action.origin, action.claim] })
    case 'payDead':
      return encodeFunctionData({ abi, functionName: 'payDead', args: [action.request, action.dead, action.opponents] })
    case 'payPrice':
      return encodeFunctionData({ abi, functionName: 'payPrice', args: [action.request, action.value, action.owners] })
    case 'deliver':
      return encodeFunctionData({ abi, functionName: 'deliver', args: [action.request, toHex(action.output)] })
    case 'finalise': {
      const { request, regs, path, output } = action
      return encodeFunctionData({ abi, functionName: 'finalise', args: [request, regs, path, toHex(output)] })
    }
    case 'finaliseLarge': {
      const { request, regs, path, outputRoot, length, lengthPath } = action
      return encodeFunctionData({
        abi,
        functionName: 'finaliseLarge',
        args: [request, regs, path, outputRoot, length, lengthPath as LengthPath],
      })
    }
  }
}

/** One sibling for each level of the OUTPUT region. */
type LengthPath = ContractFunctionArgs<typeof marketAbi, 'nonpayable', 'finaliseLarge'>[5]
