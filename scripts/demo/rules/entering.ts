import { encodeFunctionData, toHex } from 'viem'
import { packRegisters, unpackRegisters } from '../../../interpreter/index.ts'
import { marketAbi, originOf } from '../../../protocol/index.ts'
import { REGS_BITS, STATUS } from '../../../spec/index.ts'
import { MAX_STEPS } from '../computation.ts'
import type { DisputedEvidence } from '../evidence.ts'
import { ADDRESSES, type Role, STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = marketAbi
const STRANGE = toHex(1n, { size: 32 })

/** Answers that must not be taken. */
export function enteringAttempts({ market, request, dispute: { entries }, phases }: DisputedEvidence): Attempt[] {
  const origin = originOf(request)
  const { root, regs } = entries.solver.args
  const registers = unpackRegisters(regs)
  const unseen = packRegisters({ ...registers, exit: registers.exit + 1 })
  const enter = (what: string, error: string, finalRegs: bigint, of = origin): Attempt => ({
    ...{ what, error, from: ADDRESSES.verifier, to: market.rules.market },
    block: entries.solver.transaction.block,
    data: encodeFunctionData({
      ...{ abi, functionName: 'enter' },
      args: [of, ADDRESSES.verifier, { root, regs: finalRegs }],
    }),
  })
  const later = (what: string, error: string, after: Role, time: bigint): Attempt => ({
    ...enter(what, error, unseen),
    ...{ block: entries[after].transaction.block, time },
  })
  const asStranger = (owner: typeof STRANGER, finalRegs: bigint) =>
    encodeFunctionData({ abi, functionName: 'enter', args: [origin, owner, { root, regs: finalRegs }] })
  const alone = { from: STRANGER, block: entries.solver.transaction.block }
  return [
    { ...enter('answer without a stake', 'NotEnoughStake', regs), ...alone, data: asStranger(STRANGER, regs) },
    {
      ...enter('answer with the stake of another', 'NotAnOperator', regs),
      ...{ ...alone, data: asStranger(ADDRESSES.verifier, unseen) },
    },
    {
      ...enter('give the same answer twice', 'EntryExists', regs),
      ...{ from: ADDRESSES.solver, data: asStranger(ADDRESSES.solver, regs) },
    },
    enter('answer a question nobody asked', 'UnknownTask', regs, { ...origin, terms: STRANGE }),
    enter('claim more steps than allowed', 'StepsOutOfRange', packRegisters({ ...registers, steps: MAX_STEPS + 1n })),
    enter('claim an unfinished run', 'NotFinal', packRegisters({ ...registers, status: STATUS.RUNNING })),
    enter('claim registers too wide', 'RegistersTooWide', regs | (1n << BigInt(REGS_BITS))),
    later('support the only answer', 'NothingToSupport', 'solver', phases.challenge),
    later('support what nobody claimed', 'ValueNotSeen', 'verifier', phases.challenge),
    later('answer after the support phase', 'EnteringClosed', 'verifier', phases.support),
  ]
}
