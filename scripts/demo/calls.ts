import { type ContractFunctionArgs, decodeFunctionData, type Hex, parseAbi, toFunctionSelector } from 'viem'
import { gamesAbi, marketAbi } from '../../protocol/index.ts'
import { DemoFailed } from './failure.ts'
import type { Transaction } from './history.ts'

type Write = 'nonpayable'
export type BisectArgs = ContractFunctionArgs<typeof gamesAbi, Write, 'bisect'>
export type ProveArgs = ContractFunctionArgs<typeof gamesAbi, Write, 'prove'>
export type FinaliseArgs = ContractFunctionArgs<typeof marketAbi, Write, 'finalise'>

const MULTICALL = parseAbi(['function multicall(bytes[] data)'])

/** The calls that a transaction makes: itself, or those that it puts together. */
const callsOf = ({ data }: Transaction): readonly Hex[] =>
  data.startsWith(toFunctionSelector(MULTICALL[0])) ? decodeFunctionData({ abi: MULTICALL, data }).args[0] : [data]

/** The arguments of a move. */
export const bisectArgs = (transaction: Transaction): BisectArgs =>
  firstOf('move', transaction, (data) => {
    const { functionName, args } = decodeFunctionData({ abi: gamesAbi, data })
    return functionName === 'bisect' ? args : undefined
  })

/** The arguments of a proof. */
export const proveArgs = (transaction: Transaction): ProveArgs =>
  firstOf('proof', transaction, (data) => {
    const { functionName, args } = decodeFunctionData({ abi: gamesAbi, data })
    return functionName === 'prove' ? args : undefined
  })

/** The arguments by which a result was opened. */
export const finaliseArgs = (transaction: Transaction): FinaliseArgs =>
  firstOf('opening of the result', transaction, (data) => {
    const { functionName, args } = decodeFunctionData({ abi: marketAbi, data })
    return functionName === 'finalise' ? args : undefined
  })

function firstOf<T>(what: string, transaction: Transaction, read: (data: Hex) => T | undefined): T {
  for (const data of callsOf(transaction)) {
    const args = read(data)
    if (args !== undefined) return args
  }
  throw new DemoFailed('calls', `there is no ${what} in transaction ${transaction.hash}`)
}
