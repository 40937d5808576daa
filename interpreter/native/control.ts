import type { InstructionOf } from '../lower/lowering.ts'
import { blocksOf } from './blocks.ts'
import { type Body, counterPlus, ROUNDS } from './body.ts'
import { emitJump, takeCondition } from './branches.ts'
import { EMPTY_BLOCK, type NativeType, nativeType, opcode } from './encoding.ts'
import { Segment } from './flow.ts'
import { type Label, type Operand, plain } from './label.ts'
import { markedInLoop, marksBefore } from './marking.ts'

/** Structured control. Blocks of the engine take and leave nothing: values pass in temporaries. */

const LOOP = 0x03
const BLOCK = 0x02
const IF = 0x04
const ELSE = 0x05
const END = 0x0b

const open = (body: Body, byte: number): void => {
  body.put([byte, EMPTY_BLOCK])
  body.depth++
}

const close = (body: Body): void => {
  body.put([END])
  body.depth--
}

const held = (types: readonly NativeType[]): Operand[] => types.map(plain)

/** The operands are those below, and values of these types, in their temporaries. */
export const settle = (body: Body, below: readonly Operand[], types: readonly NativeType[]): void => {
  body.operands = [...below, ...held(types)]
  body.held = body.operands.length
}

type Opening = Pick<Label, 'kind' | 'below' | 'carried' | 'results'> & Partial<Label>

const pushLabel = (body: Body, opening: Opening): Label => {
  const label: Label = {
    hidden: false,
    arm: 'none',
    loop: -1,
    skip: null,
    target: new Segment(),
    reached: false,
    inflow: 0,
    ...opening,
    depth: body.depth,
    loops: body.loops,
    at: body.at,
    marked: body.marked,
    before: [],
    outerLoop: body.innerLoop,
  }
  body.spend(label.below.length + label.carried.length)
  body.openLabel(label)
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

/** Frequencies stay finite however deep loops nest. */
const MOST_OFTEN = 1e100

export const emitLoop = (body: Body, { signature }: InstructionOf<'block' | 'loop' | 'if'>): void => {
  body.flush()
  const below = belowOf(body, signature.params.length)
  const [carried, results] = [signature.params.map(nativeType), signature.results.map(nativeType)]
  body.env.site(body.pc, { func: body.func, kind: 'loop', at: body.at, operands: [...body.operands] })
  body.follow(body.place, body.frequency)
  body.bytes.defer(() => marksBefore(body, label))
  open(body, LOOP)
  body.loops++
  body.marked = markedInLoop(body, body.at)
  const label = pushLabel(body, { kind: 'loop', below, carried, results, target: body.segment })
  body.frequency = Math.min(body.frequency * ROUNDS, MOST_OFTEN)
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
  const skip = { ...body.place, frequency: body.frequency / 2 }
  pushLabel(body, { kind: 'block', below, carried: results, results, arm: second ? 'first' : 'only', skip })
  body.follow(skip, skip.frequency)
}

/** The second arm begins; `params` are what the block takes. */
export const emitElse = (body: Body, label: Label, params: readonly NativeType[]): void => {
  if (body.reachable) {
    body.flush()
    body.charge(body.words)
    fallInto(body, label)
  }
  label.arm = 'none'
  body.put([ELSE])
  settle(body, label.below, params)
  body.marked = label.marked
  body.follow(label.skip!, label.skip!.frequency)
  body.reachable = true
}

/** Control goes on behind a block. */
const fallInto = (body: Body, label: Label): void => {
  body.addToCounter(body.connect(body.place, label, 0, body.frequency))
}

/** The end of a block, an arm or a loop. */
export const emitEnd = (body: Body): void => {
  const label = body.closeLabel()
  if (body.reachable) body.flush()
  if (label.kind === 'loop') {
    body.loops--
    close(body)
    if (body.reachable) settle(body, label.below, label.results)
    return
  }
  if (body.reachable) fallInto(body, label)
  if (label.arm === 'only') skipArm(body, label)
  close(body)
  continueBehind(body, label)
}

/** The second arm that the source has not. */
const skipArm = (body: Body, label: Label): void => {
  const skip = label.skip!
  const amount = body.constant(body.connect(skip, label, 0, skip.frequency), 0)
  body.bytes.defer(() => (amount() === 0n ? [] : [ELSE, ...counterPlus(body.counter, amount())]))
}

/** Control is where branches to the label, and what fell into it, lead. */
export const continueBehind = (body: Body, label: Label): void => {
  body.marked = label.marked
  body.reachable = label.reached
  if (!body.reachable) return
  settle(body, label.below, label.carried)
  body.segment = label.target
  body.frequency = label.inflow
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
  const again = body.closeLabel()
  const exit = body.labels.at(-1)!
  if (body.reachable) {
    body.openLabel(again)
    emitJump(body, exit, 0)
    body.closeLabel()
  }
  close(body)
  continueBehind(body, again)
  return body.reachable
}
