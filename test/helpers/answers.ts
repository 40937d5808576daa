import { toHex as bytesToHex } from 'viem'
import { regionIndex } from '../../interpreter/commit/merkle.ts'
import { siblingsOf } from '../../interpreter/commit/sparse-tree.ts'
import { type Hash, lowerTask, Machine, toHex } from '../../interpreter/index.ts'
import { marketAbi, originOf, type Request, type Signer } from '../../protocol/index.ts'
import { REGION } from '../../spec/index.ts'
import type { LocalMarket } from './local-market.ts'

/** The end of a run, with what `finalise` takes of it. */
export interface Answer {
  readonly root: Hash
  readonly regs: bigint
  readonly value: Hash
  readonly path: readonly Hash[]
  readonly output: Uint8Array
}

/** The true end of a run of at most `maxSteps` steps. */
export function answerOf(wasm: Uint8Array, input: Uint8Array, maxSteps: bigint): Answer {
  const machine = new Machine(lowerTask(wasm), input)
  machine.runTo(Number(maxSteps))
  const tree = machine.tree()
  return {
    root: toHex(tree.root()),
    regs: machine.core().regs,
    value: machine.stateHash(),
    path: siblingsOf(tree, regionIndex(REGION.OUTPUT)).map((node) => toHex(node)),
    output: machine.output(),
  }
}

/** Sends calls of the market for a request. */
export const solverOf = (market: LocalMarket, signer: Signer, request: Request) => {
  const call = (name: string, args: readonly unknown[]) =>
    market.send(signer, { to: market.rules.market, abi: marketAbi, name, args })
  return {
    take: () => call('take', [request, signer.account.address]),
    post: ({ root, regs }: Pick<Answer, 'root' | 'regs'>) => call('post', [originOf(request), root, regs]),
    enter: ({ root, regs }: Pick<Answer, 'root' | 'regs'>) =>
      call('enter', [originOf(request), signer.account.address, { root, regs }]),
    finalise: ({ regs, path, output }: Answer) => call('finalise', [request, regs, path, bytesToHex(output)]),
  }
}
