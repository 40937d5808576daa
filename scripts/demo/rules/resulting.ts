import { type ContractFunctionArgs, encodeFunctionData, type Hex, toHex, zeroHash } from 'viem'
import { marketAbi, originOf } from '../../../protocol/index.ts'
import { type FinaliseArgs, finaliseArgs } from '../calls.ts'
import type { Evidence } from '../evidence.ts'
import { lastOf } from '../history.ts'
import { STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = marketAbi
type LargeArgs = ContractFunctionArgs<typeof marketAbi, 'nonpayable', 'finaliseLarge'>
/** One sibling for each level of the OUTPUT region. */
const SIBLINGS = Array.from({ length: 27 }, () => zeroHash) as unknown as LargeArgs[5]

/** Results that must not be had. */
export function resultingAttempts(evidence: Evidence): Attempt[] {
  return [...opening(evidence), ...delivering(evidence), ...paying(evidence)]
}

type Try = (what: string, error: string, block: bigint, data: Hex) => Attempt

const attemptOn =
  ({ market: { rules } }: Evidence): Try =>
  (what, error, block, data) => ({ what, error, block, data, from: STRANGER, to: rules.market })

/** Registers of no entry, with which a state would be another. */
const otherRegs = (regs: bigint): bigint => regs ^ 1n

function opening(evidence: Evidence): Attempt[] {
  const { posted, finalised, history, market, task } = evidence
  const attempt = attemptOn(evidence)
  const [early, settled] = [posted.transaction.block, finalised.transaction.block - 1n]
  const [request, regs, path, output] = finaliseArgs(finalised.transaction)
  const open = (...args: FinaliseArgs) => encodeFunctionData({ abi, functionName: 'finalise', args })
  const large = (length: bigint) =>
    encodeFunctionData({
      abi,
      functionName: 'finaliseLarge',
      args: [request, regs, path, zeroHash, length, SIBLINGS],
    })
  const tooLarge = toHex(new Uint8Array(Number(market.rules.maxOutput) + 1))
  const voiding = encodeFunctionData({ abi, functionName: 'voidTask', args: [request] })
  const result = encodeFunctionData({ abi, functionName: 'resultOf', args: [task.args.task] })
  return [
    attempt('read a claim as a result', 'NoResult', early, result),
    attempt('open the result too early', 'WrongVerdict', early, open(request, regs, path, output)),
    attempt('open another state', 'NotTheFinalValue', settled, open(request, otherRegs(regs), path, output)),
    attempt('open another output', 'NotTheFinalValue', settled, open(request, regs, path, zeroHash)),
    attempt('put a large output on the chain', 'OutputTooLarge', settled, open(request, regs, path, tooLarge)),
    attempt('hide a small output', 'OutputNotLarge', settled, large(32n)),
    attempt('lie about the length of an output', 'NotTheOutput', settled, large(1n << 20n)),
    attempt('void what is settled', 'WrongVerdict', settled, voiding),
    attempt('open the result twice', 'WrongStatus', lastOf(history).block, open(request, regs, path, output)),
    attempt(
      'give up what can be opened',
      'FinalisingOpen',
      settled,
      encodeFunctionData({ abi, functionName: 'abandon', args: [request] }),
    ),
  ]
}

/** Gas with which a result can be opened, but its callback could not have all that was promised to it. */
const TOO_LITTLE_GAS = 200_000n

function delivering(evidence: Evidence): Attempt[] {
  const { request, finalised, history } = evidence
  const attempt = attemptOn(evidence)
  const final = finalised.transaction.block
  const { output } = finalised.args
  const deliver = (told: Hex) => encodeFunctionData({ abi, functionName: 'deliver', args: [request, told] })
  const open = encodeFunctionData({ abi, functionName: 'finalise', args: finaliseArgs(finalised.transaction) })
  // The solver did both in one transaction, so there is no block between them.
  const openAnd = (call: Hex) => encodeFunctionData({ abi, functionName: 'multicall', args: [[open, call]] })
  const settled = final - 1n
  return [
    attempt('call back before there is a result', 'WrongStatus', settled, deliver(output)),
    attempt('call back with another output', 'NotTheOutput', settled, openAnd(deliver(zeroHash))),
    {
      ...attempt('call back with too little gas', 'NotEnoughGas', settled, openAnd(deliver(output))),
      gas: TOO_LITTLE_GAS,
    },
    attempt('call back twice', 'AlreadyDelivered', lastOf(history).block, deliver(output)),
  ]
}

function paying(evidence: Evidence): Attempt[] {
  const { request, posted, finalised, dispute } = evidence
  const attempt = attemptOn(evidence)
  const { owner, value } = (dispute?.entries.verifier ?? posted).args
  const claim = { owner, value }
  const release = encodeFunctionData({ abi, functionName: 'release', args: [originOf(request), claim] })
  const payDead = encodeFunctionData({ abi, functionName: 'payDead', args: [request, claim, []] })
  const payPrice = encodeFunctionData({ abi, functionName: 'payPrice', args: [request, value, []] })
  const [early, final] = [posted.transaction.block, finalised.transaction.block]
  return [
    attempt('take a stake back too early', 'WrongVerdict', early, release),
    attempt('take a stake back twice', 'NotAlive', final, release),
    attempt('share out the stake of the living', 'NotDead', final, payDead),
    attempt('pay the price twice', 'NoPriceDue', final, payPrice),
  ]
}
