import { STACK_LIMIT } from '../../spec/index.ts'
import { functionNamer, importsOf, type Module } from '../binary/module.ts'
import { encodeWord } from '../machine/word.ts'
import type { MemoryPlace, Scope, SegmentPlace } from './body.ts'
import { ProgramTooLarge } from './errors.ts'
import { Functions } from './functions.ts'
import { Image, type Remains } from './image.ts'
import { applySegments, fillPlaces } from './initialise.ts'
import { exportsOf, functionAt, type Instance } from './instance.ts'
import { type Callee, externalsOf, type FunctionCallee, type Imports, type Resolve, resolveImports } from './link.ts'
import { at } from './lookup.ts'
import type { Program } from './program.ts'
import { RUNTIME_FUNCTIONS, Runtime } from './runtime.ts'
import { referencedData, referencedElements } from './segments.ts'
import type { Word } from './words.ts'

export interface LinkerOptions {
  /** Stack slots that the program may use; the machine's own limit if absent. */
  readonly stackLimit?: number
  /** Leaves of TABLES that the program may use; all that the machine has if absent. */
  readonly tableLimit?: number
  /** Words from pc 0 on that are kept for stubs. */
  readonly stubWords: number
  /** Whether programs say what their functions were lowered from. It takes more memory than all else of them. */
  readonly keepSources?: boolean
}

/** A scope whose callees are being filled in. */
type OpenScope = Scope & { readonly callees: Callee[] }

const WORD_BYTES = 32

/**
 * Links modules one after another into one program; later ones import what earlier ones export. Structurally equal
 * types have one id in all of them. What a module adds never changes the code that was there before, so a machine's
 * state can be absorbed, and linking and running go on from there.
 */
export class Linker {
  readonly #functions: Functions
  readonly #image: Image
  readonly #runtime: Runtime
  readonly #shared: Pick<Scope, 'code' | 'entries' | 'stackReserve'>
  readonly #stubWords: number
  /** For runtime functions of modules that have no memory. */
  #noMemory: MemoryPlace | undefined

  /**
   * The runtime is a module of functions by which instructions are lowered, and those of the task ABI.
   * @throws RuntimeRefused, ImportRefused, ProgramTooLarge
   */
  constructor(runtime: Module, options: LinkerOptions) {
    const { stackLimit = STACK_LIMIT, tableLimit, stubWords, keepSources = false } = options
    if (stackLimit > STACK_LIMIT) throw new ProgramTooLarge('stack slots', stackLimit, STACK_LIMIT)
    this.#stubWords = stubWords
    this.#image = new Image(tableLimit)
    this.#functions = new Functions(stubWords, keepSources)
    const { code, entries } = this.#functions
    this.#shared = { code, entries, stackReserve: STACK_LIMIT - stackLimit }
    this.#runtime = new Runtime(runtime, this.#functions, this.#shared)
  }

  /**
   * Gives the module its places and lowers its functions; segments are not applied yet.
   * @throws ImportRefused before anything is done; ProgramTooLarge, after which the linker is of no more use
   */
  add(name: string, module: Module, resolve: Resolve): Instance {
    const imports = resolveImports(module, resolve, this.#image)
    const places = this.#placeModule(module, imports)
    this.#linkFunctions(name, module, imports, places)
    this.#functions.lower()
    fillPlaces(module, places, this.#image, this.#functions)
    const start = module.start === null ? null : this.entryOf(functionAt(places, module.start))
    return { name, module, exports: exportsOf(module, imports, places), start, places }
  }

  /**
   * Applies the active segments in order, element segments first, and drops them.
   * @throws SegmentOutOfBounds at the first one that does not fit; earlier ones stay written
   */
  initialize({ module, places }: Instance): void {
    applySegments(module, places, this.#image, this.#functions)
  }

  /** The pc at which a function begins. */
  entryOf(callee: FunctionCallee): number {
    return this.#functions.entryOf(callee)
  }

  /** Goes on with what a machine left that ran a program of this linker. */
  absorb(remains: Remains): void {
    this.#image.absorb(remains)
  }

  /**
   * The program as linked so far, beginning with these words; `instructions` says in text form what they are.
   * @throws ProgramTooLarge if the stub is longer than what was kept for it
   */
  program(stub: readonly Word[], instructions: readonly string[] = []): Program {
    if (stub.length > this.#stubWords) throw new ProgramTooLarge('words of the stub', stub.length, this.#stubWords)
    const { code, lowered, sources } = this.#functions
    const origins = [...code.origins]
    for (const pc of stub.keys()) origins[pc] = { func: -1, offset: -1, instruction: instructions[pc] ?? '' }
    const encoded = this.#encode(stub)
    return { code: encoded, ...this.#image.regions(), origins, functions: lowered, sources: sources && [...sources] }
  }

  #encode(stub: readonly Word[]): Uint8Array {
    const bytes = this.#functions.code.encode()
    for (const [pc, word] of stub.entries()) bytes.set(encodeWord(word), pc * WORD_BYTES)
    return bytes
  }

  #placeModule(module: Module, imports: Imports): OpenScope {
    const image = this.#image
    const globals = externalsOf(imports, 'global').map(({ leaf }) => leaf)
    for (const _ of module.globals) globals.push(image.placeGlobal())
    const globalTypes = [...externalsOf(imports, 'global').map(({ type }) => type), ...module.globals].map(
      ({ type }) => type,
    )
    const tables = externalsOf(imports, 'table').map(({ place }) => place)
    for (const type of module.tables) tables.push(image.placeTable(type))
    const memories = externalsOf(imports, 'memory').map(({ place }) => place)
    for (const limits of module.memories) memories.push(image.placeMemory(limits))
    const memory = memories[0] ?? null
    return {
      ...this.#shared,
      ...{ types: this.#functions.typesOf(module), callees: [], globals, globalTypes, tables, memory },
      ...{ elements: this.#placeElements(module), data: this.#placeData(module) },
      runtime: (name) => this.#runtime.function(name, RUNTIME_FUNCTIONS[name], memory ?? this.#withoutPages()),
    }
  }

  /** Only segments that instructions refer to need a place; the others are missing here. */
  #placeElements(module: Module): SegmentPlace[] {
    const places: SegmentPlace[] = []
    for (const index of referencedElements(module)) {
      const { items, mode } = at(module.elements, index, 'element segment')
      places[index] = this.#image.placeElements(mode === 'declarative' ? 0 : items.length)
    }
    return places
  }

  #placeData(module: Module): SegmentPlace[] {
    const places: SegmentPlace[] = []
    for (const index of referencedData(module)) {
      places[index] = this.#image.placeData(at(module.data, index, 'data segment').bytes)
    }
    return places
  }

  #withoutPages(): MemoryPlace {
    this.#noMemory ??= this.#image.placeWindow({ minimum: 0, maximum: 0 })
    return this.#noMemory
  }

  /** The module's own functions come first in the program, then those of the runtime that it imports. */
  #linkFunctions(name: string, module: Module, imports: Imports, scope: OpenScope): void {
    const nameOf = functionNamer(module)
    const imported = importsOf(module.imports, 'function').length
    const own = module.functions.map((body, i) => {
      const type = at(scope.types, body.type, 'type')
      const callee = this.#functions.declare(name, nameOf(imported + i) ?? `func[${imported + i}]`, type)
      this.#functions.define(callee, scope, body)
      return callee
    })
    for (const entry of imports) {
      if (entry.kind === 'function') scope.callees.push(entry.callee)
      if (entry.kind !== 'runtime') continue
      const memory = scope.memory ?? this.#withoutPages()
      scope.callees.push(this.#runtime.function(entry.name, entry.signature, memory))
    }
    for (const callee of own) scope.callees.push(callee)
  }
}
