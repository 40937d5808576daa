import type { InstructionOf } from '../lower/lowering.ts'
import { blocksOf } from './blocks.ts'
import type { Body, Label, Operand } from './body.ts'
import { pendingAt } from './chunks.ts'
import { EMPTY_BLOCK, i64Const, localGet, localSet, type NativeType, nativeType, opcode, unsigned } from './encoding.ts'

/** Structured control. Blocks of the engine take and leave nothing: values pass in temporaries. */

const LOOP = 0x03
const BLOCK = 0x02
const IF = 0x04
const END = 0x0b
const BR = 0x0c
const BR_IF = 0x0d

const open = (body: Body, byte: number): void => {
  body.put([byte, EMPTY_BLOCK])
  body.depth++
}

const close = (body: Body): void => {
  body.put([END])
  body.depth--
}

const held = (types: readonly NativeType[]): Operand[] => types.map((type) => ({ type, raw: false, local: -1 }))

/** The operands are those below, and values of these types, in their temporaries. */
export const settle = (body: Body, below: readonly Operand[], types: readonly NativeType[]): void => {
  body.operands = [...below, ...held(types)]
  body.held = body.operands.length
}

type Opening = Pick<Label, 'kind' | 'below' | 'carried' | 'results'> & Partial<Label>

const pushLabel = (body: Body, opening: Opening): Label => {
  const label: Label = {
    hidden: false,
    branchedTo: false,
    arm: 'none',
    loop: -1,
    ...opening,
    depth: body.depth,
    outer: body.chunk,
    ledger: new Map(),
  }
  body.labels.push(label)
  body.env.opened(body.func, body.at, label.below.length)
  return label
}

export const openFunction = (body: Body): void => {
  pushLabel(body, { kind: 'function', below: [], carried: body.results, results: body.results })
}

/** What is below a block's parameters. */
const belowOf = (body: Body, params: number): Operand[] => body.operands.slice(0, body.operands.length - params)

export const emitBlock = (body: Body, { signature }: InstructionOf<'block' | 'loop' | 'if'>): void => {
  body.flush()
  body.charge(body.words)
  openBlock(body, belowOf(body, signature.params.length), signature.results.map(nativeType))
}

const openBlock = (body: Body, below: readonly Operand[], results: readonly NativeType[]): Label => {
  open(body, BLOCK)
  return pushLabel(body, { kind: 'block', below, carried: results, results })
}

export const emitLoop = (body: Body, { signature }: InstructionOf<'block' | 'loop' | 'if'>): void => {
  body.flush()
  const below = belowOf(body, signature.params.length)
  const [carried, results] = [signature.params.map(nativeType), signature.results.map(nativeType)]
  body.env.site(body.pc, { func: body.func, kind: 'loop', at: body.at, operands: [...body.operands] })
  open(body, LOOP)
  const label = pushLabel(body, { kind: 'loop', below, carried, results })
  label.ledger = body.ledger()
  body.marked.clear()
  body.beginChunk()
  body.check(body.pc, 0, body.exhausted)
}

export const emitIf = (body: Body, { signature }: InstructionOf<'block' | 'loop' | 'if'>): void => {
  const second = blocksOf(body.source.source.body).otherwise(body.at) !== undefined
  const condition = takeCondition(body)
  body.charge(body.words)
  body.put(condition)
  open(body, IF)
  const below = belowOf(body, signature.params.length)
  const results = signature.results.map(nativeType)
  pushLabel(body, { kind: 'block', below, carried: results, results, arm: second ? 'first' : 'only' })
  body.beginChunk()
}

/** Pops the number that decides; all others lie in their temporaries then. Gives the code that pushes it, if needed. */
const takeCondition = (body: Body): number[] => {
  const top = body.operands.length - 1
  const ready = body.held === top
  if (!ready) body.flush()
  const code = ready ? [] : localGet(body.temporary(top, body.operands[top]!.type))
  body.pop(1)
  return code
}

/** The second arm begins; `params` are what the block takes. */
export const emitElse = (body: Body, label: Label, params: readonly NativeType[]): void => {
  if (body.reachable) {
    body.flush()
    body.charge(body.words)
    label.branchedTo = true
    label.arm = 'only'
  } else {
    label.arm = 'none'
  }
  body.put([0x05])
  body.chunk = label.outer
  body.beginChunk()
  settle(body, label.below, params)
  body.marked.clear()
  body.reachable = true
}

/** The end of a block, an arm or a loop. `arm` only says that control may get there without a branch. */
export const emitEnd = (body: Body): void => {
  const label = body.labels.pop()!
  const falls = body.reachable || label.arm === 'only'
  if (body.reachable) body.flush()
  close(body)
  continueBehind(body, label, falls)
}

export const continueBehind = (body: Body, label: Label, falls: boolean): void => {
  body.marked.clear()
  body.reachable = falls || (label.branchedTo && label.kind !== 'loop')
  if (!body.reachable) return
  settle(body, label.below, label.results)
  if (falls) {
    body.chunk = label.outer
    if (label.kind !== 'loop') label.ledger = body.ledger()
  } else {
    label.ledger = body.outerLedger()
    body.beginChunk()
  }
}

/** Those that branches of the source name. */
const sourceLabels = ({ labels }: Body): Label[] => labels.filter(({ hidden }) => !hidden)

const labelAt = (body: Body, depth: number): Label => sourceLabels(body).at(-1 - depth)!

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

/** What the counter gets back where a branch leaves code out that was charged ahead, less the branch's own steps. */
const refund = (body: Body, label: Label, steps: number): (() => number) => {
  const ledger = body.ledger()
  label.branchedTo = true
  return () => pendingAt(ledger) - pendingAt(label.ledger) - steps
}

const addCode = (counter: number, amount: bigint): number[] =>
  amount === 0n ? [] : [...localGet(counter), ...i64Const(amount), ...opcode('i64.add'), ...localSet(counter)]

/** Branches to a label of a block or loop; `steps` are not charged yet. */
export const emitJump = (body: Body, label: Label, steps: number): void => {
  moveCarried(body, label)
  body.addToCounter(refund(body, label, steps), 0)
  body.put([BR], unsigned(body.depth - label.depth))
}

/** The results and the counter go back to the caller. */
export const emitReturn = (body: Body, steps: number): void => {
  body.need(body.results.length, true)
  const ledger = body.ledger()
  const amount = body.constant(() => pendingAt(ledger) - steps, -(body.args + 1))
  body.bytes.defer(() => [...localGet(body.counter), ...i64Const(amount()), ...opcode('i64.add')])
  body.put([0x0f])
}

export const emitBranch = (body: Body, depth: number): void => {
  const label = labelAt(body, depth)
  if (label.kind === 'function') emitReturn(body, body.words)
  else emitJump(body, label, body.words)
  body.reachable = false
}

/** Steps of a conditional branch that is not taken: its first word. */
const NOT_TAKEN = 1

/** A branch to the label of the function. */
export const emitReturnBranch = (body: Body): void => emitBranch(body, sourceLabels(body).length - 1)

export const emitBranchIf = (body: Body, depth: number): void => {
  const label = labelAt(body, depth)
  const condition = takeCondition(body)
  body.charge(NOT_TAKEN)
  body.put(condition)
  const more = body.words - NOT_TAKEN
  const moves = label.carried.length > 0 && body.operands.length - label.carried.length !== label.below.length
  if (label.kind === 'function' || moves) branchInArm(body, label, more)
  else branchDirectly(body, label, more)
  if (!leavesLoop(body, label)) body.beginChunk()
}

const branchInArm = (body: Body, label: Label, steps: number): void => {
  const { operands, held: before } = body
  open(body, IF)
  if (label.kind === 'function') emitReturn(body, steps)
  else emitJump(body, label, steps)
  close(body)
  body.operands = operands
  body.held = before
}

const branchDirectly = (body: Body, label: Label, steps: number): void => {
  const amount = body.constant(refund(body, label, steps), 0)
  const depth = body.depth - label.depth
  body.bytes.defer(() => {
    if (amount() === 0n) return [BR_IF, ...unsigned(depth)]
    return [IF, EMPTY_BLOCK, ...addCode(body.counter, amount()), BR, ...unsigned(depth + 1), END]
  })
}

/** Such a branch is seldom taken: what follows is charged with what was before. */
const leavesLoop = ({ labels }: Body, label: Label): boolean =>
  labels.findLastIndex(({ kind, loop }) => kind === 'loop' || loop >= 0) > labels.indexOf(label)

export const emitBranchTable = (body: Body, { labels }: InstructionOf<'br_table'>): void => {
  const { pc, words } = body
  const index = takeCondition(body)
  const chosen = body.temporary('index', 0x7f)
  body.put(index, localSet(chosen))
  body.charge(1)
  const stepsOf = (i: number): number => body.env.listing.stepsWithin(pc + 1 + i, pc, pc + words)
  const targets = new Map<string, { label: Label; steps: number; arm: number }>()
  const arms = labels.map((depth, i) => {
    const [label, steps] = [labelAt(body, depth), stepsOf(i)]
    const key = `${body.labels.indexOf(label)} ${steps}`
    const target = targets.get(key) ?? { label, steps, arm: targets.size }
    targets.set(key, target)
    return target.arm
  })
  emitArms(body, [...targets.values()], arms, chosen)
  body.reachable = false
}

/** One block for each target: the table leads behind it, where the branch stands. */
const emitArms = (
  body: Body,
  targets: readonly { label: Label; steps: number }[],
  arms: readonly number[],
  chosen: number,
): void => {
  const { operands, held: before } = body
  for (const _ of targets) open(body, BLOCK)
  body.put(localGet(chosen), [0x0e], unsigned(arms.length - 1), ...arms.map(unsigned))
  for (const { label, steps } of targets) {
    close(body)
    body.operands = [...operands]
    body.held = before
    if (label.kind === 'function') emitReturn(body, steps)
    else emitJump(body, label, steps)
  }
}

export const emitUnreachable = (body: Body): void => {
  body.charge(body.words)
  body.put(opcode('unreachable'))
  body.reachable = false
}

/** What is left of a block around a safe point: it begins in the middle. */
export const reopenBlock = (
  body: Body,
  below: readonly Operand[],
  results: readonly NativeType[],
  arm: boolean,
): void => {
  const label = openBlock(body, below, results)
  if (arm) label.arm = 'resumed'
}

/** What is left of an iteration, and behind it the loop itself, which a branch to its label goes to. */
export const reopenLoop = (
  body: Body,
  below: readonly Operand[],
  { params, results }: { params: readonly NativeType[]; results: readonly NativeType[] },
  loop: number,
): void => {
  open(body, BLOCK)
  pushLabel(body, { kind: 'block', below, carried: results, results, hidden: true })
  open(body, BLOCK)
  pushLabel(body, { kind: 'block', below, carried: params, results, loop })
}

/** The iteration ends: out of the loop, unless a branch asked for another one. Whether one did. */
export const endIteration = (body: Body): boolean => {
  const again = body.labels.pop()!
  const exit = body.labels.at(-1)!
  if (body.reachable) {
    body.labels.push(again)
    emitJump(body, exit, 0)
    body.labels.pop()
  }
  close(body)
  body.marked.clear()
  body.reachable = again.branchedTo
  if (!again.branchedTo) return false
  settle(body, again.below, again.carried)
  again.ledger = body.outerLedger()
  body.beginChunk()
  return true
}
