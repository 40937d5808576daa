import { encodeFunctionData, type Hex, toHex } from 'viem'
import { encodeTurn, gamesAbi, vaultAbi } from '../../../protocol/index.ts'
import type { Evidence } from '../evidence.ts'
import { ADDRESSES, STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = vaultAbi
const STRANGE = toHex(1n, { size: 32 })
const GWEI = 10n ** 9n

/** What nobody may do with the money of the vault, or with the slots of games. */
export function keepingAttempts(evidence: Evidence): Attempt[] {
  return [...ofOwners(evidence), ...ofTheMarketOnly(evidence)]
}

function ofOwners({ market: { rules }, posted, money: { locked } }: Evidence): Attempt[] {
  const { solver } = ADDRESSES
  const attempt = (what: string, error: string, data: Hex, value = 0n): Attempt => ({
    ...{ what, error, from: solver, to: rules.vault, block: posted.transaction.block, data, value },
  })
  const unbond = encodeFunctionData({ abi, functionName: 'unbond', args: [locked.solver.free + 1n] })
  const more = locked.solver.ether + GWEI
  const ether = encodeFunctionData({ abi, functionName: 'withdrawEther', args: [solver, more] })
  return [
    attempt('unbond what is locked', 'NotEnoughStake', unbond),
    attempt(
      'withdraw without unbonding',
      'StillUnbonding',
      encodeFunctionData({ abi, functionName: 'withdraw', args: [solver] }),
    ),
    attempt('rebond nothing', 'NothingToDo', encodeFunctionData({ abi, functionName: 'rebond' })),
    attempt('withdraw the ether of others', 'NotEnoughEther', ether),
    attempt(
      'deposit a part of a gwei',
      'NotWholeGwei',
      encodeFunctionData({ abi, functionName: 'depositEther', args: [solver] }),
      1n,
    ),
    attempt('burn when nothing is slashed', 'NothingToDo', encodeFunctionData({ abi, functionName: 'burn' })),
  ]
}

function ofTheMarketOnly({ market: { rules }, posted }: Evidence): Attempt[] {
  const { solver } = ADDRESSES
  const attempt = (what: string, data: Hex): Attempt => ({
    ...{ what, error: 'NotTheMarket', from: STRANGER, to: rules.vault, block: posted.transaction.block, data },
  })
  const one = [STRANGE, solver] as const
  const side = { player: STRANGER, left: 1n, seat: 0 } as const
  const turn = encodeTurn({ mover: side, waiter: side, lo: 0n, len: 1n, moved: 0n, least: 1n, ply: 0n })
  const game = [STRANGE, 1, 1, turn, STRANGE, [], STRANGE] as const
  return [
    attempt(
      'lock the stake of another',
      encodeFunctionData({ abi, functionName: 'lock', args: [...one, solver, 1n, 0n] }),
    ),
    attempt('release a stake oneself', encodeFunctionData({ abi, functionName: 'release', args: [...one, 1n, 0n] })),
    attempt(
      'slash a stake oneself',
      encodeFunctionData({ abi, functionName: 'slash', args: [...one, 1n, STRANGER, 1n] }),
    ),
    attempt(
      'put ether of another in escrow',
      encodeFunctionData({ abi, functionName: 'escrow', args: [...one, GWEI] }),
    ),
    attempt('credit oneself', encodeFunctionData({ abi, functionName: 'credit', args: [STRANGE, STRANGER, GWEI] })),
    {
      ...attempt('open a game past the arena', encodeFunctionData({ abi: gamesAbi, functionName: 'open', args: game })),
      ...{ to: rules.games, error: 'NotTheArena' },
    },
  ]
}
