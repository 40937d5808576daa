import { stepperAbi } from '../../../protocol/index.ts'
import { SUBSTEP } from '../../../spec/index.ts'
import { told } from '../history.ts'
import { type DisputeCheck, different, same } from './check.ts'

const judged: DisputeCheck = {
  name: 'judged',
  says: 'the substep executed here and in the judge alone gives the same states',
  async breaches({ dispute, computation, chain: { client }, market: { rules } }) {
    const { recomputed, pre, computed, claimed, step, row, args } = dispute.judged
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

const flip: DisputeCheck = {
  name: 'flip',
  says: 'the false state is the true one with the bit turned over, and no other',
  breaches: ({ dispute: { judged, sabotage } }) => [
    ...same('bit', judged.explained, sabotage.flip),
    ...same('step', judged.step, sabotage.flip.step),
    ...same('substep', judged.row.index, SUBSTEP.STORE_LOW),
  ],
}

const oneLoser: DisputeCheck = {
  name: 'one loser',
  says: "only the solver's answer died, by the verifier's proof",
  breaches: ({ history, dispute: { entries, opened, buried, judged } }) => [
    ...same('burials', told(history, 'Buried').length, 1),
    ...same('loser', buried.args.loser, entries.solver.args.entry),
    ...same('winner', buried.args.winner, entries.verifier.args.entry),
    ...same('proven by', judged.by, 'verifier'),
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
  ],
}

export const judgedChecks: readonly DisputeCheck[] = [judged, flip, oneLoser]
