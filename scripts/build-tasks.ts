import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import asc from 'assemblyscript/asc'
import { TASKS, taskBinary } from '../wasm-tasks/index.ts'

const ROOT = resolve(import.meta.dirname, '..')
const COMMAND = 'npm run build:tasks'

/** The integer part of WebAssembly 1.0 and nothing newer; a fast result before a small one. */
const FLAGS = [
  ...['--runtime', 'stub'],
  ...['--optimizeLevel', '3', '--shrinkLevel', '0'],
  ...['--disable', 'bulk-memory,sign-extension,nontrapping-f2i,mutable-globals'],
  '--noColors',
]
/** A task's failures keep message, file and line; see wasm-tasks/lib/abort.ts. */
const TASK_FLAGS = [...FLAGS, '--use', 'abort=wasm-tasks/lib/abort/abort']
/** The runtime functions work on the memory of the task they are linked to. */
const HOST_FLAGS = [...FLAGS, '--importMemory', '--noExportMemory']

const HOST_SOURCE = 'interpreter/host/assembly/task-abi.ts'
const HOST_TARGET = 'interpreter/host/generated/task-abi.ts'
const MANIFEST = 'wasm-tasks/build/manifest.json'
const BASE64_LINE = 100

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

/** Compiles one AssemblyScript file, named from the project's root, and writes nothing. */
export async function compile(source: string, flags: readonly string[] = TASK_FLAGS): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const { error, stderr } = await asc.main([source, ...flags, '--baseDir', ROOT, '--outFile', 'binary.wasm'], {
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents
    },
  })
  if (error || !binary) throw new CompilationFailed(source, stderr?.toString() ?? '')
  return binary
}

/** Compiles everything: contents of each generated file by its path from the project's root. */
export async function buildTasks(): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const { name } of TASKS) {
    files.set(`wasm-tasks/${taskBinary(name)}`, await compile(`wasm-tasks/${name}/assembly/index.ts`))
  }
  files.set(MANIFEST, text(manifest(files)))
  files.set(HOST_TARGET, text(hostModule(await compile(HOST_SOURCE, HOST_FLAGS))))
  return files
}

/** Paths whose contents differ from what is checked in. */
export function staleFiles(files: ReadonlyMap<string, Uint8Array>): string[] {
  return [...files].filter(([path, contents]) => !checkedIn(path).equals(contents)).map(([path]) => path)
}

function checkedIn(path: string): Buffer {
  try {
    return readFileSync(join(ROOT, path))
  } catch {
    return Buffer.alloc(0)
  }
}

function manifest(binaries: ReadonlyMap<string, Uint8Array>): string {
  const tasks = TASKS.map(({ name }) => {
    const binary = binaries.get(`wasm-tasks/${taskBinary(name)}`)!
    return [name, { size: binary.length, sha256: createHash('sha256').update(binary).digest('hex') }] as const
  })
  const contents = {
    generated: `from wasm-tasks/*/assembly by \`${COMMAND}\``,
    compiler: `assemblyscript ${asc.version}`,
    flags: TASK_FLAGS.join(' '),
    tasks: Object.fromEntries(tasks),
  }
  return `${JSON.stringify(contents, null, 2)}\n`
}

function hostModule(binary: Uint8Array): string {
  const base64 = Buffer.from(binary).toString('base64')
  const lines = base64.match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? []
  return `// Generated from ${HOST_SOURCE} by \`${COMMAND}\`; never edited.
const BASE64 = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('')

/** The runtime functions behind the task ABI, as the WASM module that is linked to every task. */
export const taskAbiWasm = Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0))
`
}

const text = (contents: string) => new TextEncoder().encode(contents)

async function main(): Promise<void> {
  const files = await buildTasks()
  const stale = staleFiles(files)
  if (!process.argv.includes('--check')) {
    for (const path of stale) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true })
      writeFileSync(join(ROOT, path), files.get(path)!)
    }
    console.log(stale.length === 0 ? 'tasks: unchanged' : `tasks: wrote ${stale.join(', ')}`)
  } else if (stale.length > 0) {
    console.error(`tasks: stale: ${stale.join(', ')}; run \`${COMMAND}\``)
    process.exitCode = 1
  }
}

if (import.meta.main) await main()
