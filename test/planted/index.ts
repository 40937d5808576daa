import type { PlantedBug } from './bug.ts'
import { BULK } from './bulk.ts'
import { COMMITMENT } from './commitment.ts'
import { CONTROL_FLOW } from './control.ts'
import { DECODING } from './decoding.ts'
import { FLOATS } from './floats.ts'
import { INTEGERS } from './integers.ts'
import { LOWERING } from './lowering.ts'
import { MEMORY } from './memory.ts'
import { NATIVE } from './native.ts'
import { ORACLE } from './oracle.ts'

export type { Edit, Evidence, PlantedBug } from './bug.ts'

/** All bugs, in the order in which they are planted and told. */
export const BUGS: readonly PlantedBug[] = [
  ...INTEGERS,
  ...FLOATS,
  ...MEMORY,
  ...CONTROL_FLOW,
  ...COMMITMENT,
  ...DECODING,
  ...LOWERING,
  ...BULK,
  ...NATIVE,
  ...ORACLE,
]
