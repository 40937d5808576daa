import { type Address, decodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../auditor/audit.ts'
import { eventsOf } from '../../auditor/history.ts'
import {
  bundleText,
  ContentDiffers,
  ContentMissing,
  collect,
  ForgedHistory,
  type GameReport,
  type History,
  NothingToReplay,
  parseBundle,
  type Report,
  replay,
  reportJson,
  reportText,
} from '../../auditor/index.ts'
import { gamesAbi } from '../../protocol/index.ts'
import { forgeriesOf, variantsOf } from '../helpers/forging.ts'
import { LocalMarket } from '../helpers/local-market.ts'
import { smallTruth } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'
import { nothing } from '../helpers/small-tasks.ts'
import { CUT, historyOf, proof, type Story, threeSides, timeout, voided } from '../helpers/stories.ts'

const STORIES = { proof, timeout, threeSides, voided } as const
type Name = keyof typeof STORIES

/** A story as the chain tells it. */
interface Told {
  readonly history: History
  /** The same, found by the id of its first game. */
  readonly byGame: History | undefined
  readonly owners: Readonly<Record<string, Address>>
}

let market: LocalMarket
const told = {} as Record<Name, Told>

beforeAll(async () => {
  market = await LocalMarket.create({ arity: 4 })
  for (const name of Object.keys(STORIES) as Name[]) {
    const before = await market.snapshot()
    told[name] = await tell(await STORIES[name](market))
    await market.restore(before)
  }
})

afterAll(() => market?.close())

async function tell(story: Story): Promise<Told> {
  const { client, rules } = market
  const [game] = await story.scenario.games()
  const byGame = game && (await collect({ client, market: rules.market, taskOrGame: game.id }))
  const owners = Object.fromEntries(Object.entries(story.cast).map(([name, { owner }]) => [name, owner]))
  return { history: await historyOf(market, story), byGame, owners }
}

const replayed = (name: Name): Promise<Report> => replay({ history: told[name].history, client: market.client })

/** Who made each move of a game, and whether what it said was true. */
const sayings = ({ moves }: GameReport) => moves.map(({ by, says }) => [by, says] as const)

describe('replay', () => {
  it('tells a dispute that a proof ended: every move, who was right, and the substep judged again', async () => {
    const { liar, honest } = told.proof.owners
    const report = await replayed('proof')
    const [game] = report.games
    expect(report).toMatchObject({ status: 'final', verdict: 'settled', isTruth: true })
    expect(report.settled).toBe(smallTruth().final.value)
    expect(report.entries.map(({ owner, isTrue, status }) => [owner, isTrue, status])).toEqual([
      [liar, false, 'divided'],
      [honest, true, 'released'],
    ])
    expect(game).toMatchObject({ end: 'proved', winner: report.entries[1]?.id })
    expect(sayings(game as GameReport)).toEqual(
      game?.moves.map((_, i) => (i % 2 === 0 ? [honest, 'true'] : [liar, 'false'])),
    )
    expect(game?.judged).toMatchObject({ step: 217n, substep: 8, name: 'store low', isOnTruePath: true })
    expect(game?.judged?.place).toMatchObject({ module: 'task', function: 'func[1]', instruction: 'i32.const 1' })
    const { typescript, stepper } = game?.judged?.judges ?? {}
    expect([typescript, stepper]).toEqual([game?.judged?.computed, game?.judged?.computed])
    expect(report.result).toMatchObject({ outcome: 'halted', exitCode: 0, value: report.settled })
  })

  it('tells a dispute that a clock ended', async () => {
    const { honest } = told.timeout.owners
    const { games, isTruth, entries } = await replayed('timeout')
    expect(isTruth).toBe(true)
    expect(games.map(({ end, winner, judged }) => [end, winner, judged])).toEqual([['timedOut', entries[1]?.id, null]])
    expect(sayings(games[0] as GameReport)).toEqual([[honest, 'true']])
  })

  it('tells an arena of three values about a run that took all its steps', async () => {
    const report = await replayed('threeSides')
    expect(report.truth).toMatchObject({ outcome: 'outOfSteps', steps: CUT })
    expect(report.entries.map(({ isTrue, outcome }) => [isTrue, outcome])).toEqual([
      [false, 'outOfSteps'],
      [false, 'outOfSteps'],
      [true, 'outOfSteps'],
    ])
    expect(report.games).toHaveLength(3)
    const [truth] = report.entries.filter(({ isTrue }) => isTrue)
    expect(report.buried.map(({ winner }) => winner)).toEqual([truth?.id, truth?.id])
    expect(report.result).toMatchObject({ outcome: 'outOfSteps', value: smallTruth(CUT).final.value })
  })

  it('tells a void task and a solver that did not show up, with all payments', async () => {
    const { missing } = told.voided.owners
    const report = await replayed('voided')
    expect(report).toMatchObject({ status: 'void', verdict: 'void', settled: null, isTruth: null, result: null })
    expect(report.entries.map(({ isTrue }) => isTrue)).toEqual([false, false])
    const { bond } = market.rules
    const slashed = report.payments.filter(({ kind }) => kind === 'slashed')
    const { requester } = report.request
    expect(slashed).toMatchObject([{ owner: missing, tokens: bond, reward: bond / 2n, winner: requester }])
    expect(report.payments.at(-1)?.kind).toBe('released')
  })

  it('finds a dispute by the id of a game', () => {
    expect(told.proof.byGame).toEqual(told.proof.history)
  })

  it('needs no node for a bundle, and says the same but for the judge on chain', async () => {
    const online = await replayed('proof')
    const offline = await replay({ history: parseBundle(bundleText(told.proof.history)) })
    expect(offline.games[0]?.judged?.judges.stepper).toBeUndefined()
    const withoutStepper = (report: Report) => reportJson(report).replace(/,\s*"stepper": "\w+"/, '')
    expect(withoutStepper(offline)).toBe(withoutStepper(online))
  })

  it('takes a module that nobody told on chain, and no other', async () => {
    const history = { ...told.timeout.history, module: undefined }
    await expect(replay({ history })).rejects.toBeInstanceOf(ContentMissing)
    await expect(replay({ history, content: { module: nothing() } })).rejects.toBeInstanceOf(ContentDiffers)
    await expect(replay({ history, content: { input: Uint8Array.of(1), module: SMALL_TASK } })).rejects.toMatchObject({
      what: 'input',
    })
    expect((await replay({ history, content: { module: SMALL_TASK } })).isTruth).toBe(true)
  })

  it('finds nothing where nobody asked', async () => {
    const { client, rules } = market
    const asked = collect({ client, market: rules.market, taskOrGame: `0x${'77'.repeat(32)}` })
    await expect(asked).rejects.toBeInstanceOf(NothingToReplay)
  })

  it('says it in words as well', async () => {
    const text = reportText(await replayed('proof'))
    expect(text).toContain('judged: substep 8 of step 217, store low')
    expect(text).toContain('again here and on the contract')
    expect(text).toContain('The truth settled.')
  })
})

describe('a forged history', () => {
  /** The breaches by which forgeries were found out, and the fields of those that were not. */
  async function tried(name: Name): Promise<{ breaches: Set<string>; unseen: string[] }> {
    const { history } = told[name]
    const truth = reportJson(await replay({ history }))
    const [breaches, unseen] = [new Set<string>(), [] as string[]]
    for (const { what, field, history: forged } of forgeriesOf(history)) {
      try {
        audit(forged)
        expect(reportJson(await replay({ history: forged })), what).toBe(truth)
        unseen.push(field.replace(/^\w+/, 'any'))
      } catch (error) {
        if (!(error instanceof ForgedHistory)) throw error
        breaches.add(error.breach)
      }
    }
    return { breaches, unseen: [...new Set(unseen)] }
  }

  /** An index says nothing but the order; where that stays the same, so does the report, to the last letter. */
  const IRRELEVANT = ['any.log.index']

  it.each(['proof', 'timeout', 'voided'] as const)(
    'is refused whatever field of an event of %s differs',
    async (name) => {
      const { breaches, unseen } = await tried(name)
      expect(unseen).toEqual(IRRELEVANT)
      expect(breaches.size).toBeGreaterThan(5)
    },
  )

  const refused = (history: History, breach: string) => {
    expect(() => audit(history)).toThrow(ForgedHistory)
    expect(() => audit(history)).toThrow(expect.objectContaining({ breach }))
  }

  it('is refused where what the contracts keep is something else', () => {
    const { history } = told.threeSides
    for (const { value } of variantsOf(history.storage)) {
      refused({ ...history, storage: value as History['storage'] }, 'storage')
    }
  })

  /** Where in a transaction's input the move stands: alone, or first of several calls. */
  function moveIn(input: Hex): { from: number; to: number } {
    const { functionName, args } = decodeFunctionData({ abi: gamesAbi, data: input })
    const [move] = functionName === 'multicall' ? args[0] : [input]
    const from = input.indexOf((move as Hex).slice(2))
    return { from, to: from + (move as Hex).length - 2 }
  }

  it('is refused where a word of a move that was sent is another one', () => {
    const { history } = told.proof
    const moves = eventsOf(history).filter(({ name, block }) => name === 'Moved' || (name === 'Proved' && block > 0n))
    for (const { transaction } of moves.slice(1)) {
      const sent = history.transactions.get(transaction) ?? { input: '0x', gas: 0n }
      const { from, to } = moveIn(sent.input)
      for (let at = from + 8; at < to; at += 64) {
        const digit = sent.input[at + 63] === '0' ? '1' : '0'
        const input: Hex = `0x${sent.input.slice(2, at + 63)}${digit}${sent.input.slice(at + 64)}`
        const transactions = new Map(history.transactions).set(transaction, { ...sent, input })
        expect(() => audit({ ...history, transactions }), `word ${(at - from - 8) / 64}`).toThrow(ForgedHistory)
      }
    }
  })

  it('is refused where a move comes after the clock, or an entry after its phase', () => {
    const { history } = told.proof
    const events = eventsOf(history)
    const late = (name: string, seconds: bigint): History => {
      const [event] = events.filter((each) => each.name === name)
      const times = new Map(
        [...history.times].map(([block, time]) => [block, block < (event?.block ?? 0n) ? time : time + seconds]),
      )
      return { ...history, times, head: { ...history.head, timestamp: history.head.timestamp + seconds } }
    }
    refused(late('Proved', market.rules.budget + 10n), 'time')
    const { challenge, solving } = market.rules
    expect(() => audit(late('Opened', challenge * 3n))).toThrow(ForgedHistory)
    expect(() => audit(late('Entered', solving + 10n))).toThrow(expect.objectContaining({ breach: 'time' }))
  })

  it('is refused where two events are swapped', () => {
    const { history } = told.threeSides
    for (let i = 1; i < history.logs.length; i++) {
      const [before, after] = history.logs.slice(i - 1, i + 1)
      if (before === undefined || after === undefined) continue
      const place = ({ block, index, transaction }: typeof before) => ({ block, index, transaction })
      const logs = history.logs.toSpliced(i - 1, 2, { ...after, ...place(before) }, { ...before, ...place(after) })
      expect(() => audit({ ...history, logs }), `logs ${i - 1} and ${i}`).toThrow(ForgedHistory)
    }
  })
})
