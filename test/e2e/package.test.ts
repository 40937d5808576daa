import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STATUS } from '../../spec/index.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const SOLC = join(ROOT, 'node_modules', 'solc', 'soljson.js')
const TSC = join(ROOT, 'node_modules', '.bin', 'tsc')
const HARDHAT = 'node_modules/hardhat/dist/src/cli.js'

interface Manifest {
  readonly bin: { readonly substep: string }
  readonly dependencies: Readonly<Record<string, string>>
}

let work: string
let consumer: string
let installed: string

function link(name: string): void {
  const target = join(consumer, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules', name), target)
}

/** What `npm install` does with the tarball, from the packages that are here: the same test works without a network. */
function install(tarball: string): void {
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xzf', tarball, '-C', installed, '--strip-components=1'])
  for (const name of Object.keys(manifest().dependencies)) link(name)
  link('hardhat')
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }')
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
}

function inConsumer(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: consumer, encoding: 'utf8' })
}

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'substep-package-'))
  consumer = join(work, 'consumer')
  installed = join(consumer, 'node_modules', 'substep')
  execFileSync('npm', ['pack', '--silent', '--pack-destination', work], { cwd: ROOT, stdio: 'inherit' })
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'))
  install(join(work, tarball ?? 'no tarball'))
})

afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('the published package', () => {
  it('runs a task from the command line', () => {
    writeFileSync(join(consumer, 'input'), 'abc')
    const task = join(ROOT, 'wasm-tasks', 'build', 'sha256.wasm')
    const command = [
      join(installed, manifest().bin.substep),
      'run',
      task,
      '--input',
      'input',
      '--output',
      'out',
      '--json',
    ]
    const report = JSON.parse(inConsumer(process.execPath, command)) as Record<string, unknown>
    const digest = createHash('sha256').update('abc').digest()
    expect(readFileSync(join(consumer, 'out'))).toEqual(digest)
    expect(report).toMatchObject({ outcome: 'halted', outputSha256: createHash('sha256').update(digest).digest('hex') })
  })

  it('can be imported, with its types', () => {
    const source = [
      "import { lowerTask, type Program, protocol, STATUS } from 'substep'",
      'export const lowered = (wasm: Uint8Array): Program => lowerTask(wasm)',
      'export const rangeOf = (range: protocol.Range): bigint => range.len',
      '// @ts-expect-error the types are there: a module is not a text',
      "export const refused = () => lowerTask('text')",
      'console.log(STATUS.HALTED, typeof protocol.nextActions)',
    ]
    writeFileSync(join(consumer, 'import.ts'), source.join('\n'))
    inConsumer(TSC, ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', 'import.ts'])
    expect(inConsumer(process.execPath, ['import.ts'])).toBe(`${STATUS.HALTED} function\n`)
  })

  it('gives its interfaces to Solidity', () => {
    mkdirSync(join(consumer, 'contracts'))
    const source = [
      '// SPDX-License-Identifier: MIT',
      'pragma solidity ^0.8.24;',
      'import {IStepper} from "substep/contracts/interfaces/IStepper.sol";',
      'contract Consumer { IStepper public stepper; }',
    ]
    writeFileSync(join(consumer, 'contracts', 'Consumer.sol'), source.join('\n'))
    const config = `export default { solidity: { compilers: [{ version: '0.8.37', path: ${JSON.stringify(SOLC)} }] } }`
    writeFileSync(join(consumer, 'hardhat.config.ts'), config)
    inConsumer(process.execPath, [HARDHAT, 'build'])
    expect(readdirSync(join(consumer, 'artifacts', 'contracts', 'Consumer.sol'))).toContain('Consumer.json')
  })

  it('holds what is built, not what it is built from, and no mock', () => {
    const files = globSync('**/*.*', { cwd: installed })
    expect(files).toContain('README.md')
    expect(files.filter((file) => /(?<!\.d)\.ts$|^(test|bench|scripts)\/|\/mocks\//.test(file))).toEqual([])
  })
})
