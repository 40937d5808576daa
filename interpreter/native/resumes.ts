import type { Site } from './environment.ts'
import type { Recompiled } from './module.ts'
import { NativeUnsupported } from './unsupported.ts'

const compile = (wasm: Uint8Array<ArrayBuffer>): WebAssembly.Module => {
  try {
    return new WebAssembly.Module(wasm)
  } catch (cause) {
    throw new NativeUnsupported('the engine does not compile it', { cause })
  }
}

/** A module that goes on from a safe point. */
export interface Resume {
  readonly module: WebAssembly.Module
  readonly bytes: number
}

/** Bytes of modules that are kept: a program may have tens of thousands of safe points. */
export const MOST_RESUME_BYTES = 2 ** 24

/** What the engine compiled of a program: good for all machines that run it. */
class Compiled {
  readonly program: WebAssembly.Module
  readonly #recompiled: Recompiled
  readonly #resumes = new Map<number, Resume>()
  #bytes = 0

  constructor(recompiled: Recompiled) {
    this.program = compile(recompiled.wasm)
    this.#recompiled = recompiled
  }

  /** The module that goes on from the safe point at a pc. */
  resume(pc: number, site: Site): Resume {
    const known = this.#resumes.get(pc)
    if (known !== undefined) return known
    const wasm = this.#recompiled.resume(site)
    const resume = { module: compile(wasm), bytes: wasm.length }
    this.#keep(pc, resume)
    return resume
  }

  #keep(pc: number, resume: Resume): void {
    this.#bytes += resume.bytes
    if (this.#bytes > MOST_RESUME_BYTES) {
      this.#resumes.clear()
      this.#bytes = resume.bytes
    }
    this.#resumes.set(pc, resume)
  }
}

const compiled = new WeakMap<Recompiled, Compiled>()

export const compiledOf = (recompiled: Recompiled): Compiled => {
  const known = compiled.get(recompiled) ?? new Compiled(recompiled)
  compiled.set(recompiled, known)
  return known
}
