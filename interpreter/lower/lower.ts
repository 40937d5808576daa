import { type Signature, STACK_LIMIT } from '../../spec/index.ts'
import { functionNamer, importsOf, type Module } from '../binary/module.ts'
import type { Scope } from './body.ts'
import { CodeBuilder } from './code-builder.ts'
import { ProgramTooLarge } from './errors.ts'
import { lowerFunction } from './function.ts'
import { globalsImage, growLimit, memoryImage, memoryLimits, tableCapacityLog2, tableImage } from './image.ts'
import { type LinkedModule, linkModules, mainFunction, signatureText } from './link.ts'
import { at } from './lookup.ts'
import type { LoweredFunction, Program } from './program.ts'
import { call, halt } from './words.ts'

export interface LoweringOptions {
  /** Stack slots that the program may use; the machine's own limit if absent. */
  readonly stackLimit?: number
}

/**
 * Lowers a task to the start state of the machine. The runtime is a module that exports the functions of
 * the task ABI; it becomes part of the program only if the task imports from it.
 * Throws LinkError or ProgramTooLarge.
 */
export const lower = (task: Module, runtime: Module, options: LoweringOptions = {}): Program => {
  const modules = linkModules(task, runtime)
  const typeIdOf = typeNumbering(modules)
  const shared = sharedScope(task, options)
  emitStartStub(shared, modules, mainFunction(task))
  const functions = modules.flatMap((linked) => lowerModule(linked, shared, typeIdOf))
  for (const { pc, func } of shared.calls) shared.code.setImmLo(pc, at(functions, func, 'function').entryPc)
  return {
    code: shared.code.encode(),
    pages: memoryLimits(task).minimum,
    memory: memoryImage(task),
    globals: globalsImage(modules.map(({ module }) => module)),
    tables: tableImage(task, (index) => reference(at(modules, 0, 'module'), functions, index)),
    data: new Uint8Array(0),
    origins: shared.code.origins,
    functions,
  }
}

type SharedScope = Omit<Scope, 'callees' | 'firstGlobal' | 'types'>

const sharedScope = (task: Module, { stackLimit = STACK_LIMIT }: LoweringOptions): SharedScope => {
  if (stackLimit > STACK_LIMIT) throw new ProgramTooLarge('stack slots', stackLimit, STACK_LIMIT)
  return {
    code: new CodeBuilder(),
    calls: [],
    stackReserve: STACK_LIMIT - stackLimit,
    growLimit: growLimit(memoryLimits(task)),
    tableCapacityLog2: tableCapacityLog2(task),
  }
}

/** No function has this type: the null reference carries it. */
const NULL_TYPE_ID = 0

/** Ids of the program's types, equal for equal signatures; 0 is kept for null references. */
const typeNumbering = (modules: readonly LinkedModule[]): ((signature: Signature) => number) => {
  const texts = [...new Set(modules.flatMap(({ module }) => module.types.map(signatureText)))]
  const ids = new Map(texts.map((text, k) => [text, k + 1]))
  return (signature) => ids.get(signatureText(signature)) ?? NULL_TYPE_ID
}

/** From pc 0: the start functions, then main, then the end with exit code 0. */
const emitStartStub = ({ code, calls }: SharedScope, modules: readonly LinkedModule[], main: number): void => {
  const emit = (word: ReturnType<typeof call>, instruction: string) =>
    code.emit(word, { func: -1, offset: -1, instruction })
  for (const { module, callees } of modules) {
    const start = module.start === null ? undefined : callees[module.start]
    if (start?.kind === 'function') calls.push({ pc: emit(call(), 'call start'), func: start.func })
  }
  calls.push({ pc: emit(call(), 'call main'), func: main })
  emit(halt(), 'halt')
}

const lowerModule = (
  { module, name, callees, firstFunction, firstGlobal }: LinkedModule,
  shared: SharedScope,
  typeIdOf: (signature: Signature) => number,
): LoweredFunction[] => {
  const types = module.types.map((signature) => ({ signature, id: typeIdOf(signature) }))
  const scope: Scope = { ...shared, callees, firstGlobal, types }
  const imported = importsOf(module.imports, 'function').length
  const nameOf = functionNamer(module)
  return module.functions.map((body, i) => {
    const type = at(types, body.type, 'type')
    const entryPc = lowerFunction(scope, firstFunction + i, type.signature, body)
    return { module: name, name: nameOf(imported + i) ?? `func[${imported + i}]`, entryPc, typeId: type.id }
  })
}

/** The reference that the table holds for a function of the task. */
const reference = (task: LinkedModule, functions: readonly LoweredFunction[], index: number): bigint => {
  const callee = at(task.callees, index, 'function')
  if (callee.kind !== 'function') throw new RangeError('a task has no intrinsics')
  const { typeId, entryPc } = at(functions, callee.func, 'function')
  return (BigInt(typeId) << 32n) | BigInt(entryPc)
}
