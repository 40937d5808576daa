// Fills test/data with the official WebAssembly suite, as upstream tagged it for version 2.0. Needs git and a network.
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const REPOSITORY = 'https://github.com/WebAssembly/spec.git'
const TAG = 'wg-2.0'
const TARGET = 'test/data/wasm-suite-2.0'
/** Files of the suite at that tag: 90 of the core and 58 of its SIMD folder. */
const SUITE_FILES = 148

function clone(folder: string): void {
  const args = ['clone', '--quiet', '--depth', '1', '--branch', TAG, REPOSITORY, folder]
  const { status, error, stderr } = spawnSync('git', args, { encoding: 'utf8' })
  if (status === 0) return
  const cause = error?.message ?? stderr.trim()
  throw new Error(
    `${REPOSITORY} at ${TAG} could not be cloned: ${cause}\nnext: see whether the network is there, then run it again`,
  )
}

function copySuite(folder: string): number {
  rmSync(TARGET, { recursive: true, force: true })
  const core = join(folder, 'test', 'core')
  const files = globSync('**/*.wast', { cwd: core })
  for (const file of files) cpSync(join(core, file), join(TARGET, file))
  cpSync(join(folder, 'LICENSE'), join(TARGET, 'LICENSE'))
  return files.length
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'substep-data-'))
  try {
    clone(folder)
    const count = copySuite(folder)
    if (count !== SUITE_FILES) throw new Error(`${TARGET} holds ${count} files, wanted ${SUITE_FILES}`)
    console.log(`${TARGET}: ${count} files of ${TAG}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

main()
