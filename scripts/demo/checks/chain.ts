import type { Check } from './check.ts'

const forbidden: Check = {
  name: 'forbidden',
  says: 'every forbidden call, only simulated, was refused by the error of its rule',
  breaches: (_, tried) =>
    tried
      .filter(({ error, answer }) => answer !== error)
      .map(({ what, error, answer }) => `${what}: ${answer}, should be refused with ${error}`),
}

const transactions: Check = {
  name: 'transactions',
  says: 'of the transactions that were sent, none was reverted',
  breaches: ({ history }) =>
    history.filter(({ reverted }) => reverted).map(({ hash, from }) => `${hash} of ${from} was reverted`),
}

export const chainChecks: readonly Check[] = [forbidden, transactions]
