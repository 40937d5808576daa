import type { OpWith } from '../binary/opcodes.ts'
import { advance, type Body, type SegmentPlace, type TablePlace } from './body.ts'
import { callRuntime } from './calls.ts'
import { at } from './lookup.ts'
import type { InstructionOf, Lowerings } from './lowering.ts'
import { dropSegment } from './memory.ts'
import { globalGet, tableGet, tableSet } from './words.ts'

/** Table instructions. */

const tableOf = ({ scope }: Body, index: number): TablePlace => at(scope.tables, index, 'table')

const elementOf = ({ scope }: Body, index: number): SegmentPlace => at(scope.elements, index, 'element segment')

const lowerGrow = (body: Body, instruction: InstructionOf<'table.grow'>): void => {
  const { base, sizeGlobal, growLimit } = tableOf(body, instruction.table)
  callRuntime(body, 'table_grow', [base, sizeGlobal, growLimit])
}

const lowerFill = (body: Body, instruction: InstructionOf<'table.fill'>): void => {
  const { base, sizeGlobal } = tableOf(body, instruction.table)
  callRuntime(body, 'table_fill', [base, sizeGlobal])
}

const lowerCopy = (body: Body, instruction: InstructionOf<'table.copy'>): void => {
  const target = tableOf(body, instruction.table)
  const source = tableOf(body, instruction.source)
  callRuntime(body, 'table_copy', [target.base, target.sizeGlobal, source.base, source.sizeGlobal])
}

const lowerInit = (body: Body, instruction: InstructionOf<'table.init'>): void => {
  const { base, sizeGlobal } = tableOf(body, instruction.table)
  const segment = elementOf(body, instruction.element)
  callRuntime(body, 'table_init', [base, sizeGlobal, segment.base, segment.lengthGlobal])
}

export const TABLE_LOWERINGS = {
  'table.get': (body, { table }) => advance(body, tableGet(tableOf(body, table))),
  'table.set': (body, { table }) => advance(body, tableSet(tableOf(body, table))),
  'table.size': (body, { table }) => advance(body, globalGet(tableOf(body, table).sizeGlobal)),
  'table.grow': lowerGrow,
  'table.fill': lowerFill,
  'table.copy': lowerCopy,
  'table.init': lowerInit,
  'elem.drop': (body, { element }) => dropSegment(body, elementOf(body, element)),
} as const satisfies Lowerings<OpWith<'table' | 'tables' | 'element' | 'elementTable'>>
