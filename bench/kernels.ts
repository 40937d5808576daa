import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The kernels, with a number of iterations that takes a second or so. */
export const KERNELS = { loop32: 4_000_000, loop64: 4_000_000, calls: 60_000, branches: 4_000_000 } as const

/** A native command of the Debian package wabt is not there. */
export class WabtMissing extends Error {
  override readonly name = 'WabtMissing'
  constructor(command: string, cause: unknown) {
    super(`no native ${command} on PATH; it is in the Debian package wabt: apt-get install wabt`, { cause })
  }
}

/** Without the folders of npm, whose wabt is compiled to JavaScript: no engine to compare a speed with. */
const nativePath = (path: string): string =>
  path
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter)

/** Runs a native command of wabt. */
export function wabt(command: 'wat2wasm' | 'wasm-interp', args: readonly string[]): void {
  const env = { ...process.env, PATH: nativePath(process.env.PATH ?? '') }
  try {
    execFileSync(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new WabtMissing(command, error)
    throw error
  }
}

/** A kernel as a file with the given number of iterations, for the time of `use`. */
export function withKernel<Result>(name: string, iterations: number, use: (path: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'))
  try {
    const text = readFileSync(join(import.meta.dirname, 'kernels', `${name}.wat`), 'utf8')
    writeFileSync(join(folder, 'kernel.wat'), text.replaceAll('ITERATIONS', String(iterations)))
    const wasm = join(folder, 'kernel.wasm')
    wabt('wat2wasm', [join(folder, 'kernel.wat'), '-o', wasm])
    return use(wasm)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
