import { type Address, encodeFunctionData, type Hex, toHex, zeroHash } from 'viem'
import { dappAbi } from '../dapp.ts'
import type { Evidence } from '../evidence.ts'
import { lastOf } from '../history.ts'
import { ADDRESSES, STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = dappAbi
/** Where a header's target begins, and one that is negative. */
const [BITS_AT, NEGATIVE] = [72, [0xff, 0xff, 0xff, 0x1d]]

/** What the consumer must not ask, believe or pay back. */
export function consumingAttempts(evidence: Evidence): Attempt[] {
  const { market, computation, request, task, taken, history } = evidence
  const { input } = computation
  const [asked, end] = [task.transaction.block, lastOf(history).block]
  const attempt = (what: string, error: string, from: Address, block: bigint, data: Hex): Attempt => ({
    ...{ what, error, from, to: market.consumer, block, data },
  })
  const check = (header: Uint8Array) => encodeFunctionData({ abi, functionName: 'check', args: [toHex(header)] })
  const reclaim = encodeFunctionData({ abi, functionName: 'reclaim', args: [request] })
  const outcome = { kind: 1, code: 0, inputByReference: false, outputOmitted: false, outputRoot: zeroHash }
  const tell = encodeFunctionData({ abi, functionName: 'onResult', args: [task.args.task, outcome, zeroHash] })
  const { payer } = ADDRESSES
  return [
    attempt('check what is no header', 'NotAHeader', payer, asked, check(input.slice(1))),
    attempt('check against no target', 'TargetOutOfRange', payer, asked, check(withBits(input))),
    attempt('check what is known', 'AlreadyChecked', payer, end, check(input)),
    attempt('tell the consumer a result oneself', 'NotTheMarket', STRANGER, taken.transaction.block, tell),
    attempt('take back the money of another', 'NotThePayer', STRANGER, asked, reclaim),
    attempt('take back what a solver works for', 'NothingToReclaim', payer, taken.transaction.block, reclaim),
    attempt('take back what was answered', 'NothingToReclaim', payer, end, reclaim),
  ]
}

function withBits(header: Uint8Array): Uint8Array {
  const changed = header.slice()
  changed.set(NEGATIVE, BITS_AT)
  return changed
}
