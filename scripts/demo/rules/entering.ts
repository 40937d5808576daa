import { encodeFunctionData, toHex } from 'viem'
import { packRegisters, unpackRegisters } from '../../../interpreter/index.ts'
import { arenaAbi } from '../../../protocol/index.ts'
import { REGS_BITS, STATUS } from '../../../spec/index.ts'
import { ADDRESSES, accountOf, type Role } from '../cast.ts'
import { MAX_STEPS } from '../computation.ts'
import type { Evidence } from '../evidence.ts'
import type { Attempt } from './attempt.ts'

const abi = arenaAbi
const STRANGE = toHex(1n, { size: 32 })

/** Answers that must not be taken. */
export function enteringAttempts({ task, entries, phases }: Evidence): Attempt[] {
  const id = task.args.task
  const { root, regs } = entries.solver.args
  const { block } = entries.solver.transaction
  const registers = unpackRegisters(regs)
  const enter = (what: string, error: string, finalRegs: bigint, at = block, taskId = id): Attempt => ({
    ...{ what, error, block: at, from: ADDRESSES.solver },
    data: encodeFunctionData({ abi, functionName: 'enter', args: [taskId, root, finalRegs] }),
  })
  const unseen = packRegisters({ ...registers, exit: registers.exit + 1 })
  const enterNew = (what: string, error: string, after: Role, time: bigint): Attempt => ({
    ...enter(what, error, unseen, entries[after].transaction.block),
    ...{ from: accountOf('requester').address, time },
  })
  return [
    enter('give the same answer twice', 'EntryExists', regs),
    enter('answer a question nobody asked', 'UnknownTask', regs, block, STRANGE),
    enter('claim more steps than allowed', 'StepsOutOfRange', packRegisters({ ...registers, steps: MAX_STEPS + 1n })),
    enter('claim an unfinished run', 'NotFinal', packRegisters({ ...registers, status: STATUS.RUNNING })),
    enter('claim registers too wide', 'RegistersTooWide', regs | (1n << BigInt(REGS_BITS))),
    enterNew('support the only answer', 'NothingToSupport', 'solver', phases.challenge),
    enterNew('support what nobody claimed', 'ValueNotSeen', 'verifier', phases.challenge),
    enterNew('answer after the support phase', 'EnteringClosed', 'verifier', phases.support),
  ]
}
