import { type Address, type Hex, maxUint256, numberToHex } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { entryId, type Order, originOf, type Request, taskId } from '../../protocol/game-ids.ts'
import { gamesAbi, marketAbi, registryAbi, tokenAbi, vaultAbi } from '../../protocol/generated/abi.ts'
import type { MarketRules, Rules } from '../../protocol/rules.ts'
import { type Contract, Evm, type Receipt } from './evm.ts'
import { type ToyMachine, toyFinal, toyHash, toyStartRegs } from './toy-machine.ts'
import { sequenceOf } from './toy-players.ts'
import {
  bytesRootOf,
  initialHash,
  initialRoot,
  type Opening,
  pathOf,
  rootsFor,
  type ToyClaim,
  type ToyProgram,
  type ToyTask,
} from './toy-task.ts'

const GWEI = 10n ** 9n
const SUPPLY = 10n ** 15n
/** Tokens and wei that each funded account has in the vault. */
export const FUNDS = { tokens: 10n ** 9n, wei: 100n * 10n ** 18n }
/** Accounts from 0 on that have funds in the vault. */
export const FUNDED = 9
export const BURN: Address = '0x000000000000000000000000000000000000dEaD'

/** As in contracts/interfaces/Task.sol. */
export const ENTRY = { NONE: 0, ALIVE: 1, DEAD: 2, RELEASED: 3, DIVIDED: 4 } as const
export const VERDICT = { PENDING: 0, SETTLED: 1, VOID: 2 } as const

/** What a test may choose of a deployment. */
export type ToyRules = Rules & Pick<MarketRules, 'arity' | 'unbonding'>

/** The machine is so fast that a task adds one second or two to each length. */
export const RULES: ToyRules = {
  arity: 16,
  unbonding: 50_000n,
  challenge: 10_000n,
  support: 2000n,
  opening: 3000n,
  budget: 1000n,
  minimum: 50n,
  solving: 5000n,
  finalising: 20_000n,
  speed: 2n ** 63n,
  maxSteps: 2n ** 64n - 1n,
  bond: 101n,
  gasPriceFloor: GWEI,
  enterGas: 500_000n,
  moveGas: 150_000n,
  maxCallbackGas: 1_000_000n,
  maxOutput: 1024n,
}

export const INPUT: Hex = '0x0102'

/** Terms of an order that a test does not say otherwise. */
const ORDER = {
  minPrice: 3n * GWEI,
  maxPrice: 5n * GWEI,
  ramp: 60,
  expires: 2 ** 39,
  tip: 0n,
  callbackGas: 0,
  salt: numberToHex(0, { size: 32 }),
}

/** Who asks, and for what, where a test does not say otherwise. */
export interface Asking extends Partial<Order> {
  readonly input?: Hex
  readonly requester?: Address
  readonly value?: bigint
}

/** A market that judges by the toy machine, with accounts that have stake and ether in its vault. */
export class ToyMarket {
  readonly evm: Evm
  readonly rules: MarketRules
  /** The market itself; `NotEnoughStake` and other errors of the vault and the games come through it. */
  readonly contract: Contract<typeof marketAbi>
  readonly games: Contract<typeof gamesAbi>
  readonly vault: Contract<typeof vaultAbi>
  readonly registry: Contract<typeof registryAbi>
  readonly token: Contract<typeof tokenAbi>
  private programs = 0n

  private constructor(parts: Pick<ToyMarket, 'evm' | 'rules' | 'contract' | 'games' | 'vault' | 'registry' | 'token'>) {
    this.evm = parts.evm
    this.rules = parts.rules
    this.contract = parts.contract
    this.games = parts.games
    this.vault = parts.vault
    this.registry = parts.registry
    this.token = parts.token
  }

  /** Deploys stepper, token, registry and market, and funds the accounts from 0 on. */
  static async create(changes: Partial<ToyRules> = {}, on?: Evm): Promise<ToyMarket> {
    const evm = on ?? (await Evm.create())
    const chosen = { ...RULES, ...changes }
    const token = await evm.deploy('SubstepToken', tokenAbi, [SUPPLY])
    const registry = await evm.deploy('ProgramRegistry', registryAbi)
    const { address: stepper } = await evm.deploy('ToyStepper', [])
    const places = { stepper, registry: registry.address, token: token.address }
    const setting = { ...places, arity: chosen.arity, unbondingTime: chosen.unbonding }
    const contract = await evm.deploy('TaskMarket', marketAbi, [setting, chosen])
    const games = { abi: gamesAbi, address: await evm.read(contract, 'games', []) }
    const vault = { abi: vaultAbi, address: await evm.read(contract, 'vault', []) }
    const made = { chainId: await evm.chainId(), market: contract.address, games: games.address, vault: vault.address }
    const market = new ToyMarket({
      evm,
      rules: { ...chosen, ...places, ...made },
      contract,
      games,
      vault,
      registry,
      token,
    })
    await evm.send(market.account(0), token, 'approve', [vault.address, maxUint256])
    for (const account of evm.accounts.slice(0, FUNDED)) await market.fund(account)
    return market
  }

  /** Stake and ether in the vault. */
  async fund(account: Address, tokens = FUNDS.tokens, wei = FUNDS.wei): Promise<void> {
    const from = this.account(0)
    if (tokens > 0n) await this.evm.send(from, this.vault, 'deposit', [account, tokens])
    if (wei > 0n) await this.evm.send(from, this.vault, 'depositEther', [account], wei)
  }

  account(index: number): Address {
    return this.evm.accounts[index] as Address
  }

  /** Somebody who has nothing to do with any task. */
  get stranger(): Address {
    return this.account(9)
  }

  /** Publishes a program of its own that halts after `haltAt` steps; never, if that is 0. */
  async publish(haltAt = 0n): Promise<ToyProgram> {
    const roots = rootsFor(++this.programs)
    const regs = toyStartRegs(haltAt)
    const id = await this.evm.read(this.registry, 'publish', [roots, regs])
    await this.evm.send(this.account(0), this.registry, 'publish', [roots, regs])
    return { id, roots, haltAt }
  }

  /** The task that `request` makes of an order. */
  taskOf(program: ToyProgram, maxSteps: bigint, asking: Asking = {}): ToyTask {
    const { input = INPUT, requester = this.account(0), value: _, ...changes } = asking
    const order: Order = { ...ORDER, program: program.id, maxSteps, ...changes }
    const initial = initialHash(program, input)
    const request: Request = { initial, requester, inputRoot: bytesRootOf(input), byReference: false, order }
    const origin = originOf(request)
    const id = taskId(this.rules, origin)
    const truth = { root: initialRoot(program.roots, input), haltAt: program.haltAt }
    return { id, maxSteps, request, origin, program, truth }
  }

  /** Sends the request of a task; it takes the ether from the vault. */
  request({ request }: ToyTask, { input = INPUT, value = 0n }: Asking = {}): Promise<Receipt> {
    return this.evm.send(request.requester, this.contract, 'request', [request.order, input], value)
  }

  /** Publishes a program of its own and requests a task of it. */
  async createTask(maxSteps: bigint, haltAt = 0n, asking: Asking = {}): Promise<ToyTask> {
    const task = this.taskOf(await this.publish(haltAt), maxSteps, asking)
    await this.request(task, asking)
    return task
  }

  /** What `owner` would claim by running `machine`. */
  claim(task: ToyTask, owner: Address, machine: ToyMachine = task.truth): ToyClaim {
    const { root, regs } = toyFinal(machine, task.maxSteps)
    return this.claimOf(task, owner, { root, regs }, machine)
  }

  /** The claim of `owner` that `task` ends in this state. */
  claimOf(
    task: ToyTask,
    owner: Address,
    { root, regs }: { readonly root: Hash; readonly regs: bigint },
    machine: ToyMachine = task.truth,
  ): ToyClaim {
    const value = toyHash({ root: BigInt(root), regs, substep: 0 })
    const entry = entryId(this.rules, task.id, owner, value)
    return { task, owner, value, entry, steps: BigInt.asUintN(64, regs >> 136n), machine, root, regs }
  }

  take({ request }: ToyTask, solver: Address, by: Address = solver): Promise<Receipt> {
    return this.evm.send(by, this.contract, 'take', [request, solver])
  }

  post({ task, root, regs, owner }: ToyClaim, by: Address = owner): Promise<Receipt> {
    return this.evm.send(by, this.contract, 'post', [task.origin, root, regs])
  }

  /** Takes the task and posts: the first entry. */
  async takeAndPost(claim: ToyClaim): Promise<Receipt> {
    await this.take(claim.task, claim.owner)
    return this.post(claim)
  }

  enter(claim: ToyClaim, by: Address = claim.owner): Promise<Receipt> {
    return this.evm.send(by, this.contract, 'enter', [claim.task.origin, claim.owner, claim])
  }

  open(opener: ToyClaim, target: ToyClaim, by: Address = opener.owner): Promise<Receipt> {
    return this.evm.send(by, this.contract, 'open', this.openArgs(opener, target))
  }

  enterAndOpen(opener: ToyClaim, target: ToyClaim, by: Address = opener.owner): Promise<Receipt> {
    return this.evm.send(by, this.contract, 'enterAndOpen', this.openArgs(opener, target))
  }

  /** Arguments of `open` and `enterAndOpen`. */
  openArgs(opener: ToyClaim, target: ToyClaim, inner: readonly Hash[] = this.inner(opener, target)) {
    return [opener.task.origin, opener.owner, opener, target.owner, target, inner] as const
  }

  /** The inner hashes of the first sequence of a game. */
  inner(opener: ToyClaim, target: ToyClaim): Hash[] {
    const len = opener.steps > target.steps ? opener.steps : target.steps
    return sequenceOf(opener.machine, 0n, len, this.rules.arity).slice(1, -1)
  }

  bury(winner: ToyClaim, loser: ToyClaim): Promise<Receipt> {
    return this.evm.send(this.stranger, this.contract, 'bury', [winner.task.origin, winner, loser])
  }

  /** Opens the state that a toy machine halts in: the settled one. */
  finalise(claim: ToyClaim, opening: Opening = this.openingOf(claim)): Promise<Receipt> {
    const { regs, path, output } = opening
    return this.evm.send(this.stranger, this.contract, 'finalise', [claim.task.request, regs, path, output])
  }

  /** Opens a claim of the truth of a machine that halts: it writes nothing. */
  openingOf({ task, regs }: ToyClaim): Opening {
    return { regs, path: pathOf(task), output: '0x' }
  }

  deliver({ request }: ToyTask, output: Hex = '0x', by: Address = this.stranger): Promise<Receipt> {
    return this.evm.send(by, this.contract, 'deliver', [request, output])
  }

  payPrice({ task, value }: ToyClaim, owners: readonly Address[]): Promise<Receipt> {
    return this.evm.send(this.stranger, this.contract, 'payPrice', [task.request, value, owners])
  }

  release(claim: ToyClaim): Promise<Receipt> {
    return this.evm.send(this.stranger, this.contract, 'release', [claim.task.origin, claim])
  }

  payDead(dead: ToyClaim, opponents: readonly ToyClaim[]): Promise<Receipt> {
    return this.evm.send(this.stranger, this.contract, 'payDead', [dead.task.request, dead, opponents])
  }

  /** A call that takes nothing but the request. */
  close(
    { request }: ToyTask,
    how: 'cancel' | 'expire' | 'noShow' | 'voidTask' | 'abandon',
    by: Address = this.stranger,
  ): Promise<Receipt> {
    return this.evm.send(by, this.contract, how, [request])
  }

  phases({ origin }: ToyTask) {
    return this.evm.read(this.contract, 'phasesOf', [origin])
  }

  verdict({ origin }: ToyTask) {
    return this.evm.read(this.contract, 'verdictOf', [origin])
  }

  /** The task in storage. */
  stored({ id }: ToyTask) {
    return this.evm.read(this.contract, 'taskOf', [id])
  }

  /** The claim's entry in storage. */
  entry(claim: ToyClaim) {
    return this.evm.read(this.contract, 'entryOf', [claim.task.id, claim])
  }

  /** The claim's value in storage. */
  value({ task, value }: ToyClaim) {
    return this.evm.read(this.contract, 'valueOf', [task.id, value])
  }

  /** Ether behind an entry of the task. */
  deposit({ origin }: ToyTask): Promise<bigint> {
    return this.evm.read(this.contract, 'depositOf', [origin])
  }

  /** Stake and ether of an owner in the vault. */
  funds(owner: Address) {
    return this.evm.read(this.vault, 'accountOf', [owner])
  }
}
