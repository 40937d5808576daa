import { size } from 'viem'
import type { Hash } from '../../../interpreter/index.ts'
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

/** Names stand in a column of their own. */
const NAME_WIDTH = 8

const substep = (units: bigint): string => `${count(tokens(units))} SUBSTEP`
const gasOf = ({ gas }: Transaction): string => `${count(gas)} gas`

/** The question, as it came onto the chain. */
export const questionLines = (transaction: Transaction, { computation: { question } }: Scene): string[] =>
  told([transaction], 'TaskRequested').flatMap(({ args: { task, request } }) => {
    const { maxPrice, tip, maxSteps } = request.order
    return fields([
      ['header'.padEnd(NAME_WIDTH), `of ${question.block}: ${question.file}, 80 bytes`],
      ['', `block hash ${question.blockHash}`],
      ['asked', `its scrypt hash, within ${count(maxSteps)} steps; the consumer compares it with the target`],
      ['pays', `${ether(maxPrice)} ether to who answers, ${ether(tip)} ether to who calls the consumer back`],
      ['task', `${task}`],
      ['', gasOf(transaction)],
    ])
  })

/** Taking the task, and answers to it. */
export const answerLines = (transaction: Transaction, scene: Scene): string[] => [
  ...told([transaction], 'Taken').flatMap(({ args: { solver, price } }) =>
    fields([
      [roleOf(solver).padEnd(NAME_WIDTH), `takes the task for ${ether(price)} ether`],
      ['', [...lockedIn(transaction), gasOf(transaction)].join(', ')],
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
    [roleOf(args.owner).padEnd(NAME_WIDTH), `claims state ${args.value}`],
    ['', ending === undefined ? 'whose output is not known here' : `whose output is ${rawHex(ending.output)}`],
    ...opened.map((text) => ['', text] as const),
    ['', [...lockedIn(transaction), gasOf(transaction)].join(', ')],
  ])
}

/** A line of a verdict. */
export const verdictLine = (what: string, text: string): string => `  ${what.padEnd(NAME_WIDTH)}  ${text}`

/** Everything from the end of a game on; the gas of a transaction stands behind the last line about it. */
export function verdictLines(transaction: Transaction, scene: Scene): string[] {
  const lines = [endLines, resultLines, stakeLines, deadLines, callbackLines].flatMap((tell) =>
    tell(transaction, scene),
  )
  const isToldBefore = told([transaction], 'Proved').length > 0
  return lines.map((line, i) => (i + 1 < lines.length || isToldBefore ? line : `${line}, ${gasOf(transaction)}`))
}

const who = (entry: Hash, { roles }: Scene): string => `the ${roles.get(entry) ?? `entry ${entry}`}`

const endLines = (transaction: Transaction, scene: Scene): string[] => [
  ...told([transaction], 'TimedOut').map(() => verdictLine('timeout', 'the game ended by the clock')),
  ...told([transaction], 'Buried').map(({ args: { winner, loser } }) =>
    verdictLine('buried', `${who(loser, scene)}'s answer is out: it lost its game against ${who(winner, scene)}`),
  ),
]

const resultLines = (transaction: Transaction, { market }: Scene): string[] => [
  ...told([transaction], 'Finalised').flatMap(({ args: { value, output } }) => [
    verdictLine('final', value),
    verdictLine(
      '',
      `the ${nameOf(transaction.from, market.consumer)} opens it: the chain learns ${size(output)} bytes of output`,
    ),
  ]),
  ...told([transaction], 'PricePaid').map(({ args: { solver, price } }) =>
    verdictLine('price', `${ether(price)} ether to the ${roleOf(solver)}, whose answer it is`),
  ),
]

const stakeLines = (transaction: Transaction, scene: Scene): string[] => [
  ...told([transaction], 'EntryReleased').map(({ args }) =>
    verdictLine('stake', `${who(args.entry, scene)} has its ${substep(scene.market.rules.bond)} and its deposit back`),
  ),
  ...told([transaction], 'Burned').map(({ args }) =>
    verdictLine('burned', `${substep(args.amount)}, as anyone called vault.burn()`),
  ),
]

/** What becomes of the stake of the dead: the bond is slashed, the deposit repays gas. */
const deadLines = (transaction: Transaction, { market }: Scene): string[] => [
  ...told([transaction], 'Slashed').map(({ args: { owner, winner, tokens: all, reward } }) =>
    verdictLine(
      'slashed',
      `the ${roleOf(owner)}'s bond: ${substep(reward)} to the ${roleOf(winner)}, ${substep(all - reward)} to be burned`,
    ),
  ),
  ...told([transaction], 'EntryDivided').flatMap(({ args: { entry } }) =>
    told([transaction], 'Credited')
      .filter(({ args }) => args.subject === entry)
      .map(({ args: { owner, amount } }) =>
        verdictLine('deposit', `${ether(amount)} ether of it ${purposeOf(nameOf(owner, market.consumer))}`),
      ),
  ),
]

const purposeOf = (name: string): string =>
  name === 'consumer' ? 'to the consumer, as nobody else had to dispute' : `repay the gas of the ${name}`

const callbackLines = (transaction: Transaction, { market, computation }: Scene): string[] => [
  ...told([transaction], 'Delivered').map(({ args: { by, success } }) => {
    const name = nameOf(by, market.consumer)
    return verdictLine(
      'callback',
      `the ${name} calls the consumer back${success ? '' : ', in vain,'} and earns the tip`,
    )
  }),
  ...(['Valid', 'Invalid', 'Failed'] as const).flatMap((name) =>
    told([transaction], name).map(() =>
      verdictLine('consumer', `${computation.question.block}: proof of work ${name.toUpperCase()}`),
    ),
  ),
]
