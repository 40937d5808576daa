import type { Place } from '../interpreter/index.ts'
import { visibleLine } from './text.ts'

export { type Place, placeOf } from '../interpreter/index.ts'

/** `i32.div_u in function average of task, offset 0x4a, pc 17`. */
export function placeText({ pc, module, function: name, offset, instruction }: Place): string {
  const where = name === null ? 'the start stub' : `function ${visibleLine(name)} of ${module}`
  const at = offset === null ? [] : [`offset 0x${offset.toString(16)}`]
  return [`${instruction} in ${where}`, ...at, `pc ${pc}`].join(', ')
}
