import { stepperAbi } from '../../../protocol/index.ts'
import { SUBSTEP } from '../../../spec/index.ts'
import { told } from '../history.ts'
import { type Check, different, same } from './check.ts'

const judged: Check = {
  name: 'judged',
  says: 'the substep executed here and in the judge alone gives the same states',
  async breaches({
    judged: { recomputed, pre, computed, claimed, step, row, args },
    computation,
    chain: { client },
    rules,
  }) {
    const own = computation.trace.substepHashes(step)
    const call = { address: rules.stepper, abi: stepperAbi, functionName: 'step', args: [args[5]] } as const
    return [
      ...same('contract against this process', [pre, computed], [recomputed.pre, recomputed.post]),
      ...same('contract against the true run', [pre, computed], own.slice(row.index, row.index + 2)),
      ...same('contract against its judge', [pre, computed], await client.readContract(call)),
      ...same('witness', args[5], computation.played.witness(BigInt(step), row.index)),
      ...different('claimed and computed', claimed, computed),
    ]
  },
}

const flip: Check = {
  name: 'flip',
  says: 'the false state is the true one with the bit turned over, and no other',
  breaches: ({ judged: { explained, step, row }, computation }) => [
    ...same('bit', explained, computation.flip),
    ...same('step', step, computation.flip.step),
    ...same('substep', row.index, SUBSTEP.STORE_LOW),
  ],
}

const oneLoser: Check = {
  name: 'one loser',
  says: "only the solver's answer died, by the verifier's proof",
  breaches: ({ history, entries, opened, buried, judged: { by }, view }) => [
    ...same('burials', told(history, 'Buried').length, 1),
    ...same('loser', buried.args.loser, entries.solver.args.entry),
    ...same('winner', buried.args.winner, entries.verifier.args.entry),
    ...same('proven by', by, 'verifier'),
    ...same(
      'games',
      told(history, 'Opened').map(({ args }) => args.game),
      [opened.args.game],
    ),
    ...same(
      'proofs',
      told(history, 'Proved').map(({ args }) => args.game),
      [opened.args.game],
    ),
    ...same('timeouts', told(history, 'TimedOut').length, 0),
    ...same('entries', [...view.entries.values()].map(({ status }) => status).sort(), ['divided', 'withdrawn']),
  ],
}

const settled: Check = {
  name: 'settled',
  says: "the verifier's state was settled, after the time for new games",
  breaches: ({ history, settled: { args, transaction }, entries, phases, view }) => [
    ...same('settlements', told(history, 'Settled').length, 1),
    ...same('state', args.value, entries.verifier.args.value),
    ...same('status', view.status, 'settled'),
    ...same('after the opening phase', transaction.time >= phases.opening, true),
    ...same('phases', view.phases, phases),
  ],
}

export const verdictChecks: readonly Check[] = [judged, flip, oneLoser, settled]
