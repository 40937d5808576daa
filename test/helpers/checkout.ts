/** A place to try the commands of a document as their reader would, in the root of a checkout. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const ROOT = dirname(dirname(import.meta.dirname))

export interface Checkout {
  readonly folder: string
  write(name: string, text: string): void
  /** What a command prints; some end with an exit code that is not 0 and still print what a document shows. */
  output(command: string): string
  remove(): void
}

/** A folder where commands may leave files, with everything that a checkout has in its root. */
export function checkout(): Checkout {
  const work = mkdtempSync(join(tmpdir(), 'substep-docs-'))
  const folder = mkdtempSync(join(work, 'checkout-'))
  // Deployments of the one who runs the tests are not the reader's.
  for (const name of readdirSync(ROOT).filter((name) => name !== 'deployments'))
    symlinkSync(join(ROOT, name), join(folder, name))
  const env = {
    ...process.env,
    // Whatever is not installed comes last and from here.
    PATH: [process.env.PATH, join(ROOT, 'test', 'helpers', 'bin')].join(delimiter),
    npm_config_cache: join(work, 'npm'),
    npm_config_loglevel: 'error',
  }
  const shell = (command: string) =>
    execFileSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  return {
    folder,
    write: (name, text) => writeFileSync(join(folder, name), text),
    output(command) {
      try {
        return shell(command)
      } catch (error) {
        if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout
        throw error
      }
    },
    remove: () => rmSync(work, { recursive: true, force: true }),
  }
}
