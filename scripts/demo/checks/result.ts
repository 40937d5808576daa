import { toHex } from '../../../interpreter/index.ts'
import { marketAbi } from '../../../protocol/index.ts'
import { lastOf, told } from '../history.ts'
import { matchesReference } from './answers.ts'
import { type Check, same } from './check.ts'

/** OutcomeKind of a program that ended by itself. */
const HALTED = 1

const time: Check = {
  name: 'time',
  says: 'the result was opened once, after the time for other answers and games',
  breaches: ({ history, finalised, phases, read, dispute }) => [
    ...same('openings', told(history, 'Finalised').length, 1),
    ...same('in time', finalised.transaction.time >= (dispute ? phases.opening : phases.challenge), true),
    ...same('phases as read', read.view.phases, phases),
    ...same('status as read', [read.view.status, read.view.verdict], ['final', 'settled']),
  ],
}

const output: Check = {
  name: 'output',
  says: 'the final state is the true one, its output the hash that the reference gives',
  breaches: ({ finalised: { args }, computation: { truth, input, question } }) => [
    ...same('final state', args.value, truth.value),
    ...same('output', args.output, toHex(truth.output)),
    ...same('equal to the reference', matchesReference(truth.output, input, question), true),
  ],
}

const outcome: Check = {
  name: 'outcome',
  says: 'anyone can read from the market that the program ended well, and with what',
  async breaches({ chain: { client }, market, task, computation: { played } }) {
    const call = { address: market.rules.market, abi: marketAbi, functionName: 'resultOf' } as const
    const result = await client.readContract({ ...call, args: [task.args.task] })
    const { root } = played.result()
    return same('result', result, {
      ...{ kind: HALTED, code: 0, inputByReference: false, outputOmitted: false },
      outputRoot: root,
    })
  },
}

const consumer: Check = {
  name: 'consumer',
  says: 'the consumer was called back once, and knows that the proof of work is valid',
  breaches: ({ history, asked, delivered, work, read }) => [
    ...same('callbacks', told(history, 'Delivered').length, 1),
    ...same('success', [delivered.args.success, read.view.delivered], [true, true]),
    ...same(
      'events',
      told([delivered.transaction], 'Valid').map(({ args }) => args.blockHash),
      [asked.args.blockHash],
    ),
    ...same('known', work, 'VALID'),
  ],
}

const entries: Check = {
  name: 'entries',
  says: 'who was right has its stake back, and nothing is left behind',
  breaches: ({ read: { view }, dispute, history }) => [
    ...same(
      'entries',
      [...view.entries.values()].map(({ status }) => status).sort(),
      dispute ? ['divided', 'released'] : ['released'],
    ),
    ...same('head', view.tipPaid && !view.priceDue && lastOf(history).block > 0n, true),
  ],
}

export const resultChecks: readonly Check[] = [time, output, outcome, consumer, entries]
