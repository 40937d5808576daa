// Writes the files that are generated from others. `npm run generate` writes them; with `--check` it only compares,
// names the first line that differs and exits with 1 when one of them is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { abiModule } from './generate/abi.ts'
import { soliditySpec } from './generate/solidity-spec.ts'
import { goldenVectors } from './generate/vectors.ts'

interface GeneratedFile {
  /** Relative to the root of the project. */
  readonly path: string
  readonly produce: () => string | Promise<string>
}

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Every generated file that is checked in, in the order of their dependence. */
const GENERATED: readonly GeneratedFile[] = [
  { path: 'contracts/generated/Spec.sol', produce: soliditySpec },
  { path: 'spec/vectors.json', produce: goldenVectors },
  { path: 'protocol/generated/abi.ts', produce: abiModule },
]

/** Where two texts part, for people; undefined where they are equal. */
function firstDifference(found: string, wanted: string): string | undefined {
  if (found === wanted) return undefined
  const foundLines = found.split('\n')
  const wantedLines = wanted.split('\n')
  const at = wantedLines.findIndex((line, i) => line !== foundLines[i])
  const line = at < 0 ? wantedLines.length : at
  const show = (text: string | undefined) => (text === undefined ? '(end of file)' : text.slice(0, 160))
  return `line ${line + 1}\n  has   ${show(foundLines[line])}\n  wants ${show(wantedLines[line])}`
}

function compare(path: string, wanted: string): boolean {
  const file = join(ROOT, path)
  const hint = existsSync(file) ? firstDifference(readFileSync(file, 'utf8'), wanted) : 'the file is missing'
  if (hint !== undefined) console.log(`stale: ${path}: ${hint}\n  next: npm run generate`)
  return hint === undefined
}

function write(path: string, wanted: string): boolean {
  const file = join(ROOT, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return true
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, wanted)
  console.log(`wrote ${path}`)
  return true
}

async function main(args: readonly string[]): Promise<number> {
  const apply = args.includes('--check') ? compare : write
  let fresh = true
  for (const { path, produce } of GENERATED) fresh = apply(path, await produce()) && fresh
  return fresh ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
