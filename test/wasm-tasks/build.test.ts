import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeModule } from '../../interpreter/binary/decode.ts'
import { runtimeWasm } from '../../interpreter/host/index.ts'
import { CompilationFailed, compile, ROOT, TASK_FLAGS } from '../../scripts/build-tasks/compile.ts'
import { buildTasks } from '../../scripts/build-tasks/files.ts'
import { requireListed, TaskUnlisted } from '../../scripts/build-tasks/listed.ts'
import { TASK_IMPORTS, TASK_MAIN, TASK_MODULE } from '../../spec/index.ts'
import { TASKS } from '../../wasm-tasks/index.ts'
import { readTask } from '../helpers/raw-task.ts'
import { OPCODES } from '../helpers/wasm-opcodes.ts'

interface Manifest {
  readonly compiler: string
  readonly tasks: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>
}

/** The integer part of WebAssembly 1.0. */
const INTEGER_OPS = new Set([...Object.keys(OPCODES), 'else', 'end'])

const checkedIn = (path: string) => readFileSync(join(ROOT, path))

describe('buildTasks', () => {
  let files: ReadonlyMap<string, Uint8Array>
  beforeAll(async () => {
    files = await buildTasks()
  })

  it('compiles to what is checked in, byte for byte', () => {
    for (const [path, contents] of files) expect(checkedIn(path).equals(contents), `${path} is fresh`).toBe(true)
  })

  it('accounts for every file in the folders of generated files', () => {
    const folders = [
      'wasm-tasks/build',
      'interpreter/host/generated',
      'interpreter/commit/generated',
      'interpreter/commit/assembly/generated',
    ]
    const present = folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
    expect(present.sort()).toEqual([...files.keys()].sort())
  })

  it('names each binary in the manifest with its size, its hash and the pinned compiler', () => {
    const manifest = JSON.parse(checkedIn('wasm-tasks/build/manifest.json').toString()) as Manifest
    const { devDependencies } = JSON.parse(checkedIn('package.json').toString()) as {
      devDependencies: Record<string, string>
    }
    expect(manifest.compiler).toBe(`assemblyscript ${devDependencies.assemblyscript}`)
    expect(Object.keys(manifest.tasks)).toEqual(TASKS.map(({ name }) => name))
    for (const [name, { size, sha256 }] of Object.entries(manifest.tasks)) {
      const binary = readTask(name)
      expect(size).toBe(binary.length)
      expect(sha256).toBe(createHash('sha256').update(binary).digest('hex'))
    }
  })
})

describe('requireListed', () => {
  it('accepts the folders that are here', () => expect(() => requireListed()).not.toThrow())

  it('refuses a folder that the list of tasks does not name', () => {
    const tasks = mkdtempSync(join(tmpdir(), 'substep-tasks-'))
    for (const name of ['lib', 'build', 'sha256', 'reverse']) mkdirSync(join(tasks, name))
    expect(() => requireListed(tasks)).toThrow(TaskUnlisted)
    expect(() => requireListed(tasks)).toThrow(/wasm-tasks\/reverse is not a task.*\n.*add \{ name: 'reverse'/)
    rmSync(tasks, { recursive: true })
  })
})

describe('compile', () => {
  it('throws what the compiler said about a file that it refuses', async () => {
    const failure = compile('wasm-tasks/no-such-task/assembly/index.ts', TASK_FLAGS)
    await expect(failure).rejects.toThrow(CompilationFailed)
    await expect(failure).rejects.toMatchObject({ source: 'wasm-tasks/no-such-task/assembly/index.ts' })
    await expect(failure).rejects.toThrow(/not found/)
  })
})

const binaries = [...TASKS.map(({ name }) => [name, readTask(name)] as const), ['runtime', runtimeWasm] as const]

describe.each(binaries)('the module %s', (_name, binary) => {
  it('uses integer instructions of WebAssembly 1.0 and no others', () => {
    const used = decodeModule(binary).functions.flatMap(({ body }) => body.map(({ op }) => op))
    expect(used.length).toBeGreaterThan(0)
    expect(used.filter((op) => !INTEGER_OPS.has(op))).toEqual([])
  })
})

describe.each(TASKS)('the binary of $name', ({ name }) => {
  const module = decodeModule(readTask(name))

  it('imports only host functions, with their signatures', () => {
    for (const { module: from, name: field, descriptor } of module.imports) {
      expect(from).toBe(TASK_MODULE)
      if (descriptor.kind !== 'function') throw new Error(`${field} is a ${descriptor.kind}`)
      expect(module.types[descriptor.type], field).toEqual(TASK_IMPORTS[field as keyof typeof TASK_IMPORTS])
    }
  })

  it('exports main, without arguments and results, and its memory', () => {
    expect(module.exports.map(({ name: field, kind }) => `${kind} ${field}`).sort()).toEqual([
      `function ${TASK_MAIN}`,
      'memory memory',
    ])
    const main = module.exports.find(({ name: field }) => field === TASK_MAIN)!
    expect(module.types[module.functions[main.index - module.imports.length]!.type]).toEqual({
      params: [],
      results: [],
    })
  })

  it('keeps the names of its functions', () => {
    const indices = module.functions.map((_, i) => module.imports.length + i)
    expect(indices.filter((index) => !module.functionNames.get(index)?.startsWith('wasm-tasks/'))).toEqual([])
  })
})
