/** A project of someone else that has installed the packed package. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = dirname(dirname(import.meta.dirname))
const INSTALL = ['install', '--prefer-offline', '--fetch-retries=0', '--no-audit', '--no-fund', '--loglevel=error']
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|ENOTCACHED/

interface Manifest {
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

export interface Consumer {
  /** Its folder; the package is in node_modules/substep. */
  readonly folder: string
  readonly installed: string
  /** How the package got there: by npm, or laid out by hand because no registry answered. */
  readonly installedBy: 'npm' | 'hand'
  write(name: string, text: string): void
  /** Runs a command in the folder, on the Node that this machine has by itself, and returns what it prints. */
  run(command: string, args: readonly string[]): string
  /** The same while this process goes on, with more in the environment. */
  runAside(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string>
  remove(): void
}

/** Packs this project and installs it in an empty folder. */
export function consumer(): Consumer {
  const work = mkdtempSync(join(tmpdir(), 'substep-consumer-'))
  const folder = join(work, 'project')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  execFileSync('npm', ['pack', '--silent', '--pack-destination', work], { cwd: ROOT, stdio: 'inherit' })
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error(`npm pack left no tarball in ${work}`)
  const installedBy = install(folder, join(work, tarball))
  return {
    folder,
    installed: join(folder, 'node_modules', 'substep'),
    installedBy,
    write: (name, text) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    },
    run: (command, args) =>
      execFileSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: ownPath() } }),
    async runAside(command, args, env) {
      const options = { cwd: folder, env: { ...process.env, ...env, PATH: ownPath() } }
      return (await promisify(execFile)(command, [...args], options)).stdout
    },
    remove: () => rmSync(work, { recursive: true, force: true }),
  }
}

/** The PATH without what npm scripts put before it. */
const ownPath = (): string =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((path) => !path.endsWith(join('node_modules', '.bin')))
    .join(delimiter)

function install(folder: string, tarball: string): Consumer['installedBy'] {
  const { status, stderr } = spawnSync('npm', [...INSTALL, tarball], { cwd: folder, encoding: 'utf8' })
  if (status === 0) return 'npm'
  if (!NO_REGISTRY.test(stderr)) throw new Error(`npm install ended with ${status}: ${stderr}`)
  installByHand(folder, tarball)
  return 'hand'
}

/** What npm does, with the dependencies that are here. */
function installByHand(folder: string, tarball: string): void {
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'substep')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xzf', tarball, '-C', installed, '--strip-components=1'])
  const { bin, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
  for (const name of Object.keys(dependencies)) link(join(ROOT, 'node_modules', name), join(modules, name))
  for (const [name, file] of Object.entries(bin)) link(join(installed, file), join(modules, '.bin', name))
}

/** A symbolic link at `path`, its folder made as well. */
export function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
