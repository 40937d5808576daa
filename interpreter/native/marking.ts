import type { MemoryArgument } from '../binary/instruction.ts'
import { BLOCK_BITS } from '../machine/bytes.ts'
import type { Body } from './body.ts'
import { access, i32Const, localGet, opcode } from './encoding.ts'
import type { Label } from './label.ts'
import { isSetWithin } from './sets.ts'

/**
 * A store marks the block in which it begins; whoever collects the marks takes the next block as marked, too. They are
 * collected when the frame has been captured, so a mark holds for as long as the frame runs.
 */

/** An address from which on a block's length of bytes needs no more mark: a local, as it was then, and a displacement. */
export interface Marked {
  readonly local: number
  readonly displacement: number
  readonly version: number
}

/** More are not remembered. */
const MOST_MARKED = 16

const WIDEST_STORE = 8
const REACH = 2 ** BLOCK_BITS - WIDEST_STORE

const covers = (from: number, displacement: number): boolean => from <= displacement && displacement <= from + REACH

const isMarked = (body: Body, local: number, displacement: number): boolean =>
  body.marked.some(
    (known) =>
      known.local === local && known.version === body.versions[local] && covers(known.displacement, displacement),
  )

/** The store of a value at the address that a local holds is done. */
export const markAtLocal = (body: Body, local: number, { displacement }: MemoryArgument): void => {
  if (isMarked(body, local, displacement)) return
  const loop = loopWithout(body, local)
  const from = loop === undefined ? displacement : markBefore(loop, local, displacement)
  if (loop === undefined) body.put(mark(body, localGet(body.localIndex(local)), displacement))
  body.marked = [...body.marked.slice(-MOST_MARKED + 1), { local, displacement: from, version: body.versions[local]! }]
}

/** Further out no loop is looked at, and more is not marked before one. */
const MOST_LOOPS = 4
const MOST_BEFORE = 16

/** The outermost loop of those around that do not change a local. */
const loopWithout = (body: Body, local: number): Label | undefined => {
  let found: Label | undefined
  let loop = body.innerLoop
  for (let i = 0; i < MOST_LOOPS && loop !== null && loop.before.length < MOST_BEFORE; i++) {
    if (isSetWithin(body.source.source.body, local, loop.at)) break
    found = loop
    loop = loop.outerLoop
  }
  return found
}

/** Gives the displacement of the mark, which may be that of a store below. */
const markBefore = ({ before }: Label, local: number, displacement: number): number => {
  const known = before.find((mark) => mark.local === local && covers(mark.displacement, displacement))
  if (known === undefined) before.push({ local, displacement })
  return known?.displacement ?? displacement
}

/** What is marked before a loop, once its code is emitted. */
export const marksBefore = (body: Body, { before }: Label): number[] =>
  before.flatMap(({ local, displacement }) => mark(body, localGet(body.localIndex(local)), displacement))

/** Of what is marked, what still is when a loop goes round. */
export const markedInLoop = ({ marked, source }: Body, loop: number): readonly Marked[] =>
  marked.filter(({ local }) => !isSetWithin(source.source.body, local, loop))

export const mark = ({ env }: Body, address: readonly number[], displacement: number): number[] => [
  ...address,
  ...(displacement === 0 ? [] : [...i32Const(displacement), ...opcode('i32.add')]),
  ...i32Const(BLOCK_BITS),
  ...opcode('i32.shr_u'),
  ...i32Const(1),
  ...access('i32.store8', env.layout.memoryDirty),
]
