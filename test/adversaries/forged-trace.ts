import { concatHex, hexToBytes, keccak256 } from 'viem'
import { stateHash, unpackRegisters } from '../../interpreter/index.ts'
import type { FinalClaim, PlayedTrace } from '../../protocol/index.ts'
import { SUBSTEP } from '../../spec/index.ts'
import type { Hash } from '../helpers/local-market.ts'

/** The last state that is still true: after `substep` substeps of step `step`. */
export interface Break {
  readonly step: bigint
  readonly substep: number
}

const made = (hash: Hash): Hash => keccak256(concatHex([hash, '0xf0']))

/** A computation that is true up to a break, made up after it, and ends in `final`. */
export function forgedTrace(honest: PlayedTrace, at: Break, final: FinalClaim): PlayedTrace {
  const forged = (step: bigint, hash: Hash): Hash => {
    if (step >= final.steps) return final.value
    return step <= at.step ? hash : made(hash)
  }
  const hashAt = (step: bigint): Hash => forged(step, honest.hashAt(step))
  const between = (step: bigint, hash: Hash, n: number): Hash =>
    step < at.step || (step === at.step && n <= at.substep) ? hash : made(concatHex([hash, `0x0${n.toString(16)}`]))
  return {
    final,
    hashAt,
    hashesAt: (steps) => honest.hashesAt(steps).map((hash, i) => forged(steps[i] as bigint, hash)),
    substepHashes(step) {
      if (step >= final.steps) return honest.substepHashes(step).map(() => final.value)
      const inner = honest.substepHashes(step).slice(1, -1)
      return [hashAt(step), ...inner.map((hash, i) => between(step, hash, i + 1)), hashAt(step + 1n)]
    },
    witness: (step, substep) => honest.witness(step, substep),
    result: () => honest.result(),
    agreement: () => 'agrees',
  }
}

/** Right in its result, wrong on the way there. */
export const wrongPath = (honest: PlayedTrace): PlayedTrace =>
  forgedTrace(honest, { step: 0n, substep: 0 }, honest.final)

/** A final state as it is entered. */
export function claimOf(root: Hash, regs: bigint): FinalClaim {
  const core = { regs, misc: 0n, word: 0n, a: 0n, b: 0n, c: 0n, r: 0n }
  return { root, regs, steps: unpackRegisters(regs).steps, value: stateHash(hexToBytes(root), core) }
}

/** Right in everything but the registers of its final state, to which `added` is added. */
export const wrongRegisters = (honest: PlayedTrace, added: bigint): PlayedTrace =>
  forgedTrace(
    honest,
    { step: honest.final.steps - 1n, substep: SUBSTEP.RETIRE },
    claimOf(honest.final.root, honest.final.regs + added),
  )
