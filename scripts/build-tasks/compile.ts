import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import asc from 'assemblyscript/asc'

export const ROOT = resolve(import.meta.dirname, '../..')
export const COMPILER = `assemblyscript ${asc.version}`

/** A fast result before a small one; --debug keeps names. */
const FLAGS = [...['--runtime', 'stub'], ...['--optimizeLevel', '3', '--shrinkLevel', '0'], '--debug', '--noColors']
/** A task's failures keep message, file and line; see wasm-tasks/lib/abort.ts. */
export const TASK_FLAGS = [...FLAGS, '--use', 'abort=wasm-tasks/lib/abort/abort']
/** The runtime functions work on the memory of the module they are linked to; bulk instructions are made of them. */
export const HOST_FLAGS = [...FLAGS, '--disable', 'bulk-memory', '--importMemory', '--noExportMemory']
/** The kernel's source is unrolled already: engines make the more of it the less the compiler moves. */
const KERNEL_FLAGS = ['--runtime', 'stub', '--optimizeLevel', '1', '--noColors']
export const VECTOR_KERNEL_FLAGS = [...KERNEL_FLAGS, '--enable', 'simd']
export const SCALAR_KERNEL_FLAGS = [...KERNEL_FLAGS, '--disable', 'bulk-memory']

/** The AssemblyScript compiler refused a source file. */
export class CompilationFailed extends Error {
  override readonly name = 'CompilationFailed'
  readonly source: string
  readonly diagnostics: string
  constructor(source: string, diagnostics: string) {
    super(`${source} does not compile:\n${diagnostics}`)
    this.source = source
    this.diagnostics = diagnostics
  }
}

/**
 * Compiles one AssemblyScript file, named from the project's root, to a WASM binary. Writes no file.
 * `fresh` are contents of files that take the place of those on the disk.
 */
export async function compile(
  source: string,
  flags: readonly string[],
  fresh: ReadonlyMap<string, string> = new Map(),
): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const { error, stderr } = await asc.main([source, ...flags, '--baseDir', ROOT, '--outFile', 'binary.wasm'], {
    readFile: (name) =>
      fresh.get(name) ?? (existsSync(resolve(ROOT, name)) ? readFileSync(resolve(ROOT, name), 'utf8') : null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents
    },
  })
  if (error || !binary) throw new CompilationFailed(source, stderr?.toString() ?? '')
  return binary
}
