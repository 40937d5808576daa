import { type Address, erc20Abi, type Hex, hexToBytes, maxUint256, numberToHex, parseAbi } from 'viem'
import { ZERO_NODES } from '../../interpreter/commit/merkle.ts'
import { rootOf } from '../../interpreter/commit/state-hash.ts'
import { byteTreeRoot, type Hash, toHex } from '../../interpreter/index.ts'
import { entryId } from '../../protocol/game-ids.ts'
import { arenaAbi } from '../../protocol/generated/abi.ts'
import { REGION, REGIONS } from '../../spec/index.ts'
import { type Contract, Evm, eventsOf, type Receipt } from './evm.ts'
import { type ToyMachine, toyFinal, toyStartRegs } from './toy-machine.ts'
import { sequenceOf } from './toy-players.ts'

export const tokenAbi = [...erc20Abi, ...parseAbi(['function mint(address owner, uint256 amount)'])] as const

/** What a deployment fixes, in seconds and token units. */
export interface ArenaRules {
  readonly arity: number
  readonly budget: bigint
  readonly minimum: bigint
  readonly challenge: bigint
  readonly support: bigint
  readonly opening: bigint
  readonly bond: bigint
}

export const RULES: ArenaRules = {
  arity: 16,
  budget: 1000n,
  minimum: 50n,
  challenge: 10_000n,
  support: 2000n,
  opening: 3000n,
  bond: 101n,
}

export interface ToyTask {
  readonly id: Hash
  readonly maxSteps: bigint
  /** The machine as it truly runs. */
  readonly truth: ToyMachine
}

/** A claim to a task's end, made by running a machine, honest or not. */
export interface ToyClaim {
  readonly task: ToyTask
  readonly owner: Address
  readonly value: Hash
  readonly entry: Hash
  readonly steps: bigint
  readonly machine: ToyMachine
  readonly root: Hex
  readonly regs: bigint
}

export type Roots = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex]

export const NO_SALT: Hex = numberToHex(0, { size: 32 })

const INPUT: Hex = '0x0102'

/** Region roots of an empty program but for its CODE root, so that tasks differ. */
export const rootsFor = (code: bigint): Roots =>
  REGIONS.map(({ index, depth }) =>
    index === REGION.CODE ? numberToHex(code, { size: 32 }) : toHex(ZERO_NODES[depth] as Uint8Array),
  ) as unknown as Roots

/** Root of the initial state: the input in its place. */
export function initialRoot(roots: Roots, input: Hex): bigint {
  const nodes = roots.map((root) => hexToBytes(root))
  nodes[REGION.INPUT] = byteTreeRoot(hexToBytes(input)) as Uint8Array<ArrayBuffer>
  return BigInt(toHex(rootOf(nodes)))
}

/** An arena that judges by the toy machine, with accounts that have tokens and trust it with them. */
export class ToyArena {
  readonly evm: Evm
  readonly rules: ArenaRules
  readonly contract: Contract<typeof arenaAbi>
  readonly token: Contract<typeof tokenAbi>
  readonly chainId: bigint
  private tasks = 0n

  private constructor(parts: Pick<ToyArena, 'evm' | 'rules' | 'contract' | 'token' | 'chainId'>) {
    this.evm = parts.evm
    this.rules = parts.rules
    this.contract = parts.contract
    this.token = parts.token
    this.chainId = parts.chainId
  }

  /** Deploys stepper, token and arena, and funds eight accounts. */
  static async create(changes: Partial<ArenaRules> = {}, on?: Evm, fee = 0n): Promise<ToyArena> {
    const evm = on ?? (await Evm.create())
    const rules = { ...RULES, ...changes }
    const token = await evm.deploy('TestToken', tokenAbi, [fee])
    const { address: stepper } = await evm.deploy('ToyStepper', [])
    const { arity, budget, minimum, challenge, support, opening, bond } = rules
    const args = [stepper, arity, budget, minimum, challenge, support, opening, token.address, bond]
    const contract = await evm.deploy('BondedArena', arenaAbi, args)
    const arena = new ToyArena({ evm, rules, contract, token, chainId: await evm.chainId() })
    for (const account of evm.accounts.slice(0, 8)) await arena.fund(account)
    return arena
  }

  async fund(account: Address): Promise<void> {
    await this.evm.send(account, this.token, 'mint', [account, 10n ** 9n])
    await this.evm.send(account, this.token, 'approve', [this.contract.address, maxUint256])
  }

  account(index: number): Address {
    return this.evm.accounts[index] as Address
  }

  /** Creates a task of its own. */
  async createTask(maxSteps: bigint, haltAt = 0n): Promise<ToyTask> {
    const roots = rootsFor(++this.tasks)
    const args = [roots, toyStartRegs(haltAt), INPUT, maxSteps, NO_SALT] as const
    const receipt = await this.evm.send(this.account(0), this.contract, 'createTask', args)
    const id = eventsOf(this.contract, receipt, 'TaskCreated')[0]?.args.task as Hash
    return { id, maxSteps, truth: { root: initialRoot(roots, INPUT), haltAt } }
  }

  /** What `owner` would claim by running `machine`. */
  claim(task: ToyTask, owner: Address, machine: ToyMachine = task.truth): ToyClaim {
    const { root, regs, value, steps } = toyFinal(machine, task.maxSteps)
    const entry = entryId({ chainId: this.chainId, arena: this.contract.address }, task.id, owner, value)
    return { task, owner, value, entry, steps, machine, root, regs }
  }

  enter({ task, owner, root, regs }: ToyClaim): Promise<Receipt> {
    return this.evm.send(owner, this.contract, 'enter', [task.id, root, regs])
  }

  open(opener: ToyClaim, target: ToyClaim): Promise<Receipt> {
    const args = [opener.task.id, opener.value, target, this.inner(opener, target)] as const
    return this.evm.send(opener.owner, this.contract, 'open', args)
  }

  enterAndOpen(opener: ToyClaim, target: ToyClaim): Promise<Receipt> {
    const { task, root, regs, owner } = opener
    const args = [task.id, root, regs, target, this.inner(opener, target)] as const
    return this.evm.send(owner, this.contract, 'enterAndOpen', args)
  }

  /** The inner hashes of the first sequence of a game. */
  inner(opener: ToyClaim, target: ToyClaim): Hash[] {
    const len = opener.steps > target.steps ? opener.steps : target.steps
    return sequenceOf(opener.machine, 0n, len, this.rules.arity).slice(1, -1)
  }

  bury(winner: ToyClaim, loser: ToyClaim): Promise<Receipt> {
    return this.evm.send(this.account(9), this.contract, 'bury', [winner.task.id, winner, loser])
  }

  settle(claim: ToyClaim): Promise<Receipt> {
    return this.evm.send(this.account(9), this.contract, 'settle', [claim.task.id, claim])
  }

  voidTask(task: ToyTask): Promise<Receipt> {
    return this.evm.send(this.account(9), this.contract, 'voidTask', [task.id])
  }

  withdraw(claim: ToyClaim): Promise<Receipt> {
    return this.evm.send(this.account(9), this.contract, 'withdraw', [claim.task.id, claim])
  }

  divide(dead: ToyClaim, winner: ToyClaim): Promise<Receipt> {
    return this.evm.send(this.account(9), this.contract, 'divide', [dead.task.id, dead, winner])
  }

  phases(task: ToyTask) {
    return this.evm.read(this.contract, 'phasesOf', [task.id])
  }

  balance(owner: Address): Promise<bigint> {
    return this.evm.read(this.token, 'balanceOf', [owner])
  }
}
