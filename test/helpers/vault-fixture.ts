import { type Address, type Hex, maxUint256, numberToHex } from 'viem'
import { argsOf, deployed } from './artifact.ts'
import { type Contract, Evm, type Receipt } from './evm.ts'

export const GWEI = 10n ** 9n
export const UNBONDING_TIME = 1000n
export const SUBJECT: Hex = numberToHex(77, { size: 32 })
export const BURN: Address = '0x000000000000000000000000000000000000dEaD'
const SUPPLY = 10n ** 27n
const FUNDS = 10n ** 24n

/** A vault whose market is an account of the test, and accounts that have tokens and trust the vault with them. */
export class VaultFixture {
  readonly evm: Evm
  readonly vault: Contract
  readonly token: Contract
  readonly market: Address
  readonly owner: Address
  readonly other: Address
  readonly operator: Address

  private constructor(evm: Evm, vault: Contract, token: Contract) {
    this.evm = evm
    this.vault = vault
    this.token = token
    const [, owner, other, operator] = evm.accounts
    this.market = evm.accounts.at(-1) as Address
    this.owner = owner as Address
    this.other = other as Address
    this.operator = operator as Address
  }

  static async create(): Promise<VaultFixture> {
    const evm = await Evm.create()
    const token = await deployed(evm, 'SubstepToken', [SUPPLY])
    const market = evm.accounts.at(-1)
    const vault = await deployed(evm, 'StakeVault', [token.address, market, UNBONDING_TIME], ['SubstepToken'])
    const fixture = new VaultFixture(evm, vault, token)
    for (const account of [fixture.owner, fixture.other, fixture.operator]) {
      await evm.send(evm.accounts[0] as Address, token, 'transfer', [account, FUNDS])
      await evm.send(account, token, 'approve', [vault.address, maxUint256])
    }
    return fixture
  }

  /** A call of the vault. */
  send(from: Address, functionName: string, args: readonly unknown[], value = 0n): Promise<Receipt> {
    return this.evm.send(from, this.vault, functionName, args, value)
  }

  /** A call that only the market may make. */
  byMarket(functionName: string, args: readonly unknown[], value = 0n): Promise<Receipt> {
    return this.send(this.market, functionName, [SUBJECT, ...args], value)
  }

  /** Stake and ether of the owner. */
  async fund(tokens: bigint, wei = 0n, owner = this.owner): Promise<void> {
    if (tokens > 0n) await this.send(owner, 'deposit', [owner, tokens])
    if (wei > 0n) await this.send(owner, 'depositEther', [owner], wei)
  }

  read(functionName: string, args: readonly unknown[] = []): Promise<unknown> {
    return this.evm.read(this.vault, functionName, args)
  }

  events(receipt: Receipt, eventName: string): readonly unknown[] {
    return argsOf(this.vault, receipt, eventName)
  }

  async tokensOf(account: Address): Promise<bigint> {
    return (await this.evm.read(this.token, 'balanceOf', [account])) as bigint
  }

  /** Tokens and wei that the vault holds. */
  async held(): Promise<readonly [tokens: bigint, wei: bigint]> {
    return [await this.tokensOf(this.vault.address), await this.evm.balanceOf(this.vault.address)]
  }
}
