import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lowerTask } from '../../../interpreter/index.ts'
import { countTo } from '../../helpers/native-programs.ts'
import { type Answers, answersOf } from '../../helpers/oracle-answers.ts'
import { wasmOf } from '../../helpers/wat.ts'

const PROCESS = join(import.meta.dirname, '../../helpers/oracle-process.ts')
const GIBIBYTE = 2 ** 20

/** Grows by pages that it writes to. */
const growing = wasmOf(
  `(module (memory 1 2000) (func (export "main") (local $p i32) ${countTo(
    12,
    `(local.set $p (i32.shl (memory.grow (i32.const 20)) (i32.const 16)))
   (memory.fill (i32.add (local.get $p) (i32.const 500)) (local.get $i) (i32.const 9000))`,
  )}))`,
)

/** Almost all that a machine may have. */
const large = wasmOf('(module (memory 60000) (func (export "main") (i32.store (i32.const 9) (i32.const 1))))')

describe('where the engine has no more memory', () => {
  let folder = ''
  let answers: Answers | undefined

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exhaustion-'))
    answers = answersOf(lowerTask(growing), { tier: 'interpreter' })
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  /** Answers of a process that may have so much address space, in KiB. */
  function answersWithin(limit: number | 'unlimited', module: Uint8Array, flags: readonly string[] = []) {
    const file = join(folder, 'module.wasm')
    writeFileSync(file, module)
    const command = `ulimit -v ${limit} && exec "$0" "$@"`
    const { stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, ...flags, PROCESS, file], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    return JSON.parse(stdout) as Answers & { readonly exhausted?: number }
  }

  it('answers as where it has, by the engine', () => {
    const { steps, hashes, report } = answersWithin('unlimited', growing)
    expect({ steps, hashes }).toEqual({ steps: answers!.steps, hashes: answers!.hashes })
    expect(report).toMatchObject({ fallback: null })
  })

  // An engine reserves some ten gibibytes for each memory that code has.
  it.each([16, 26, 37])('goes on by the interpreter, which needs no address space: %d GiB', (limit) => {
    const { steps, hashes, report } = answersWithin(limit * GIBIBYTE, growing)
    expect({ steps, hashes }).toEqual({ steps: answers!.steps, hashes: answers!.hashes })
    expect(report).toMatchObject({ fallback: expect.stringMatching(/^a memory of \d+ pages$/), nativeSteps: 0 })
  })

  it('goes on by the interpreter where a memory does not grow', () => {
    const { steps, hashes, report } = answersWithin('unlimited', growing, ['--wasm-max-mem-pages=300'])
    expect({ steps, hashes }).toEqual({ steps: answers!.steps, hashes: answers!.hashes })
    expect(report.fallback).not.toBeNull()
    expect(report.nativeSteps).toBeGreaterThan(0)
  })

  it('says so where there is none for the interpreter either', () => {
    expect(answersWithin(8 * GIBIBYTE, large)).toEqual({ exhausted: 60_000 * 2 ** 16 })
  })
})
