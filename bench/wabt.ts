import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** wasm-interp of the Debian package wabt is not there. */
export class WabtMissing extends Error {
  override readonly name = 'WabtMissing'
  constructor(cause: unknown) {
    super('no native wasm-interp on PATH; it is in the Debian package wabt: apt-get install wabt', { cause })
  }
}

/** Without the folders of npm, whose wabt is compiled to JavaScript: no engine to compare a speed with. */
const nativePath = (): string =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter)

/**
 * What the native wasm-interp says.
 * @throws WabtMissing
 */
export function wasmInterp(args: readonly string[]): string {
  return withPath('wasm-interp', args)
}

/** wasm-interp did not run an export to its end; it does not tell by its exit code. */
export class WasmInterpFailed extends Error {
  override readonly name = 'WasmInterpFailed'
  constructor(module: string, said: string) {
    super(`wasm-interp fails on ${module}: ${said}`)
  }
}

/**
 * Seconds of the processor that the native wasm-interp needs for the exports of a module; its imports do nothing.
 * @throws WabtMissing
 * @throws WasmInterpFailed
 */
export function wasmInterpSeconds(module: string): number {
  const timed = 'TIMEFORMAT="%U %S"; { time "$@"; } 2>&1'
  const run = ['wasm-interp', module, '--run-all-exports', '--dummy-import-func']
  const lines = withPath('bash', ['-c', timed, 'bash', ...run])
    .trim()
    .split('\n')
  const [user, system] = (lines.pop() ?? '').split(' ').map(Number)
  if (!lines.some((line) => line === 'main() =>')) throw new WasmInterpFailed(module, lines.join('\n'))
  return user! + system!
}

function withPath(command: string, args: readonly string[]): string {
  try {
    const env = { ...process.env, PATH: nativePath() }
    return execFileSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new WabtMissing(error)
    throw error
  }
}
