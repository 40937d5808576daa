import { ENDOWMENT } from '../deploy.ts'
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
  says: 'each of these payments was announced, once',
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

export const moneyChecks: readonly Check[] = [bonds, payments]
