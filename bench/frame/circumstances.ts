import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { WabtMissing, wasmInterp } from '../wabt.ts'
import type { Figures } from './figures.ts'

/** What figures are compared with, or made with. */
const PACKAGES = ['@noble/hashes', 'hash-wasm', 'keccak', 'assemblyscript', 'viem']
const MODULES = join(import.meta.dirname, '..', '..', 'node_modules')

/** What a benchmark's figures depend on, as it is when it begins. */
export function circumstancesNow(): Figures {
  const [processor] = cpus()
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  return {
    processor: processor?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: `${platform()} ${process.arch}`,
    load: Number(loadavg()[0]!.toFixed(2)),
    commit: git('rev-parse', '--short=12', 'HEAD'),
    changes: git('status', '--porcelain', '--untracked-files=no') === '' ? 'none' : 'not committed',
    versions: {
      node: process.versions.node,
      v8: process.versions.v8,
      ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
      wabt: wabtVersion(),
    },
  }
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8')) as { version: string }).version

function wabtVersion(): string | null {
  try {
    return wasmInterp(['--version']).trim()
  } catch (error) {
    if (error instanceof WabtMissing) return null
    throw error
  }
}
