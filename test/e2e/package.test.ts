import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, consumer, link } from '../helpers/consumer.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const TSC = join(ROOT, 'node_modules', '.bin', 'tsc')
const SOLC = join(ROOT, 'node_modules', 'solc', 'soljson.js')
const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false']
const PROOF_OF_WORK = '0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00'
const TASK = 'node_modules/substep/wasm-tasks/build/scrypt.wasm'
const INPUT = 'node_modules/substep/examples/litecoin-genesis.bin'

/** A hash as block explorers show it. */
const bigEndian = (hash: Uint8Array) => Buffer.from(hash).reverse().toString('hex')

let project: Consumer

beforeAll(() => {
  project = consumer()
  if (project.installedBy === 'hand') console.warn('no registry answered: the package was laid out without npm')
})

afterAll(() => project?.remove())

describe('the published package', () => {
  it('runs a task from the command line', () => {
    const report = project.run('npx', ['substep', 'run', TASK, '--input', INPUT, '--output', 'hash', '--json'])
    expect(JSON.parse(report)).toMatchObject({ outcome: 'halted', exitCode: 0, outputBytes: 32 })
    expect(bigEndian(readFileSync(join(project.folder, 'hash')))).toBe(PROOF_OF_WORK)
  })

  it('can be imported, with its types', () => {
    const source = [
      "import { readFileSync } from 'node:fs'",
      "import { lowerTask, Machine, type Program, protocol, STATUS } from 'substep'",
      `const program: Program = lowerTask(readFileSync('${TASK}'))`,
      `const machine = new Machine(program, readFileSync('${INPUT}'))`,
      'machine.runTo(100_000_000)',
      'if (machine.registers.status !== STATUS.HALTED) throw new Error(machine.outcome().outcome)',
      'export const rangeOf = (range: protocol.Range): bigint => range.len',
      '// @ts-expect-error the types are there: a module is not a text',
      "export const refused = () => lowerTask('text')",
      "console.log(typeof protocol.nextActions, Buffer.from(machine.output()).reverse().toString('hex'))",
    ]
    project.write('import.ts', source.join('\n'))
    link(join(ROOT, 'node_modules/@types/node'), join(project.folder, 'node_modules/@types/node'))
    link(join(ROOT, 'node_modules/undici-types'), join(project.folder, 'node_modules/undici-types'))
    const options = [...STRICT, '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--outDir', 'built']
    project.run(process.execPath, [TSC, ...options, 'import.ts'])
    expect(project.run('node', ['built/import.js'])).toBe(`function ${PROOF_OF_WORK}\n`)
  })

  it('gives its interfaces to Solidity', () => {
    const source = [
      '// SPDX-License-Identifier: MIT',
      'pragma solidity ^0.8.28;',
      'import {IArena} from "substep/contracts/interfaces/IArena.sol";',
      'import {IStepper, StateHash} from "substep/contracts/interfaces/IStepper.sol";',
      'contract Consumer {',
      '    IArena public arena;',
      '    function judge(IStepper stepper, bytes32[] calldata witness) external pure returns (StateHash post) {',
      '        (, post) = stepper.step(witness);',
      '    }',
      '}',
    ]
    link(join(ROOT, 'node_modules/hardhat'), join(project.folder, 'node_modules/hardhat'))
    const compiler = `{ version: '0.8.37', path: ${JSON.stringify(SOLC)} }`
    project.write('hardhat.config.ts', `export default { solidity: { compilers: [${compiler}] } }`)
    project.write('contracts/Consumer.sol', source.join('\n'))
    project.run(process.execPath, ['node_modules/hardhat/dist/src/cli.js', 'build'])
    expect(readdirSync(join(project.folder, 'artifacts/contracts/Consumer.sol'))).toContain('Consumer.json')
  })

  it('holds what its users need and nothing else', () => {
    const names = (folder: string) => readdirSync(join(project.installed, folder)).sort()
    const top = ['LICENSE', 'README.md', 'cli', 'contracts', 'dist', 'docs', 'examples', 'package.json', 'spec']
    expect(names('.')).toEqual([...top, 'wasm-tasks'])
    expect(names('dist')).toEqual(['cli', 'index.d.ts', 'index.js', 'interpreter', 'protocol', 'spec'])
    expect(names('cli')).toEqual(['substep.mjs'])
    expect(names('wasm-tasks')).toEqual(['build'])
    expect(names('contracts')).not.toContain('mocks')
    const sources = globSync('**/*.ts', { cwd: project.installed }).filter((file) => !file.endsWith('.d.ts'))
    expect([...sources, ...globSync('**/*.test.*', { cwd: project.installed })]).toEqual([])
  })
})
