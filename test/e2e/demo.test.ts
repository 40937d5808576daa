import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DEFAULT_ARITY } from '../../bench/gas/snapshot.ts'
import { maxMoves } from '../../protocol/index.ts'
import { type ContractName, compiledCode } from '../../scripts/demo/contracts.ts'
import { playDemo } from '../../scripts/demo/play.ts'
import type { Report } from '../../scripts/demo/report.ts'
import { type Mutation, mutatedCode } from '../helpers/mutated-contract.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const PROOF_OF_WORK = '0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00'
const OUTPUT_BYTES = '001e67b013726fd7382e9acb69165b4b6316227fb3156b5b414ba6340c050000'
const WIDTH = 100
const PATIENCE_MS = 60_000
const DEMO_TIMEOUT_MS = 300_000

/** The demo as a process whose output is a pipe, in an environment that asks for colours. */
function runDemo(args: readonly string[]) {
  const env = { ...process.env, FORCE_COLOR: '1' }
  return spawnSync(process.execPath, ['scripts/demo.ts', ...args], { cwd: ROOT, encoding: 'utf8', env })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // What has ended stays a zombie until its new parent asks for it.
  return !existsSync('/proc') || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

const gasIn = (text: string): number => Number(text.replaceAll(',', ''))
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

type FullReport = Extract<Report, { checks: unknown }>

describe('npm run demo', () => {
  let folder: string
  let ended: ReturnType<typeof runDemo>
  let report: FullReport

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'substep-demo-'))
    const file = join(folder, 'report.json')
    ended = runDemo(['--json', file])
    report = JSON.parse(readFileSync(file, 'utf8')) as FullReport
  }, DEMO_TIMEOUT_MS)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('ends well', () => {
    expect(ended.stderr.replace(/^set-up: .*$/gm, '').trim()).toBe('')
    expect(ended.status, ended.stdout).toBe(0)
    expect(report).toMatchObject({ ok: true, reason: null })
  })

  it('tells a story that fits a terminal, without codes that steer one', () => {
    expect(ended.stdout).toContain(`whose output is ${OUTPUT_BYTES}`)
    expect(ended.stdout).toContain(`read backwards, as block explorers do:\n  ${PROOF_OF_WORK}`)
    expect(ended.stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    expect(ended.stdout.split('\n').filter((line) => line.length > WIDTH)).toEqual([])
  })

  it('settles the proof-of-work hash of the first Litecoin block', () => {
    expect(report.answer).toMatchObject({ output: PROOF_OF_WORK, outputBytes: OUTPUT_BYTES, matchesReference: true })
    expect(report.entries.solver.output).not.toBe(PROOF_OF_WORK)
  })

  it('narrows the range with every move, the players in turn', () => {
    const { moves, opening } = report.dispute
    expect(moves.length).toBeGreaterThan(4)
    const ranges = [opening, ...moves]
    for (const [i, { player, from, to, gas }] of moves.entries()) {
      const before = ranges[i] as (typeof moves)[number]
      expect(player).not.toBe(before.player)
      expect(from).toBeGreaterThanOrEqual(before.from)
      expect(to).toBeLessThanOrEqual(before.to)
      expect(to - from).toBeLessThan(before.to - before.from)
      expect(gas).toBeGreaterThan(21_000)
    }
    expect(moves.at(-1)).toMatchObject({ from: report.judged.step, to: report.judged.step + 1 })
  })

  it('counts the disputed parts from 1', () => {
    const parts = [...ended.stdout.matchAll(/ (\d+) of (\d+) {2}/g)].map(([, part, all]) => [Number(part), Number(all)])
    expect(parts).toHaveLength(report.dispute.moves.length)
    for (const [part, all] of parts as [number, number][]) {
      expect(part).toBeGreaterThan(0)
      expect(part).toBeLessThanOrEqual(all)
    }
    expect(parts.map(([, all]) => all)).toEqual([10, 10, 10, 10, 10, 9, 6])
  })

  it('has a reason for its arity: with the default the liar would be the one to prove', () => {
    const isVerifiersProof = (arity: number) => maxMoves(BigInt(report.answer.steps), arity) % 2 === 0
    expect(isVerifiersProof(report.dispute.arity)).toBe(true)
    expect(isVerifiersProof(DEFAULT_ARITY)).toBe(false)
    expect(ended.stdout).toContain(`with ${DEFAULT_ARITY}, the default`)
  })

  it('names the judged line', () => {
    expect(report.judged).toMatchObject({ substep: 8, instruction: 'i32.store', function: 'xorSalsa8', by: 'verifier' })
    expect(report.judged.gas).toBeGreaterThan(21_000)
    expect(report.judged.claimed).not.toBe(report.judged.computed)
    expect(report.judged.wrongBit).not.toBeNull()
  })

  it('takes the bond of the liar, burns half and pays half', () => {
    expect(report).toMatchObject({ slashed: 1000, burned: 500, paid: 500 })
    expect(report.bonds).toMatchObject({ after: { solver: 1000, verifier: 2500, arena: 0, burned: 500 } })
  })

  it('shows gas that adds up to all that each player paid', () => {
    const [table] = /(?<=^THE GAS\n.*\n)(?: .*\n)+/m.exec(ended.stdout) ?? ['']
    const rows = table
      .trimEnd()
      .split('\n')
      .map((row) => row.split(/ {2,}/).slice(-2).map(gasIn))
    const total = rows.pop()
    const columns = [0, 1].map((player) => sum(rows.map((row) => row[player] as number)))
    expect(rows).toHaveLength(5)
    expect(columns).toEqual(total)
    expect(total).toEqual([report.gas.solver, report.gas.verifier])
    const approvals = sum(rows[0] as number[])
    const told = [...ended.stdout.matchAll(/([\d,]+) gas( in all\.)?$/gm)].map((match) => gasIn(match[1] as string))
    const moved = report.dispute.moves.map(({ gas }) => gas)
    expect(approvals).toBeGreaterThan(42_000)
    expect(sum([...told, ...moved]) + approvals).toBe(sum(columns))
  })

  it('refuses a flag that it does not know', () => {
    const { status, stderr } = runDemo(['--loud'])
    expect(status).toBe(64)
    expect(stderr).toContain("Unknown option '--loud'")
  })

  it.each([
    ['/nonexistent/report.json', 'no such file or directory'],
    [tmpdir(), 'illegal operation on a directory'],
  ])('does not play for a result that cannot be written to %s', (file, why) => {
    const { status, stdout, stderr } = runDemo(['--json', file])
    expect({ status, stdout, stderr }).toEqual({ status: 74, stdout: '', stderr: `cannot write ${file}: ${why}\n` })
  })

  it('ends quietly, and its players with it, when nobody reads on', async () => {
    const demo = spawn(process.execPath, ['scripts/demo.ts'], { cwd: ROOT })
    let [read, complaints] = ['', '']
    demo.stderr.on('data', (text: Buffer) => {
      complaints += text
    })
    demo.stdout.on('data', (text: Buffer) => {
      read += text
      if (read.includes('turns over by itself')) demo.stdout.destroy()
    })
    const [status] = (await once(demo, 'exit')) as [number | null]
    expect({ status, complaints }).toEqual({ status: 141, complaints: '' })
    const players = [...read.matchAll(/, process (\d+),/g)].map((match) => Number(match[1]))
    expect(players).toHaveLength(2)
    await vi.waitFor(() => expect(players.filter(isRunning)).toEqual([]))
  })

  it('explains itself', () => {
    const { status, stdout } = runDemo(['--help'])
    expect(status).toBe(0)
    expect(stdout).toContain('--json FILE')
  })
})

/** Plays the demo in this process with other code in the place of one contract. */
async function playWith(name: ContractName, file: string, mutations: readonly Mutation[]): Promise<Report> {
  const code = mutatedCode(file, mutations)
  const loadCode = async (wanted: ContractName) => (wanted === name ? code : compiledCode(wanted))
  return playDemo({ print: () => {}, paint: (_, text) => text, loadCode, patienceMs: PATIENCE_MS })
}

const breachesOf = (report: Report, check: string): readonly string[] =>
  'checks' in report ? (report.checks.find(({ name }) => name === check)?.breaches ?? []) : [report.reason]

describe('playDemo', () => {
  const rule = (file: string, from: string): Mutation => ({ file, from, to: '' })

  it(
    'fails when rules are deleted from the arena, and names them',
    async () => {
      const report = await playWith('BondedArena', 'market/BondedArena.sol', [
        rule('game/Game.sol', 'if (_same(mine[mine.length - 1], end)) revert EndNotDisputed(end);'),
        rule('game/Game.sol', 'if (_same(post, end)) revert SubstepHolds(end);'),
        rule('game/Arena.sol', 'if (standing(game) != bytes32(seat + 1)) revert NotWonBySeat(game, seat);'),
        rule('market/BondEscrow.sol', 'TOKEN.safeTransfer(BURN, BOND - reward);'),
      ])
      expect(report.ok).toBe(false)
      const forbidden = breachesOf(report, 'forbidden').join('\n')
      for (const error of ['EndNotDisputed', 'SubstepHolds', 'NotWonBySeat']) {
        expect(forbidden).toContain(`allowed, should be refused with ${error}`)
      }
      expect(breachesOf(report, 'bonds')).not.toEqual([])
    },
    DEMO_TIMEOUT_MS,
  )

  it(
    'fails when the judge leaves out what it should store',
    async () => {
      const report = await playWith('Stepper', 'machine/Stepper.sol', [
        {
          file: 'machine/Stepper.sol',
          from: 'post = StateHashes.stateHash(newRoot,',
          to: 'post = StateHashes.stateHash(root,',
        },
      ])
      expect(report.ok).toBe(false)
      expect(breachesOf(report, 'judged').join('\n')).toContain('contract against this process')
    },
    DEMO_TIMEOUT_MS,
  )
})
