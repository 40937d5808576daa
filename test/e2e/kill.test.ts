import type { Address } from 'viem'
import { describe, expect, it } from 'vitest'
import type { EntryStatus, TaskView } from '../../protocol/index.ts'
import { solve } from '../../solver/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { entering, without } from '../adversaries/strategies.ts'
import { Consumer } from '../helpers/consumers.ts'
import { BOND, START_STAKE } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { MortalDaemon } from '../helpers/mortal-daemon.ts'
import { PlayerProcess } from '../helpers/player-process.ts'
import { Scenario } from '../helpers/scenario.ts'
import { TransactionTap } from '../helpers/transaction-tap.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
const REWARD = BOND / 2n

/** Who plays for one owner, until something is so. */
interface Actor {
  readonly owner: Address
  until(isSo: () => Promise<boolean>): Promise<void>
  /** Kinds of the transactions that the chain took from it, oldest first. */
  taken(): string[]
}

/** A player in this process. */
async function quiet(scenario: Scenario, role: 'solver' | 'verifier', meanwhile: () => Promise<void>): Promise<Actor> {
  const player = await scenario[role](role)
  return {
    owner: player.owner,
    async until(isSo) {
      while (!(await isSo())) {
        await player.poll()
        await meanwhile()
      }
    },
    taken: () => player.outcomes.filter(({ kind }) => kind === 'mined').map(({ action }) => action.kind),
  }
}

/** A daemon that is killed at each of its transactions; the safety rules are checked after each. */
async function killed(scenario: Scenario, role: 'solver' | 'verifier', goOn: () => Promise<void>): Promise<Actor> {
  const { account } = await scenario.enlist(role, true)
  let checked = 0
  const meanwhile = async () => {
    await goOn()
    if (daemon.taken.length === checked) return
    checked = daemon.taken.length
    await scenario.check(`${daemon.taken.at(-1)} of the ${role}`)
  }
  const daemon = new MortalDaemon(scenario.market, { script: `${role}/main.ts`, name: role, meanwhile })
  return {
    owner: account.address,
    async until(isSo) {
      await daemon.until(isSo)
      await scenario.check(`${daemon.taken.at(-1)} of the ${role}`)
    },
    taken: () => daemon.taken,
  }
}

/** Whether an owner has answered in a game, after its opening. */
const hasMoved = ({ games, entries }: TaskView, owner: Address): boolean =>
  [...games.values()].some(
    ({ seats, turn }) => turn.ply > 1n && seats.some((entry) => entries.get(entry)?.owner === owner),
  )

const has = ({ entries }: TaskView, owner: Address, status: EntryStatus): boolean =>
  [...entries.values()].some((entry) => entry.owner === owner && entry.status === status)

describe('daemons as processes, over HTTP', () => {
  const market = useMarket({ arity: 16, chain: 'served' })

  /** A solver posts the truth, a liar disputes it, a verifier supports it; what became of all that, and of whom. */
  async function play(isMortal: boolean) {
    const consumer = await Consumer.deploy(market.current, 'ConsumerHarness')
    const scenario = await Scenario.small(market.current, { consumer })
    scenario.count((await market.current.keyHolder('user of a consumer')).account.address)
    const strategy = entering(without(solve, 'open'))
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy })
    let isIn = false
    const meanwhile = async () => void (isIn && (await liar.poll()))
    const actor = (role: 'solver' | 'verifier') =>
      isMortal ? killed(scenario, role, meanwhile) : quiet(scenario, role, meanwhile)
    const [solver, verifier] = [await actor('solver'), await actor('verifier')]
    const once = (isSo: (view: TaskView) => boolean) => async () => isSo(await scenario.view())

    await solver.until(once(({ status }) => status === 'posted'))
    const { phases } = await scenario.view()
    await market.current.at((phases?.challenge ?? 0n) - 1n)
    isIn = true
    await liar.poll()
    await market.current.advanceTo(phases?.challenge ?? 0n)
    await solver.until(once(({ games }) => games.size === 1))
    await verifier.until(once(({ games }) => games.size === 2))
    await verifier.until(once((view) => hasMoved(view, verifier.owner)))
    await solver.until(once((view) => has(view, liar.owner, 'dead')))
    await market.current.advanceTo(phases?.opening ?? 0n)
    await solver.until(once((view) => view.delivered && has(view, liar.owner, 'divided')))
    await verifier.until(once((view) => has(view, verifier.owner, 'released')))

    const { status, result } = await scenario.view()
    const told = await consumer.told()
    const accounts = [solver, verifier, liar].map(({ owner }) => market.current.accountOf(owner))
    const outcome = { status, result, told, accounts: await Promise.all(accounts) }
    return { taken: [solver.taken(), verifier.taken()], outcome }
  }

  it('that are killed as soon as a node has taken a transaction of them end as in a quiet run', async () => {
    const clean = await market.current.snapshot()
    const calm = await play(false)
    await market.current.restore(clean)
    const { taken, outcome } = await play(true)
    expect(outcome).toEqual(calm.outcome)
    expect(outcome.status).toBe('final')
    expect(outcome.told.length).toBe(1)
    expect(taken).toEqual(calm.taken)
    expect(taken).toEqual([
      ['take', 'post', 'open', 'bisect', 'prove', 'bury', 'finalise', 'payDead', 'deliver'],
      ['enterAndOpen', 'bisect', 'release'],
    ])
  })

  it('play on when a second machine, which has an operator key and nothing else, takes over', async () => {
    const scenario = await Scenario.small(market.current)
    const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: entering(solve) })
    const account = await scenario.enlist('honest', true)
    const owner = account.account.address
    for (const name of ['first machine', 'second machine']) await market.current.operator(name, account, BOND)
    await scenario.rest()
    let first: PlayerProcess | undefined
    const tap = await TransactionTap.open(market.current.url, (names) => {
      if (!names.includes('bisect')) return 'answer'
      first?.signal('SIGKILL')
      return 'hang up'
    })
    first = new PlayerProcess(market.current, 'verifier/main.ts', 'first machine', { owner, rpc: tap.url })
    await first.until(({ action }) => action === 'enterAndOpen')
    await scenario.rest()
    expect(await first.exit()).toBe(null)
    await tap.close()
    await scenario.rest()
    const second = new PlayerProcess(market.current, 'verifier/main.ts', 'second machine', { owner })
    await second.until(({ event, action }) => event === 'mined' && action === 'bury')
    await scenario.check('the burial')
    await market.current.advanceTo((await scenario.view()).phases?.opening ?? 0n)
    await second.until(({ event, action }) => event === 'mined' && action === 'payDead')
    expect(await second.end('SIGTERM')).toBe(0)
    await scenario.check('the end')
    expect((await scenario.view()).result?.value).toBe(scenario.truth.final.value)
    expect((await market.current.accountOf(owner)).free).toBe(START_STAKE + REWARD)
    expect(await scenario.gainOf(liar)).toBe(-BOND)
  })
})
