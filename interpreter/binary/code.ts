import type { FunctionPlace } from './errors.ts'
import { readExpression } from './expression.ts'
import type { FunctionBody, LocalRun } from './module.ts'
import { expectEnd, malformed, type Reader, readPart, readU32, readVector } from './reader.ts'
import { readValueType } from './types.ts'

const MAX_LOCALS = 2 ** 32 - 1

/** The code section: one body for each entry of the function section. */
export const readCode = (
  reader: Reader,
  functionTypes: readonly number[],
  placeOf: (definedIndex: number) => FunctionPlace,
): FunctionBody[] => {
  const offset = reader.offset
  const bodies = readVector(reader, 'function bodies', (_, index) => {
    const size = readU32(reader, 'the size of a function body')
    return readBody(readPart(reader, size, 'a function body', placeOf(index)), functionTypes[index] ?? 0)
  })
  if (bodies.length !== functionTypes.length) {
    throw malformed(reader, offset, `${functionTypes.length} function bodies`, String(bodies.length))
  }
  return bodies
}

const readBody = (reader: Reader, type: number): FunctionBody => {
  const offset = reader.offset
  const locals = readLocals(reader)
  const body = readExpression(reader)
  expectEnd(reader, 'a function body')
  return { type, locals, body, offset }
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
