import type { Signature } from '../../spec/index.ts'
import type { FunctionPlace } from './errors.ts'
import { readExpression } from './expression.ts'
import type { Instruction } from './instruction.ts'
import type { FunctionBody, LocalRun } from './module.ts'
import { expectEnd, malformed, type Reader, readPart, readU32, readVector } from './reader.ts'
import { readValueType } from './types.ts'

const MAX_LOCALS = 2 ** 32 - 1

/** What the sections before the code say of it. */
export interface CodeContext {
  readonly types: readonly Signature[]
  /** Type index of each body. */
  readonly functionTypes: readonly number[]
  /** The number of data segments; null if there is no data count section. */
  readonly dataCount: number | null
  readonly placeOf: (definedIndex: number) => FunctionPlace
}

/** The code section: one body for each entry of the function section. */
export const readCode = (reader: Reader, context: CodeContext): FunctionBody[] => {
  const { functionTypes, placeOf } = context
  const offset = reader.offset
  const bodies = readVector(reader, 'function bodies', (_, index) => {
    const size = readU32(reader, 'the size of a function body')
    const part = readPart(reader, size, 'a function body', placeOf(index))
    return { type: functionTypes[index] ?? 0, ...readBody(part, context) }
  })
  if (bodies.length !== functionTypes.length) {
    throw malformed(reader, offset, `${functionTypes.length} function bodies`, String(bodies.length))
  }
  return bodies
}

const readBody = (reader: Reader, { types, dataCount }: CodeContext): Omit<FunctionBody, 'type'> => {
  const offset = reader.offset
  const locals = readLocals(reader)
  const body = readExpression(reader, types)
  expectEnd(reader, 'a function body')
  if (dataCount === null) expectNoSegments(reader, body)
  return { locals, body, offset }
}

/** A data segment may be named only if the data count section comes before the code. */
const expectNoSegments = (reader: Reader, body: readonly Instruction[]): void => {
  const found = body.find((instruction) => 'data' in instruction)
  if (found !== undefined) throw malformed(reader, found.offset, 'a data count section', found.op)
}

const readLocals = (reader: Reader): LocalRun[] => {
  const offset = reader.offset
  const runs = readVector(reader, 'runs of locals', () => ({
    count: readU32(reader, 'the number of locals'),
    type: readValueType(reader),
  }))
  const total = runs.reduce((sum, { count }) => sum + count, 0)
  if (total > MAX_LOCALS) throw malformed(reader, offset, 'less than 2^32 locals', String(total))
  return runs
}
