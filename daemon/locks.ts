import {
  type Action,
  depositOf,
  type MarketRules,
  type Me,
  NodeFailed,
  type Outcome,
  refundOf,
  type TaskView,
  TransactionNotMined,
  WaitsAtFeeLimit,
} from '../protocol/index.ts'

/** What is left for other tasks once these actions have locked their stakes in `task`. */
export function afterwards(me: Me, rules: MarketRules, task: TaskView, actions: readonly Action[]): Me {
  const { gasPrice, origin } = task
  const locks = BigInt(actions.filter(isLocking).length)
  return {
    ...me,
    stake: me.stake - locks * rules.bond,
    allowance: me.allowance - locks * rules.bond,
    ether: me.ether - locks * depositOf(rules, gasPrice, origin.maxSteps),
    reserved: me.reserved + locks * refundOf(rules, gasPrice, origin.maxSteps),
  }
}

const isLocking = ({ kind }: Action): boolean => kind === 'take' || kind === 'enter' || kind === 'enterAndOpen'

/** Whether a stake may be locked by an action: what was sent, or may have been, can be mined later. */
export function mayHaveLocked(outcome: Outcome): boolean {
  if (!isLocking(outcome.action)) return false
  if (outcome.kind !== 'failed') return outcome.kind === 'mined'
  const { error } = outcome
  return error instanceof TransactionNotMined || error instanceof WaitsAtFeeLimit || error instanceof NodeFailed
}
