import { type Address, decodeFunctionResult, type Hex } from 'viem'
import { expect } from 'vitest'
import type { Hash } from '../../interpreter/index.ts'
import { rootOf } from '../../protocol/bisection.ts'
import { gameId } from '../../protocol/game-ids.ts'
import { marketAbi } from '../../protocol/generated/abi.ts'
import { encodeTurn } from '../../protocol/turns.ts'
import { type Action, ENTRY_NUMBER, TASK_NUMBER, VERDICT_NUMBER } from './arena-actions.ts'
import type { Account } from './arena-ledger.ts'
import type { ArenaSimulation, Step, World } from './arena-simulation.ts'
import { claimsBy, firstClaim, machinesOf, modelRules, type People, type Plot } from './arena-worlds.ts'
import { type Contract, Evm, encode, type Receipt, Reverted } from './evm.ts'
import type { MarketModel } from './market-model.ts'
import { bisectArgs, proveArgs, standingOf } from './toy-game.ts'
import { toyHash, toyState, toyWitness } from './toy-machine.ts'
import { ToyMarket, type ToyRules } from './toy-market.ts'
import type { Standing } from './toy-players.ts'
import { bytesRootOf, type Opening, pathOf, type ToyClaim, type ToyTask, writing } from './toy-task.ts'

const GWEI = 10n ** 9n
const GAS_PRICE_UNIT = 10n ** 7n
const CAP = 10n ** 9n
const [HONEST, RICH, OPERATOR, POOR] = [1, 5, 10, 11]

/** Actions after which somebody's money may be another. */
const PAYING: readonly Action['kind'][] = [
  'enter',
  'enterAndOpen',
  'release',
  'payDead',
  'finalise',
  'payPrice',
  'voidTask',
]

/** What a machine writes; the truth, number 0, writes nothing. */
const outputOf = (machine: number): Hex => (machine === 0 ? '0x' : `0x0${machine}`)

/** A market in which the steps of random arenas are played too, each arena from the same start. */
export class ArenaMirror {
  private readonly market: ToyMarket
  private clean: unknown
  /** Of the arena at hand. */
  private task!: ToyTask
  private readonly openings = new Map<Hash, Opening>()

  private constructor(market: ToyMarket, clean: unknown) {
    this.market = market
    this.clean = clean
  }

  static async create(rules: Partial<ToyRules>): Promise<ArenaMirror> {
    const evm = await Evm.create({ allowBlocksWithSameTimestamp: true })
    const market = await ToyMarket.create(rules, evm)
    await market.fund(market.account(POOR), 2n * market.rules.bond)
    for (const owner of [HONEST, 2, 3, 4, RICH, POOR]) {
      await evm.send(market.account(owner), market.vault, 'setOperator', [market.account(OPERATOR), CAP])
    }
    return new ArenaMirror(market, await evm.snapshot())
  }

  /** Requests, takes and posts the task of a plot. */
  async begin(plot: Plot): Promise<{ world: World; people: People }> {
    const { market } = this
    await market.evm.restore(this.clean)
    this.clean = await market.evm.snapshot()
    const account = (index: number): Address => market.account(index)
    const others = [2, 3, 4, plot.isOnePoor ? POOR : RICH].map(account)
    const people: People = {
      honest: account(HONEST),
      others,
      stranger: market.stranger,
      operator: account(OPERATOR),
      requester: account(0),
    }
    const accounts = await this.accounts([people.requester, people.honest, ...others])
    const task = await market.createTask(plot.maxSteps, plot.haltAt, { ramp: 0 })
    this.task = task
    const world = { ...(await this.worldOf(plot, task, people)), accounts }
    const first = firstClaim(plot, people, world)
    await market.takeAndPost(first as ToyClaim)
    return { world: { ...world, posted: await market.evm.now() }, people }
  }

  private async worldOf(plot: Plot, task: ToyTask, { requester, operator }: People) {
    const { market } = this
    const { gasPrice } = await market.stored(task)
    const initial = toyHash(toyState(task.truth, 0n))
    const price = task.request.order.maxPrice
    const rest = { initial, price, requester, operator, naming: toyHash, gameId }
    const machines = machinesOf(plot, task.truth, (n) => writing(task, bytesRootOf(outputOf(n + 1))).lie?.by ?? 0n)
    this.openings.clear()
    const claim = claimsBy((owner, machine) => {
      const made = market.claim(task, owner, machine)
      const output = outputOf(machines.indexOf(machine))
      this.openings.set(made.value, { regs: made.regs, path: pathOf(task), output })
      return made
    })
    return {
      rules: modelRules(market.rules, plot.maxSteps, BigInt(gasPrice) * GAS_PRICE_UNIT, rest),
      machines,
      claim,
      posted: 0n,
    }
  }

  /** Sends what the model was told, and compares the answer and all that is stored. */
  async play({ model }: ArenaSimulation, { action, time, outcome }: Step, name: string): Promise<void> {
    await this.market.evm.at(time)
    const answer = await this.send(action)
    if (typeof answer === 'string') {
      expect(masked(answer, outcome), `${name}: ${action.kind} at ${time}`).toBe(outcome)
      return
    }
    expect('ok', `${name}: ${action.kind} at ${time}`).toBe(outcome)
    if (action.kind === 'bisect') this.expectMoved(answer, action.game.standings.at(-1))
    if (action.kind === 'open') {
      const game = model.games.get(gameId(action.opener.entry, action.target.entry))
      this.expectMoved(answer, game?.standings.at(-1))
    }
    await this.expectSame(model, time)
    if (PAYING.includes(action.kind))
      expect(await this.accounts([...model.money.accounts.keys()])).toEqual(model.money.accounts)
  }

  /** The receipt, or the error as text. */
  private async send(action: Action): Promise<Receipt | string> {
    const [contract, data] = this.callOf(action)
    try {
      return await this.market.evm.sendData(action.by, contract, data)
    } catch (error) {
      if (error instanceof Reverted) return `${error.errorName}(${error.args.map(String).join()})`
      throw error
    }
  }

  private callOf(action: Action): readonly [Contract, Hex] {
    const { contract, games } = this.market
    if (action.kind === 'bisect' || action.kind === 'prove' || action.kind === 'timeout')
      return [games, this.moveOf(action)]
    return [contract, this.arenaCall(action)]
  }

  private moveOf(action: Extract<Action, { kind: 'bisect' | 'prove' | 'timeout' }>): Hex {
    const { games } = this.market
    const { id } = action.game
    const { standing } = action
    const { turn, sequence } = standing
    if (action.kind === 'timeout') return encode(games, 'timeout', [id, encodeTurn(turn), rootOf(sequence)])
    const named = action.kind === 'bisect' ? action.segment : action.substep
    const within = Math.min(named, sequence.length - 2)
    if (action.kind === 'bisect') {
      const [, packed, , start, end, path, mine] = bisectArgs(id, standing, within, action.mine)
      return encode(games, 'bisect', [id, packed, BigInt(named), start, end, path, mine])
    }
    const [, packed, , end, path, witness] = proveArgs(id, standing, within, toyWitness(action.state))
    return encode(games, 'prove', [id, packed, BigInt(named), end, path, witness])
  }

  private arenaCall(action: Exclude<Action, { kind: 'bisect' | 'prove' | 'timeout' }>): Hex {
    const { market } = this
    const { contract } = market
    const { origin, request } = this.task
    if (action.kind === 'enter')
      return encode(contract, action.kind, [origin, action.claim.owner, action.claim as ToyClaim])
    if (action.kind === 'open' || action.kind === 'enterAndOpen') {
      return encode(contract, action.kind, market.openArgs(action.opener as ToyClaim, action.target as ToyClaim))
    }
    if (action.kind === 'bury') return encode(contract, action.kind, [origin, action.winner, action.loser])
    if (action.kind === 'release') return encode(contract, action.kind, [origin, action.claim])
    if (action.kind === 'payDead') return encode(contract, action.kind, [request, action.dead, action.opponents])
    if (action.kind === 'payPrice')
      return encode(contract, action.kind, [request, action.value, action.claims.map(({ owner }) => owner)])
    if (action.kind === 'voidTask') return encode(contract, action.kind, [request])
    const { regs, path, output } = this.openings.get(action.claim.value) as Opening
    return encode(contract, action.kind, [request, regs, path, output])
  }

  private expectMoved(receipt: Receipt, standing: Standing | undefined): void {
    expect(standingOf(this.market, receipt).standing).toEqual(standing)
  }

  /** Verdict, counters and statuses. */
  private async expectSame(model: MarketModel, time: bigint): Promise<void> {
    const { market, task } = this
    const { contract } = market
    const claims = [...model.entries.values()]
    const calls = [
      encode(contract, 'verdictOf', [task.origin]),
      encode(contract, 'taskOf', [task.id]),
      ...claims.map(({ claim }) => encode(contract, 'entryOf', [task.id, claim])),
    ]
    await market.evm.at(time)
    const [verdict, stored, ...entries] = await market.evm.read(contract, 'multicall', [calls])
    const read = (functionName: 'verdictOf' | 'taskOf' | 'entryOf', data: Hex | undefined) =>
      decodeFunctionResult({ abi: marketAbi, functionName, data: data ?? '0x' })
    expect(read('verdictOf', verdict)).toBe(VERDICT_NUMBER[model.verdict(time)])
    expect(read('taskOf', stored)).toMatchObject({
      status: TASK_NUMBER[model.status],
      valuesSeen: model.valuesSeen(),
      valuesAlive: model.valuesAlive(),
    })
    expect(entries.map((entry) => read('entryOf', entry))).toEqual(
      claims.map((entry) => ({
        status: ENTRY_NUMBER[entry.status],
        games: entry.games.length,
        ordinal: model.of(entry.claim.value).indexOf(entry),
      })),
    )
  }

  private async accounts(owners: readonly Address[]): Promise<Map<Address, Account>> {
    const accounts = new Map<Address, Account>()
    for (const owner of owners) {
      const { free, locked, gweiFree } = await this.market.funds(owner)
      accounts.set(owner, { free, locked, wei: gweiFree * GWEI })
    }
    return accounts
  }
}

/** An error with those arguments hidden that the model does not know. */
function masked(answer: string, outcome: string): string {
  const [known, told] = [outcome.split(/[(),]/), answer.split(/[(),]/)]
  if (known.length !== told.length) return answer
  const args = told.slice(1, -1).map((arg, i) => (known[i + 1] === '*' ? '*' : arg))
  return `${told[0]}(${args.join()})`
}
