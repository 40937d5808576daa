import { byteTreeRoot, type Hash, toHex } from '../interpreter/index.ts'
import type { ModuleSources } from '../protocol/index.ts'
import { fetchBytes, type Scheme } from './content/fetch.ts'
import { type Folder, openFolder } from './content/folder.ts'
import { createModuleIndex, type Identify } from './content/modules.ts'
import { InputRefused, ModuleRefused } from './content/refused.ts'
import { createSearches, type Found, type Lack } from './content/searches.ts'
import { createFirstGood, type FirstGood, problemOf, type Source } from './content/sources.ts'
import type { Log } from './log.ts'

/** Why a task cannot be computed for want of content. Whoever lacks it knows nothing of the task's truth. */
export type ContentReason = 'programSought' | 'programMissing' | 'inputSought' | 'inputMissing'

/** Whether it may still be found: nothing failed so far. */
export const isSearching = (reason: string): boolean => reason === 'programSought' || reason === 'inputSought'

export interface ContentOptions {
  /** Where content is found and kept; without it nothing is kept. */
  readonly folder?: string | undefined
  /** What the chain tells of a program's module. */
  readonly readModule: (program: Hash) => Promise<ModuleSources>
  /** Where the request of a task says that its input can be had. */
  readonly readUris: (task: Hash) => Promise<readonly string[]>
  /** Lowers modules; a stranger's can take long. */
  readonly identify: Identify
  /** URIs that may be opened. */
  readonly schemes: readonly Scheme[]
  readonly log: Log
  /** Ends what is being fetched. */
  readonly stop?: AbortSignal | undefined
  /** Milliseconds; by default those of the process. */
  readonly clock?: () => number
}

/** Modules and inputs by what they are. */
export interface Content {
  /** The module of a program, from the folder or from where the chain says that it is. */
  module(program: Hash): Found<Uint8Array, ContentReason>
  /** An input by its root, from the folder or from where the request of a task says that it is. */
  input(root: Hash, task: Hash): Found<Uint8Array, ContentReason>
  /** An input that was found before. */
  held(root: Hash): Uint8Array | undefined
  /** Drops all inputs but these; the folder keeps them. */
  retain(roots: ReadonlySet<Hash>): void
  /** Resolves when nothing is being sought. */
  atRest(): Promise<void>
}

/** Lowering takes time and memory in proportion to the module. */
const MAX_MODULE_BYTES = 16 * 2 ** 20

/** An input of so many bytes is hashed in seconds; a larger one can be put into the folder. */
const MAX_INPUT_BYTES = 16 * 2 ** 20

const TIMEOUT_MS = 20_000

/** Programs and inputs from a folder, the chain and URIs, each taken only if it is what its id says. */
export function createContent(options: ContentOptions): Content {
  const { clock = () => performance.now() } = options
  const parts: Parts = {
    ...options,
    folder: openFolder(options.folder),
    firstGood: createFirstGood(options.log),
    fetched: (uri, size) => fetchBytes(uri, { ...options, size, timeoutMs: TIMEOUT_MS }),
  }
  const findModule = moduleFinder(parts)
  const modules = createSearches<Hash, Uint8Array, ContentReason>(sought('program'), missing('program'), clock)
  const inputs = createSearches<Hash, Uint8Array, ContentReason>(sought('input'), missing('input'), clock)
  return {
    module: (program) => modules.get(program, () => findModule(program)),
    input: (root, task) => inputs.get(root, () => findInput(parts, root, task)),
    held: (root) => inputs.held(root),
    retain: (roots) => inputs.retain(roots),
    async atRest() {
      await Promise.all([modules.atRest(), inputs.atRest()])
    },
  }
}

interface Parts extends Pick<ContentOptions, 'readModule' | 'readUris' | 'identify'> {
  readonly folder: Folder
  readonly firstGood: FirstGood
  fetched(uri: string, size: number): Promise<Uint8Array>
}

function moduleFinder({ folder, firstGood, readModule, fetched, identify }: Parts) {
  const index = createModuleIndex(identify)

  const inFolder = (program: Hash, path: string): Source<Uint8Array> => ({
    name: path,
    async take() {
      const wasm = await folder.read(path)
      return (await index.programOf(wasm, program)) === program ? wasm : undefined
    },
  })

  const told = (program: Hash, name: string, get: () => Promise<Uint8Array>): Source<Uint8Array> => ({
    name,
    async take() {
      const wasm = await get()
      const actual = await index.programOf(wasm, program)
      if (actual !== program) throw new ModuleRefused('otherProgram', `it is the module of program ${actual}`)
      await folder.keepModule(program, wasm)
      return wasm
    },
  })

  /** What lies on the chain needs nobody's server, so it comes first. */
  const onChain = (program: Hash, { candidates, uris }: ModuleSources): Source<Uint8Array>[] => [
    ...candidates.map(({ publisher, module }) => told(program, `pieces of ${publisher}`, async () => module)),
    ...uris.map(({ uri }) => told(program, uri, () => fetched(uri, MAX_MODULE_BYTES))),
  ]

  return async (program: Hash): Promise<Found<Uint8Array, ContentReason>> => {
    const kept = (await folder.modules(program)).map((path) => inFolder(program, path))
    const here = await firstGood('program', program, kept)
    if (here !== undefined) return here
    const sources = onChain(program, await readModule(program))
    const there = await firstGood('program', program, sources)
    return there ?? { lacks: 'programMissing', message: `not in the folder, nor among ${sources.length} modules told` }
  }
}

async function findInput(parts: Parts, root: Hash, task: Hash): Promise<Found<Uint8Array, ContentReason>> {
  const { folder, firstGood, fetched, readUris } = parts
  const kept = await folder.input(root)
  const inFolder = kept === undefined ? [] : [{ name: 'folder', take: async () => checked(root, kept) }]
  const here = await firstGood('input', root, inFolder)
  if (here !== undefined) return here
  const at = (uri: string): Source<Uint8Array> => ({
    name: uri,
    async take() {
      const bytes = checked(root, await fetched(uri, MAX_INPUT_BYTES))
      await folder.keepInput(root, bytes)
      return bytes
    },
  })
  const uris = await readUris(task)
  const there = await firstGood('input', root, uris.map(at))
  return there ?? { lacks: 'inputMissing', message: `not in the folder, nor at any of ${uris.length} URIs` }
}

/** @throws InputRefused */
function checked(root: Hash, bytes: Uint8Array): Uint8Array {
  const actual = toHex(byteTreeRoot(bytes))
  if (actual !== root) throw new InputRefused(actual)
  return bytes
}

const sought = (kind: 'program' | 'input'): Lack<ContentReason> => ({
  lacks: `${kind}Sought`,
  message: 'a search is under way',
})

const missing =
  (kind: 'program' | 'input') =>
  (error: unknown): Lack<ContentReason> => ({ lacks: `${kind}Missing`, message: problemOf(error).message })
