import { createHash } from 'node:crypto'
import { TASKS, taskBinary } from '../../wasm-tasks/index.ts'
import { COMPILER, compile, HOST_FLAGS, TASK_FLAGS } from './compile.ts'

export const COMMAND = 'npm run build:tasks'

const HOST_SOURCE = 'interpreter/host/assembly/runtime.ts'
const HOST_TARGET = 'interpreter/host/generated/runtime.ts'
const MANIFEST = 'wasm-tasks/build/manifest.json'
const BASE64_LINE = /.{1,100}/g

/** Compiles everything: contents of each generated file by its path from the project's root. */
export async function buildTasks(): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const { name } of TASKS) {
    files.set(binaryPath(name), await compile(`wasm-tasks/${name}/assembly/index.ts`, TASK_FLAGS))
  }
  files.set(MANIFEST, encode(manifest(files)))
  files.set(HOST_TARGET, encode(hostModule(await compile(HOST_SOURCE, HOST_FLAGS))))
  return files
}

const binaryPath = (name: string) => `wasm-tasks/${taskBinary(name)}`

function manifest(binaries: ReadonlyMap<string, Uint8Array>): string {
  const tasks = TASKS.map(({ name }) => {
    const binary = binaries.get(binaryPath(name))!
    return [name, { size: binary.length, sha256: createHash('sha256').update(binary).digest('hex') }] as const
  })
  const contents = {
    generated: `from wasm-tasks/*/assembly by \`${COMMAND}\``,
    compiler: COMPILER,
    flags: TASK_FLAGS.join(' '),
    tasks: Object.fromEntries(tasks),
  }
  return `${JSON.stringify(contents, null, 2)}\n`
}

function hostModule(binary: Uint8Array): string {
  const lines = Buffer.from(binary).toString('base64').match(BASE64_LINE) ?? []
  return `// Generated from ${HOST_SOURCE} by \`${COMMAND}\`; never edited.
const BASE64 = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('')

/** The runtime functions, as the WASM module of which a program gets those that it uses. */
export const runtimeWasm = Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0))
`
}

const encode = (text: string) => new TextEncoder().encode(text)
