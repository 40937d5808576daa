import { type Action, depositOf, type MarketRules, type Me, refundOf, type TaskView } from '../protocol/index.ts'

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

/** Whether an action locks a stake of its own. */
export const isLocking = ({ kind }: Action): boolean => kind === 'take' || kind === 'enter' || kind === 'enterAndOpen'
