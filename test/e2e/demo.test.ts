import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Hex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { DEFAULT_RULES } from '../../deployment/index.ts'
import { maxMoves } from '../../protocol/index.ts'
import { compiledCode, type LoadCode } from '../../scripts/demo/contracts.ts'
import { playDemo } from '../../scripts/demo/play.ts'
import type { Report } from '../../scripts/demo/report.ts'
import { type Mutation, mutatedCode } from '../helpers/mutated-contract.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const TRUST_ANY_MARKET = join(ROOT, 'test/helpers/trust-any-market.ts')
const PROOFS_OF_WORK = [
  '0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00',
  '0000000110c8357966576df46f3b802ca897deb7ad18b12f1c24ecff6386ebd9',
]
const WIDTH = 100
const PATIENCE_MS = 60_000
const DEMO_TIMEOUT_MS = 300_000

/** The demo as a process whose output is a pipe, in an environment that asks for colours. */
function runDemo(args: readonly string[]) {
  const env = { ...process.env, FORCE_COLOR: '1' }
  return spawnSync(process.execPath, ['scripts/demo.ts', ...args], { cwd: ROOT, encoding: 'utf8', env })
}

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that the demo said could be tried, and what came of it. */
interface Tried extends Ended {
  readonly command: string
}

/** Plays with `--keep`, tries all that the demo says can be tried, and ends it. */
async function keepDemo(args: readonly string[]): Promise<{ ended: Ended; tried: readonly Tried[] }> {
  const env = { ...process.env, FORCE_COLOR: '1' }
  const demo = spawn(process.execPath, ['scripts/demo.ts', '--keep', ...args], { cwd: ROOT, env })
  let [stdout, stderr] = ['', '']
  demo.stderr.on('data', (text: Buffer) => {
    stderr += text
  })
  const isKept = new Promise<void>((resolve) => {
    demo.stdout.on('data', (text: Buffer) => {
      stdout += text
      if (stdout.includes('Ctrl-C ends it.')) resolve()
    })
  })
  const isEnded = once(demo, 'exit') as Promise<[number | null]>
  await Promise.race([isKept, isEnded])
  const commands = stdout.match(/^npx substep .*$/gm) ?? []
  const tried = await Promise.all(commands.map(tryCommand))
  demo.kill('SIGINT')
  const [status] = await isEnded
  return { ended: { status, stdout, stderr }, tried }
}

/** What `npx substep` does. */
async function tryCommand(command: string): Promise<Tried> {
  const args = command.split(' ').slice(2)
  const child = spawn(process.execPath, ['cli/substep.mjs', ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { command, status: status as number | null, stdout, stderr }
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

type FullReport = Extract<Report, { acts: unknown }>
type ActReport = FullReport['acts'][number]
type Dispute = NonNullable<ActReport['dispute']>

describe('npm run demo', () => {
  let folder: string
  let ended: Ended
  let report: FullReport
  let honest: ActReport
  let disputed: ActReport
  let dispute: Dispute

  let tried: readonly Tried[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'substep-demo-test-'))
    const file = join(folder, 'report.json')
    ;({ ended, tried } = await keepDemo(['--json', file]))
    report = JSON.parse(readFileSync(file, 'utf8')) as FullReport
    ;[honest, disputed] = report.acts as [ActReport, ActReport]
    dispute = disputed.dispute as Dispute
  }, DEMO_TIMEOUT_MS)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('ends well', () => {
    expect(ended.stderr.replace(/^set-up: .*$/gm, '').trim()).toBe('')
    expect(ended.status, ended.stdout).toBe(0)
    expect(report).toMatchObject({ ok: true, reason: null, acts: [{ ok: true }, { ok: true }] })
  })

  it('tells a story that fits a terminal, without codes that steer one', () => {
    for (const { answer } of report.acts) {
      expect(ended.stdout).toContain(`whose output is ${answer.outputBytes}`)
      expect(ended.stdout).toContain(`read backwards, as block explorers do, is\n  ${answer.output}`)
    }
    expect(ended.stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    const [story = ''] = ended.stdout.split('THE CHAIN STAYS UP')
    expect(story.split('\n').filter((line) => line.length > WIDTH)).toEqual([])
  })

  it('tells the consumer that both blocks were worked for', () => {
    const answers = PROOFS_OF_WORK.map((output) => ({ output, matchesReference: true, proofOfWork: 'VALID' }))
    expect(report.acts.map(({ answer }) => answer)).toMatchObject(answers)
    expect(ended.stdout.match(/proof of work VALID/g)).toHaveLength(2)
  })

  it('pays an honest solver, whose verifier stakes nothing', () => {
    expect(honest).toMatchObject({ dispute: null, judged: null, slashed: 0, burned: 0, paid: 0 })
    expect(honest.entries.verifier).toBeNull()
    expect(honest.bonds.after).toEqual(honest.bonds.before)
    expect(honest.ether.after).toEqual({ ...honest.ether.before, solver: '0.116' })
    expect(honest.gas.verifier).toBe(0)
  })

  it('narrows the range with every move, the players in turn', () => {
    const { moves, opening } = dispute
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
    const step = disputed.judged?.step ?? Number.NaN
    expect(moves.at(-1)).toMatchObject({ from: step, to: step + 1 })
  })

  it('counts the disputed parts from 1', () => {
    const parts = [...ended.stdout.matchAll(/ (\d+) of (\d+) {2}/g)].map(([, part, all]) => [Number(part), Number(all)])
    expect(parts).toHaveLength(dispute.moves.length)
    for (const [part, all] of parts as [number, number][]) {
      expect(part).toBeGreaterThan(0)
      expect(part).toBeLessThanOrEqual(all)
    }
    expect(parts.map(([, all]) => all)).toEqual([10, 10, 10, 10, 10, 9, 6])
  })

  it('has a reason for its arity: with the default the liar would be the one to prove', () => {
    const isVerifiersProof = (arity: number) => maxMoves(BigInt(disputed.answer.steps), arity) % 2 === 0
    expect(isVerifiersProof(dispute.arity)).toBe(true)
    expect(isVerifiersProof(Number(DEFAULT_RULES.arity))).toBe(false)
    expect(ended.stdout).toContain(`with ${DEFAULT_RULES.arity}, the default`)
  })

  it('names the judged line', () => {
    const { judged, entries } = disputed
    expect(judged).toMatchObject({ substep: 8, instruction: 'i32.store', function: 'xorSalsa8', by: 'verifier' })
    expect(judged?.gas).toBeGreaterThan(21_000)
    expect(judged?.claimed).not.toBe(judged?.computed)
    expect(judged?.wrongBit).not.toBeNull()
    expect(entries.solver.output).not.toBe(disputed.answer.output)
    expect(entries.verifier?.output).toBe(disputed.answer.output)
  })

  it('takes the bond of the liar, burns half and pays half', () => {
    expect(disputed).toMatchObject({ slashed: 1000, burned: 500, paid: 500 })
    expect(disputed.bonds).toMatchObject({ after: { solver: 1000, verifier: 2500, arena: 0, burned: 500 } })
    const [before, after] = [Number(disputed.ether.before.verifier), Number(disputed.ether.after.verifier)]
    expect(after - before).toBeGreaterThan(0.016)
  })

  it('shows gas that adds up to all that each player paid', () => {
    const tables = [...ended.stdout.matchAll(/(?<=^THE GAS\n.*\n)(?: .*\n)+/gm)].map(([table]) => table)
    expect(tables).toHaveLength(report.acts.length)
    for (const [i, { gas }] of report.acts.entries()) {
      const rows = (tables[i] as string)
        .trimEnd()
        .split('\n')
        .map((row) => row.split(/ {2,}/).slice(-2).map(gasIn))
      const total = rows.pop()
      const columns = [0, 1].map((player) => sum(rows.map((row) => row[player] as number)))
      expect(columns).toEqual(total)
      expect(total).toEqual([gas.solver, gas.verifier])
    }
  })

  it('tells the gas of everything that the players sent', () => {
    const acts = ended.stdout.split(/^ACT /m).slice(1)
    for (const [i, { gas, dispute }] of report.acts.entries()) {
      const [story = ''] = (acts[i] as string).split('THE OUTPUT')
      const told = [...story.matchAll(/([\d,]+) gas( in all\.)?$/gm)].map((match) => gasIn(match[1] as string))
      const moved = dispute?.moves.map(({ gas }) => gas) ?? []
      const others = gas.requester + gasIn(/vault\.burn\(\), ([\d,]+) gas$/m.exec(story)?.[1] ?? '0')
      expect(sum([...told, ...moved]) - others).toBe(gas.solver + gas.verifier)
    }
  })

  it('stays up with --keep, for commands that show and replay what happened', () => {
    expect(tried.map(({ command }) => command.split(' ').slice(2, 4).join(' '))).toEqual([
      'task show',
      'task show',
      `replay ${honest.task}`,
      `replay ${dispute.game}`,
    ])
    for (const { command, status, stderr } of tried)
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' })
    const [first, , , replay] = tried as [Tried, Tried, Tried, Tried]
    expect(first.stdout).toContain(honest.answer.outputBytes)
    expect(replay.stdout).toContain(disputed.judged?.computed)
  })

  it('leaves nothing behind', () => {
    const [, file = ''] = / --deployment (\S+)/.exec(ended.stdout) ?? []
    expect(file).not.toBe('')
    expect(existsSync(dirname(file))).toBe(false)
  })

  it('tries what every rule forbids', () => {
    const errors = new Set(report.acts.flatMap(({ forbidden }) => forbidden.map(({ error }) => error)))
    expect(errors.size).toBeGreaterThan(60)
    expect(ended.stdout).toContain(`THE CHECKS, and ${honest.forbidden.length} forbidden calls`)
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
      if (read.includes('THE QUESTION')) demo.stdout.destroy()
    })
    const [status] = (await once(demo, 'exit')) as [number | null]
    expect({ status, complaints }).toEqual({ status: 141, complaints: '' })
    const players = [...read.matchAll(/ process (\d+),/g)].map((match) => Number(match[1]))
    expect(players).toHaveLength(2)
    await vi.waitFor(() => expect(players.filter(isRunning)).toEqual([]))
  })

  it('explains itself', () => {
    const { status, stdout } = runDemo(['--help'])
    expect(status).toBe(0)
    expect(stdout).toContain('--json FILE')
  })
})

/** Plays the demo in this process with other code in the place of some contracts. */
function playWith(codes: Partial<Record<string, Hex>>): Promise<Report> {
  const loadCode: LoadCode = async (name) => codes[name] ?? compiledCode(name)
  return playDemo({ print: () => {}, paint: (_, text) => text, loadCode, patienceMs: PATIENCE_MS })
}

describe('playDemo', () => {
  const without = (file: string, from: string): Mutation => ({ file, from, to: '' })

  const stepper = mutatedCode('machine/Stepper.sol', [
    {
      file: 'machine/Stepper.sol',
      from: 'post = StateHashes.stateHash(newRoot,',
      to: 'post = StateHashes.stateHash(root,',
    },
  ])

  afterEach(() => vi.unstubAllEnvs())

  it(
    'fails when rules are deleted from the contracts, and names them',
    async () => {
      const market = mutatedCode('market/TaskMarket.sol', [
        without('game/Games.sol', 'if (_same(mine[mine.length - 1], end)) revert EndNotDisputed(end);'),
        without('game/Games.sol', 'if (_same(post, end)) revert SubstepHolds(end);'),
        without('game/Arena.sol', 'if (!_board().standing(game).isWonBy(seat)) revert NotWonBySeat(game, seat);'),
        without('market/Solving.sol', 'if (!_mayAct(solver, msg.sender)) revert NotAuthorised(msg.sender, solver);'),
        without('market/Payouts.sol', 'VAULT.credit(entry, opponent.owner, refund);'),
      ])
      vi.stubEnv('NODE_OPTIONS', `--import=${TRUST_ANY_MARKET}`)
      const report = await playWith({ TaskMarket: market, Stepper: stepper })
      expect(report.ok).toBe(false)
      const breachesOf = breachesIn(report)
      for (const error of ['EndNotDisputed', 'SubstepHolds', 'NotWonBySeat', 'NotAuthorised']) {
        expect(breachesOf('forbidden')).toContain(`allowed, should be refused with ${error}`)
      }
      expect(breachesOf('bonds')).toContain('gains')
      expect(breachesOf('vault')).toContain('ether, after')
      expect(breachesOf('judged')).toContain('contract against this process')
    },
    DEMO_TIMEOUT_MS,
  )

  it(
    'fails when the contracts are not those that the players know: they stake nothing on them',
    async () => {
      const report = await playWith({ Stepper: stepper })
      expect(report.ok).toBe(false)
      expect(report.reason).toContain('is not Stepper as this version compiles it')
    },
    DEMO_TIMEOUT_MS,
  )
})

/** What speaks against a check, in all acts. */
const breachesIn = (report: Report) => (check: string) =>
  'acts' in report
    ? report.acts
        .flatMap(({ checks }) => checks)
        .filter(({ name }) => name === check)
        .flatMap(({ breaches }) => breaches)
        .join('\n')
    : report.reason
