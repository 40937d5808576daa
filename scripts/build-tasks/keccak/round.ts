import type { Arithmetic } from './arithmetic.ts'

/** A lane in the making: a known number or a variable, which may hold the complement. */
export interface Lane {
  readonly value: bigint | string
  readonly complemented: boolean
}

/** Writes the statement that gives a lane its new value. */
export type Assign = (lane: number, text: string) => string

export const LANES = 25

/** Bits by which rho turns each lane: along the walk of pi, the triangular numbers. */
const ROTATIONS: readonly number[] = (() => {
  const rotations = new Array<number>(LANES).fill(0)
  for (let t = 0, x = 1, y = 0; t < LANES - 1; t++) {
    rotations[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64
    ;[x, y] = [y, (2 * x + 3 * y) % 5]
  }
  return rotations
})()

export const constant = (value: bigint): Lane => ({ value, complemented: false })
const textOf = (arithmetic: Arithmetic, { value }: Lane): string =>
  typeof value === 'string' ? value : arithmetic.constant(value)

/** Statements of one round, and the state after it. */
export class Round {
  readonly statements: string[] = []
  readonly #arithmetic: Arithmetic
  readonly #tag: string

  /** `tag` tells this round's variables from those of others in the same block. */
  constructor(arithmetic: Arithmetic, tag: string) {
    this.#arithmetic = arithmetic
    this.#tag = `${arithmetic.prefix}${tag}`
  }

  /** Theta, rho, pi and chi; writes the first `count` lanes by `assign`, complemented as `complemented` says. */
  run(state: readonly Lane[], assign: Assign, complemented: readonly number[], count = LANES): void {
    const columns = [0, 1, 2, 3, 4].map((x) =>
      this.#sum(
        `c${x}`,
        [0, 5, 10, 15, 20].map((y) => state[x + y]!),
      ),
    )
    const turned = columns.map((column, x) => this.#rotate(`t${x}`, column, 1))
    const parities = columns.map((_, x) => this.#sum(`d${x}`, [columns[(x + 4) % 5]!, turned[(x + 1) % 5]!]))
    for (let row = 0; 5 * row < count; row++) {
      const lanes = [0, 1, 2, 3, 4].map((column) => this.#moved(state, parities, column, row))
      for (let x = 0; x < 5 && 5 * row + x < count; x++) {
        const [b0, b1, b2] = [lanes[x]!, lanes[(x + 1) % 5]!, lanes[(x + 2) % 5]!]
        this.statements.push(assign(5 * row + x, this.#chi(b0, b1, b2, complemented.includes(5 * row + x))))
      }
    }
  }

  /** The lane that pi moves to (column, row), after theta and rho. */
  #moved(state: readonly Lane[], parities: readonly Lane[], column: number, row: number): Lane {
    const [x, y] = [(column + 3 * row) % 5, column]
    const name = `${column}${row}`
    const sum = this.#sum(`x${name}`, [state[x + 5 * y]!, parities[x]!])
    return this.#rotate(`b${name}`, sum, ROTATIONS[x + 5 * y]!)
  }

  #bind(name: string, text: string, complemented: boolean): Lane {
    this.statements.push(`const ${this.#tag}${name} = ${text}`)
    return { value: `${this.#tag}${name}`, complemented }
  }

  #sum(name: string, lanes: readonly Lane[]): Lane {
    const known = lanes.reduce((sum, { value }) => (typeof value === 'bigint' ? sum ^ value : sum), 0n)
    const unknown = lanes.filter(({ value }) => typeof value === 'string')
    const terms = known === 0n ? unknown : [...unknown, constant(known)]
    if (terms.length === 1) return terms[0]!
    const text = terms.map((lane) => textOf(this.#arithmetic, lane)).reduce((x, y) => this.#arithmetic.xor(x, y))
    return this.#bind(name, text, unknown.filter(({ complemented }) => complemented).length % 2 === 1)
  }

  #rotate(name: string, lane: Lane, bits: number): Lane {
    if (bits === 0) return lane
    return this.#bind(name, this.#arithmetic.rotate(textOf(this.#arithmetic, lane), bits), lane.complemented)
  }

  /** b0 ^ (~b1 & b2) of lanes any of which may be kept as complements, and the result, too, if `complemented`. */
  #chi(b0: Lane, b1: Lane, b2: Lane, complemented: boolean): string {
    const { xor, and, or, not, without } = this.#arithmetic
    const [x, y, z] = [b0, b1, b2].map((lane) => textOf(this.#arithmetic, lane)) as [string, string, string]
    const flip = complemented !== b0.complemented
    if (b1.complemented && !b2.complemented) return xor(flip ? not(x) : x, `(${and(y, z)})`)
    if (!b1.complemented && b2.complemented) return xor(flip ? x : not(x), `(${or(y, z)})`)
    if (b1.complemented) return xor(x, flip ? `(${or(not(y), z)})` : `(${without(z, y)})`)
    return xor(x, flip ? `(${or(y, not(z))})` : `(${without(y, z)})`)
  }
}
