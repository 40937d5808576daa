import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Address, encodeDeployData, getAddress, type Hex, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GasSnapshot } from '../../bench/gas/snapshot.ts'
import { lowerTask, programHeader } from '../../interpreter/index.ts'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { compileConsumer } from '../helpers/compile.ts'
import { Evm } from '../helpers/evm.ts'
import { askedIn, GWEI, HALTED, mockMarket } from '../helpers/mock-market.ts'
import { linksOf, rerun, runSource, shellLinesOf } from '../helpers/transcript.ts'
import { Walk } from '../helpers/walk.ts'

const README = join(ROOT, 'README.md')
const readme = readFileSync(README, 'utf8')
const gas = JSON.parse(readFileSync('bench/gas.json', 'utf8')) as GasSnapshot
const shown = (value: number): string => value.toLocaleString('en-US')

/** A contract that the page shows. */
const SOLIDITY = /^```solidity\n([\s\S]*?)^```$/m
const TASK_LINE = /^task +(0x[0-9a-f]{64})$/m
/** As many numbers as the contract says it can keep. */
const NUMBERS = 'ddddccccbbbbaaaa'.repeat(8)
const SORTED = ['aaaa', 'bbbb', 'cccc', 'dddd'].map((number) => number.repeat(8)).join('')

/** The page from here on is run; before comes the demo, which has a test of its own. */
const QUICK_START = readme.indexOf('## Quick start')
const lines = shellLinesOf(readme)

describe('README.md', () => {
  it('quotes a task that nobody disputes as it is measured', () => {
    const { request, take, post, finaliseAndDeliver } = gas.task
    const rows = [
      ['request', request],
      ['take', take],
      ['post', post],
      ["finalise and call back, the callback's own gas apart", finaliseAndDeliver],
      ['in all', gas.taskWithoutDispute],
    ] as const
    for (const [name, value] of rows) expect(readme).toContain(`| ${name} | ${shown(value)} |`)
    expect(request + take + post + finaliseAndDeliver).toBe(gas.taskWithoutDispute)
  })

  it('quotes what a dispute adds as it is measured', () => {
    const { enterAndOpen, proveAndBury, finish } = gas.ends
    const moves = gas.parts.arity16?.moves ?? Number.NaN
    const sharing = finish - gas.task.finaliseAndDeliver
    const rows = [
      ['enter and open', enterAndOpen],
      ['the moves', moves],
      ['the dearest proof, with burial', proveAndBury],
      ['sharing out the stakes, on top of finalising', sharing],
      ['in all', gas.fullDispute],
    ] as const
    for (const [name, value] of rows) expect(readme).toContain(`| ${name} | ${shown(value)} |`)
    expect(enterAndOpen + moves + proveAndBury + sharing).toBe(gas.fullDispute)
  })

  it('quotes the judged substep as it is measured', () => {
    const { dense, sparse } = gas.judged
    expect(readme).toContain(`| ${shown(dense.max)}, ${shown(dense.median)} |`)
    expect(readme).toContain(`| ${shown(sparse.max)}, ${shown(sparse.median)} |`)
    expect(readme).toContain(`${shown(gas.witnessBytes.max)} bytes`)
  })

  it.each(Object.entries(gas.parts))('quotes the dispute at %s as it is measured', (name, parts) => {
    const { open, move, substepMove, moves, count } = parts
    const row = [name.slice('arity'.length), ...[open, move, substepMove, count - 1, moves].map(shown)]
    expect(readme).toContain(`| ${row.join(' | ')} |`)
  })

  it('quotes whole disputes and sizes as they are measured', () => {
    const { steps2e20, steps2e32 } = gas.dispute
    for (const value of [steps2e20, steps2e32]) expect(readme).toContain(shown(value))
    for (const [name, bytes] of Object.entries(gas.deployedBytes))
      expect(readme).toContain(`\`${name}\` ${shown(bytes)}`)
  })

  it('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1] as string)
    expect(named.length).toBeGreaterThan(5)
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
  })

  it('names only folders and tests that there are', () => {
    const [, tree = '', proofs = ''] = readme.split(/^## (?:The tree|How it is proven)$/m)
    const folders = [...tree.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) => cell.match(/[\w-]+\//g) ?? [])
    expect(folders.length).toBeGreaterThan(15)
    expect(folders.filter((folder) => !existsSync(folder))).toEqual([])
    const tests = [...proofs.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path)
    expect(tests.length).toBeGreaterThan(15)
    const isThere = (path: string) => globSync([`${path}.test.ts`, `${path}/**/*.{test.ts,t.sol}`]).length > 0
    expect(tests.filter((path) => !isThere(path))).toEqual([])
  })
})

describe('the quick start', () => {
  let place: Checkout
  let walk: Walk

  beforeAll(async () => {
    place = checkout()
    walk = new Walk(place)
    for (const line of shellLinesOf(readFileSync(join(ROOT, 'docs', 'players.md'), 'utf8'))) {
      if (line.includes('hardhat node')) await walk.chain(line)
      else if (line.startsWith('echo') || line.includes('substep deploy')) walk.run(line)
    }
  })

  afterAll(() => {
    walk?.end()
    place?.remove()
  })

  it('leads from a program to an answer, and to its replay', async () => {
    const printed = new Map<string, string>()
    for (const line of lines) {
      const role = line.match(/substep (solve|verify)/)?.[1]
      if (role !== undefined) {
        const player = walk.player(line)
        await player.until('started')
        if (role === 'solve') await player.until('mined', 'post')
        continue
      }
      const output = walk.run(line)
      printed.set(line.match(/substep ([a-z]+)/)?.[1] ?? line, output)
      const task = output.match(TASK_LINE)?.[1]
      if (line.includes('substep request')) walk.replace('TASK', task ?? '')
    }
    expect(printed.get('task')).toMatch(/^status +open/m)
    expect(printed.get('replay')).toMatch(/^ +1 +TRUE /m)
    expect(existsSync(join(place.folder, 'task.json'))).toBe(true)
  })

  it('shows what its commands print; `npx vitest run test/docs/readme.test.ts --update` brings it up to date', async () => {
    const shownNow = readme.slice(0, QUICK_START) + rerun(readme.slice(QUICK_START), place.output)
    await expect(shownNow).toMatchFileSnapshot(README)
  })

  it('runs a task in a program', () => {
    const { printed, told } = runSource(readme, place)
    expect(told).toHaveLength(3)
    expect(printed).toEqual(told)
  })

  it('has a contract that sorts by a market', async () => {
    const source = readme.match(SOLIDITY)?.[1] ?? ''
    const { programId } = programHeader(lowerTask(readFileSync('wasm-tasks/build/sort.wasm')))
    expect(source).toContain(programId)
    const evm = await Evm.create()
    const [deployer, asker, solver] = evm.accounts as [Address, Address, Address]
    const { market } = await mockMarket(evm)
    const { abi, bytecode } = compileConsumer('Sorter', source)
    const data = encodeDeployData({ abi, bytecode, args: [market.address] })
    const { contractAddress } = await evm.sendData(deployer, { abi }, data)
    const sorter = { abi, address: getAddress(contractAddress as Address) }
    const [price, tip] = [5n * GWEI, GWEI]
    const receipt = await evm.send(asker, sorter, 'sort', [toHex(NUMBERS), price, tip], price + tip)
    const { task, request, input } = askedIn(market, receipt)
    expect(input).toBe(toHex(NUMBERS))
    await evm.send(solver, market, 'answer', [request, HALTED, toHex(SORTED)])
    expect((await evm.read(sorter, 'sorted', [task])) as Hex).toBe(toHex(SORTED))
  })
})

describe('documents', () => {
  const documents = globSync('{*.md,docs/**/*.md,spec/*.md,wasm-tasks/*/README.md}')

  it.each(documents)('%s links only to what is there', (path) => {
    const missing = linksOf(readFileSync(path, 'utf8')).filter((link) => !existsSync(join(dirname(path), link)))
    expect(missing).toEqual([])
  })
})
