import { hexToBytes } from 'viem'
import { type Hash, type Judgement, judge, unpackRegisters } from '../../interpreter/index.ts'
import { SUBSTEP, SUBSTEP_ROWS, type SubstepRow } from '../../spec/index.ts'
import { type ProveArgs, proveArgs } from './calls.ts'
import type { Computation } from './computation.ts'
import { DemoFailed, present } from './failure.ts'
import { explainClaim, type Flip } from './flip.ts'
import type { Told, Transaction } from './history.ts'
import type { Move } from './moves.ts'
import { type Role, roleOf } from './parties.ts'
import { type StoreAccess, storeAt } from './store.ts'

/** The one substep that the contract executed. */
export interface Judged {
  /** Who proved. */
  readonly by: Role
  /** Whose assertion it refuted. */
  readonly claimedBy: Role
  readonly step: number
  readonly row: SubstepRow
  readonly instruction: string
  /** Byte offset of the instruction in the module. */
  readonly offset: number
  /** Function and the source file it comes from. */
  readonly functionName: string
  readonly sourceFile: string
  readonly store: StoreAccess
  /** State before, on which both sides agree. */
  readonly pre: Hash
  /** State after, as the loser asserted it and as the contract computed it. */
  readonly claimed: Hash
  readonly computed: Hash
  /** The bit by which the two differ, found by trying; undefined if no single bit explains it. */
  readonly explained: Flip | undefined
  /** The same witness judged here. */
  readonly recomputed: Judgement
  readonly args: ProveArgs
  readonly transaction: Transaction
}

/** What the event says, and what that means for the program. */
export function judgedFrom({ args: event, transaction }: Told<'Proved'>, last: Move, computation: Computation): Judged {
  const args = proveArgs(transaction)
  const [, , substep, claimed, , witness] = args
  const row = present('judged', `substep ${substep}`, SUBSTEP_ROWS[Number(event.substep)])
  if (row.index !== SUBSTEP.STORE_LOW) throw new DemoFailed('judged', `substep ${row.index} was judged, no store`)
  const step = Number(event.step)
  return {
    by: roleOf(last.turn.mover.player),
    claimedBy: last.by,
    step,
    row,
    ...originOf(computation, witness),
    store: storeAt(computation.trace, step),
    pre: event.pre,
    claimed,
    computed: event.post,
    explained: explainClaim(computation.program, computation.input, step, claimed),
    recomputed: judge(witness.map((word) => hexToBytes(word))),
    args,
    transaction,
  }
}

/** The place in the program that the registers in the witness point to. */
function originOf({ program }: Computation, [regs = '0x0']: readonly Hash[]) {
  const { pc } = unpackRegisters(BigInt(regs))
  const origin = present('judged', `instruction at pc ${pc}`, program.origins[pc])
  const lowered = present('judged', `function at pc ${pc}`, program.functions[origin.func])
  const slash = lowered.name.lastIndexOf('/')
  const [sourceFile, functionName] = [`${lowered.name.slice(0, slash)}.ts`, lowered.name.slice(slash + 1)]
  return { instruction: origin.instruction, offset: origin.offset, functionName, sourceFile }
}
