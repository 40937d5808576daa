import { type Address, encodeFunctionData, type Hex, toHex } from 'viem'
import { marketAbi } from '../../../protocol/index.ts'
import type { Evidence, Request } from '../evidence.ts'
import { ADDRESSES, STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = marketAbi
const STRANGE = toHex(1n, { size: 32 })

type Order = Request['order']

/** Requests that the market must not take, or not take back. */
export function askingAttempts({ market: { rules }, request, task, taken, computation }: Evidence): Attempt[] {
  const { order } = request
  const asked = task.transaction.block
  const attempt = (what: string, error: string, from: Address, block: bigint, data: Hex, value = 0n): Attempt => ({
    ...{ what, error, from, to: rules.market, block, data, value },
  })
  const requestData = (changed: Partial<Order>) =>
    encodeFunctionData({
      abi,
      functionName: 'request',
      args: [{ ...order, ...changed }, toHex(computation.input)],
    })
  const ask = (what: string, error: string, changed: Partial<Order>, value = order.maxPrice + order.tip) =>
    attempt(what, error, ADDRESSES.payer, asked, requestData(changed), value)
  const cancel = encodeFunctionData({ abi, functionName: 'cancel', args: [request] })
  return [
    ask('ask for an unknown program', 'UnknownProgram', { program: STRANGE }),
    ask('ask for no steps', 'MaxStepsOutOfRange', { maxSteps: 0n }),
    ask('ask for more steps than anybody waits for', 'MaxStepsOutOfRange', { maxSteps: rules.maxSteps + 1n }),
    ask('let the price fall', 'PricesReversed', { minPrice: order.maxPrice + 10n ** 9n }),
    ask('pay a part of a gwei', 'PriceNotWholeGwei', { maxPrice: order.maxPrice + 1n }),
    ask('ask for what has expired', 'OrderExpired', { expires: Number(task.transaction.time) - 1 }),
    ask('ask for too dear a callback', 'CallbackGasOutOfRange', { callbackGas: Number(rules.maxCallbackGas) + 1 }),
    ask('tip for no callback', 'TipWithoutCallback', { callbackGas: 0 }),
    ask('pay less than was promised', 'NotEnoughEther', {}, order.maxPrice),
    attempt('ask the same twice', 'TaskExists', request.requester, asked, requestData({})),
    attempt('cancel the request of another', 'NotTheRequester', STRANGER, asked, cancel),
    attempt('cancel what is taken', 'WrongStatus', request.requester, taken.transaction.block, cancel),
    attempt(
      'expire what may be taken',
      'NotExpired',
      STRANGER,
      asked,
      encodeFunctionData({ abi, functionName: 'expire', args: [request] }),
    ),
  ]
}
