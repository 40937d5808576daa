import { describe, expect, it } from 'vitest'
import { createBell } from '../../daemon/bell.ts'
import { createPlayer, keepPolling, type Player } from '../../daemon/index.ts'
import {
  createPrograms,
  createReader,
  createWriter,
  HeadWentBack,
  type MarketEvent,
  type Programs,
  type Writer,
} from '../../protocol/index.ts'
import { idleSolver, solve } from '../../solver/index.ts'
import { verify } from '../../verifier/index.ts'
import { computing, flipping } from '../adversaries/computing.ts'
import { delayed } from '../adversaries/senders.ts'
import { silent } from '../adversaries/strategies.ts'
import { BOND, type Hash, START_STAKE } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { seat, type TestPlayer } from '../helpers/players.ts'
import { Scenario } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }

/** What a player left, and why. */
const reasonsOf = ({ lines }: TestPlayer) =>
  lines
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'skipped')
    .map(({ subject, reason }) => `${subject} ${reason}`)

describe('createPlayer', () => {
  const market = useMarket({ arity: 16 })

  it('tells a reason when it begins, not at every look', async () => {
    const scenario = await Scenario.small(market.current)
    const verifier = await scenario.verifier('verifier')
    for (let i = 0; i < 5; i++) await verifier.poll()
    expect(verifier.lines.map((line) => JSON.parse(line).reason)).toEqual(['noFalseAnswer'])
  })

  it('plays the other tasks when one cannot be computed', async () => {
    const broken = await Scenario.small(market.current, { maxSteps: 999n })
    const good = await Scenario.small(market.current)
    const programs = computing(good.truth)
    const compute: typeof programs.compute = (place, task) => {
      if (task.id === broken.task) throw new Error('out of memory')
      return programs.compute(place, task)
    }
    const signer = await market.current.account('solver')
    const solver = await seat(market.current, 'solver', signer, { strategy: solve, programs: { ...programs, compute } })
    await solver.poll()
    await solver.poll()
    expect((await good.view()).status).toBe('posted')
    expect(solver.lines.map((line) => JSON.parse(line).event)).toContain('taskFailed')
  })

  it('locks no stake twice when it takes several tasks at once', async () => {
    const tasks: Scenario[] = []
    for (let i = 0n; i < 6n; i++) tasks.push(await Scenario.small(market.current, { maxSteps: 990n + i }))
    const signer = await market.current.account('solver')
    const solver = await seat(market.current, 'solver', signer, { strategy: solve, idle: idleSolver })
    while ((await solver.poll()).length > 0);
    // How many it does in one look depends on the speed of the machine.
    const mined = (kind: string) => Array(Number(START_STAKE / BOND)).fill(`${kind} mined`)
    expect(solver.outcomes.map(({ kind, action }) => `${action.kind} ${kind}`).sort()).toEqual([
      ...mined('post'),
      ...mined('take'),
    ])
    expect(reasonsOf(solver)).toContain('take stakeTooSmall')
    const statuses = await Promise.all(tasks.map(async (task) => (await task.view()).status))
    expect(statuses.sort()).toEqual(['open', ...Array(5).fill('posted')])
  })

  it('plays for an owner with a key that can take nothing out, up to its cap', async () => {
    const tasks = [await Scenario.small(market.current, { maxSteps: 998n }), await Scenario.small(market.current)]
    const owner = await market.current.account('owner')
    const signer = await market.current.operator('hot key', owner, BOND)
    const { address } = owner.account
    const solver = await seat(market.current, 'solver', signer, { strategy: solve, owner: address })
    while ((await solver.poll()).length > 0);
    const views = await Promise.all(tasks.map((task) => task.view()))
    expect(views.map(({ status, solver }) => `${status} ${solver === address}`).sort()).toEqual([
      'open false',
      'posted true',
    ])
    expect(reasonsOf(solver)).toContain('take capTooSmall')
  })

  it('knows what it could lose when it ends', async () => {
    const scenario = await Scenario.small(market.current)
    const signer = await scenario.enlist('solver', true)
    const reader = await createReader(market.current.client, market.current.rules.market)
    const writer = createWriter(market.current.client, signer, reader.rules)
    const programs = createPrograms([SMALL_TASK])
    const player = createPlayer({ reader, writer, programs, strategy: solve, log: () => undefined })
    expect(player.atStake()).toEqual([])
    for (let i = 0; i < 3; i++) {
      await player.poll()
      expect(player.atStake()).toEqual([scenario.task])
    }
    await scenario.finish()
    while ((await player.poll()).length > 0);
    expect(player.atStake()).toEqual([])
  })

  it('computes nothing before somebody has posted', async () => {
    const scenario = await Scenario.small(market.current)
    let runs = 0
    const programs = { ...computing(scenario.truth), compute: () => ({ trace: scenario.truth, run: runs++ }) }
    const verifier = await scenario.verifier('verifier', { programs })
    await verifier.poll()
    expect(runs).toBe(0)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    for (const player of [liar, liar, verifier]) await player.poll()
    expect(runs).toBe(1)
  })

  it('answers where its stake can be lost before it computes anything new', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const signer = await scenario.enlist('honest', true)
    const events: string[] = []
    const made = new Set([scenario.task])
    const programs: Programs = {
      ...computing(scenario.truth),
      compute: (_, { id }) => {
        if (!made.has(id)) events.push('computed')
        made.add(id)
        return { trace: scenario.truth }
      },
    }
    const wrap = (writer: Writer): Writer => ({
      account: writer.account,
      send(actions) {
        events.push(...actions.map(({ kind }) => kind))
        return writer.send(actions)
      },
    })
    const honest = await seat(market.current, 'honest', signer, { strategy: solve, programs, wrap })
    for (const player of [liar, liar, honest, liar]) await player.poll()
    for (const maxSteps of [998n, 999n]) await Scenario.small(market.current, { maxSteps })
    events.length = 0
    await honest.poll()
    expect(events).toEqual(['bisect', 'computed', 'computed', 'take', 'take'])
  })

  it('drops what it computed of a task that is over', async () => {
    const scenario = await Scenario.small(market.current)
    const dropped: Hash[] = []
    const programs: Programs = { ...computing(scenario.truth), drop: (tasks) => void dropped.push(...tasks) }
    const solver = await scenario.solver('solver', { programs })
    for (let i = 0; i < 2; i++) await solver.poll()
    expect(dropped).toEqual([])
    await scenario.finish()
    await solver.poll()
    expect(dropped).toContain(scenario.task)
  })

  it('computes nothing of a task that asks nothing of it any more', async () => {
    const scenario = await Scenario.small(market.current)
    await scenario.solver('solver')
    await scenario.finish()
    const signer = await market.current.account('newcomer')
    const compute = () => {
      throw new Error('computed')
    }
    const programs = { ...computing(scenario.truth), compute }
    const player = await seat(market.current, 'newcomer', signer, { strategy: solve, programs })
    expect(await player.poll()).toEqual([])
    expect(player.lines).toEqual([])
  })
})

describe('a player before a node that shows only a part', () => {
  const market = useMarket({ arity: 16 })
  const eventsOf = ({ lines }: TestPlayer) =>
    lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn')

  /** A dispute in which an honest player that sees through `watch` is on move; its node hides logs from block `from`. */
  async function blinded(): Promise<{ scenario: Scenario; honest: TestPlayer; hideFrom(block: bigint): void }> {
    const { client, rules } = market.current
    let hidden = 2n ** 63n
    const partial = {
      ...client,
      getLogs: async (query: Parameters<typeof client.getLogs>[0]) =>
        (await client.getLogs(query)).filter(({ blockNumber }) => (blockNumber ?? 0n) < hidden),
    } as typeof client
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const signer = await scenario.enlist('honest', true)
    const reader = await createReader(partial, rules.market)
    const honest = await seat(market.current, 'honest', signer, { strategy: verify, reader })
    for (const player of [liar, liar, honest, liar]) await player.poll()
    const [game] = await scenario.games()
    expect(game?.turn.mover.player).toBe(signer.account.address)
    return {
      ...{ scenario, honest },
      hideFrom: (block) => {
        hidden = block
      },
    }
  }

  it('answers a move that it was shown late', async () => {
    const { honest, hideFrom } = await blinded()
    hideFrom((await market.current.client.getBlock()).number)
    expect(await honest.poll()).toEqual([])
    expect(eventsOf(honest)).toMatchObject([{ event: 'skipped', reason: 'staleView' }])
    hideFrom(2n ** 63n)
    expect((await honest.poll()).map(({ action, kind }) => `${action.kind} ${kind}`)).toEqual(['bisect mined'])
  })

  it('answers a move that it was shown after more blocks than it reads twice', async () => {
    const { honest, hideFrom } = await blinded()
    const head = await market.current.client.getBlock()
    hideFrom(head.number)
    await market.current.client.request({ method: 'hardhat_mine', params: ['0x80', '0x0'] } as never)
    await honest.poll()
    hideFrom(2n ** 63n)
    expect((await honest.poll()).map(({ action, kind }) => `${action.kind} ${kind}`)).toEqual(['bisect mined'])
  })

  it('is not misled by a move that is mined after it looked', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const signer = await scenario.enlist('honest', true)
    const reader = await createReader(market.current.client, market.current.rules.market)
    let meanwhile: TestPlayer['poll'] = async () => []
    const ledger: typeof reader.ledger = async (...args) => {
      await meanwhile()
      return reader.ledger(...args)
    }
    const honest = await seat(market.current, 'honest', signer, { strategy: verify, reader: { ...reader, ledger } })
    for (const player of [liar, liar, honest]) await player.poll()
    meanwhile = liar.poll
    expect(await honest.poll()).toEqual([])
    expect(liar.outcomes.at(-1)).toMatchObject({ kind: 'mined', action: { kind: 'bisect' } })
    expect(eventsOf(honest)).toEqual([])
  })

  it('plays on what it sees where the node will not tell the storage', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const signer = await scenario.enlist('honest', true)
    const reader = await createReader(market.current.client, market.current.rules.market)
    const ledger: typeof reader.ledger = () => Promise.reject(new Error('header not found'))
    const honest = await seat(market.current, 'honest', signer, { strategy: verify, reader: { ...reader, ledger } })
    for (const player of [liar, liar, honest, liar]) await player.poll()
    expect((await honest.poll()).map(({ action, kind }) => `${action.kind} ${kind}`)).toEqual(['bisect mined'])
    expect(honest.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'unchecked', message: 'header not found' }),
    )
  })

  it('plays its games where the node will not tell what it could lock', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const signer = await scenario.enlist('honest', true)
    const reader = await createReader(market.current.client, market.current.rules.market)
    let isDumb = false
    const funds: typeof reader.funds = (...args) =>
      isDumb ? Promise.reject(new Error('no balance')) : reader.funds(...args)
    const honest = await seat(market.current, 'honest', signer, { strategy: verify, reader: { ...reader, funds } })
    for (const player of [liar, liar, honest, liar]) await player.poll()
    isDumb = true
    expect((await honest.poll()).map(({ action, kind }) => `${action.kind} ${kind}`)).toEqual(['bisect mined'])
    expect(eventsOf(honest)).toMatchObject([{ event: 'fundsUnknown', message: 'no balance' }])
  })

  it('does not play where an entry of a known value is hidden from it', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
    const signer = await scenario.enlist('honest', true)
    const copy = await scenario.liar('copy', { programs: flipping(FLIP), strategy: silent })
    const reader = await createReader(market.current.client, market.current.rules.market)
    const hidden = (event: MarketEvent) =>
      event.eventName === 'Entered' && event.args.owner === copy.signer.account.address
    const read: typeof reader.read = async () => {
      const seen = await reader.read()
      return { ...seen, events: seen.events.filter((event) => !hidden(event)) }
    }
    const honest = await seat(market.current, 'honest', signer, { strategy: verify, reader: { ...reader, read } })
    for (const player of [liar, liar, honest, honest, copy, copy]) await player.poll()
    expect(await honest.poll()).toEqual([])
    expect(honest.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'skipped', reason: 'staleView' }),
    )
  })

  it('says so when its own entry is news to it, and then reads everything', async () => {
    const scenario = await Scenario.small(market.current)
    const signer = await scenario.enlist('honest', true)
    const reader = await createReader(market.current.client, market.current.rules.market)
    let forgot = 0
    const counting = { ...reader, forget: () => void forgot++ }
    const wrap = delayed('post', async () => void (await copy.poll()))
    const honest = await seat(market.current, 'honest', signer, { strategy: solve, reader: counting, wrap })
    const copy = await seat(market.current, 'honest', signer, { strategy: solve })
    for (let i = 0; i < 3; i++) await honest.poll()
    expect(eventsOf(honest)).toMatchObject([{ event: 'staleView', action: 'post', told: 'WrongStatus' }])
    expect(forgot).toBe(1)
    expect((await scenario.view()).entries.size).toBe(1)
  })

  it('plays the tasks that are whole, and reads again ever more rarely for those that are not', async () => {
    const holed = await Scenario.small(market.current, { maxSteps: 999n })
    await (await holed.solver('liar')).poll()
    await (await holed.solver('liar')).poll()
    const good = await Scenario.small(market.current)
    const reader = await createReader(market.current.client, market.current.rules.market)
    let forgot = 0
    const read = async () => {
      const snapshot = await reader.read()
      const isGone = ({ eventName, args }: MarketEvent) => eventName === 'TaskRequested' && args.task === holed.task
      return { ...snapshot, events: snapshot.events.filter((event) => !isGone(event)) }
    }
    const signer = await market.current.account('solver')
    const forget = () => void forgot++
    const solver = await seat(market.current, 'solver', signer, {
      strategy: solve,
      reader: { ...reader, read, forget },
    })
    for (let i = 0; i < 9; i++) await solver.poll()
    expect((await good.view()).status).toBe('posted')
    expect(eventsOf(solver)).toMatchObject([{ event: 'skipped', reason: 'incompleteHistory', task: holed.task }])
    expect(forgot).toBe(4)
  })

  it('skips a poll at which the head is older than before', async () => {
    await Scenario.small(market.current)
    const reader = await createReader(market.current.client, market.current.rules.market)
    const read = () => Promise.reject(new HeadWentBack(6n, 7n))
    const signer = await market.current.account('solver')
    const solver = await seat(market.current, 'solver', signer, { strategy: solve, reader: { ...reader, read } })
    expect(await solver.poll()).toEqual([])
    expect(solver.lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'pollSkipped', reason: 'headWentBack' },
    ])
  })
})

describe('keepPolling', () => {
  it('goes on after polls that fail, told once in a row, until it is told to stop', async () => {
    const controller = new AbortController()
    const events: string[] = []
    let polls = 0
    const player: Pick<Player, 'poll'> = {
      async poll() {
        if (++polls === 6) controller.abort()
        if (polls !== 1 && polls !== 4) throw new Error('no node')
        return []
      },
    }
    await keepPolling(player, 1, (_, event, fields) => events.push(`${event} ${fields?.message}`), controller.signal)
    expect([polls, events]).toEqual([6, ['pollFailed no node', 'pollFailed no node']])
  })

  it('looks again as soon as something was computed', async () => {
    const [controller, bell] = [new AbortController(), createBell()]
    let polls = 0
    const player: Pick<Player, 'poll'> = {
      async poll() {
        if (++polls === 3) controller.abort()
        if (polls === 1) bell.ring()
        if (polls === 2) setTimeout(bell.ring, 5)
        return []
      },
    }
    const never = 100_000
    await keepPolling(player, never, () => undefined, controller.signal, bell)
    expect(polls).toBe(3)
  })
})
