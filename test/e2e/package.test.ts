import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, consumer, link } from '../helpers/consumer.ts'
import { servedNode } from '../helpers/served-chain.ts'
import { linksOf } from '../helpers/transcript.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const TSC = join(ROOT, 'node_modules', '.bin', 'tsc')
const ASC = join(ROOT, 'node_modules', 'assemblyscript', 'bin', 'asc.js')
const SOLC = join(ROOT, 'node_modules', 'solc', 'soljson.js')
const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false']
const PROOF_OF_WORK = '0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00'
const TASK = 'node_modules/substep/wasm-tasks/build/scrypt.wasm'
const HOST_SOURCES = 'interpreter/host/assembly'
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

  it('deploys a market and verifies it, without a compiler, and lowers a module for a player', async () => {
    const chain = await servedNode()
    try {
      const key = { SUBSTEP_KEY: await chain.keyOf('deployer') }
      const stdout = await project.runAside('npx', ['substep', 'deploy', '--rpc', chain.url, '--json'], key)
      const codes = (JSON.parse(stdout) as { contracts: { code: string }[] }).contracts.map(({ code }) => code)
      expect(codes).toEqual(Array.from({ length: 6 }, () => 'verified'))
      expect(existsSync(join(project.folder, 'deployments/31337.json'))).toBe(true)
      // Modules are lowered in worker threads, whose file is a part of the package.
      const solver = project.runAside('npx', ['substep', 'solve', '--rpc', chain.url, '--wasm', INPUT], key)
      await expect(solver).rejects.toThrow(
        /--wasm: .*litecoin-genesis.bin: malformed module: expected the magic number/,
      )
    } finally {
      await chain.close()
    }
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

  it('gives its interfaces to Solidity, a consumer to derive from and a market to test it with', () => {
    const source = [
      '// SPDX-License-Identifier: MIT',
      'pragma solidity ^0.8.28;',
      'import {IStepper, StateHash} from "substep/contracts/interfaces/IStepper.sol";',
      'import {ITaskMarket} from "substep/contracts/interfaces/ITaskMarket.sol";',
      'import {Order, Outcome} from "substep/contracts/interfaces/Task.sol";',
      'import {TaskConsumer} from "substep/contracts/market/TaskConsumer.sol";',
      'import {MockMarket} from "substep/contracts/mocks/MockMarket.sol";',
      'contract Consumer is TaskConsumer {',
      '    bytes public answer;',
      '    constructor() TaskConsumer(ITaskMarket(address(new MockMarket()))) {}',
      '    function ask(Order calldata order, bytes calldata input) external payable {',
      '        _request(order, input, msg.value);',
      '    }',
      '    function judge(IStepper stepper, bytes32[] calldata witness) external pure returns (StateHash post) {',
      '        (, post) = stepper.step(witness);',
      '    }',
      '    function _onResult(bytes32, Outcome calldata, bytes calldata output) internal override {',
      '        answer = output;',
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
    const top = ['LICENSE', 'README.md', 'bench', 'cli', 'contracts', 'dist', 'docs', 'examples', 'interpreter']
    expect(names('.')).toEqual([...top, 'package.json', 'spec', 'wasm-tasks'])
    const players = [
      'daemon',
      'deployment',
      'index.d.ts',
      'index.js',
      'interpreter',
      'protocol',
      'solver',
      'spec',
      'verifier',
    ]
    expect(names('dist')).toEqual(['auditor', 'cli', 'client', ...players])
    expect(names('cli')).toEqual(['substep.mjs'])
    expect(names('wasm-tasks')).toEqual(['build', 'lib'])
    expect(names('bench')).toEqual(['gas.json'])
    expect(names('examples')).toEqual(readdirSync(join(ROOT, 'examples')).sort())
    expect(names('examples')).toEqual(expect.arrayContaining(['dispute.json', 'litecoin-29255.bin', 'sudoku.txt']))
    const host = readdirSync(join(ROOT, HOST_SOURCES)).map((name) => `${HOST_SOURCES}/${name}`)
    expect(globSync('interpreter/**/*.*', { cwd: project.installed }).sort()).toEqual(host.sort())
    expect(names('contracts/mocks')).toEqual(['MockMarket.sol'])
    const sources = globSync('**/*.ts', { cwd: project.installed }).filter((file) => !file.endsWith('.d.ts'))
    const folders = [...new Set(sources.map((file) => dirname(file)))].sort()
    expect(folders).toEqual([HOST_SOURCES, 'spec', 'wasm-tasks/lib'])
    expect(globSync('**/*.test.*', { cwd: project.installed })).toEqual([])
  })

  it('has what its documents link to', () => {
    const documents = globSync('**/*.md', { cwd: project.installed })
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/cli.md', 'spec/task-abi.md']))
    const links = documents.flatMap((path) =>
      linksOf(readFileSync(join(project.installed, path), 'utf8')).map((link) => `${path} -> ${link}`),
    )
    const missing = links.filter((link) => {
      const [path = '', target = ''] = link.split(' -> ')
      const file = join(project.installed, dirname(path), target)
      return relative(project.installed, file).startsWith('..') || !existsSync(file)
    })
    expect(missing).toEqual([])
  })

  it('gives its library to AssemblyScript', () => {
    const library = 'node_modules/substep/wasm-tasks/lib'
    const source = [
      `import { writeOutput } from './${library}/host'`,
      'export function main(): void {',
      "  assert(false, 'not today')",
      '  writeOutput(0, 1)',
      '}',
    ]
    project.write('task.ts', source.join('\n'))
    const flags = ['--runtime', 'stub', '--use', `abort=${library}/abort/abort`, '--disable', 'bulk-memory']
    project.run(process.execPath, [ASC, 'task.ts', '--outFile', 'task.wasm', ...flags])
    const { stdout } = spawnSync('npx', ['substep', 'run', 'task.wasm', '--json'], {
      cwd: project.folder,
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toMatchObject({ abort: { message: 'not today', file: 'task.ts', line: 3 } })
  })
})
