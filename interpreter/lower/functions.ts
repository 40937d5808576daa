import type { Signature } from '../../spec/index.ts'
import type { FunctionBody, Module } from '../binary/module.ts'
import type { ProgramType, Scope } from './body.ts'
import { CodeBuilder } from './code-builder.ts'
import { lowerFunction } from './function.ts'
import { type FunctionCallee, signatureText } from './link.ts'
import { at, present } from './lookup.ts'
import type { LoweredCode, LoweredFunction, Origin } from './program.ts'

/** What a function is lowered from. */
interface Source {
  readonly scope: Scope
  readonly body: FunctionBody
}

const STUB_ORIGIN: Origin = { func: -1, offset: -1, instruction: '' }

/** The functions of a program in link order, their code, and the types of the program. */
export class Functions {
  readonly code = new CodeBuilder()
  /** Of `Scope`. */
  readonly entries: { readonly pc: number; readonly func: number }[] = []
  readonly #all: Omit<LoweredFunction, 'entryPc'>[] = []
  /** Of those that are lowered. */
  readonly #entryPcs: number[] = []
  /** What they were lowered from, if that is kept. */
  readonly sources: LoweredCode[] | null
  /** Of the functions that wait to be lowered, by index. */
  readonly #sources = new Map<number, Source>()
  readonly #typeIds = new Map<string, number>()

  /** Code begins behind the words of the stub. */
  constructor(stubWords: number, keepSources: boolean) {
    this.sources = keepSources ? [] : null
    for (let pc = 0; pc < stubWords; pc++) this.code.emit({}, STUB_ORIGIN)
  }

  /** Those that are lowered, in link order. */
  get lowered(): LoweredFunction[] {
    return this.#entryPcs.map((entryPc, func) => ({ ...at(this.#all, func, 'function'), entryPc }))
  }

  typesOf({ types }: Module): ProgramType[] {
    return types.map((signature) => ({ signature, id: this.#typeId(signature) }))
  }

  /** Equal for equal signatures; 0 is kept for null references. */
  #typeId(signature: Signature): number {
    const text = signatureText(signature)
    const id = this.#typeIds.get(text) ?? this.#typeIds.size + 1
    this.#typeIds.set(text, id)
    return id
  }

  /** Adds a function, by which others may call it before it is lowered. */
  declare(module: string, name: string, { signature, id: typeId }: ProgramType): FunctionCallee {
    const func = this.#all.push({ module, name, typeId }) - 1
    return { kind: 'function', func, signature, typeId }
  }

  /** Says what a declared function is. */
  define({ func }: FunctionCallee, scope: Scope, body: FunctionBody): void {
    this.#sources.set(func, { scope, body })
  }

  /** Lowers the functions that wait, and those that they ask for. Code that was there before stays as it is. */
  lower(): void {
    while (this.#entryPcs.length < this.#all.length) this.#lower(this.#entryPcs.length)
    for (const { pc, func } of this.entries) this.code.setImmLo(pc, this.entryOf({ func }))
    this.entries.length = 0
  }

  #lower(func: number): void {
    const { scope, body } = present(this.#sources.get(func), 'function')
    this.#sources.delete(func)
    const code = lowerFunction(scope, func, at(scope.types, body.type, 'type').signature, body)
    this.#entryPcs.push(code.entryPc)
    this.sources?.push(code)
  }

  entryOf({ func }: Pick<FunctionCallee, 'func'>): number {
    return at(this.#entryPcs, func, 'function')
  }

  /** The reference to a lowered function. */
  referenceTo({ func }: FunctionCallee): bigint {
    return (BigInt(at(this.#all, func, 'function').typeId) << 32n) | BigInt(this.entryOf({ func }))
  }
}
