import type { Engine, Outcome, Session, Value, Work } from './engine.ts'
import { groupsOf, instantiated, type PreparedModules } from './groups.ts'
import { type Prepared, prepare } from './prepare.ts'
import { isNan } from './wast/literal.ts'
import { type Action, type Command, type Expected, type ModuleSource, readScript } from './wast/script.ts'

/** What is wrong with a command of a script. */
export interface Failure {
  readonly line: number
  readonly reason: string
}

export interface ScriptResult {
  /** Assertions; commands that only prepare them count where they fail. */
  readonly passed: number
  readonly failures: readonly Failure[]
  readonly work: Work
}

/** A script names an instance that there is not. */
export class UnknownInstance extends Error {
  override readonly name = 'UnknownInstance'
  constructor(name: string | null) {
    super(name === null ? 'there is no instance yet' : `there is no instance ${name}`)
  }
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `0x${part.toString(16)}` : part))

function matches(value: Value | undefined, wanted: Expected): boolean {
  if (value === undefined || value.type !== wanted.type) return false
  if ('nan' in wanted) return 'bits' in value && isNan(value.bits, wanted.type, wanted.nan)
  return show(value) === show(wanted)
}

/** The suite's own runner tells after some messages which element it was; a trap code does not. */
const DETAIL = / \d+$/

/** As the suite's own runner has it: the actual message begins with the wanted one. */
const saysSo = (messages: readonly string[], wanted: string): boolean =>
  messages.some((message) => message.startsWith(wanted.replace(DETAIL, '')))

/** The state of one script: its instances, by the names that it gave to them. */
class Run<I> {
  readonly #session: Session<I>
  readonly #prepared: PreparedModules
  /** The latest instance has no name besides its own. */
  readonly #named = new Map<string | null, I>()
  readonly #registered = new Map<string, I>()

  constructor(session: Session<I>, prepared: PreparedModules) {
    this.#session = session
    this.#prepared = prepared
  }

  /** What is wrong, or null if nothing is. */
  async command(command: Command): Promise<string | null> {
    switch (command.kind) {
      case 'module':
        return this.#module(command.module)
      case 'register':
        this.#registered.set(command.as, this.#instance(command.module))
        return null
      case 'action': {
        const outcome = await this.#act(command.action)
        return outcome.kind === 'values' ? null : `got ${show(outcome)}`
      }
      case 'assert_return':
        return compare(await this.#act(command.action), command.expected)
      case 'assert_exhaustion':
        return refusal(await this.#act(command.action), 'exhaustion', command.message)
      case 'assert_trap': {
        const { subject } = command
        const outcome = 'form' in subject ? await this.#instantiate(subject) : await this.#act(subject)
        return refusal(outcome, 'trap', command.message)
      }
      case 'assert_unlinkable':
        return refusal(await this.#instantiate(command.module), 'refused', command.message)
      default: {
        const isText = command.kind === 'assert_malformed' && command.module.form !== 'binary'
        return refusedBy(prepare(command.module), isText ? 'text' : 'binary')
      }
    }
  }

  async #module(source: ModuleSource): Promise<string | null> {
    const made = await this.#instantiate(source)
    if (made.kind !== 'instance') return `got ${show(made)}`
    this.#named.set(null, made.instance).set(source.name, made.instance)
    return null
  }

  async #instantiate(source: ModuleSource) {
    const prepared = this.#prepared.get(source) as Prepared
    if (prepared.kind === 'refused') return { kind: 'not decoded', reason: prepared.reason } as const
    return this.#session.instantiate(prepared.module, (name) => this.#registered.get(name))
  }

  #instance(name: string | null): I {
    const instance = this.#named.get(name)
    if (instance === undefined) throw new UnknownInstance(name)
    return instance
  }

  async #act(action: Action): Promise<Outcome> {
    const instance = this.#instance(action.module)
    if (action.kind === 'invoke') return this.#session.invoke(instance, action.field, action.args)
    return { kind: 'values', values: [await this.#session.get(instance, action.field)] }
  }
}

function compare(outcome: Outcome, expected: readonly Expected[]): string | null {
  const { values } = outcome.kind === 'values' ? outcome : { values: null }
  const same = values?.length === expected.length && expected.every((wanted, i) => matches(values[i], wanted))
  return same ? null : `wanted ${show(expected)}, got ${show(values ?? outcome)}`
}

function refusal(
  outcome: { readonly kind: string; readonly messages?: readonly string[] },
  kind: string,
  message: string,
): string | null {
  if (outcome.kind === kind && saysSo(outcome.messages ?? [], message)) return null
  return `wanted ${kind} '${message}', got ${outcome.kind === 'instance' ? 'an instance' : show(outcome)}`
}

function refusedBy(prepared: Prepared, by: 'text' | 'binary'): string | null {
  if (prepared.kind === 'module') return 'the module was accepted'
  return prepared.by === by ? null : `the ${prepared.by} format refused it: ${prepared.reason}`
}

/** Whether a command is one that is counted when it holds. */
export const asserts = ({ kind }: Command): boolean => kind.startsWith('assert_')

/**
 * Runs a script to its end, whatever fails on the way.
 * @throws ScriptSyntaxError, LiteralError
 */
export async function runScript<I>(engine: Engine<I>, file: Uint8Array): Promise<ScriptResult> {
  const commands = readScript(file)
  const sources = commands.map(instantiated).filter((source) => source !== undefined)
  const prepared: PreparedModules = new Map(sources.map((source) => [source, prepare(source)]))
  const session = engine.open(groupsOf(commands, prepared))
  const run = new Run(session, prepared)
  const wrong = new Map<number, string>()
  for (const [ordinal, command] of commands.entries()) {
    session.begin(ordinal)
    const reason = await run.command(command).catch((error: unknown) => `failed: ${String(error)}`)
    if (reason !== null) wrong.set(ordinal, reason)
  }
  const { disagreements, work } = await session.finish()
  for (const { command, reason } of disagreements) if (!wrong.has(command)) wrong.set(command, reason)
  const failures = [...wrong].map(([ordinal, reason]) => ({ line: commands[ordinal]?.line ?? 0, reason }))
  const passed = commands.filter((command, ordinal) => asserts(command) && !wrong.has(ordinal)).length
  return { passed, failures, work }
}
