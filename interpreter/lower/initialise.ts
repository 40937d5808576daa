import { PAGE_BITS } from '../../spec/index.ts'
import { type ConstExpression, importsOf, type Module, type Placement } from '../binary/module.ts'
import type { SegmentPlace } from './body.ts'
import { SegmentOutOfBounds } from './errors.ts'
import type { Functions } from './functions.ts'
import type { Image } from './image.ts'
import { functionAt, type Places } from './instance.ts'
import { at, present } from './lookup.ts'

/** The first contents of what a module declares: values of constant expressions, and segments. */

const NULL = 0n

type Value = (expression: ConstExpression) => bigint

/** Values in an instance; functions that they refer to must be lowered. */
const valuesIn =
  (places: Places, image: Image, functions: Functions): Value =>
  (expression) => {
    switch (expression.op) {
      case 'global.get':
        return image.global(at(places.globals, expression.global, 'global'))
      case 'ref.null':
        return NULL
      case 'ref.func':
        return functions.referenceTo(functionAt(places, expression.func))
      default:
        return expression.value
    }
  }

/** Globals, and the segments that instructions refer to. */
export const fillPlaces = (module: Module, places: Places, image: Image, functions: Functions): void => {
  const evaluate = valuesIn(places, image, functions)
  const imported = importsOf(module.imports, 'global').length
  for (const [i, { init }] of module.globals.entries()) {
    image.setGlobal(at(places.globals, imported + i, 'global'), evaluate(init))
  }
  for (const [i, { items, mode }] of module.elements.entries()) {
    const place = places.elements[i]
    if (place !== undefined && mode !== 'declarative') image.writeEntries(place.base, items.map(evaluate))
  }
}

/**
 * Applies the active segments in order, element segments first, and drops them.
 * @throws SegmentOutOfBounds at the first one that does not fit; earlier ones stay written
 */
export const applySegments = (module: Module, places: Places, image: Image, functions: Functions): void => {
  const evaluate = valuesIn(places, image, functions)
  for (const [index, { items, mode }] of module.elements.entries()) {
    if (typeof mode === 'string') continue
    const table = at(places.tables, mode.index, 'table')
    const start = startOf(mode, evaluate)
    requireInside('element', index, start + items.length, image.entriesOf(table))
    image.writeEntries(table.base + start, items.map(evaluate))
    drop(places.elements[index], image)
  }
  for (const [index, { bytes, mode }] of module.data.entries()) {
    if (typeof mode === 'string') continue
    const memory = present(places.memory, 'memory')
    const start = startOf(mode, evaluate)
    requireInside('data', index, start + bytes.length, image.pagesOf(memory) * 2 ** PAGE_BITS)
    image.writeMemory(memory, start, bytes)
    drop(places.data[index], image)
  }
}

const startOf = ({ at: offset }: Placement, evaluate: Value): number => Number(evaluate(offset))

const requireInside = (kind: SegmentOutOfBounds['kind'], index: number, end: number, size: number): void => {
  if (end > size) throw new SegmentOutOfBounds(kind, index, end, size)
}

/** A segment that no instruction refers to has no place. */
const drop = (segment: SegmentPlace | undefined, image: Image): void => {
  if (segment !== undefined) image.setGlobal(segment.lengthGlobal, 0n)
}
