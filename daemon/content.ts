import { byteTreeRoot, type Hash, type Program, toHex } from '../interpreter/index.ts'
import { fetchBytes, type Scheme } from './content/fetch.ts'
import { type Folder, openFolder } from './content/folder.ts'
import { createModuleIndex, lowerModule } from './content/modules.ts'
import { InputRefused, ModuleRefused } from './content/refused.ts'
import { createSearches, type Found, type Lack } from './content/searches.ts'
import { createFirstGood, type FirstGood, problemOf, type Source } from './content/sources.ts'
import type { Log } from './log.ts'

/** Why a task cannot be computed for want of content. Whoever lacks it knows nothing of the task's truth. */
export type ContentReason = 'programSought' | 'programMissing' | 'inputSought' | 'inputMissing'

/** A module that somebody says to be a program's. */
export type Candidate =
  | { readonly publisher: string; readonly bytes: Uint8Array }
  | { readonly publisher: string; readonly uri: string }

export interface ContentOptions {
  /** Where content is found and kept; without it nothing is kept. */
  readonly folder?: string | undefined
  /** What the chain tells of a program's module. */
  readonly candidates: (program: Hash) => Promise<readonly Candidate[]>
  /** URIs that may be opened. */
  readonly schemes: readonly Scheme[]
  readonly log: Log
  /** Milliseconds; by default those of the process. */
  readonly clock?: () => number
}

/** Programs and inputs by what they are. */
export interface Content {
  /** Adds the module of a program; returns its id. @throws ModuleRefused */
  add(wasm: Uint8Array): Hash
  program(id: Hash): Found<Program, ContentReason>
  /** An input by its root, from the folder or where a request says that it is. */
  input(root: Hash, uris: readonly string[]): Found<Uint8Array, ContentReason>
  /** Drops an input that no task asks for any more; the folder keeps it. */
  drop(root: Hash): void
  /** Resolves when nothing is being sought. */
  atRest(): Promise<void>
}

/** A module of so many bytes lowers in seconds. */
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
    fetched: (uri, size) => fetchBytes(uri, { schemes: options.schemes, size, timeoutMs: TIMEOUT_MS }),
  }
  const findProgram = programFinder(parts)
  const added = new Map<Hash, Program>()
  const programs = createSearches<Hash, Program, ContentReason>(sought('program'), missing('program'), clock)
  const inputs = createSearches<Hash, Uint8Array, ContentReason>(sought('input'), missing('input'), clock)
  return {
    add(wasm) {
      const { id, program } = lowerModule(wasm)
      added.set(id, program)
      return id
    },
    program: (id) => added.get(id) ?? programs.get(id, () => findProgram(id)),
    input: (root, uris) => inputs.get(root, () => findInput(parts, root, uris)),
    drop: (root) => inputs.forget(root),
    async atRest() {
      await Promise.all([programs.atRest(), inputs.atRest()])
    },
  }
}

interface Parts extends Pick<ContentOptions, 'candidates'> {
  readonly folder: Folder
  readonly firstGood: FirstGood
  fetched(uri: string, size: number): Promise<Uint8Array>
}

function programFinder({ folder, firstGood, candidates, fetched }: Parts) {
  const index = createModuleIndex()

  const inFolder = (id: Hash, path: string): Source<Program> => ({
    name: path,
    take: async () => index.programOf(id, await folder.read(path)),
  })

  const onChain = (id: Hash, candidate: Candidate): Source<Program> => ({
    name: 'uri' in candidate ? candidate.uri : `pieces of ${candidate.publisher}`,
    async take() {
      const wasm = 'uri' in candidate ? await fetched(candidate.uri, MAX_MODULE_BYTES) : candidate.bytes
      const program = index.programOf(id, wasm)
      if (program === undefined) throw new ModuleRefused('otherProgram', 'it is the module of another program')
      await folder.keepModule(id, wasm)
      return program
    },
  })

  return async (id: Hash): Promise<Found<Program, ContentReason>> => {
    const paths = await folder.modules(id)
    const here = await firstGood(
      'program',
      id,
      paths.map((path) => inFolder(id, path)),
    )
    if (here !== undefined) return here
    const told = await candidates(id)
    const there = await firstGood(
      'program',
      id,
      told.map((candidate) => onChain(id, candidate)),
    )
    return there ?? { lacks: 'programMissing', message: `not in the folder, nor among ${told.length} modules told` }
  }
}

async function findInput(parts: Parts, root: Hash, uris: readonly string[]): Promise<Found<Uint8Array, ContentReason>> {
  const { folder, firstGood, fetched } = parts
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
