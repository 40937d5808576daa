import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Names by which Chromium goes. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']

/** There is no Chromium. */
export class ChromiumMissing extends Error {
  override readonly name = 'ChromiumMissing'
  constructor() {
    super(
      `no Chromium on PATH (${COMMANDS.join(', ')}): apt-get install chromium, or name it in the environment as CHROMIUM`,
    )
  }
}

export interface Chromium {
  readonly command: string
  readonly version: string
}

/**
 * The Chromium that is installed.
 * @throws ChromiumMissing
 */
export function findChromium(): Chromium {
  const { CHROMIUM } = process.env
  for (const command of CHROMIUM === undefined ? COMMANDS : [CHROMIUM]) {
    const version = versionOf(command)
    if (version !== undefined) return { command, version }
  }
  throw new ChromiumMissing()
}

/** Undefined if there is no such command. */
function versionOf(command: string): string | undefined {
  const { error, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  return error === undefined ? (/[\d.]+/.exec(stdout)?.[0] ?? stdout.trim()) : undefined
}

/** A headless window, with a profile of its own, for as long as it is wanted. */
export interface Window {
  /** Resolves when the browser ends, by itself or not. */
  readonly ended: Promise<void>
  /** The group of its processes. */
  readonly group: number | undefined
  close(): Promise<void>
}

/**
 * Opens a page; no flag of the engine is set. Without the sandbox for root, as Chromium insists. It does not outlive
 * this process.
 */
export function openWindow({ command }: Chromium, url: string): Window {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'))
  const flags = ['--headless=new', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`]
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser: ChildProcess = spawn(command, [...flags, ...root, url], { stdio: 'ignore', detached: true })
  const end = () => {
    if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid, 'SIGTERM')
  }
  process.on('exit', end)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const ended = new Promise<void>((resolve) => {
    browser.on('error', () => resolve())
    browser.on('exit', () => resolve())
  })
  return {
    ended,
    group: browser.pid,
    async close() {
      end()
      await ended
      process.off('exit', end)
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
