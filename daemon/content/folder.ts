import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hash } from '../../interpreter/index.ts'

/** The content folder: `programs/*.wasm` by any name, and `inputs/<root>`. Nothing in it is believed; readers check. */
export interface Folder {
  /** Paths of all modules, those that are named by the id of a program first. */
  modules(id: Hash): Promise<string[]>
  read(path: string): Promise<Uint8Array>
  input(root: Hash): Promise<Uint8Array | undefined>
  keepModule(id: Hash, wasm: Uint8Array): Promise<void>
  keepInput(root: Hash, bytes: Uint8Array): Promise<void>
}

const PROGRAMS = 'programs'
const INPUTS = 'inputs'
const MODULE = '.wasm'

/** A folder on disk; it need not exist until something is kept. Without a path nothing is found or kept. */
export function openFolder(root: string | undefined): Folder {
  const read = async (path: string) => new Uint8Array(await readFile(path))

  async function keep(kind: string, name: string, bytes: Uint8Array): Promise<void> {
    if (root === undefined) return
    await mkdir(join(root, kind), { recursive: true })
    // Under its name it is whole or not there, whenever the process ends.
    const unfinished = join(root, kind, `.${name}.${process.pid}`)
    await writeFile(unfinished, bytes)
    await rename(unfinished, join(root, kind, name))
  }

  return {
    read,
    async modules(id) {
      if (root === undefined) return []
      const names = (await ifThere(readdir(join(root, PROGRAMS)))) ?? []
      const modules = names.filter((name) => name.endsWith(MODULE) && !name.startsWith('.'))
      const own = id + MODULE
      const ordered = modules.includes(own) ? [own, ...modules.filter((name) => name !== own)] : modules
      return ordered.map((name) => join(root, PROGRAMS, name))
    },
    input: async (inputRoot) => (root === undefined ? undefined : ifThere(read(join(root, INPUTS, inputRoot)))),
    keepModule: (id, wasm) => keep(PROGRAMS, id + MODULE, wasm),
    keepInput: (inputRoot, bytes) => keep(INPUTS, inputRoot, bytes),
  }
}

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
