import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'

export const ROOT = dirname(dirname(import.meta.dirname))
const MAIN = join(ROOT, 'cli', 'main.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the command in a process of its own, its sources run by this Node. */
export const start = (args: readonly string[]) => spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' })

/** Runs the command to its end. */
export async function substep(args: readonly string[], stdin: Uint8Array | string = ''): Promise<Ended> {
  const { code, stdout, stderr } = await substepRaw(args, stdin)
  return { code, stdout: stdout.toString(), stderr }
}

/** The same with standard output as bytes. */
export async function substepRaw(args: readonly string[], stdin: Uint8Array | string = '') {
  const child = start(args)
  child.stdin.on('error', () => {}).end(stdin)
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr, code] = await Promise.all([buffer(child.stdout), text(child.stderr), closed])
  return { code, stdout, stderr }
}

/** A folder for the files of a test, removed by `remove`. */
export interface Folder {
  path(name: string): string
  /** Writes a file and returns its path. */
  write(name: string, data: Uint8Array | string): string
  remove(): void
}

export function folder(): Folder {
  const root = mkdtempSync(join(tmpdir(), 'substep-cli-'))
  const path = (name: string) => join(root, name)
  return {
    path,
    write(name, data) {
      writeFileSync(path(name), data)
      return path(name)
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
