import { STACK_LIMIT } from '../../spec/index.ts'
import type { Store } from '../machine/store.ts'
import { SP_BITS, SP_MASK } from './body.ts'
import { CAPTURED } from './capture.ts'
import { Debt } from './debt.ts'
import type { Site } from './environment.ts'
import type { Memories } from './memories.ts'
import type { Recompiled } from './module.ts'
import { compiledOf, MOST_RESUME_BYTES } from './resumes.ts'
import { NativeUnsupported } from './unsupported.ts'

/** From sp at entry on, slots that calls may use before the frames are captured and the engine's stack is empty again. */
const FIRST_WINDOW = 8192

/** Fuel stands above sp in a counter of 64 bits. */
export const MOST_FUEL = 2 ** 42

type Run = (counter: bigint) => bigint

/** A table that is as long as the program may be more than the engine has room for. */
const instantiate = (program: WebAssembly.Module, { imports }: Memories): WebAssembly.Instance => {
  try {
    return new WebAssembly.Instance(program, { state: imports })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new NativeUnsupported('the engine has no room for it', { cause })
  }
}

/** Runs recompiled code on a store, from any safe point to another one. */
export class Runner {
  readonly #recompiled: Recompiled
  readonly #store: Store
  readonly #memories: Memories
  readonly #compiled: ReturnType<typeof compiledOf>
  readonly #program: WebAssembly.Exports
  readonly #runs = new Map<number, Run>()
  #runBytes = 0
  readonly #debt = new Debt()
  #window = FIRST_WINDOW

  /** @throws NativeUnsupported */
  constructor(recompiled: Recompiled, store: Store, memories: Memories) {
    this.#recompiled = recompiled
    this.#store = store
    this.#memories = memories
    this.#compiled = compiledOf(recompiled)
    this.#program = instantiate(this.#compiled.program, memories).exports
  }

  /** The store stands where recompiled code can go on. */
  get ready(): boolean {
    return this.#recompiled.sites.has(this.#store.pc)
  }

  /** The engine's stack was too small for the window; false where it cannot be smaller. */
  narrow(): boolean {
    this.#window = Math.floor(this.#window / 4)
    return this.#window > 0
  }

  /** Steps that the interpreter had better make now. */
  settleDebt(): number {
    return this.#debt.settle()
  }

  /**
   * Runs about `fuel` steps: at most as many more as lie between two safe points. Ends earlier where the code does.
   * @throws WebAssembly.RuntimeError where the machine traps, RangeError where the engine's stack ends
   */
  run(fuel: number): void {
    this.#memories.beforeNative()
    const store = this.#store
    let left = fuel
    for (let site = this.#site(); site !== undefined && left > this.#recompiled.reach; site = this.#site()) {
      const limit = this.#limitFrom(site)
      const { counter, captured } = this.#runFrame(site, left, limit)
      this.#debt.ranFrame(left - counter, this.#valuesOf(site))
      left = counter
      if (this.#debt.isTooHigh || (captured && !this.#isOver(limit))) break
    }
    store.steps += fuel - left
  }

  #site(): Site | undefined {
    return this.#recompiled.sites.get(this.#store.pc)
  }

  /** The stack limit of the next frame: what it needs, and the window. */
  #limitFrom(site: Site): number {
    return Math.min(STACK_LIMIT, this.#spOf(site) + this.#recompiled.needs[site.func]! + this.#window)
  }

  /** The machine stands before an ENTER that was refused for lack of stack, which only the window lacks. */
  #isOver(limit: number): boolean {
    const site = this.#site()
    if (site?.kind !== 'entry') return false
    const end = this.#store.sp + this.#recompiled.needs[site.func]!
    return end > limit && end <= STACK_LIMIT
  }

  /** sp when the function was entered. */
  #spOf(site: Site): number {
    const { sp } = this.#store
    return site.kind === 'entry' ? sp : sp - this.#valuesOf(site)
  }

  /** Locals and operands of a frame. */
  #valuesOf({ func, operands }: Site): number {
    return this.#recompiled.frames[func]!.own + operands.length
  }

  #runFrame(site: Site, fuel: number, limit: number): { counter: number; captured: boolean } {
    const store = this.#store
    const sp = this.#spOf(site)
    const returnPc = Number(store.slots64[sp - 1])
    this.#memories.setStackLimit(limit)
    let counter = this.#runFrom(site)((BigInt(fuel) << SP_BITS) | BigInt(sp))
    this.#memories.afterNative()
    const captured = counter < CAPTURED
    if (captured) {
      const { counter: exact, pc, returnSlot } = this.#memories.control
      counter = exact
      // A tail call may have moved it.
      store.slots64[returnSlot] = BigInt(returnPc)
      store.pc = pc
      store.sp = Number(exact & SP_MASK)
    } else {
      store.pc = returnPc
      store.sp = Number(counter & SP_MASK) + this.#recompiled.frames[site.func]!.results
    }
    return { counter: Number(counter >> SP_BITS), captured }
  }

  #runFrom(site: Site): Run {
    const { pc } = this.#store
    return this.#runs.get(pc) ?? this.#instantiate(pc, site)
  }

  #instantiate(pc: number, site: Site): Run {
    const imports = { state: this.#memories.imports, program: this.#program }
    const { module, bytes } = this.#compiled.resume(pc, site)
    const run = new WebAssembly.Instance(module, imports).exports.run as Run
    this.#debt.compiled(bytes)
    this.#runBytes += bytes
    if (this.#runBytes > MOST_RESUME_BYTES) {
      this.#runs.clear()
      this.#runBytes = bytes
    }
    this.#runs.set(pc, run)
    return run
  }
}
