import type { Action, Funds } from '../protocol/index.ts'

/** What is left for other tasks once these actions have locked their bonds, or been allowed to. */
export function afterwards({ balance, allowance }: Funds, actions: readonly Action[], bond: bigint): Funds {
  return {
    balance: balance - bond * BigInt(actions.filter((action) => isEntry(action) || action.kind === 'approve').length),
    allowance: allowance - bond * BigInt(actions.filter(isEntry).length),
  }
}

const isEntry = ({ kind }: Action): boolean => kind === 'enter' || kind === 'enterAndOpen'

/**
 * One allowance instead of several, before all else: an allowance takes the place of the one before it, so it must be
 * enough for what enters now as well.
 */
export function oneApproval(actions: readonly Action[], bond: bigint): Action[] {
  const approval = actions.find((action) => action.kind === 'approve')
  if (approval === undefined) return [...actions]
  const others = actions.filter(({ kind }) => kind !== 'approve')
  const bonds = actions.length - others.length + others.filter(isEntry).length
  return [{ ...approval, amount: bond * BigInt(bonds) }, ...others]
}
