import type { Signature } from '../../spec/index.ts'
import type { ProgramType } from '../lower/body.ts'
import type { LoweredCode, Program } from '../lower/program.ts'
import { SP_MASK } from './body.ts'
import { Budget } from './budget.ts'
import { CAPTURED } from './capture.ts'
import { type Bytes, ByteWriter } from './code-bytes.ts'
import {
  access,
  assemble,
  fromSlot,
  i32Const,
  i64Const,
  localGet,
  localSet,
  type NativeType,
  nameBytes,
  nativeType,
  opcode,
  TYPE,
  toSlot,
  unsigned,
} from './encoding.ts'
import type { Environment, Site } from './environment.ts'
import { recompile, resumption, wordsOf } from './function.ts'
import { type Layout, layoutOf } from './layout.ts'
import { Listing } from './listing.ts'
import { NativeUnsupported } from './unsupported.ts'

/** The modules that the engine compiles: one of all functions, and one for each place where a run goes on. */

const MEMORIES = 4
const FUNCTION_FORM = 0x60
const FUNCREF = 0x70

type Signature64 = { readonly params: readonly NativeType[]; readonly results: readonly NativeType[] }

/** The counter goes along. */
const threaded = ({ params, results }: Signature): Signature64 => ({
  params: [...params.map(nativeType), TYPE.i64],
  results: [...results.map(nativeType), TYPE.i64],
})

class Types {
  readonly #indices = new Map<string, number>()
  readonly bytes: number[] = []

  index({ params, results }: Signature64): number {
    const bytes = [FUNCTION_FORM, ...unsigned(params.length), ...params, ...unsigned(results.length), ...results]
    const key = String(bytes)
    const known = this.#indices.get(key)
    if (known !== undefined) return known
    this.bytes.push(...bytes)
    this.#indices.set(key, this.#indices.size)
    return this.#indices.size - 1
  }

  get section(): number[] {
    return [...unsigned(this.#indices.size), ...this.bytes]
  }
}

/** The null reference leads to pc 0, where no function is: it has no type. All references are numbers in the engine. */
const engineKnowsTypes = (sources: readonly LoweredCode[]): boolean => {
  const modules = new Set(sources.map(({ places }) => places.types))
  return sources.every(({ entryPc }) => entryPc > 0) && ![...modules].some((types) => types.some(hasReferences))
}

const hasReferences = ({ signature: { params, results } }: ProgramType): boolean =>
  [...params, ...results].some((type) => type === 'funcref' || type === 'externref')

const vector = (items: readonly Bytes[]): Bytes => {
  const bytes = new ByteWriter()
  bytes.put(unsigned(items.length))
  for (const item of items) bytes.put(item)
  return bytes.slice()
}

const sized = (code: Bytes): Bytes => {
  const bytes = new ByteWriter()
  bytes.put(unsigned(code.length), code)
  return bytes.slice()
}

const MEMORY_IMPORTS = Array.from({ length: MEMORIES }, (_, i) => [
  ...nameBytes('state'),
  ...nameBytes(`memory${i}`),
  ...[0x02, 0x01, 0x00, ...unsigned(65536)],
])

const functionName = (func: number): string => `f${func}`

/** What is known of a program once its functions are recompiled. */
export interface Recompiled {
  readonly wasm: Uint8Array<ArrayBuffer>
  readonly layout: Layout
  /** Safe points by pc. */
  readonly sites: ReadonlyMap<number, Site>
  /** What the frames of functions have, and what ENTER asks for. */
  readonly frames: readonly { readonly own: number; readonly results: number }[]
  readonly needs: readonly number[]
  /** Steps by which a run may miss its fuel: those between two safe points, and those that the counter is off at one. */
  readonly reach: number
  /** The module that goes on from a safe point. */
  readonly resume: (site: Site) => Uint8Array<ArrayBuffer>
}

/**
 * Recompiles all functions of a program. `mistake` is for tests: what constants of the counter are off by.
 * @throws NativeUnsupported
 */
export const recompileProgram = (program: Program, mistake: () => number = () => 0): Recompiled => {
  const { sources } = program
  if (sources === null) throw new NativeUnsupported('its sources were not kept')
  const layout = layoutOf(sources, program)
  const sites = new Map<number, Site>()
  const below = new Map<string, number>()
  const shared = {
    listing: new Listing(program.code),
    layout,
    sources,
    engineKnowsTypes: engineKnowsTypes(sources),
    entries: new Map(sources.map(({ entryPc }, func) => [entryPc, func])),
    below: (func: number, at: number) => below.get(`${func} ${at}`) ?? 0,
    mistake,
  }
  const types = new Types()
  const env: Environment = {
    ...shared,
    budget: new Budget('program'),
    functionIndex: (func) => func,
    typeIndex: (signature) => types.index(threaded(signature)),
    opened: (func, at, count) => below.set(`${func} ${at}`, count),
    site: (pc, site) => sites.set(pc, site),
  }
  const wasm = programModule(env, types, program.code.length)
  const resume = (site: Site) => resumeModule({ ...shared, opened: () => undefined, site: () => undefined }, site)
  const frames = sources.map(({ signature, source }) => ({
    own: source.locals.reduce((sum, { count }) => sum + count, 0),
    results: signature.results.length,
  }))
  const needs = sources.map(({ entryPc }) => shared.listing.word(entryPc).immLo)
  return {
    wasm,
    layout,
    sites,
    frames,
    needs,
    reach: 2 * sources.reduce((most, code) => Math.max(most, wordsOf(code)), 1),
    resume,
  }
}

const programModule = (env: Environment, types: Types, codeBytes: number): Uint8Array<ArrayBuffer> => {
  const bodies = env.sources.map((_, func) => sized(recompile(env, func)))
  const indices = env.sources.map(({ signature }) => unsigned(env.typeIndex(signature)))
  const entries = unsigned(codeBytes / 32)
  const exported = env.sources.map((_, func) => [...nameBytes(functionName(func)), 0x00, ...unsigned(func)])
  return assemble([
    [1, types.section],
    [2, vector(MEMORY_IMPORTS)],
    [3, vector(indices)],
    [4, [1, FUNCREF, 0x01, ...entries, ...entries]],
    [7, vector([...exported, [...nameBytes('table'), 0x01, 0x00]])],
    [9, vector(env.sources.map(({ entryPc }, func) => elementAt(entryPc, func)))],
    [10, vector(bodies)],
  ])
}

/** Each function stands in the table at its entry's pc: that is what references say. */
const elementAt = (pc: number, func: number): number[] => [0x00, ...i32Const(pc), 0x0b, 1, ...unsigned(func)]

type Shared = Omit<Environment, 'functionIndex' | 'typeIndex' | 'budget'>

const resumeModule = (shared: Shared, site: Site): Uint8Array<ArrayBuffer> => {
  const types = new Types()
  const imported = new Map<number, number>()
  const env: Environment = {
    ...shared,
    budget: new Budget('function'),
    typeIndex: (signature) => types.index(threaded(signature)),
    functionIndex: (func) => {
      const index = imported.get(func) ?? imported.size
      imported.set(func, index)
      return index
    },
  }
  const { signature } = shared.sources[site.func]!
  const results = signature.results.map(nativeType)
  const entry = site.kind === 'entry'
  const rest = entry ? [] : [resumption(env, site)]
  const called = entry ? env.functionIndex(site.func) : imported.size
  const runner = wrapper(shared.layout, entry ? signature.params.map(nativeType) : [], results, called)
  const functions = [...imported.keys()].map((func) => [
    ...nameBytes('program'),
    ...nameBytes(functionName(func)),
    0x00,
    ...unsigned(env.typeIndex(shared.sources[func]!.signature)),
  ])
  const restType = types.index({ params: [TYPE.i64], results: [...results, TYPE.i64] })
  const runType = types.index({ params: [TYPE.i64], results: [TYPE.i64] })
  const tableImport = [...nameBytes('program'), ...nameBytes('table'), 0x01, FUNCREF, 0x00, 0]
  return assemble([
    [1, types.section],
    [2, vector([...MEMORY_IMPORTS, tableImport, ...functions])],
    [3, vector([...rest.map(() => unsigned(restType)), unsigned(runType)])],
    [7, vector([[...nameBytes('run'), 0x00, ...unsigned(imported.size + rest.length)]])],
    [10, vector([...rest, runner].map(sized))],
  ])
}

/** The address of the slot that the counter names. */
const baseOf = [
  ...localGet(0),
  ...opcode('i32.wrap_i64'),
  ...i32Const(Number(SP_MASK)),
  ...opcode('i32.and'),
  ...i32Const(3),
  ...opcode('i32.shl'),
]

/** Takes the counter; arguments come from the slots of the frame, and results go to its first slots. */
const wrapper = (
  { slots }: Layout,
  params: readonly NativeType[],
  results: readonly NativeType[],
  called: number,
): number[] => {
  const [base, first] = [1, 2]
  const code = [...baseOf, ...localSet(base)]
  params.forEach((type, i) => {
    const offset = slots + 8 * (i - params.length - 1)
    code.push(...localGet(base), ...access('i64.load', offset), ...fromSlot(type))
  })
  code.push(...localGet(0), 0x10, ...unsigned(called), ...localSet(0))
  for (let i = results.length - 1; i >= 0; i--) code.push(...localSet(first + i))
  code.push(...localGet(0), ...i64Const(CAPTURED), ...opcode('i64.ge_s'), 0x04, 0x40, ...baseOf, ...localSet(base))
  results.forEach((type, i) => {
    code.push(...localGet(base), ...localGet(first + i), ...toSlot(type), ...access('i64.store', slots + 8 * i))
  })
  code.push(0x0b, ...localGet(0), 0x0b)
  return [...unsigned(1 + results.length), 1, TYPE.i32, ...results.flatMap((type) => [1, type]), ...code]
}
