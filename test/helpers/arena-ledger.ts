import type { Address } from 'viem'

/** What an owner has in the vault: tokens free and locked, and wei. */
export interface Account {
  free: bigint
  locked: bigint
  wei: bigint
}

/** An action that the contracts refuse; the message is the error as text, `*` for an argument that is not known here. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** Refuses an action with an error of the contracts. */
export function refuse(error: string, ...args: readonly unknown[]): never {
  throw new Refusal(`${error}(${args.map((arg) => (arg === undefined ? '*' : String(arg))).join()})`)
}

/** Where all tokens and all wei of an arena are. */
export class Ledger {
  readonly accounts: Map<Address, Account>
  /** Tokens that are to be burned. */
  burned = 0n
  /** Wei behind entries. */
  behind = 0n
  /** Wei of the requester's price. */
  escrow = 0n
  private readonly bond: bigint
  private readonly deposit: bigint

  constructor(accounts: ReadonlyMap<Address, Account>, bond: bigint, deposit: bigint) {
    this.accounts = new Map([...accounts].map(([owner, account]) => [owner, { ...account }]))
    this.bond = bond
    this.deposit = deposit
  }

  /** All tokens, and all wei, wherever they are. */
  sums(): readonly [tokens: bigint, wei: bigint] {
    let [tokens, wei] = [this.burned, this.behind + this.escrow]
    for (const account of this.accounts.values()) {
      tokens += account.free + account.locked
      wei += account.wei
    }
    return [tokens, wei]
  }

  of(owner: Address): Account {
    const account = this.accounts.get(owner)
    if (account === undefined) throw new Error(`no account ${owner}`)
    return account
  }

  requireStake(owner: Address): void {
    const { free, wei } = this.of(owner)
    if (free < this.bond) refuse('NotEnoughStake', owner, free, this.bond)
    if (wei < this.deposit) refuse('NotEnoughEther', owner, wei, this.deposit)
  }

  lock(owner: Address): void {
    const account = this.of(owner)
    account.free -= this.bond
    account.locked += this.bond
    account.wei -= this.deposit
    this.behind += this.deposit
  }

  release(owner: Address): void {
    const account = this.of(owner)
    account.free += this.bond
    account.locked -= this.bond
    account.wei += this.deposit
    this.behind -= this.deposit
  }

  /** The owner loses a bond: half of it to the winner, if there is one, and the rest is burned. */
  slash(owner: Address, winner?: Address): void {
    const reward = winner === undefined ? 0n : this.bond / 2n
    this.of(owner).locked -= this.bond
    if (winner !== undefined) this.of(winner).free += reward
    this.burned += this.bond - reward
  }

  payFromDeposit(owner: Address, amount: bigint): void {
    this.behind -= amount
    this.of(owner).wei += amount
  }

  escrowFrom(owner: Address, amount: bigint): void {
    this.of(owner).wei -= amount
    this.escrow += amount
  }

  payEscrow(owner: Address): void {
    this.of(owner).wei += this.escrow
    this.escrow = 0n
  }
}
