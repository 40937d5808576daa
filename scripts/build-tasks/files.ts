import { createHash } from 'node:crypto'
import { TASKS, taskBinary } from '../../wasm-tasks/index.ts'
import { COMPILER, compile, HOST_FLAGS, SCALAR_KERNEL_FLAGS, TASK_FLAGS, VECTOR_KERNEL_FLAGS } from './compile.ts'
import { keccakSource } from './keccak/source.ts'

export const COMMAND = 'npm run build:tasks'

const HOST_SOURCE = 'interpreter/host/assembly/runtime.ts'
const HOST_TARGET = 'interpreter/host/generated/runtime.ts'
const KERNEL_SOURCE = 'interpreter/commit/assembly/kernel.ts'
const KERNEL_ROUNDS = 'interpreter/commit/assembly/generated/keccak.ts'
const VECTOR_KERNEL_TARGET = 'interpreter/commit/generated/vector-kernel.ts'
const SCALAR_KERNEL_TARGET = 'interpreter/commit/generated/scalar-kernel.ts'
const MANIFEST = 'wasm-tasks/build/manifest.json'
const BASE64_LINE = /.{1,100}/g

/** Compiles everything: contents of each generated file by its path from the project's root. */
export async function buildTasks(): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const { name } of TASKS) {
    files.set(binaryPath(name), await compile(`wasm-tasks/${name}/assembly/index.ts`, TASK_FLAGS))
  }
  files.set(MANIFEST, encode(manifest(files)))
  files.set(HOST_TARGET, await hostModule())
  for (const [path, contents] of await kernelModules()) files.set(path, contents)
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

const generatedFrom = (source: string) => `Generated from ${source} by \`${COMMAND}\`; never edited.`

/** A binary as a module of TypeScript that exports its bytes: it is there in a browser, too. */
function binaryModule(source: string, name: string, about: string, binary: Uint8Array): Uint8Array {
  const lines = Buffer.from(binary).toString('base64').match(BASE64_LINE) ?? []
  return encode(`// ${generatedFrom(source)}
const BASE64 = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('')

/** ${about} */
export const ${name} = Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0))
`)
}

async function hostModule(): Promise<Uint8Array> {
  const about = 'The runtime functions, as the WASM module of which a program gets those that it uses.'
  return binaryModule(HOST_SOURCE, 'runtimeWasm', about, await compile(HOST_SOURCE, HOST_FLAGS))
}

/** The kernel's unrolled rounds, and the binaries made of them. */
async function kernelModules(): Promise<[path: string, contents: Uint8Array][]> {
  const rounds = keccakSource(generatedFrom('scripts/build-tasks/keccak'))
  const fresh = new Map([[KERNEL_ROUNDS, rounds]])
  const [vector, scalar] = [
    await compile(KERNEL_SOURCE, VECTOR_KERNEL_FLAGS, fresh),
    await compile(KERNEL_SOURCE, SCALAR_KERNEL_FLAGS, fresh),
  ]
  return [
    [KERNEL_ROUNDS, encode(rounds)],
    [
      VECTOR_KERNEL_TARGET,
      binaryModule(KERNEL_SOURCE, 'vectorKernelWasm', 'The kernel for engines with vectors.', vector),
    ],
    [SCALAR_KERNEL_TARGET, binaryModule(KERNEL_SOURCE, 'scalarKernelWasm', 'The kernel for other engines.', scalar)],
  ]
}

const encode = (text: string) => new TextEncoder().encode(text)
