import { decodeModule } from '../../interpreter/binary/index.ts'
import { runtimeWasm } from '../../interpreter/host/index.ts'
import { ImportRefused, SegmentOutOfBounds } from '../../interpreter/lower/errors.ts'
import type { Instance } from '../../interpreter/lower/instance.ts'
import type { External } from '../../interpreter/lower/link.ts'
import { Linker, type LinkerOptions } from '../../interpreter/lower/linker.ts'
import type { Program } from '../../interpreter/lower/program.ts'
import { call, constant, globalGet, halt, type Word } from '../../interpreter/lower/words.ts'
import type { Machine } from '../../interpreter/machine/machine.ts'
import { remainsOf } from '../../interpreter/machine/store.ts'
import { STATUS, TRAP, TRAP_NAMES, type ValueType } from '../../spec/index.ts'
import type { Disagreement, Instantiation, Outcome, Session, Value, Work } from './engine.ts'
import { globalTypeOf, type SuiteModule, signatureOf, UnknownExport } from './prepare.ts'
import { SPECTEST, spectestPart } from './spectest.ts'
import type { Argument } from './wast/script.ts'

/** Modules of a script that are linked to one another, in one program. */
export interface Group {
  readonly linker: Linker
  /** Parts of the host that are linked so far, by name. */
  readonly parts: Map<string, Instance>
}

export interface LinkedInstance {
  readonly instance: Instance
  readonly suite: SuiteModule
  readonly group: Group
}

/** A machine at the end of its run. */
export type Ended = Pick<Machine, 'store' | 'steps'>

/** Runs programs to their end: the interpreter, alone or with a judge at its side, or the native tier. */
export interface Runner {
  /** What runs from now on belongs to this command. */
  begin(command: number): void
  /** The machine stands at the end of its run. `grown` tells that modules were linked since the group's last run. */
  run(program: Program, group: Group, grown: boolean): Promise<Ended>
  finish(): Promise<{ readonly disagreements: readonly Disagreement[]; readonly work: Omit<Work, 'steps'> }>
}

/** More than any function of the suite has parameters, with the call and the end. */
export const STUB_WORDS = 64

const RUNTIME = decodeModule(runtimeWasm)

/** A reference to a host's object n is n + 1, null is 0. */
const slotOf = (argument: Argument): bigint => {
  if (argument.type === 'ref.null') return 0n
  return argument.type === 'ref.extern' ? BigInt(argument.host) + 1n : argument.bits
}

function valueIn(type: ValueType, slot: bigint): Value {
  if (type === 'funcref') return slot === 0n ? { type: 'ref.null', heap: 'func' } : { type: 'ref.func' }
  if (type !== 'externref') return { type, bits: slot }
  return slot === 0n ? { type: 'ref.null', heap: 'extern' } : { type: 'ref.extern', host: Number(slot - 1n) }
}

const SEGMENT_TRAPS = { data: TRAP.MEMORY_BOUNDS, element: TRAP.TABLE_BOUNDS } as const

const trapped = (trap: number) =>
  ({
    kind: trap === TRAP.STACK_EXHAUSTED ? 'exhaustion' : 'trap',
    messages: [TRAP_NAMES[trap] ?? `trap ${trap}`],
  }) as const

/** What a group's linker is told. */
type LinkingOptions = Omit<LinkerOptions, 'stubWords'>

/** A script on the machine: each action is a stub that runs from the state that the one before left. */
export class LinkedSession implements Session<LinkedInstance> {
  readonly #groups = new Map<number, Group>()
  readonly #grown = new Set<Group>()
  readonly #group: (module: SuiteModule) => number
  readonly #runner: Runner
  readonly #options: LinkingOptions
  #steps = 0

  constructor(group: (module: SuiteModule) => number, runner: Runner, options: LinkingOptions) {
    this.#group = group
    this.#runner = runner
    this.#options = options
  }

  begin(command: number): void {
    this.#runner.begin(command)
  }

  async instantiate(
    suite: SuiteModule,
    registered: (name: string) => LinkedInstance | undefined,
  ): Promise<Instantiation<LinkedInstance>> {
    const group = this.#groupOf(suite)
    this.#grown.add(group)
    linkParts(group, suite)
    const resolve = (from: string, field: string): External | undefined => {
      const exporter = from === SPECTEST ? partOf(group, field) : registered(from)?.instance
      return exporter?.exports.get(field)
    }
    try {
      const instance = group.linker.add(`module[${this.#groups.size}]`, suite.module, resolve)
      group.linker.initialize(instance)
      const end = instance.start === null ? null : await this.#run(group, [call(instance.start), halt()])
      if (end?.store.status === STATUS.TRAPPED) return trapped(end.store.exit)
      return { kind: 'instance', instance: { instance, suite, group } }
    } catch (error) {
      if (error instanceof SegmentOutOfBounds) return trapped(SEGMENT_TRAPS[error.kind])
      if (!(error instanceof ImportRefused)) throw error
      return {
        kind: 'refused',
        messages: [error.failure === 'unknown' ? 'unknown import' : 'incompatible import type'],
      }
    }
  }

  async invoke({ instance, suite, group }: LinkedInstance, field: string, args: readonly Argument[]): Promise<Outcome> {
    const { results } = signatureOf(suite.module, field)
    const entry = group.linker.entryOf(exported(instance, 'function', field).callee)
    const { store } = await this.#run(group, [...args.map(slotOf).map(constant), call(entry), halt()])
    if (store.status === STATUS.TRAPPED) return trapped(store.exit)
    return { kind: 'values', values: results.map((type, i) => valueIn(type, slotAt(store.slots64, i))) }
  }

  async get({ instance, suite, group }: LinkedInstance, field: string): Promise<Value> {
    const { leaf } = exported(instance, 'global', field)
    const { store } = await this.#run(group, [globalGet(leaf), halt()])
    return valueIn(globalTypeOf(suite.module, field).type, slotAt(store.slots64, 0))
  }

  async finish() {
    const { disagreements, work } = await this.#runner.finish()
    return { disagreements, work: { steps: this.#steps, ...work } }
  }

  #groupOf(suite: SuiteModule): Group {
    const number = this.#group(suite)
    const known = this.#groups.get(number)
    if (known !== undefined) return known
    const linker = new Linker(RUNTIME, { ...this.#options, stubWords: STUB_WORDS })
    const group = { linker, parts: new Map<string, Instance>() }
    this.#groups.set(number, group)
    return group
  }

  async #run(group: Group, stub: readonly Word[]): Promise<Ended> {
    const machine = await this.#runner.run(group.linker.program(stub), group, this.#grown.delete(group))
    this.#steps += machine.steps
    group.linker.absorb(remainsOf(machine.store))
    return machine
  }
}

const slotAt = (slots: BigInt64Array, slot: number): bigint => BigInt.asUintN(64, slots[slot] ?? 0n)

/** Links the parts of the host that a module imports from, each once in a group. */
function linkParts(group: Group, { module }: SuiteModule): void {
  for (const { module: from, name } of module.imports) {
    const part = from === SPECTEST ? spectestPart(name) : undefined
    if (part === undefined || group.parts.has(part.name)) continue
    group.parts.set(
      part.name,
      group.linker.add(part.name, part.module.module, () => undefined),
    )
  }
}

const partOf = (group: Group, field: string): Instance | undefined => group.parts.get(spectestPart(field)?.name ?? '')

function exported<K extends External['kind']>(
  { exports }: Instance,
  kind: K,
  field: string,
): Extract<External, { readonly kind: K }> {
  const found = exports.get(field)
  if (found?.kind !== kind) throw new UnknownExport(kind, field)
  return found as Extract<External, { readonly kind: K }>
}
