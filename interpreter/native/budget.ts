import { NativeUnsupported } from './unsupported.ts'

/**
 * What a stranger's module may cost to compile. At each safe point of a function the engine's compiler merges all
 * locals and operands, and its register allocation takes time quadratic in their number: units of about 0.25
 * microseconds of a processor.
 */
const MOST_WORK = { function: 2 ** 23, program: 2 ** 27 } as const

/** Of each safe point before it in the same function. */
const WORK_BY_SAFE_POINT = 1 / 5

/** Work that recompiled code gives to the engine's compiler. */
export class Budget {
  readonly #of: keyof typeof MOST_WORK
  #left: number

  constructor(of: keyof typeof MOST_WORK) {
    this.#of = of
    this.#left = MOST_WORK[of]
  }

  /** @throws NativeUnsupported if there is not so much left */
  spend(work: number): void {
    this.#left -= work
    if (this.#left < 0) throw new NativeUnsupported(`a ${this.#of} with too many values at its safe points`)
  }
}

/** Of the safe point before which a function has `earlier` ones. */
export const workOfSafePoint = (earlier: number, values: number): number => values + earlier * WORK_BY_SAFE_POINT

/** Values that come out of slots all live at once, which the register allocator takes time quadratic in their number for. */
const WORK_BY_SQUARE = 1 / 12

/** Of a frame that goes on in its middle. */
export const workOfFrame = (values: number): number => values ** 2 * WORK_BY_SQUARE
