import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { describe, expect, it } from 'vitest'
import { ROOT, TASK_FLAGS } from '../../scripts/build-tasks/compile.ts'
import { abortRecord, runRaw } from '../helpers/raw-task.ts'

const SOURCE = 'task.ts'

/** Compiles a task that exists only here, with the flags of all tasks. */
async function compileText(text: string): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array | undefined
  const { error, stderr } = await asc.main([SOURCE, ...TASK_FLAGS, '--outFile', 'task.wasm'], {
    readFile: (path) => (path === SOURCE ? text : readSource(path)),
    writeFile: (_path, contents) => {
      if (typeof contents !== 'string') binary = contents
    },
  })
  if (error || !binary) throw new Error(stderr?.toString())
  return new Uint8Array(binary)
}

function readSource(path: string): string | null {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return null
  }
}

const task = (body: string) => `
import { inputSize, writeOutput } from './wasm-tasks/lib/host'
export function main(): void {
  ${body}
  writeOutput(0, 1)
}`

describe('abort', () => {
  it('keeps message, file, line and column of a failed assertion in memory, and traps', async () => {
    const run = runRaw(
      await compileText(task("assert(inputSize() == 80, 'a header has 80 bytes')")),
      new Uint8Array(79),
    )
    expect(run.trap).toBeInstanceOf(WebAssembly.RuntimeError)
    expect(run.trap?.message).toBe('unreachable')
    expect(run.output).toHaveLength(0)
    expect(abortRecord(run)).toEqual({ message: 'a header has 80 bytes', file: SOURCE, line: 4, column: 3 })
  })

  it('keeps file and line where there is no message', async () => {
    const run = runRaw(await compileText(task('assert(inputSize() == 80)')), new Uint8Array(79))
    expect(run.trap?.message).toBe('unreachable')
    expect(abortRecord(run)).toMatchObject({ message: null, file: SOURCE, line: 4 })
  })

  it('serves a throw', async () => {
    const run = runRaw(
      await compileText(task("if (inputSize() != 80) throw new Error('not a header')")),
      new Uint8Array(79),
    )
    expect(run.trap?.message).toBe('unreachable')
    expect(abortRecord(run)).toMatchObject({ message: 'not a header', line: 4 })
  })

  it('leaves the record empty while nothing fails', async () => {
    const run = runRaw(
      await compileText(task("assert(inputSize() == 80, 'a header has 80 bytes')")),
      new Uint8Array(80),
    )
    expect(run.trap).toBeUndefined()
    expect(run.output).toHaveLength(1)
    expect(abortRecord(run)).toEqual({ message: null, file: null, line: 0, column: 0 })
  })
})
