import { ENDOWMENT } from '../deploy.ts'
import { gasOf } from '../gas.ts'
import { told } from '../history.ts'
import { type Check, same } from './check.ts'

const bonds: Check = {
  name: 'bonds',
  says: "half of the solver's bond burned, half paid, nothing left behind",
  breaches: ({ bonds: { before, locked, after }, rules: { bond } }) => [
    ...same('before', before, { solver: ENDOWMENT, verifier: ENDOWMENT, arena: 0n, burned: 0n }),
    ...same('locked', locked, { solver: ENDOWMENT - bond, verifier: ENDOWMENT - bond, arena: 2n * bond, burned: 0n }),
    ...same('after', after, {
      ...{ solver: ENDOWMENT - bond, verifier: ENDOWMENT + bond / 2n },
      ...{ arena: 0n, burned: bond - bond / 2n },
    }),
  ],
}

const payments: Check = {
  name: 'payments',
  says: 'two bonds locked, one paid back, one slashed: each announced by one event',
  breaches: ({ history, entries, rules: { bond } }) => [
    ...same(
      'locked',
      told(history, 'BondLocked').map(({ args }) => args.amount),
      [bond, bond],
    ),
    ...same(
      'paid back',
      told(history, 'BondPaid').map(({ args }) => [args.entry, args.amount]),
      [[entries.verifier.args.entry, bond]],
    ),
    ...same(
      'slashed',
      told(history, 'BondSlashed').map(({ args }) => args),
      [
        {
          entry: entries.solver.args.entry,
          winner: entries.verifier.args.owner,
          reward: bond / 2n,
          burned: bond - bond / 2n,
        },
      ],
    ),
  ],
}

const gas: Check = {
  name: 'gas',
  says: 'what each player paid for adds up to all that it paid',
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

export const moneyChecks: readonly Check[] = [bonds, payments, gas]
