import type { Random } from './random.ts'

/**
 * Random programs, as text, whose stores begin at addresses in locals: what the native tier marks once for several of
 * them. Loops, branches and calls stand between, and the locals change now and then.
 */

const ADDRESSES = 3
/** Pages, and the last address in a local: what is added to it stays within memory. */
const PAGES = 4
const LAST_ADDRESS = 0x1ffff
const STORES = ['i32.store', 'i64.store', 'i32.store8', 'i32.store16', 'i64.store32', 'f64.store'] as const
/** Close to each other, about a block apart, and anywhere. */
const OFFSETS = [8, 64, 4100, 70_000]
const MOST_DEPTH = 4

/** Another number each time. */
const NEXT = '(local.tee $x (i32.add (i32.mul (local.get $x) (i32.const 1103515245)) (i32.const 12345)))'

const VALUES: Readonly<Record<string, string>> = {
  i32: NEXT,
  i64: `(i64.mul (i64.extend_i32_u ${NEXT}) (i64.const 0x123456789abcdf))`,
  f64: `(f64.convert_i32_s ${NEXT})`,
}

const oneIn = (chances: number): string =>
  `(i32.eqz (i32.rem_u (i32.shr_u ${NEXT} (i32.const 9)) (i32.const ${chances})))`

class Writer {
  readonly #random: Random
  readonly #callees: readonly string[]
  #labels = 0

  constructor(random: Random, callees: readonly string[]) {
    this.#random = random
    this.#callees = callees
  }

  statements(depth: number): string {
    return Array.from({ length: 1 + this.#random.below(5) }, () => this.#statement(depth)).join('\n')
  }

  #statement(depth: number): string {
    const kind = this.#random.below(depth >= MOST_DEPTH ? 9 : 14)
    if (kind < 6) return this.#store()
    if (kind < 8) return this.#setAddress()
    if (kind === 8) return this.#callees.length === 0 ? this.#store() : `(call ${this.#random.pick(this.#callees)})`
    if (kind < 10) return this.#conditional(depth)
    return kind < 12 ? this.#block(depth) : this.#loop(depth)
  }

  #address(): string {
    return `$a${this.#random.below(ADDRESSES)}`
  }

  #store(): string {
    const op = this.#random.pick(STORES)
    return `(${op} offset=${this.#random.below(this.#random.pick(OFFSETS))} (local.get ${this.#address()}) ${VALUES[op.slice(0, 3)]})`
  }

  #setAddress(): string {
    const address = this.#address()
    const far = `(i32.and (i32.shr_u ${NEXT} (i32.const 5)) (i32.const ${LAST_ADDRESS}))`
    const near = `(i32.and (i32.add (local.get ${address}) (i32.const ${1 + this.#random.below(4096)})) (i32.const ${LAST_ADDRESS}))`
    return `(local.set ${address} ${this.#random.chance(0.5) ? far : near})`
  }

  #conditional(depth: number): string {
    const other = this.#random.chance(0.5) ? `(else ${this.statements(depth + 1)})` : ''
    return `(if ${oneIn(2)} (then ${this.statements(depth + 1)}) ${other})`
  }

  #block(depth: number): string {
    const label = `$l${this.#labels++}`
    return `(block ${label} ${this.statements(depth + 1)} (br_if ${label} ${oneIn(3)}) ${this.statements(depth + 1)})`
  }

  /** Goes round a few times, as long as there is fuel. */
  #loop(depth: number): string {
    const label = `$l${this.#labels++}`
    const fuel = '(global.get $fuel)'
    return `(loop ${label} ${this.statements(depth + 1)}
      (global.set $fuel (i32.sub ${fuel} (i32.const 1)))
      (br_if ${label} (i32.and (i32.gt_s ${fuel} (i32.const 0)) (i32.eqz ${oneIn(4)}))))`
  }
}

const LOCALS = `(local $x i32) ${Array.from({ length: ADDRESSES }, (_, i) => `(local $a${i} i32)`).join(' ')}`

/** The fields of a module. */
export function randomStores(random: Random): string {
  const begin = `(local.set $x (i32.add (global.get $fuel) (i32.const ${random.below(1000)})))`
  const body = (callees: readonly string[]) => `${LOCALS} ${begin} ${new Writer(random, callees).statements(0)}`
  return `(memory ${PAGES}) (global $fuel (mut i32) (i32.const ${100 + random.below(200)}))
    (func $f ${body([])}) (func $g ${body(['$f'])}) (func (export "main") ${body(['$f', '$g'])} ${'(call $g)'.repeat(3)})`
}
