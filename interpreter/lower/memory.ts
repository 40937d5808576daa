import { ACCESS, EXTENSION } from '../../spec/index.ts'
import type { MemoryArgument } from '../binary/instruction.ts'
import type { OpWith } from '../binary/opcodes.ts'
import { advance, type Body, type MemoryPlace, type SegmentPlace } from './body.ts'
import { callRuntime } from './calls.ts'
import { at, present } from './lookup.ts'
import type { Lowerings } from './lowering.ts'
import { bound, constant, globalGet, globalSet, inWindow, load, memoryGrow, memorySize, store } from './words.ts'

/**
 * Memory instructions. An access to linear memory is one word. A window of MEMORY, where the second memory of linked
 * modules lies, has its size in a global, and an access first compares with that.
 */

const memoryOf = ({ scope }: Body): MemoryPlace => present(scope.memory, 'memory')

type LowerAccess = (body: Body, instruction: Pick<MemoryArgument, 'displacement'>) => void

const lowerAccess =
  (words: typeof load | typeof store, widthLog2: number, extension: number): LowerAccess =>
  (body, { displacement }) => {
    const access = widthLog2 | (extension << ACCESS.EXTENSION_SHIFT)
    const { window } = memoryOf(body)
    if (window === null) {
      advance(body, words(access, displacement))
      return
    }
    const word = words(access, (window.base + displacement) % 2 ** 32)
    advance(body, globalGet(window.sizeGlobal))
    advance(body, bound((word.a ?? 0) + 1, displacement + 2 ** widthLog2))
    advance(body, inWindow(word))
  }

const loading = (widthLog2: number, extension: number = EXTENSION.ZERO): LowerAccess =>
  lowerAccess(load, widthLog2, extension)

const storing = (widthLog2: number): LowerAccess => lowerAccess(store, widthLog2, EXTENSION.ZERO)

const ACCESS_LOWERINGS = {
  'i32.load': loading(2),
  'i64.load': loading(3),
  'f32.load': loading(2),
  'f64.load': loading(3),
  'i32.load8_s': loading(0, EXTENSION.SIGN32),
  'i32.load8_u': loading(0),
  'i32.load16_s': loading(1, EXTENSION.SIGN32),
  'i32.load16_u': loading(1),
  'i64.load8_s': loading(0, EXTENSION.SIGN64),
  'i64.load8_u': loading(0),
  'i64.load16_s': loading(1, EXTENSION.SIGN64),
  'i64.load16_u': loading(1),
  'i64.load32_s': loading(2, EXTENSION.SIGN64),
  'i64.load32_u': loading(2),
  'i32.store': storing(2),
  'i64.store': storing(3),
  'f32.store': storing(2),
  'f64.store': storing(3),
  'i32.store8': storing(0),
  'i32.store16': storing(1),
  'i64.store8': storing(0),
  'i64.store16': storing(1),
  'i64.store32': storing(2),
} as const satisfies Lowerings<OpWith<'memarg'>>

const lowerSize = (body: Body): void => {
  const { window } = memoryOf(body)
  advance(body, window === null ? memorySize() : globalGet(window.sizeGlobal))
}

const lowerGrow = (body: Body): void => {
  const { window, growLimit } = memoryOf(body)
  if (window === null) advance(body, memoryGrow(growLimit))
  else callRuntime(body, 'window_grow', [window.sizeGlobal, growLimit])
}

const dataOf = ({ scope }: Body, index: number): SegmentPlace => at(scope.data, index, 'data segment')

/** A segment without a byte is what is left of a dropped one. */
export const dropSegment = (body: Body, { lengthGlobal }: SegmentPlace): void => {
  advance(body, constant(0n))
  advance(body, globalSet(lengthGlobal))
}

export const MEMORY_LOWERINGS = {
  ...ACCESS_LOWERINGS,
  'memory.size': lowerSize,
  'memory.grow': lowerGrow,
  'memory.fill': (body) => callRuntime(body, 'memory_fill', []),
  'memory.copy': (body) => callRuntime(body, 'memory_copy', []),
  'memory.init': (body, { data }) => {
    const { base, lengthGlobal } = dataOf(body, data)
    callRuntime(body, 'memory_init', [base, lengthGlobal])
  },
  'data.drop': (body, { data }) => dropSegment(body, dataOf(body, data)),
} as const satisfies Lowerings<OpWith<'memarg' | 'memory' | 'memories' | 'data' | 'dataMemory'>>
