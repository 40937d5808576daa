import type { Hash } from '../../../interpreter/index.ts'
import { finaliseArgs } from '../calls.ts'
import type { Computation, Ending } from '../computation.ts'
import { type Told, type Transaction, told } from '../history.ts'
import type { Market } from '../market.ts'
import { nameOf, type Role, roleOf } from '../parties.ts'
import { count, ether, fields, rawHex, tokens } from '../text.ts'

/** What it takes to put events into words. */
export interface Scene {
  readonly market: Market
  readonly computation: Computation
  /** Endings of the run that are known here. */
  readonly endings: readonly Ending[]
  /** Who made which entry. */
  readonly roles: ReadonlyMap<Hash, Role>
}

const substep = (units: bigint): string => `${count(tokens(units))} SUBSTEP`
const gas = ({ gas }: Transaction): string => `${count(gas)} gas`

/** The question, as it came onto the chain. */
export const questionLines = (transaction: Transaction, { computation: { question } }: Scene): string[] =>
  told([transaction], 'TaskRequested').flatMap(({ args: { task, request } }) => {
    const { maxPrice, tip, maxSteps } = request.order
    return fields([
      ['block', `${question.block}: ${question.file}, 80 bytes`],
      ['', question.blockHash],
      ['asked', `whether its scrypt hash meets its target; the run may take ${count(maxSteps)} steps`],
      ['pays', `${ether(maxPrice)} ether to the solver, ${ether(tip)} ether to whoever calls the consumer back`],
      ['task', task],
      ['', gas(transaction)],
    ])
  })

/** Taking the task, and answers to it. */
export const answerLines = (transaction: Transaction, scene: Scene): string[] => [
  ...told([transaction], 'Taken').flatMap(({ args: { solver, price } }) =>
    fields([
      [roleOf(solver).padEnd(8), `takes the task for ${ether(price)} ether`],
      ['', [...lockedIn(transaction), gas(transaction)].join(', ')],
    ]),
  ),
  ...told([transaction], 'Entered').flatMap((entered) => entryLines(entered, scene)),
]

const lockedIn = (transaction: Transaction): string[] =>
  told([transaction], 'Locked').map(({ args }) => `${substep(args.tokens)} and ${ether(args.amount)} ether locked`)

function entryLines({ args, transaction }: Told<'Entered'>, { endings }: Scene): string[] {
  const ending = endings.find(({ value }) => value === args.value)
  const opened = told([transaction], 'Opened').map(() => 'opens a game against the other answer')
  return fields([
    [roleOf(args.owner).padEnd(8), `claims state ${args.value}`],
    ['', ending === undefined ? 'whose output is not known here' : `whose output is ${rawHex(ending.output)}`],
    ...opened.map((text) => ['', text] as const),
    ['', [...lockedIn(transaction), gas(transaction)].join(', ')],
  ])
}

/** Everything from the end of a game on; the gas of a transaction stands behind the last line about it. */
export function verdictLines(transaction: Transaction, scene: Scene): string[] {
  const lines = [
    ...endLines(transaction, scene),
    ...resultLines(transaction, scene),
    ...stakeLines(transaction, scene),
    ...callbackLines(transaction, scene),
  ]
  const isToldBefore = told([transaction], 'Proved').length > 0
  return lines.map((line, i) => (i + 1 < lines.length || isToldBefore ? line : `${line}, ${gas(transaction)}`))
}

const line = (what: string, text: string): string => `  ${what.padEnd(9)}${text}`

const who = (entry: Hash, { roles }: Scene): string => `the ${roles.get(entry) ?? `entry ${entry}`}`

const endLines = (transaction: Transaction, scene: Scene): string[] => [
  ...told([transaction], 'TimedOut').map(() => line('timeout', 'the game ended by the clock')),
  ...told([transaction], 'Buried').map(({ args: { winner, loser } }) =>
    line('buried', `${who(loser, scene)}'s answer is out, having lost its game against ${who(winner, scene)}`),
  ),
]

const resultLines = (transaction: Transaction, scene: Scene): string[] => [
  ...told([transaction], 'Finalised').flatMap(({ args }) => [
    line('final', args.value),
    line(
      '',
      `opened by ${nameOf(transaction.from, scene.market.consumer)}: ${outputOf(transaction)} bytes of output are told`,
    ),
  ]),
  ...told([transaction], 'PricePaid').map(({ args: { solver, price } }) =>
    line('price', `${ether(price)} ether to the ${roleOf(solver)}`),
  ),
]

const outputOf = (transaction: Transaction): number => (finaliseArgs(transaction)[3].length - 2) / 2

const stakeLines = (transaction: Transaction, scene: Scene): string[] => [
  ...told([transaction], 'EntryReleased').map(({ args }) =>
    line('back', `${who(args.entry, scene)} has its own ${substep(scene.market.rules.bond)} and its deposit back`),
  ),
  ...told([transaction], 'Slashed').map(({ args: { owner, winner, tokens: all, reward } }) =>
    line(
      'slashed',
      `of the ${roleOf(owner)}'s bond ${substep(all - reward)} to be burned, ${substep(reward)} to the ${roleOf(winner)}`,
    ),
  ),
  ...told([transaction], 'EntryDivided').flatMap(({ args: { entry } }) =>
    told([transaction], 'Credited')
      .filter(({ args }) => args.subject === entry)
      .map(({ args: { owner, amount } }) =>
        line('deposit', `of it ${ether(amount)} ether to the ${nameOf(owner, scene.market.consumer)}`),
      ),
  ),
  ...told([transaction], 'Burned').map(({ args }) => line('burned', `${substep(args.amount)}, by vault.burn()`)),
]

const callbackLines = (transaction: Transaction, { market, computation }: Scene): string[] => [
  ...told([transaction], 'Delivered').map(({ args: { by, success } }) =>
    line('callback', `${success ? 'made' : 'failed'}; the tip goes to the ${nameOf(by, market.consumer)}`),
  ),
  ...(['Valid', 'Invalid', 'Failed'] as const).flatMap((name) =>
    told([transaction], name).map(() =>
      line('consumer', `${computation.question.block}: proof of work ${name.toUpperCase()}`),
    ),
  ),
]
