import type { InstructionOf } from '../lower/lowering.ts'
import { type Body, counterPlus, ROUNDS } from './body.ts'
import { EMPTY_BLOCK, i64Const, localGet, localSet, opcode, unsigned } from './encoding.ts'
import type { Label } from './label.ts'

/** Branches. What a label's values are lies in its temporaries when control gets there. */

const BLOCK = 0x02
const IF = 0x04
const END = 0x0b
const BR = 0x0c
const BR_IF = 0x0d
const BR_TABLE = 0x0e
const RETURN = 0x0f

/** Pops the number that decides; all others lie in their temporaries then. Gives the code that pushes it, if needed. */
export const takeCondition = (body: Body): number[] => {
  const top = body.operands.length - 1
  const ready = body.held === top
  if (!ready) body.flush()
  const code = ready ? [] : localGet(body.temporary(top, body.operands[top]!.type))
  body.pop(1)
  return code
}

const labelAt = ({ named }: Body, depth: number): Label => named.at(-1 - depth)!

/** Puts the values that a branch carries where the label wants them. */
const moveCarried = (body: Body, label: Label): void => {
  const count = label.carried.length
  if (body.operands.length - count === label.below.length) {
    body.flush()
    return
  }
  body.need(count, true)
  for (let i = count - 1; i >= 0; i--) {
    body.put(localSet(body.temporary(label.below.length + i, label.carried[i]!)))
  }
  body.held = Math.min(body.held, body.operands.length - count)
}

/** Branches to a label of a block or loop; `steps` are not charged yet. */
export const emitJump = (body: Body, label: Label, steps: number): void => {
  moveCarried(body, label)
  body.addToCounter(body.connect(body.place, label, steps, arrivals(body, label)))
  body.put([BR], unsigned(body.depth - label.depth))
}

/** A loop is left once for each time that it is begun. */
const arrivals = ({ frequency, loops }: Body, label: Label): number => frequency / ROUNDS ** (loops - label.loops)

/** The results and the counter go back to the caller. */
export const emitReturn = (body: Body, steps: number): void => {
  body.need(body.results.length, true)
  const pending = body.pending()
  const amount = body.constant(() => pending() - steps, -(body.args + 1))
  body.bytes.defer(() => [...localGet(body.counter), ...i64Const(amount()), ...opcode('i64.add')])
  body.put([RETURN])
}

const emitLeave = (body: Body, label: Label, steps: number): void => {
  if (label.kind === 'function') emitReturn(body, steps)
  else emitJump(body, label, steps)
}

export const emitBranch = (body: Body, depth: number): void => {
  emitLeave(body, labelAt(body, depth), body.words)
  body.reachable = false
}

/** A branch to the label of the function. */
export const emitReturnBranch = (body: Body): void => emitBranch(body, body.named.length - 1)

/** Steps of a conditional branch that is not taken: its first word. */
const NOT_TAKEN = 1

/** Of the times that control gets to a conditional branch, those that it is taken. */
const shareOf = (label: Label): number => (label.kind === 'loop' ? 1 - 1 / ROUNDS : 1 / 2)

export const emitBranchIf = (body: Body, depth: number): void => {
  const label = labelAt(body, depth)
  const condition = takeCondition(body)
  body.charge(NOT_TAKEN)
  body.put(condition)
  const more = body.words - NOT_TAKEN
  const { frequency, place } = body
  const moves = label.carried.length > 0 && body.operands.length - label.carried.length !== label.below.length
  body.frequency *= shareOf(label)
  const taken = arrivals(body, label)
  if (label.kind === 'function' || moves) branchInArm(body, label, more)
  else branchDirectly(body, label, more)
  body.follow(place, frequency - taken)
}

const branchInArm = (body: Body, label: Label, steps: number): void => {
  const { operands, held: before } = body
  body.put([IF, EMPTY_BLOCK])
  body.depth++
  emitLeave(body, label, steps)
  body.put([END])
  body.depth--
  body.operands = operands
  body.held = before
}

const branchDirectly = (body: Body, label: Label, steps: number): void => {
  const amount = body.constant(body.connect(body.place, label, steps, arrivals(body, label)), 0)
  const depth = body.depth - label.depth
  body.bytes.defer(() => {
    if (amount() === 0n) return [BR_IF, ...unsigned(depth)]
    return [IF, EMPTY_BLOCK, ...counterPlus(body.counter, amount()), BR, ...unsigned(depth + 1), END]
  })
}

interface Target {
  readonly label: Label
  readonly steps: number
  readonly arm: number
}

export const emitBranchTable = (body: Body, { labels }: InstructionOf<'br_table'>): void => {
  const { pc, words } = body
  const index = takeCondition(body)
  const chosen = body.temporary('index', 0x7f)
  body.put(index, localSet(chosen))
  body.charge(1)
  // A label's words are the same wherever it stands; going through them each time could take minutes.
  const targets = new Map<number, Target>()
  const targetOf = (depth: number, i: number): Target => {
    const steps = body.env.listing.stepsWithin(pc + 1 + i, pc, pc + words)
    return { label: labelAt(body, depth), steps, arm: targets.size }
  }
  const arms = labels.map((depth, i) => {
    const target = targets.get(depth) ?? targetOf(depth, i)
    targets.set(depth, target)
    return target.arm
  })
  body.frequency /= targets.size
  emitArms(body, [...targets.values()], arms, chosen)
  body.reachable = false
}

/** One block for each target: the table leads behind it, where the branch stands. */
const emitArms = (body: Body, targets: readonly Target[], arms: readonly number[], chosen: number): void => {
  const { operands, held: before } = body
  for (const _ of targets) body.put([BLOCK, EMPTY_BLOCK])
  body.depth += targets.length
  body.put(localGet(chosen), [BR_TABLE], unsigned(arms.length - 1), arms.flatMap(unsigned))
  for (const { label, steps } of targets) {
    body.spend(operands.length)
    body.put([END])
    body.depth--
    body.operands = [...operands]
    body.held = before
    emitLeave(body, label, steps)
  }
}
