import type { LoweredCode } from '../lower/program.ts'
import { Budget, workOfSafePoint } from './budget.ts'
import { CodeBytes } from './code-bytes.ts'
import {
  f32Const,
  f64Const,
  i64Const,
  localGet,
  localSet,
  localTee,
  type NativeType,
  nativeType,
  opcode,
  TYPE,
  unsigned,
} from './encoding.ts'
import type { Environment } from './environment.ts'
import { Flow, type Place, pendingAt, Segment } from './flow.ts'
import { type Label, type Operand, plain, type Shape } from './label.ts'
import type { Marked } from './marking.ts'
import { rawLocalsOf } from './raw-locals.ts'

/** Twice as fast to compile as where thousands of safe points share code. */
const MOST_ALIKE = 128

/** Guess of how often a loop goes round. */
export const ROUNDS = 8

export const SP_BITS = 20n
export const SP_MASK = 2n ** SP_BITS - 1n

/** A function, or what is left of it from a safe point on, while it is emitted. */
export class Body {
  readonly env: Environment
  readonly func: number
  readonly source: LoweredCode
  readonly bytes = new CodeBytes()
  readonly labels: Label[] = []
  /** Those that branches of the source name. */
  readonly named: Label[] = []
  readonly shapes: Shape[] = []
  /** Types of arguments and locals. */
  readonly locals: readonly NativeType[]
  readonly args: number
  readonly results: readonly NativeType[]
  /** The local that holds the counter. */
  readonly counter: number
  /** Types of the temporaries, and of what captures use. */
  readonly temporaries: NativeType[] = [TYPE.i32, TYPE.i64, TYPE.i32]
  operands: Operand[] = []
  /** Operands from the lowest on that lie in their temporaries; the others lie on the engine's stack. */
  held = 0
  readonly flow = new Flow()
  segment = new Segment()
  /** Guess of how often control gets here, for each time that the function is called. */
  frequency = 1
  /** Loops of the engine that are open. */
  loops = 0
  reachable = true
  depth = 0
  /** Index of the instruction that is emitted. */
  at = 0
  /** What of the memory is marked here. */
  marked: readonly Marked[] = []
  /** Those that may hold NaNs which are not canonical. */
  readonly rawLocals: ReadonlySet<number>
  /** How often the code so far sets each local. */
  readonly versions: number[]
  readonly #indices = new Map<string, number>()
  /** By the types of its operands: the shape that safe points get, and how many more do. */
  readonly #latest = new Map<string, { readonly index: number; readonly left: number }>()
  readonly #budget = new Budget('function')
  #safePoints = 0

  constructor(env: Environment, func: number, resumed: boolean) {
    const source = env.sources[func]!
    this.env = env
    this.func = func
    this.source = source
    const { signature } = source
    const own = source.source.locals.flatMap(({ count, type }) => new Array<NativeType>(count).fill(nativeType(type)))
    this.locals = [...signature.params.map(nativeType), ...own]
    this.versions = this.locals.map(() => 0)
    this.args = signature.params.length
    this.rawLocals = rawLocalsOf(source.source, this.locals, this.args)
    this.results = signature.results.map(nativeType)
    this.counter = resumed ? 0 : this.args
  }

  get own(): number {
    return this.locals.length - this.args
  }

  /** Slots between sp at entry and an operand. */
  slotOf(height: number): number {
    return this.own + height
  }

  localIndex(local: number): number {
    return local < this.counter ? local : local + 1
  }

  get pcLocal(): number {
    return this.locals.length + 1
  }

  get correctionLocal(): number {
    return this.locals.length + 2
  }

  get baseLocal(): number {
    return this.locals.length + 3
  }

  /** The local that holds an operand while it is not on the engine's stack. */
  temporary(height: number | string, type: NativeType): number {
    const key = `${height} ${type}`
    const known = this.#indices.get(key)
    if (known !== undefined) return known
    const index = this.locals.length + this.temporaries.push(type)
    this.#indices.set(key, index)
    return index
  }

  put(...groups: readonly (readonly number[])[]): void {
    this.bytes.put(...groups)
  }

  /** Steps of the instruction that is emitted: the words that it was lowered to. */
  get words(): number {
    const { pcs } = this.source
    return pcs[this.at + 1]! - pcs[this.at]!
  }

  get pc(): number {
    return this.source.pcs[this.at]!
  }

  charge(steps: number): void {
    this.segment.steps += steps
  }

  /** Where the emitter is. */
  get place(): Place {
    return { segment: this.segment, steps: this.segment.steps }
  }

  /** The steps by which the counter is short of the exact one here. */
  pending(): () => number {
    const { place } = this
    return () => pendingAt(place)
  }

  /** Control goes on from a place in this segment, which the counter gets ready for. */
  follow(from: Place, frequency: number, segment = new Segment()): void {
    this.addToCounter(this.flow.connect(from, segment, 0, frequency))
    this.segment = segment
    this.frequency = frequency
  }

  /** Control may go to a label. Gives what the counter then grows by. */
  connect(from: Place, label: Label, steps: number, frequency: number): () => number {
    label.reached = true
    label.inflow += frequency
    return this.flow.connect(from, label.target, steps, frequency)
  }

  /** Control comes from outside. */
  enter(): void {
    this.follow({ segment: this.flow.outside, steps: 0 }, 1)
  }

  /** What a place adds to the counter: steps, and slots of sp. */
  constant(steps: () => number, slots: number): () => bigint {
    const [moreSteps, moreSlots] = [this.env.mistake(), this.env.mistake()]
    return () => (BigInt(steps() + moreSteps) << SP_BITS) + BigInt(slots + moreSlots)
  }

  addToCounter(steps: () => number): void {
    const amount = this.constant(steps, 0)
    this.bytes.defer(() => counterPlus(this.counter, amount()))
  }

  push(type: NativeType, raw = false, local = -1): void {
    this.operands.push({ type, raw, local, version: this.versions[local] ?? 0 })
  }

  /** Takes the topmost operands off, which `need` has put on the engine's stack. */
  pop(count: number): void {
    this.operands.length -= count
    this.held = Math.min(this.held, this.operands.length)
  }

  /** Brings the topmost operands onto the engine's stack, in order. */
  need(count: number, canonical = false): void {
    const first = this.operands.length - count
    const onStack = first >= this.held
    const top = this.operands.length - 1
    if (onStack && (!canonical || !this.operands.slice(first, top).some(({ raw }) => raw))) {
      if (canonical && count > 0) this.#canonicalTop()
      return
    }
    this.flush()
    this.load(first)
  }

  /** Brings operands from their temporaries onto the engine's stack. */
  load(first: number): void {
    for (let height = first; height < this.operands.length; height++) {
      this.put(localGet(this.temporary(height, this.operands[height]!.type)))
    }
    this.held = first
  }

  /** As `need`, with nothing but them on the engine's stack. */
  needOnly(count: number): void {
    const first = this.operands.length - count
    if (this.held === first) this.need(count, true)
    else {
      this.flush()
      this.load(first)
    }
  }

  /** Brings all operands into their temporaries. */
  flush(): void {
    for (let height = this.operands.length - 1; height >= this.held; height--) {
      const operand = this.operands[height]!
      const temporary = this.temporary(height, operand.type)
      if (operand.raw) this.put(canonical(operand.type, temporary))
      this.put(localSet(temporary))
      this.operands[height] = plain(operand.type)
    }
    this.held = this.operands.length
  }

  #canonicalTop(): void {
    const height = this.operands.length - 1
    const operand = this.operands[height]!
    if (!operand.raw) return
    this.put(canonical(operand.type, this.temporary(height, operand.type)))
    this.operands[height] = { ...operand, raw: false }
  }

  /** A local gets another value. */
  forget(local: number): void {
    this.versions[local]!++
  }

  /** The local whose value an operand still is, or -1. */
  localOf({ local, version }: Operand): number {
    return version === this.versions[local] ? local : -1
  }

  openLabel(label: Label): void {
    this.labels.push(label)
    if (!label.hidden) this.named.push(label)
  }

  closeLabel(): Label {
    const label = this.labels.pop()!
    if (!label.hidden) this.named.pop()
    return label
  }

  /** The innermost loop of the engine. */
  get innerLoop(): Label | null {
    const label = this.labels.at(-1)
    return label?.kind === 'loop' ? label : (label?.outerLoop ?? null)
  }

  /** Accounts for work. */
  spend(work: number): void {
    this.#budget.spend(work)
    this.env.budget.spend(work)
  }

  shapeIndex(below: readonly NativeType[], above: readonly NativeType[]): number {
    const text = `${below}|${above}`
    const known = this.#latest.get(text)
    const { index, left } = known !== undefined && known.left > 0 ? known : this.#addShape(below, above)
    this.#latest.set(text, { index, left: left - 1 })
    return index
  }

  #addShape(below: readonly NativeType[], above: readonly NativeType[]): { index: number; left: number } {
    return { index: this.shapes.push({ below, above }) - 1, left: MOST_ALIKE }
  }

  /**
   * A safe point: the frame is captured if the fuel is used up, or if a callee was captured. All operands lie in their
   * temporaries; `above` of them are no part of the frame while a callee runs.
   */
  check(pc: number, above: number, condition: readonly number[]): void {
    this.spend(workOfSafePoint(this.#safePoints++, this.locals.length + this.operands.length))
    const types = this.operands.map(({ type }) => type)
    const base = types.length - above
    const index = this.shapeIndex(types.slice(0, base), types.slice(base))
    const correction = this.constant(this.flow.lookAt(this.place), this.slotOf(types.length))
    this.#checkAt(pc, correction, condition, index)
  }

  /** The same before ENTER. */
  checkEntry(conditions: readonly (readonly number[])[]): void {
    const index = this.shapeIndex([], [])
    const correction = this.constant(this.flow.lookAt(this.place), 0)
    for (const condition of conditions) this.#checkAt(this.source.entryPc, correction, condition, index)
  }

  #checkAt(pc: number, correction: () => bigint, condition: readonly number[], shape: number): void {
    this.put([0x41, ...signedNumber(pc)], localSet(this.pcLocal))
    this.bytes.defer(() => [...i64Const(correction()), ...localSet(this.correctionLocal)])
    this.put(condition, [0x0d], unsigned(this.depth + shape))
  }

  /** The fuel is used up. */
  get exhausted(): number[] {
    return [...localGet(this.counter), ...i64Const(0n), ...opcode('i64.lt_s')]
  }
}

const signedNumber = (value: number): number[] => i64Const(BigInt(value)).slice(1)

export const counterPlus = (counter: number, amount: bigint): number[] =>
  amount === 0n ? [] : [...localGet(counter), ...i64Const(amount), ...opcode('i64.add'), ...localSet(counter)]

const CANONICAL_NAN = { [TYPE.f32]: f32Const(0x7fc00000n), [TYPE.f64]: f64Const(0x7ff8000000000000n) }

/** The float on the stack, or the canonical NaN; uses a local of its type. */
export const canonical = (type: NativeType, local: number): number[] => {
  const single = type === TYPE.f32
  return [
    ...localTee(local),
    ...CANONICAL_NAN[single ? TYPE.f32 : TYPE.f64],
    ...localGet(local),
    ...localGet(local),
    ...opcode(single ? 'f32.eq' : 'f64.eq'),
    ...opcode('select'),
  ]
}
