import { type Abi, decodeFunctionData, type Hex, toFunctionSelector } from 'viem'
import type { Hash } from '../interpreter/index.ts'

/**
 * The calls of a function whose first word is `first` that stand in the input of a transaction: by themselves, or as
 * contracts pass them on, in a multicall or in an account's list of calls.
 */
export function callsIn(input: Hex, abi: Abi, functionName: string, first: Hash): readonly (readonly unknown[])[] {
  const item = abi.find((entry) => entry.type === 'function' && entry.name === functionName)
  if (item?.type !== 'function') return []
  const needle = `${toFunctionSelector(item).slice(2)}${first.slice(2)}`
  const found: (readonly unknown[])[] = []
  for (let at = input.indexOf(needle, 2); at >= 0; at = input.indexOf(needle, at + 2)) {
    const args = argsAt(abi, `0x${input.slice(at)}`)
    if (args !== undefined && at % 2 === 0) found.push(args)
  }
  return found
}

function argsAt(abi: Abi, data: Hex): readonly unknown[] | undefined {
  try {
    return decodeFunctionData({ abi, data }).args
  } catch {
    return undefined
  }
}
