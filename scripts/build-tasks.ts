// Compiles the tasks and the host's runtime functions: writes what changed, or with --check only compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './build-tasks/compile.ts'
import { buildTasks, COMMAND } from './build-tasks/files.ts'

function isCheckedIn(path: string, contents: Uint8Array): boolean {
  const file = join(ROOT, path)
  return existsSync(file) && readFileSync(file).equals(contents)
}

function compare(path: string): boolean {
  console.log(`stale: ${path}\n  next: ${COMMAND}`)
  return false
}

function write(path: string, contents: Uint8Array): boolean {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true })
  writeFileSync(join(ROOT, path), contents)
  console.log(`wrote ${path}`)
  return true
}

async function main(args: readonly string[]): Promise<number> {
  const apply = args.includes('--check') ? compare : write
  let fresh = true
  for (const [path, contents] of await buildTasks()) {
    if (!isCheckedIn(path, contents)) fresh = apply(path, contents) && fresh
  }
  return fresh ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
