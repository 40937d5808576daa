import type { Prepared, SuiteModule } from './prepare.ts'
import { SPECTEST, spectestPart } from './spectest.ts'
import type { Command, ModuleSource } from './wast/script.ts'

/** Modules that are to be instantiated, in the order of a script, by what the script writes. */
export type PreparedModules = ReadonlyMap<ModuleSource, Prepared>

/** The host's memory and table stand for one more module. */
type Member = SuiteModule | typeof SPECTEST

/** Sets of members that grow together. */
class Groups {
  readonly #parents = new Map<Member, Member>()

  join(one: Member, other: Member): void {
    this.#parents.set(this.find(one), this.find(other))
  }

  find(member: Member): Member {
    const parent = this.#parents.get(member)
    if (parent === undefined || parent === member) return member
    return this.find(parent)
  }
}

/** The module that a command instantiates, whatever becomes of it. */
export function instantiated(command: Command): ModuleSource | undefined {
  if (command.kind === 'module' || command.kind === 'assert_unlinkable') return command.module
  return command.kind === 'assert_trap' && 'form' in command.subject ? command.subject : undefined
}

/**
 * Which modules of a script are linked to one another, as a function from module to the number of its group: these
 * share one program.
 */
export function groupsOf(commands: readonly Command[], prepared: PreparedModules): (module: SuiteModule) => number {
  const groups = new Groups()
  const named = new Map<string | null, SuiteModule>()
  const registered = new Map<string, SuiteModule>()
  for (const command of commands) {
    if (command.kind === 'register') {
      const module = named.get(command.module)
      if (module !== undefined) registered.set(command.as, module)
    }
    const source = instantiated(command)
    const found = source === undefined ? undefined : prepared.get(source)
    if (source === undefined || found?.kind !== 'module') continue
    for (const member of importedBy(found.module, registered)) groups.join(found.module, member)
    if (command.kind === 'module') named.set(null, found.module).set(source.name, found.module)
  }
  const numbers = new Map<Member, number>()
  return (module) => {
    const group = groups.find(module)
    const number = numbers.get(group) ?? numbers.size
    numbers.set(group, number)
    return number
  }
}

function importedBy({ module }: SuiteModule, registered: ReadonlyMap<string, SuiteModule>): Member[] {
  return module.imports.flatMap(({ module: from, name }): Member[] => {
    if (from === SPECTEST) return spectestPart(name)?.shared ? [SPECTEST] : []
    const member = registered.get(from)
    return member === undefined ? [] : [member]
  })
}
