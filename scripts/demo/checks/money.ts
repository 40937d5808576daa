import { isAddressEqual } from 'viem'
import { depositOf, refundOf } from '../../../protocol/index.ts'
import { MAX_STEPS } from '../computation.ts'
import type { Evidence } from '../evidence.ts'
import { gasOf } from '../gas.ts'
import { told } from '../history.ts'
import type { Account, Money } from '../money.ts'
import { ADDRESSES } from '../parties.ts'
import { type Check, type DisputeCheck, same } from './check.ts'

/** What an account has more than before, of all three kinds. */
const gained = (before: Account, after: Account) => ({
  free: after.free - before.free,
  locked: after.locked - before.locked,
  ether: after.ether - before.ether,
})

const changes = ({ before, after }: Evidence['money']) => ({
  solver: gained(before.solver, after.solver),
  verifier: gained(before.verifier, after.verifier),
  consumer: gained(before.consumer, after.consumer),
  burned: after.burned - before.burned,
  toBurn: after.toBurn - before.toBurn,
})

const NOTHING = { free: 0n, locked: 0n, ether: 0n }

const stakes: Check = {
  name: 'stakes',
  says: 'the solver has its stake, the price and the tip; nobody else gained or lost',
  breaches: ({ money, request: { order } }) =>
    same('gains', changes(money), {
      solver: { ...NOTHING, ether: order.maxPrice + order.tip },
      ...{ verifier: NOTHING, consumer: NOTHING, burned: 0n, toBurn: 0n },
    }),
}

export const honestMoneyChecks: readonly Check[] = [stakes]

/** What the arithmetic of docs/protocol.md makes of a dispute that one liar lost to one verifier. */
function expectedGains({ market: { rules }, task: { args }, request: { order } }: Evidence) {
  const { bond } = rules
  const refund = refundOf(rules, args.gasPrice, MAX_STEPS)
  const deposit = depositOf(rules, args.gasPrice, MAX_STEPS)
  return {
    solver: { free: -bond, locked: 0n, ether: -deposit },
    verifier: { free: bond / 2n, locked: 0n, ether: order.maxPrice + order.tip + refund },
    consumer: { free: 0n, locked: 0n, ether: deposit - refund },
    burned: bond - bond / 2n,
    toBurn: 0n,
  }
}

const bonds: DisputeCheck = {
  name: 'bonds',
  says: "half of the liar's bond burned, half to the verifier, with price and refund",
  breaches: (evidence) => same('gains', changes(evidence.money), expectedGains(evidence)),
}

const slashing: DisputeCheck = {
  name: 'slashing',
  says: 'one stake slashed, one given back, one burning: each told by one event',
  breaches: ({ history, market: { rules }, dispute: { entries } }) => [
    ...same(
      'slashed',
      told(history, 'Slashed').map(({ args }) => [args.subject, args.winner, args.tokens, args.reward]),
      [[entries.solver.args.entry, entries.verifier.args.owner, rules.bond, rules.bond / 2n]],
    ),
    ...same(
      'given back',
      told(history, 'Released').map(({ args }) => [args.subject, args.tokens]),
      [[entries.verifier.args.entry, rules.bond]],
    ),
    ...same(
      'burned',
      told(history, 'Burned').map(({ args }) => args.amount),
      [rules.bond - rules.bond / 2n],
    ),
  ],
}

export const disputedMoneyChecks: readonly DisputeCheck[] = [bonds, slashing]

const price: Check = {
  name: 'price',
  says: 'the price went to the first whose answer lives, the tip to who called back',
  breaches: ({ history, paid, delivered, dispute, taken }) => {
    const { owner } = (dispute?.entries.verifier ?? told(history, 'Entered')[0])?.args ?? {}
    return [
      ...same('payments', told(history, 'PricePaid').length, 1),
      ...same('to', [paid.args.solver, paid.args.price], [owner, taken.args.price]),
      ...same('tip', isAddressEqual(delivered.args.by, owner ?? ADDRESSES.solver), true),
    ]
  },
}

const heldTokens = ({ solver, verifier, consumer, toBurn }: Money): bigint =>
  [solver, verifier, consumer].reduce((sum, { free, locked }) => sum + free + locked, toBurn)

const heldEther = ({ solver, verifier, consumer }: Money): bigint => solver.ether + verifier.ether + consumer.ether

const vault: Check = {
  name: 'vault',
  says: 'the vault always held what is owned, what waits to be burned, and the escrow',
  breaches({ history, money, request: { order } }) {
    const deposits = told(history, 'Locked').reduce((sum, { args }) => sum + args.amount, 0n)
    const escrow = { before: 0n, locked: order.maxPrice + order.tip + deposits, after: 0n }
    return (['before', 'locked', 'after'] as const).flatMap((at) => [
      ...same(`tokens, ${at}`, money[at].vaultTokens, heldTokens(money[at])),
      ...same(`ether, ${at}`, money[at].vaultEther, heldEther(money[at]) + escrow[at]),
    ])
  },
}

const locks: Check = {
  name: 'locks',
  says: 'one bond and one deposit behind each answer, no more and no less',
  breaches: ({ history, market: { rules }, task: { args }, dispute }) =>
    same(
      'locked',
      told(history, 'Locked').map(({ args }) => [args.tokens, args.amount]),
      Array.from({ length: dispute ? 2 : 1 }, () => [rules.bond, depositOf(rules, args.gasPrice, MAX_STEPS)]),
    ),
}

const gas: Check = {
  name: 'gas',
  says: 'what each player paid gas for adds up to all the gas that it paid',
  breaches(evidence) {
    const { parts, game, solver, verifier } = gasOf(evidence)
    const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
    const both = [parts.solver, parts.verifier]
    return [
      ...same('solver', sum(Object.values(parts.solver)), solver),
      ...same('verifier', sum(Object.values(parts.verifier)), verifier),
      ...same('game', sum(both.flatMap(({ moves, proof }) => [moves, proof])), game),
    ]
  },
}

export const moneyChecks: readonly Check[] = [locks, price, vault, gas]
