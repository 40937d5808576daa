import { bytesOf } from '../../interpreter/commit/bits.ts'
import type { Node } from '../../interpreter/commit/hash.ts'
import { pathLength, zeroNode } from '../../interpreter/commit/merkle.ts'
import type { Core } from '../../interpreter/commit/state-hash.ts'
import { encodeWitness } from '../../interpreter/commit/witness.ts'
import { packRegisters, type Registers } from '../../interpreter/machine/registers.ts'
import {
  type Advance,
  advance,
  type Judgement,
  judge,
  nextSubstep,
  type Touch,
  touch,
} from '../../interpreter/machine/step.ts'
import { trapOf } from '../../interpreter/machine/trap.ts'
import { type InstructionWord, packWord } from '../../interpreter/machine/word.ts'
import { SUBSTEP } from '../../spec/index.ts'
import type { Random } from './random.ts'

/** A substep that was judged in TypeScript, waiting for the contract's word on it. */
export interface Judged {
  readonly n: number | undefined
  readonly words: readonly Node[]
  readonly judgement: Judgement
  /** The core and the leaf after it. */
  readonly after: Advance
}

/** A walk through the substeps of one step. */
export interface Walk {
  readonly judged: readonly Judged[]
  /** The core after the last substep. */
  readonly end: Core
  /** Trap at substep 11, or undefined if the walk did not get there. */
  readonly trap: number | undefined
}

/** Gives the content of the leaf that substep n touches. */
export type Leaves = (n: number, touched: Touch, core: Core) => Node

const RUNNING: Registers = { steps: 41n, pc: 77, sp: 20, pages: 2, status: 0, exit: 0 }

/** A core at an instruction boundary. */
export const coreAt = (registers: Partial<Registers> = {}): Core => ({
  regs: packRegisters({ ...RUNNING, ...registers }),
  misc: 0n,
  word: 0n,
  a: 0n,
  b: 0n,
  c: 0n,
  r: 0n,
})

const TWELVE = 12

/** 32 random bytes. */
export function randomNode(random: Random): Node {
  const words = new Uint32Array(8)
  for (let i = 0; i < words.length; i++) words[i] = random.uint32()
  return new Uint8Array(words.buffer)
}

/** Siblings of a touched leaf: some at random, the others empty subtrees. */
export function randomSiblings({ g }: Touch, random: Random): Node[] {
  const sent = random.chance(0.2) ? 0xffffffff : random.uint32() & random.uint32()
  return Array.from({ length: pathLength(g) }, (_, i) => (((sent >>> i) & 1) === 1 ? randomNode(random) : zeroNode(i)))
}

/** Judges the substeps from a core to the next instruction boundary; each leaf hangs in a tree of its own. */
export function walk(start: Core, leaves: Leaves, random: Random): Walk {
  const judged: Judged[] = []
  let core = start
  let trap: number | undefined
  for (let i = 0; i < TWELVE && (i === 0 || core.misc !== 0n); i++) {
    const n = nextSubstep(core)
    const touched = touch(core)
    const leaf = touched === undefined ? randomNode(random) : leaves(n as number, touched, core)
    const siblings = touched === undefined ? [] : randomSiblings(touched, random)
    const words = encodeWitness({ core, leaf, siblings })
    const after = advance(core, leaf)
    judged.push({ n, words, judgement: judge(words), after })
    if (n === SUBSTEP.RETIRE) trap = Number(trapOf(core.misc))
    core = after.core
  }
  return { judged, end: core, trap }
}

/** A stack leaf: its value, below garbage that no operand may see. */
export const slotLeaf = (value: bigint, random: Random): Node => {
  const leaf = bytesOf(BigInt.asUintN(128, value))
  if (random.chance(0.25)) leaf.set(random.bytes(16))
  return leaf
}

/** Operands, loaded value and registers around one instruction word. */
export interface Situation {
  readonly word: Partial<InstructionWord>
  readonly registers?: Partial<Registers>
  readonly a?: bigint
  readonly b?: bigint
  readonly c?: bigint
  /** The leaf that a load finds; any if left out. */
  readonly loaded?: bigint
}

/** Walks one instruction through its twelve substeps. */
export function walkInstruction({ word, registers, a = 0n, b = 0n, c = 0n, loaded }: Situation, random: Random): Walk {
  const operands = [a, b, c]
  return walk(
    coreAt(registers),
    (n) => {
      if (n === SUBSTEP.FETCH) return bytesOf(packWord(word))
      if (n <= SUBSTEP.OPERAND_C) return slotLeaf(operands[n - 1] as bigint, random)
      return n <= SUBSTEP.LOAD_HIGH && loaded !== undefined ? bytesOf(loaded) : random.bytes(32)
    },
    random,
  )
}
