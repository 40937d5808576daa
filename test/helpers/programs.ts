import { decodeModule } from '../../interpreter/binary/index.ts'
import { Linker, type Program } from '../../interpreter/lower/index.ts'
import type { Places } from '../../interpreter/lower/instance.ts'
import type { Machine } from '../../interpreter/machine/index.ts'
import { leafOf } from '../../interpreter/machine/tables.ts'
import { lowerTask, type TaskOptions } from '../../interpreter/task.ts'
import { PAGE_BITS, TASK_IMPORTS } from '../../spec/index.ts'
import { taskRuntime } from './lowered.ts'
import { isReference } from './random-body.ts'
import type { RandomProgram } from './random-program.ts'
import type { Outcome } from './v8.ts'
import { encodeModule, type ModuleSpec } from './wasm-builder.ts'
import { OPCODES, REINTERPRET_ROWS } from './wasm-opcodes.ts'

/** Random programs end by their fuel long before this. */
export const MAX_STEPS = 30_000_000

/** Instructions that are no step of the machine. */
const STEPLESS: ReadonlySet<string> = new Set(['block', 'loop', 'nop', ...REINTERPRET_ROWS.map(({ op }) => op)])

/** Instructions that are steps of the machine. */
export const STEPPING_OPS: readonly string[] = Object.keys(OPCODES).filter((op) => !STEPLESS.has(op))

/** The instruction that a word comes from, or what the lowering calls it. */
export const opAt = ({ origins }: Program, pc: number): string => {
  const text = origins[pc]?.instruction ?? 'none'
  // A select with a type is written like one without.
  return text.startsWith('select (') ? 'select_t' : (text.split(' ')[0] ?? text)
}

/** A random program as a program of the machine. */
export const lowerRandom = ({ spec }: RandomProgram, options?: TaskOptions): Program =>
  lowerTask(encodeModule(spec), options)

/** Where the module's tables, globals and functions are in the program: code has no say in it. */
const placesOf = (spec: ModuleSpec): Places => {
  const functions = spec.functions.map(({ type }) => ({ type, locals: [], code: [{ op: 'unreachable' }] }) as const)
  const wasm = encodeModule({ ...spec, functions })
  const signatureOf = (name: string) => TASK_IMPORTS[name as keyof typeof TASK_IMPORTS]
  const linker = new Linker(taskRuntime, { stubWords: 0 })
  return linker.add('task', decodeModule(wasm), (_module, name) => ({
    kind: 'runtime',
    name,
    signature: signatureOf(name),
  })).places
}

/** What a machine that stopped shows, in the terms of the host's engine. */
export function outcomeOf(machine: Machine, { spec }: RandomProgram, { functions }: Program): Outcome {
  const { memory, pages, globals, tables } = machine.store
  const places = placesOf(spec)
  const references = places.callees.map((callee) => {
    const { typeId = 0, entryPc = 0 } = (callee.kind === 'function' && functions[callee.func]) || {}
    return (BigInt(typeId) << 32n) | BigInt(entryPc)
  })
  const numberOf = (reference: bigint): bigint =>
    reference === 0n ? 0n : references.includes(reference) ? BigInt(references.indexOf(reference) + 1) : -1n
  const entriesOf = ({ base, sizeGlobal }: Places['tables'][number]) =>
    Array.from({ length: Number(globals[sizeGlobal]) }, (_, i) =>
      numberOf(BigInt.asUintN(64, leafOf(tables, base + i))),
    )
  return {
    trap: machine.outcome().trap ?? 0,
    output: machine.output(),
    memory: memory.bytes.subarray(0, pages * 2 ** PAGE_BITS),
    globals: spec.globals.map(({ type }, i) => {
      const value = globals[places.globals[i] ?? -1] ?? 0n
      return isReference(type) ? numberOf(value) : value
    }),
    tables: places.tables.map(entriesOf),
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Names of what differs. */
export const differences = (a: Outcome, b: Outcome): readonly string[] => [
  ...(a.trap === b.trap ? [] : [`trap ${a.trap} against ${b.trap}`]),
  ...(sameBytes(a.output, b.output) ? [] : ['output']),
  ...(sameBytes(a.memory, b.memory) ? [] : ['memory']),
  ...a.globals.flatMap((value, i) => (value === b.globals[i] ? [] : [`global ${i}`])),
  ...a.tables.flatMap((entries, i) => (entries.join() === b.tables[i]?.join() ? [] : [`table ${i}`])),
]
