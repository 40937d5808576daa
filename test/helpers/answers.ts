import { toHex as bytesToHex } from 'viem'
import { type Hash, lowerTask, StateOracle } from '../../interpreter/index.ts'
import { marketAbi, originOf, playedTrace, type Request, type Signer } from '../../protocol/index.ts'
import type { LocalMarket } from './local-market.ts'

/** The end of a run, with what `finalise` and `finaliseLarge` take of it. */
export interface Answer {
  readonly root: Hash
  readonly regs: bigint
  readonly value: Hash
  readonly path: readonly Hash[]
  readonly output: Uint8Array
  readonly outputRoot: Hash
  readonly lengthPath: readonly Hash[]
}

/** The true end of a run of at most `maxSteps` steps. */
export function answerOf(wasm: Uint8Array, input: Uint8Array, maxSteps: bigint): Answer {
  const trace = playedTrace(new StateOracle(lowerTask(wasm), input, Number(maxSteps)))
  const { root: outputRoot, ...opening } = trace.result()
  return { ...trace.final, ...opening, outputRoot }
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
